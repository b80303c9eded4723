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
STEM = 7
"""Letters that a word and a known one begin with alike, if it is another form of that: "verbalised"."""


class Vocabulary:
    """The words in small letters of the files `words`, those that are frequent in the files `examples`, and whatever
    ends as `endings` say; files are named by patterns, below the project's folder."""

    def __init__(self, words: Iterable[str], examples: Iterable[str], endings: Iterable[str]) -> None:
        told = _counted(examples)
        anyhow: Counter[str] = Counter()
        for word, count in told.items():
            anyhow[word.lower()] += count
        self._words = {word for word in _counted(words) if word.islower()}
        self._words |= {word for word, count in anyhow.items() if count >= ANYHOW or told[word] >= SMALL}
        self._stems = {word[:STEM] for word in self._words if len(word) >= STEM}
        self._endings = tuple(endings)
        self._by_letter: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            self._by_letter[word[0]].append(word)
        self._is_known = lru_cache(maxsize=10_000)(self._known)

    def may_name(self, text: str, alone: bool) -> bool:
        """Whether `text` may name somebody: no word of it is one that clinicians write, not even with a slip.

        `alone` is whether a single word is taken for the name.
        """
        words = PART.findall(text)
        return bool(words) and not any(self._is_known(word.lower(), alone) for word in words)

    def _known(self, word: str, alone: bool) -> bool:
        if word in self._words or word[:STEM] in self._stems or word.endswith(self._endings):
            return True
        if len(word) < (SLIPS_FROM_ALONE if alone else SLIPS_FROM):
            return False
        return bool(extractOne(word, self._by_letter.get(word[0], []), scorer=OSA.distance, score_cutoff=1))


def _counted(patterns: Iterable[str]) -> Counter[str]:
    paths = (path for pattern in patterns for path in sorted(ROOT.glob(pattern)))
    return Counter(word for path in paths for word in WORD.findall(path.read_text(encoding="utf-8")))
