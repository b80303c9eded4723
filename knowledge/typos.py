"""Misspelled words, put right by the words that are known."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

SHORTEST, LONG = 6, 10
"""Letters below which a word is usually not put right, because short words are too near to each other, and from which
two slips are forgiven instead of one."""


class Spellings:
    """The right spelling of words that are nearly among the known ones."""

    def __init__(self, known: Iterable[str], shortest: int = SHORTEST) -> None:
        self._known = frozenset(known)
        self._shortest = shortest
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= shortest and word.isalpha():
                self._by_initial.setdefault(word[0], []).append(word)
        self.nearest = lru_cache(maxsize=5_000)(self._nearest)

    def right(self, word: str) -> str:
        """The known word that `word` (in lower case) is or nearly is; otherwise `word` itself."""
        return self.nearest(word) or word

    def _nearest(self, word: str) -> str | None:
        if word in self._known:
            return word
        if len(word) < self._shortest or not word.isalpha():
            return None
        near = extractOne(
            word, self._by_initial.get(word[0], ()), scorer=OSA.distance, score_cutoff=1 + (len(word) >= LONG)
        )
        return str(near[0]) if near else None
