"""Phrases of the rule files found in normal texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from nlu.phrase_elements import Words, is_stem
from nlu.phrase_language import Compiler, Part, PhraseError

Label = TypeVar("Label")


@dataclass(frozen=True)
class Phrase:
    """A phrase as written, and where."""

    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Match(Generic[Label]):
    """A phrase found from `start` up to `end` (offsets in the normal text), and what it stands for."""

    start: int
    end: int
    label: Label
    phrase: Phrase


class PhraseSet(Generic[Label]):
    """Phrases, each with the label that it stands for, ready to be found in a normal text."""

    def __init__(
        self,
        phrases: Iterable[tuple[Label, Phrase]],
        sets: Mapping[str, list[str]],
        norm: Callable[[str], str],
    ) -> None:
        """Compile `phrases`; `sets` are the named sets, `norm` gives the normal form of a word.

        Raises PhraseError naming the file and line of a phrase that cannot be read.
        """
        self._phrases = tuple(phrases)
        compiler = Compiler(sets, norm)
        parts = [_compiled(phrase, compiler) for _, phrase in self._phrases]
        self._elements = [part.element for part in parts]
        self._first = [_first(part) for part in parts]
        self.vocabulary = frozenset(compiler.vocabulary)
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        by_prefix: defaultdict[str, list[int]] = defaultdict(list)
        # Words that many phrases need ("pain", "no") stand in most texts, too.
        frequency = Counter(word for part in parts for needed in part.needed for word in needed)
        phrase_of: list[int] = []
        for i, part in enumerate(parts):
            rarest, *others = sorted(part.needed, key=lambda needed: sum(frequency[word] for word in needed))
            for needed in (rarest, *(needed for needed in others if not any(map(is_stem, needed)))):
                for word in needed:
                    (by_prefix[word[:-1]] if is_stem(word) else by_word[word]).append(len(phrase_of))
                phrase_of.append(i)
        self._by_word = {word: np.array(sets, np.intp) for word, sets in by_word.items()}
        self._by_prefix = {prefix: np.array(sets, np.intp) for prefix, sets in by_prefix.items()}
        self._prefixes = tuple(self._by_prefix)
        # The sets of words of which a text needs one each: the phrase of each, and how many each phrase has.
        self._phrase_of = np.array(phrase_of, np.intp)
        self._needed = np.bincount(self._phrase_of, minlength=len(parts))

    def find(self, text: Words) -> Iterator[Match[Label]]:
        """Every match in the text, in the order of the phrases.

        Only phrases whose words are in the text are tried, and only where their first word stands, because most of the
        time of reading would go into searches that find nothing.
        """
        present = frozenset(text.places)
        for i in self._candidates(present):
            element = self._elements[i]
            for at in self._starts(i, text, present):
                if (ends := element.ends(text, at)) and ends[0] > 0:
                    yield Match(text.offsets[at], text.offsets[ends[0]], *self._phrases[i])

    def _candidates(self, present: frozenset[str]) -> list[int]:
        """The phrases all of whose sets have a word that is `present`, in order."""
        there = np.zeros(len(self._phrase_of), np.bool_)
        for word in present:
            if word in self._by_word:
                there[self._by_word[word]] = True
            if word.startswith(self._prefixes):
                for prefix, sets in self._by_prefix.items():
                    if word.startswith(prefix):
                        there[sets] = True
        found = np.bincount(self._phrase_of[there], minlength=len(self._needed))
        candidates: list[int] = np.flatnonzero(found == self._needed).tolist()
        return candidates

    def _starts(self, i: int, text: Words, present: frozenset[str]) -> Sequence[int]:
        """Where phrase `i` may begin, in order."""
        first, stems = self._first[i]
        if first is None:
            return range(1, len(text.words) - 1)
        beginning = first & present
        if len(beginning) == 1 and not stems:
            return text.places[next(iter(beginning))]
        starts = [at for word in beginning for at in text.places[word]]
        if stems:
            starts += [at for word, found in text.places.items() if word.startswith(stems) for at in found]
        return sorted(set(starts))


def _compiled(phrase: Phrase, compiler: Compiler) -> Part:
    try:
        return compiler.compile(phrase.text)
    except PhraseError as error:
        raise PhraseError(f"{phrase.file}:{phrase.line}: {error} in phrase {phrase.text!r}") from None


def _first(part: Part) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """The words that `part` may begin with, None if any may, and the stems of such words."""
    if part.first is None:
        return None, ()
    stems = frozenset(filter(is_stem, part.first))
    return part.first - stems, tuple(stem[:-1] for stem in stems)
