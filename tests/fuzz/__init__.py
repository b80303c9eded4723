"""Fuzzing: what nobody would write, sent to the reader and to every entrance, for a bounded time."""
