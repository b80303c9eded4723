"""The small language in which rule files write phrases, compiled to regular expressions.

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

Phrases match the normal text of `text.Text`, word by word, never across sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from nlu.text import SENTENCE_END

_PIECE = re.compile(r"\.{2,3}\d*|~{1,2}\d*|<[a-z_]+>|[\[\]()|]|![^\s|\[\]()<>]+|[^\s|\[\]()<>]+|[<>]")


_RANGE = re.compile(r"#(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_NUMBER = r"\d+(?:[.,]\d+)* "
_NEGATION = r"(?:no|not|never|without|denies|nor|neither|nil|none|normal|intact|normally) "


Needed = tuple[frozenset[str], ...]
"""Sets of words; a text that matches has a word of every one of them. "stem*" stands for all that start so."""


class PhraseError(ValueError):
    """A phrase is not well formed; the message says what is wrong."""


@dataclass(frozen=True)
class Phrase:
    """A phrase as written, and where."""

    text: str
    file: str
    line: int


class PhraseSet:
    """The phrases of one label, ready to be found in a normal text."""

    def __init__(self, phrases: Iterable[Phrase], sets: Mapping[str, list[str]], norm: Callable[[str], str]) -> None:
        """Compile `phrases`; `sets` are the named sets, `norm` gives the normal form of a word.

        Raises PhraseError naming the file and line of a phrase that cannot be read.
        """
        self.phrases = tuple(phrases)
        compiler = _Compiler(sets, norm)
        self._sources: list[str] = []
        self._also: list[list[frozenset[str]]] = []
        self._ranges = compiler.ranges
        self._by_word: dict[str, list[int]] = {}
        self._by_prefix: dict[str, list[int]] = {}
        for i, phrase in enumerate(self.phrases):
            try:
                source, needed = compiler.compile(phrase.text)
            except PhraseError as error:
                raise PhraseError(f"{phrase.file}:{phrase.line}: {error} in phrase {phrase.text!r}") from None
            self._sources.append(source)
            rarest = min(needed, key=len)
            self._also.append([s for s in needed if s is not rarest and not any(word.endswith("*") for word in s)])
            for word in rarest:
                index, key = (self._by_prefix, word[:-1]) if word.endswith("*") else (self._by_word, word)
                index.setdefault(key, []).append(i)
        self.words, self._prefixes = frozenset(self._by_word), tuple(self._by_prefix)
        self.vocabulary = frozenset(compiler.vocabulary)
        self._patterns: dict[int, re.Pattern[str]] = {}

    def find(self, normal: str, words: frozenset[str]) -> Iterator[tuple[int, int, Phrase]]:
        """Start and end offsets in the normal text of every match, with the phrase that matched.

        `words` are the words of `normal`: only phrases whose words may be among them are tried, because most of
        the time of reading would go into searches that find nothing.
        """
        for i in self._candidates(words):
            pattern = self._pattern(i)
            position = 0
            while match := pattern.search(normal, position):
                if self._in_range(match):
                    yield match.start(), match.end(), self.phrases[i]
                # Step on by one word, so that matches which overlap are found too.
                position = normal.find(" ", match.start()) + 1

    def _candidates(self, words: frozenset[str]) -> list[int]:
        found = {i for word in self.words & words for i in self._by_word[word]}
        if self._prefixes:
            for word in words:
                if word.startswith(self._prefixes):
                    found.update(i for prefix, ids in self._by_prefix.items() if word.startswith(prefix) for i in ids)
        return sorted(i for i in found if not any(map(words.isdisjoint, self._also[i])))

    def _pattern(self, i: int) -> re.Pattern[str]:
        # Compiled when first needed, since most phrases never are.
        if i not in self._patterns:
            self._patterns[i] = re.compile(f"(?<= ){self._sources[i]}")
        return self._patterns[i]

    def _in_range(self, match: re.Match[str]) -> bool:
        for name, number in match.groupdict().items():
            low, high = self._ranges[name]
            if number and not low <= float(number.replace(",", "").rstrip(".")) <= high:
                return False
        return True


class _Compiler:
    def __init__(self, sets: Mapping[str, list[str]], norm: Callable[[str], str]) -> None:
        self._sets, self._norm = sets, norm
        self._done: dict[str, tuple[str, Needed]] = {}
        self.vocabulary: set[str] = set()
        self.ranges: dict[str, tuple[float, float]] = {}

    def compile(self, phrase: str) -> tuple[str, Needed]:
        """The regular expression of `phrase`, and the words that a matching text has."""
        pieces = _PIECE.findall(phrase)
        source, needed, rest = self._sequence(pieces)
        if rest:
            raise PhraseError(f"unexpected {rest[0]!r}")
        if not needed:
            raise PhraseError("no word that must occur")
        return source, needed

    def _sequence(self, pieces: list[str]) -> tuple[str, Needed, list[str]]:
        sources: list[str] = []
        needed: Needed = ()
        while pieces and pieces[0] != "|":
            source, words, pieces = self._alternatives(pieces)
            sources.append(source)
            needed += words
        return "".join(sources), needed, pieces

    def _alternatives(self, pieces: list[str]) -> tuple[str, Needed, list[str]]:
        """One piece, or several joined by |."""
        source, needed, pieces = self._one(pieces)
        sources, words = [source], [needed]
        while pieces and pieces[0] == "|":
            source, needed, pieces = self._one(pieces[1:])
            sources.append(source)
            words.append(needed)
        if len(sources) == 1:
            return source, needed, pieces
        return f"(?:{'|'.join(sources)})", _either(words), pieces

    def _one(self, pieces: list[str]) -> tuple[str, Needed, list[str]]:
        if not pieces:
            raise PhraseError("ends too early")
        piece, rest = pieces[0], pieces[1:]
        if piece in "[(":
            return self._group(piece, rest)
        if piece in "])|":
            raise PhraseError(f"{piece!r} without its opening")
        if piece.startswith(("..", "~")):
            return self._gap(piece), (), rest
        if piece.startswith("<") and len(piece) > 1:
            source, needed = self._set(piece[1:-1])
            return source, needed, rest
        if piece == "^":
            return f"(?<={SENTENCE_END} )", (), rest
        if piece.startswith("!"):
            word = re.escape(self._word(piece[1:]))
            return f"(?<! {word} )", (), rest
        return *self._literal(piece), rest

    def _group(self, opening: str, pieces: list[str]) -> tuple[str, Needed, list[str]]:
        closing = {"[": "]", "(": ")"}[opening]
        sources: list[str] = []
        words: list[Needed] = []
        while True:
            source, needed, pieces = self._branch(pieces, closing)
            sources.append(source)
            words.append(needed)
            if not pieces:
                raise PhraseError(f"{opening!r} is not closed")
            if pieces[0] == closing:
                break
            pieces = pieces[1:]
        body = f"(?:{'|'.join(sources)})"
        if opening == "(":
            return f"{body}?", (), pieces[1:]
        return body, _either(words), pieces[1:]

    def _branch(self, pieces: list[str], closing: str) -> tuple[str, Needed, list[str]]:
        """One alternative of a group; | separates whole alternatives there."""
        sources: list[str] = []
        needed: Needed = ()
        while pieces and pieces[0] not in ("|", closing):
            source, words, pieces = self._one(pieces)
            sources.append(source)
            needed += words
        return "".join(sources), needed, pieces

    @staticmethod
    def _gap(piece: str) -> str:
        dots = piece.rstrip("0123456789")
        most = piece[len(dots) :] or "3"
        barred = "[¶;]" if dots in ("...", "~~") else "[¶;,:()]"
        if dots.startswith("~"):
            barred = rf"{barred}|{_NEGATION}"
        return rf"(?:(?!{barred})\S+ ){{0,{most}}}?"

    def _set(self, name: str) -> tuple[str, Needed]:
        if name not in self._done:
            if name not in self._sets:
                raise PhraseError(f"no set is named {name!r}")
            self._done[name] = ("", ())  # a set that names itself matches nothing
            compiled = [self.compile(item) for item in self._sets[name]]
            sources = sorted((source for source, _ in compiled), key=len, reverse=True)
            self._done[name] = (f"(?:{'|'.join(sources)})", _either([needed for _, needed in compiled]))
        return self._done[name]

    def _literal(self, piece: str) -> tuple[str, Needed]:
        if piece == "#":
            return _NUMBER, ()
        if limits := _RANGE.fullmatch(piece):
            name = f"n{len(self.ranges)}"
            self.ranges[name] = (float(limits[1]), float(limits[2]))
            return f"(?P<{name}>{_NUMBER.strip()}) ", ()
        if piece.endswith("*") and len(piece) > 1:
            stem = piece[:-1].lower()
            return rf"{re.escape(stem)}\S* ", (frozenset([f"{stem}*"]),)
        word = self._word(piece)
        return rf"{re.escape(word)} ", tuple(frozenset([part]) for part in word.split())

    def _word(self, piece: str) -> str:
        word = self._norm(piece)
        self.vocabulary.add(word)
        return word


def _either(alternatives: list[Needed]) -> Needed:
    """What a text needs that matches one of several: a word out of the smallest set of each, if each has one."""
    if not all(alternatives):
        return ()
    return (frozenset().union(*(min(needed, key=len) for needed in alternatives)),)
