"""Running the assistant: settings, what has to be built first, the supervisor, the terminal conversation."""
