"""One normal form for each word: British or American, abbreviated, inflected or misspelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

SHORTEST_CORRECTED = 7
"""Letters below which a misspelling is not corrected: short words are too near to each other."""


class Spelling:
    """Normal forms of words.

    `same` maps a spelling to the one that rules use. Its words and those of `vocabulary` (what rules mention)
    attract misspellings one edit away, two from eleven letters on; words of `keep` never change.
    """

    def __init__(self, same: Mapping[str, str], keep: Iterable[str]) -> None:
        self._same = {word.lower(): norm.lower() for word, norm in same.items()}
        self._keep = frozenset(word.lower() for word in keep)
        self._vocabulary: frozenset[str] = frozenset()
        self._by_initial: dict[str, list[str]] = {}
        self.norm = lru_cache(maxsize=20_000)(self._norm)

    def learn(self, vocabulary: Iterable[str]) -> None:
        """Take the words that rules mention as the right spellings."""
        self._vocabulary = frozenset(vocabulary)
        self._by_initial = {}
        for word in sorted(self._vocabulary | self._same.keys()):
            if len(word) >= SHORTEST_CORRECTED - 1 and word.isalpha():
                self._by_initial.setdefault(word[0], []).append(word)
        self.norm.cache_clear()

    def forms(self) -> str:
        """What normal forms depend on, for comparison: the same text gives the same forms."""
        return repr((sorted(self._same.items()), sorted(self._keep), sorted(self._vocabulary)))

    def plain(self, word: str) -> str:
        """The normal form of a correctly spelled word."""
        word = word.lower().replace("’", "'")
        word = self._same.get(word, word)
        return _singular(self._same.get(_singular(word), word))

    def _norm(self, word: str) -> str:
        plain = self.plain(word)
        if plain in self._vocabulary or plain in self._keep or word.lower() in self._keep:
            return plain
        if len(plain) < SHORTEST_CORRECTED or not plain.isalpha():
            return plain
        allowed = 2 if len(plain) >= 11 else 1
        near = extract(plain, self._by_initial.get(plain[0], ()), scorer=OSA.distance, score_cutoff=allowed)
        # Of words equally near, the one with the same letters: fingers swap letters more often than they miss one.
        best = min(near, key=lambda found: (found[1], sorted(found[0]) != sorted(plain)), default=None)
        return self.plain(str(best[0])) if best else plain


def _singular(word: str) -> str:
    """Without plural or possessive s; the same for rules and text, so no dictionary is needed."""
    if word.endswith("'s"):
        word = word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
