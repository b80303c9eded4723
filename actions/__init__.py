"""Rasa custom actions: thin, they ask `knowledge` what to do and word the answer."""
