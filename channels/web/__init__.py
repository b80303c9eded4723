"""The web channel: the page, the widget's files, and the API that the widget talks to (openapi.yml)."""
