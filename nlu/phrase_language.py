"""The small language in which rule files write phrases, compiled to elements that are found in a text.

    new <fracture>        a set named under `sets:`
    weak|feeble leg       alternatives of one word
    [loss of|less] power  alternatives of several words
    pain (only) at night  an optional part
    walk*                 any word that starts so
    leg ..4 numb          up to four words between (three if no number), no comma
    leg ...4 numb         the same, commas allowed
    leg ~4 numb           a gap in which no "not", "without", "normal" or the like stands
    leg ~~4 numb          the same, commas allowed
    PVR #                 a number; #38-42 one from 38 to 42
    at §                  a vertebral level
    !no pain              not after the word "no"
    ^ is there            at the beginning of a sentence
    \\( her first \\)       round brackets themselves

Phrases match the normal text of `text.Text`, word by word, never across sentences; `phrases` finds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nlu.marks import SENTENCE_END
from nlu.phrase_elements import (
    DIGITS,
    Behind,
    Choice,
    Either,
    Element,
    Gap,
    Maybe,
    Number,
    Row,
    Stem,
    Word,
)

PIECE = re.compile(r"\\[()]|\.{2,3}\d*|~{1,2}\d*|<[a-z_]+>|[\[\]()|]|![^\s|\[\]()<>]+|[^\s|\[\]()<>]+|[<>]")
"""The pieces of a phrase as written."""
SET = re.compile(r"<([a-z_]+)>")
"""The name of a set in a phrase."""


_RANGE = re.compile(r"#(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
Needed = tuple[frozenset[str], ...]
"""Sets of words; a text that matches has a word of every one of them. "stem*" stands for all that start so."""


class PhraseError(ValueError):
    """A phrase is not well formed; the message says what is wrong."""


@dataclass(frozen=True)
class Part:
    """A compiled part of a phrase.

    `first` are the words that it may begin with, None if any may, `is_optional` tells that it may match nothing.
    """

    element: Element
    needed: Needed = ()
    first: frozenset[str] | None = frozenset()
    is_optional: bool = False


class Compiler:
    def __init__(self, sets: Mapping[str, list[str]], norm: Callable[[str], str]) -> None:
        self._sets, self._norm = sets, norm
        self._done: dict[str, Part] = {}
        """Named sets, and what phrases have in common: single pieces, and groups as they are written."""
        self._open: set[str] = set()
        self.vocabulary: set[str] = set()

    def compile(self, phrase: str) -> Part:
        """What `phrase` consists of, the words that a matching text has, and those it begins with."""
        parts: list[Part] = []
        pieces = PIECE.findall(phrase)
        while pieces:
            part, pieces = self._alternatives(pieces)
            parts.append(part)
        whole = _in_a_row(parts)
        if not whole.needed:
            raise PhraseError("no word that must occur")
        return whole

    def _alternatives(self, pieces: list[str]) -> tuple[Part, list[str]]:
        """One piece, or several joined by |."""
        part, pieces = self._one(pieces)
        parts = [part]
        while pieces and pieces[0] == "|":
            part, pieces = self._one(pieces[1:])
            parts.append(part)
        return (_either(parts) if len(parts) > 1 else part), pieces

    def _one(self, pieces: list[str]) -> tuple[Part, list[str]]:
        if not pieces:
            raise PhraseError("ends too early")
        piece, rest = pieces[0], pieces[1:]
        if piece in "[(":
            end = _closing(pieces)
            written = " ".join(pieces[:end])
            if written not in self._done:
                self._done[written] = self._group(piece, rest)[0]
            return self._done[written], pieces[end:]
        if piece == "|":
            raise PhraseError("'|' needs an alternative before it")
        if piece in "])":
            raise PhraseError(f"{piece!r} without its opening")
        if piece not in self._done:
            self._done[piece] = self._single(piece)
        return self._done[piece], rest

    def _single(self, piece: str) -> Part:
        if piece.startswith(("..", "~")):
            return Part(_gap(piece), first=None, is_optional=True)
        if piece.startswith("<") and len(piece) > 1:
            return self._set(piece[1:-1])
        if piece.startswith("\\"):
            return self._literal(piece[1:])
        if piece == "^":
            return Part(Behind((SENTENCE_END,), barred=False), is_optional=True)
        if piece.startswith("!") and len(piece) > 1:
            return Part(Behind(tuple(self._word(piece[1:]).split()), barred=True), is_optional=True)
        return self._literal(piece)

    def _group(self, opening: str, pieces: list[str]) -> tuple[Part, list[str]]:
        closing = {"[": "]", "(": ")"}[opening]
        branches: list[Part] = []
        while True:
            branch, pieces = self._branch(pieces, closing)
            branches.append(branch)
            if not pieces:
                raise PhraseError(f"{opening!r} is not closed")
            if pieces[0] == closing:
                break
            pieces = pieces[1:]
        body = _either(branches)
        if opening == "(":
            body = Part(Maybe(body.element), (), body.first, is_optional=True)
        return body, pieces[1:]

    def _branch(self, pieces: list[str], closing: str) -> tuple[Part, list[str]]:
        """One alternative of a group; | separates whole alternatives there."""
        parts: list[Part] = []
        while pieces and pieces[0] not in ("|", closing):
            part, pieces = self._one(pieces)
            parts.append(part)
        return _in_a_row(parts), pieces

    def _set(self, name: str) -> Part:
        if name not in self._sets:
            raise PhraseError(f"no set is named {name!r}")
        if name in self._open:
            raise PhraseError(f"set {name!r} names itself; leave it out of its own items")
        self._open.add(name)
        items = [self.compile(item) for item in self._sets[name]]
        self._open.remove(name)
        return _either(items, longest=True)

    def _literal(self, piece: str) -> Part:
        if piece == "#":
            return Part(Number(), first=frozenset([DIGITS]))
        if limits := _RANGE.fullmatch(piece):
            return Part(Number((float(limits[1]), float(limits[2]))), first=frozenset([DIGITS]))
        if piece.endswith("*") and len(piece) > 1:
            stem = frozenset([piece.lower()])
            return Part(Stem(piece[:-1].lower()), (stem,), stem)
        words = self._word(piece).split()
        needed = tuple(frozenset([word]) for word in words)
        return Part(_row(list(map(Word, words))), needed, needed[0] if needed else None)

    def _word(self, piece: str) -> str:
        word = self._norm(piece)
        self.vocabulary.add(word)
        return word


def _closing(pieces: Sequence[str]) -> int:
    """Where the group ends with which the pieces begin; behind them all if it is not closed."""
    depth = 0
    for number, piece in enumerate(pieces, 1):
        depth += (piece in "[(") - (piece in "])")
        if depth == 0:
            return number
    return len(pieces)


def _gap(piece: str) -> Gap:
    kind = piece.rstrip("0123456789")
    return Gap(int(piece[len(kind) :] or 3), commas=kind in ("...", "~~"), calm=kind.startswith("~"))


def _row(elements: Sequence[Element]) -> Element:
    return elements[0] if len(elements) == 1 else Row(tuple(elements))


def _in_a_row(parts: Sequence[Part]) -> Part:
    """The parts one after the other."""
    first: frozenset[str] | None = frozenset()
    for part in parts:
        first = None if first is None or part.first is None else first | part.first
        if not part.is_optional:
            break
    return Part(
        _row([part.element for part in parts]),
        tuple(words for part in parts for words in part.needed),
        first,
        all(part.is_optional for part in parts),
    )


def _either(parts: Sequence[Part], longest: bool = False) -> Part:
    """One of the parts. A text that matches needs a word out of the smallest set of each, if each has one."""
    needed: Needed = ()
    if all(part.needed for part in parts):
        needed = (frozenset().union(*(min(part.needed, key=len) for part in parts)),)
    firsts = [part.first for part in parts]
    return Part(
        # What may be nothing may stand before any word.
        Either([Choice(part.element, None if part.is_optional else part.first) for part in parts], longest),
        needed,
        None if None in firsts else frozenset().union(*(first for first in firsts if first is not None)),
        any(part.is_optional for part in parts),
    )
