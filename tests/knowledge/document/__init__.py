"""The answer model and its plain text."""
