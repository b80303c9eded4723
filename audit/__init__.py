"""The record of every answer: append-only, chained by hashes, so that a gap or a change shows.

Knows neither Rasa nor the actions or channels, except `replay`, which holds recorded conversations again.
"""
