"""What phrases are made of, each of which says where in a text it ends if it begins at a word.

Where an element may end in several ways they stand in the order in which they are tried, as in a regular expression.
Regular expressions themselves would hold the words of every named set once for each phrase that names it: they take
milliseconds each to compile, which the first messages after a start would wait for.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from nlu.marks import SENTENCE_END

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATIONS = frozenset("no not never without denies nor neither nil none normal intact normally".split())
_SENTENCE = frozenset(f"{SENTENCE_END};")
_CLAUSE = _SENTENCE | frozenset(",:()")

DIGITS = "\\d"
"""Stands for every word that begins with a digit."""
Ends = tuple[int, ...]
"""Numbers of the words behind a match; negative where it holds a number beyond its limits, so that it is none."""


class Words:
    """The words of a normal text, and what is known already of where elements end in it."""

    def __init__(self, normal: str) -> None:
        """`normal` has a blank behind every word; so the last of `words` is empty, and no element goes beyond it."""
        self.words = normal.split(" ")
        self.offsets = list(accumulate((len(word) + 1 for word in self.words), initial=0))
        """Where in the normal text each word stands (characters)."""
        places: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self.words[1:-1], 1):
            places[word].append(at)
            if word[:1].isdigit():
                places[DIGITS].append(at)
        self.places = dict(places)
        """Where each word stands, and under DIGITS those that begin with a digit; the first of all is SENTENCE_END."""
        self.known: dict[tuple[Element, int], Ends] = {}


class Element(ABC):
    """A part of a phrase. There are very many of them."""

    __slots__ = ()

    @abstractmethod
    def ends(self, text: Words, at: int) -> Ends:
        """Behind which words it may end if it begins at word number `at`; nothing if it does not stand there."""


@dataclass(frozen=True, eq=False, slots=True)
class Word(Element):
    """One word."""

    word: str

    def ends(self, text: Words, at: int) -> Ends:
        return (at + 1,) if text.words[at] == self.word else ()


@dataclass(frozen=True, eq=False, slots=True)
class Stem(Element):
    """Any word that begins so."""

    stem: str

    def ends(self, text: Words, at: int) -> Ends:
        return (at + 1,) if text.words[at].startswith(self.stem) else ()


@dataclass(frozen=True, eq=False, slots=True)
class Number(Element):
    """A number; with `limits` one between them. The first that stands where it may decides: of "80, then 450" it is 80
    that is within the limits or not."""

    limits: tuple[float, float] | None = None

    def ends(self, text: Words, at: int) -> Ends:
        word = text.words[at]
        if not _NUMBER.fullmatch(word):
            return ()
        return (at + 1,) if self._is_within(word) else (-(at + 1),)

    def _is_within(self, word: str) -> bool:
        if self.limits is None:
            return True
        try:
            return self.limits[0] <= float(word.replace(",", "")) <= self.limits[1]
        except ValueError:  # "1.2.3" is no number that lies anywhere
            return False


@dataclass(frozen=True, eq=False, slots=True)
class Gap(Element):
    """Up to `most` words, as few as will do, all of one sentence, and of one clause unless `commas` are allowed; none
    of them a negation if `calm`."""

    most: int
    commas: bool
    calm: bool

    def ends(self, text: Words, at: int) -> Ends:
        barred = _SENTENCE if self.commas else _CLAUSE
        end = at
        while end - at < self.most:
            word = text.words[end]
            if not word or word[0] in barred or (self.calm and word in _NEGATIONS):
                break
            end += 1
        return tuple(range(at, end + 1))


@dataclass(frozen=True, eq=False, slots=True)
class Behind(Element):
    """Nothing, behind these words, or not behind them if `barred`."""

    words: tuple[str, ...]
    barred: bool

    def ends(self, text: Words, at: int) -> Ends:
        stands = tuple(text.words[max(0, at - len(self.words)) : at]) == self.words
        return () if stands == self.barred else (at,)


@dataclass(frozen=True, eq=False, slots=True)
class Row(Element):
    """One element after the other."""

    elements: tuple[Element, ...]

    def ends(self, text: Words, at: int) -> Ends:
        found: Ends = (at,)
        for element in self.elements:
            alone = len(found) == 1 and found[0] > 0
            found = element.ends(text, found[0]) if alone else _behind(found, element, text)
            if not found:
                break
        return found


def _behind(begins: Ends, element: Element, text: Words) -> Ends:
    found: dict[int, None] = {}
    for begin in begins:
        for end in element.ends(text, abs(begin)):
            found[end if begin > 0 else -abs(end)] = None
    return tuple(found)


@dataclass(frozen=True, eq=False, slots=True)
class Maybe(Element):
    """An element, or nothing."""

    element: Element

    def ends(self, text: Words, at: int) -> Ends:
        found = self.element.ends(text, at)
        return found if at in found else (*found, at)


@dataclass(frozen=True)
class Choice:
    """An element of several, and the words that it may begin with, "stem*" for all that start so; None if any may."""

    element: Element
    first: frozenset[str] | None


class Either(Element):
    """One of several elements."""

    def __init__(self, choices: Sequence[Choice], longest: bool = False) -> None:
        """The first one is tried first; or, with `longest`, what ends last."""
        self._elements = [choice.element for choice in choices]
        self._longest = longest
        self._by_word: dict[str, list[int]] = {}
        self._by_stem: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, choice in enumerate(choices):
            if choice.first is None:
                self._always.append(number)
                continue
            for word in choice.first:
                by, key = (self._by_stem, word[:-1]) if is_stem(word) else (self._by_word, word)
                by.setdefault(key, []).append(number)
        self._digits = self._by_word.pop(DIGITS, [])
        self._stems = tuple(self._by_stem)
        self._by_word_alone = not (self._always or self._stems or self._digits)

    def ends(self, text: Words, at: int) -> Ends:
        word = text.words[at]
        numbers = self._by_word.get(word, ()) if self._by_word_alone else self._beginning_with(word)
        if not numbers:
            return ()
        if len(numbers) == 1:
            alone = self._elements[numbers[0]].ends(text, at)
            return alone if len(alone) < 2 else self._in_order(alone)
        key = (self, at)
        if key not in text.known:
            found = dict.fromkeys(end for number in numbers for end in self._elements[number].ends(text, at))
            text.known[key] = self._in_order(tuple(found))
        return text.known[key]

    def _in_order(self, ends: Ends) -> Ends:
        return tuple(sorted(ends, key=abs, reverse=True)) if self._longest else ends

    def _beginning_with(self, word: str) -> Sequence[int]:
        """The elements that may begin with this word, in order."""
        found = self._by_word.get(word, ())
        more = self._always
        if word.startswith(self._stems):
            more = more + [n for stem, numbers in self._by_stem.items() if word.startswith(stem) for n in numbers]
        if self._digits and word[:1].isdigit():
            more = more + self._digits
        return sorted({*found, *more}) if more else found


def is_stem(word: str) -> bool:
    """Whether a word stands for all that start so."""
    return word.endswith("*")
