"""The Microsoft Teams channel: Bot Framework activities in, Adaptive Cards out (docs/teams.md)."""
