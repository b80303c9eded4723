"""What stands for something else in the normal text on which phrases are matched."""

from __future__ import annotations

SENTENCE_END = "¶"
"""Stands between sentences, so that no phrase reaches from one into the next."""

LEVEL = "§"
"""Stands for any vertebral level."""

YEAR = "§year"
"""Stands for any year of the last or this century."""
