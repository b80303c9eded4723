"""The words that clinicians write: what is none of them stands for somebody where a name may stand.

They are taken from texts that the project has anyway (`words` and `examples` in identifiers.yml), and grow with these.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

ROOT = Path(__file__).parent.parent
WORD = re.compile(r"(?<![\w'’])[^\W\d_]+(?!\w)")
PART = re.compile(r"[^\W\d_]{2,}")
SMALL, ANYHOW = 2, 8
"""How often a word stands in the examples to be one that clinicians write: in small letters, or in whatever letters.
Once may be a slip or somebody's name; eponyms and drugs are written with a capital."""
SLIPS_FROM, SLIPS_FROM_ALONE = 7, 5
"""Letters from which on a word is known though it is written with a slip behind its first letter: among several and
alone ("patient numbb"), because a name alone is rarer than a slip."""
FINDING = re.compile(r"[^\W\d_]{3,}")
"""A word that may name a finding; shorter ones stand in every text."""
SHORTEST_JOINED = 4
"""Letters of a word that is written together with another."""
STEM = 7
"""Letters that a word and a known one begin with alike, if it is another form of that: "verbalised"."""


class Vocabulary:
    """The words in small letters of the files `words`, those that are frequent in the files `examples`, and whatever
    ends as `endings` say; files are named by patterns, below the project's folder. The words of the files `words` are
    those of findings, but for `names_too`."""

    def __init__(
        self, words: Iterable[str], examples: Iterable[str], endings: Iterable[str], names_too: Iterable[str]
    ) -> None:
        told = _counted(examples)
        anyhow: Counter[str] = Counter()
        for word, count in told.items():
            anyhow[word.lower()] += count
        self._words = {word for word in _counted(words) if word.islower()}
        self._findings = _Words(self._words - set(names_too))
        self._words |= {word for word, count in anyhow.items() if count >= ANYHOW or told[word] >= SMALL}
        self._stems = {word[:STEM] for word in self._words if len(word) >= STEM}
        self._endings = tuple(endings)
        self._known = _Words(self._words)

    def names_finding(self, text: str) -> bool:
        """Whether a word of `text` is one of a finding: with a slip, an ending of diseases, or two ("footdrop")."""
        words = [word.lower() for word in FINDING.findall(text)]
        return any(
            self._findings.has(word) or word.endswith(self._endings) or self._findings.has_joined(word)
            for word in words
        )

    def may_name(self, text: str, alone: bool) -> bool:
        """Whether `text` may name somebody: no word of it is one that clinicians write, not even with a slip.

        `alone` is whether a single word is taken for the name.
        """
        words = PART.findall(text)
        return bool(words) and not any(self._is_known(word.lower(), alone) for word in words)

    def _is_known(self, word: str, alone: bool) -> bool:
        if word in self._words or word[:STEM] in self._stems or word.endswith(self._endings):
            return True
        return self._known.has(word, SLIPS_FROM_ALONE if alone else SLIPS_FROM)


class _Words:
    """Words, to be known again although they are written with a slip behind their first letter."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._by_letter: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            self._by_letter[word[0]].append(word)
        self.has = lru_cache(maxsize=10_000)(self._has)

    def _has(self, word: str, slips_from: int = SLIPS_FROM) -> bool:
        """Whether a word is one of them; one of `slips_from` letters may have a slip."""
        if word in self._words:
            return True
        near = self._by_letter.get(word[0], []) if len(word) >= slips_from else []
        return bool(extractOne(word, near, scorer=OSA.distance, score_cutoff=1))

    def has_joined(self, word: str) -> bool:
        """Whether a word is two of them, written as one."""
        cuts = range(SHORTEST_JOINED, len(word) - SHORTEST_JOINED + 1)
        return any(word[:cut] in self._words and word[cut:] in self._words for cut in cuts)


def _counted(patterns: Iterable[str]) -> Counter[str]:
    paths = (path for pattern in patterns for path in sorted(ROOT.glob(pattern)))
    return Counter(word for path in paths for word in WORD.findall(path.read_text(encoding="utf-8")))
