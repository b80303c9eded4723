"""The entrance for who runs the assistant: whether it lives, whether it is ready, and what it counts."""
