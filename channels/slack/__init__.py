"""The Slack channel: mentions, direct messages, a slash command and a message shortcut; one case in one thread."""
