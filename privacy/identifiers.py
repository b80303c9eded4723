"""What in a text points to a person: names, record numbers, dates, phones, addresses, ages over 89.

The kinds follow the identifiers of the HIPAA Safe Harbor rule (45 CFR 164.514(b)(2)) that occur in free text; years
stay, as they may. The patterns are data, in `identifiers.yml`. Patterns find what is written in a usual way and nothing
else, so a person has to read what is to be shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from privacy.vocabulary import Vocabulary

PATTERNS = Path(__file__).with_name("identifiers.yml")
HIDDEN = "id"
"""The group of a pattern that is replaced."""
UNKNOWN = "unknown"
"""The group of a pattern whose words no clinician writes, if they are not all that is replaced."""
ALWAYS = "always"
OF_WORDS = frozenset(("name", "address"))
"""Kinds that consist of words, among which findings may stand."""
WORD = re.compile(r"[^\W\d_]{4,}")
"""A word whose first letter says whether a text is written in capitals; shorter ones often are abbreviations."""


GAP = 3
"""Blanks, line ends and so on that are read of a gap between words."""
LONG_GAP = re.compile(rf"\s{{{GAP + 1}}}")
NO_LONG_GAP = re.compile(rf"\S+|(?<!\s)\s{{1,{GAP}}}")
BESIDE, NEAR = 4, 80
"""Words looked at on either side of what goes by capitals, and the characters among which they are looked for."""


@dataclass(frozen=True)
class Identifier:
    """What points to a person, at characters `start` up to `end`, and what takes its place."""

    kind: str
    start: int
    end: int
    placeholder: str


@dataclass(frozen=True)
class Redacted:
    """A text without identifiers, and what was removed, in words for its sender ("a name"), each once."""

    text: str
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Goes:
    """What a pattern goes by beside its words: capital letters, and that no clinician writes what it finds."""

    by_capitals: bool = False
    by_words: bool = False


LISTS = {
    "patterns": _Goes(),
    "by_capitals": _Goes(by_capitals=True),
    "by_words": _Goes(by_words=True),
    "by_both": _Goes(by_capitals=True, by_words=True),
}
"""The lists of patterns that a kind may have."""


@dataclass(frozen=True)
class _Kind:
    name: str
    placeholder: str
    told: str | None
    keeps: re.Pattern[str] | None
    patterns: tuple[tuple[re.Pattern[str], _Goes], ...]


def identifiers(text: str, *, sharing: bool = False) -> list[Identifier]:
    """Every identifier in `text`, by position, none within another; with `sharing` also what may be read at work."""
    found: list[Identifier] = []
    short, places = _without_gaps(text)
    taken = bytearray(len(short))
    for kind in _kinds():
        if kind.told or sharing:
            found += _apart(_matches(short, kind), taken)
    return [
        replace(one, start=places[one.start], end=places[one.end - 1] + 1)
        for one in sorted(found, key=lambda identifier: identifier.start)
    ]


def _without_gaps(text: str) -> tuple[str, Sequence[int]]:
    """`text` with gaps of GAP characters at most, in which patterns would seek for long, and where each of the
    characters stands in `text`."""
    if not LONG_GAP.search(text):
        return text, range(len(text))
    kept = [place for part in NO_LONG_GAP.finditer(text) for place in range(*part.span())]
    return "".join(text[place] for place in kept), kept


def without_identifiers(text: str) -> str:
    """`text` as it may be shared: with a placeholder for each identifier; once done, nothing changes any more."""
    return _replaced(text, identifiers(text, sharing=True))


def redacted(text: str) -> Redacted:
    """`text` as it may be kept and read at work."""
    found = identifiers(text)
    told = {kind.name: kind.told for kind in _kinds()}
    return Redacted(_replaced(text, found), tuple(dict.fromkeys(str(told[one.kind]) for one in found)))


def _replaced(text: str, found: Iterable[Identifier]) -> str:
    parts, end = [], 0
    for identifier in found:
        parts += [text[end : identifier.start], identifier.placeholder]
        end = identifier.end
    return "".join([*parts, text[end:]])


def _apart(matches: Iterable[Identifier], taken: bytearray) -> Iterator[Identifier]:
    """Those of `matches` that overlap nothing `taken`, the longest of each place; they are taken then."""
    for match in sorted(matches, key=lambda one: one.start - one.end):
        if not any(taken[match.start : match.end]):
            taken[match.start : match.end] = b"\1" * (match.end - match.start)
            yield match


def _matches(text: str, kind: _Kind) -> Iterator[Identifier]:
    for pattern, goes in kind.patterns:
        for match in pattern.finditer(text):
            group: str | int = HIDDEN if HIDDEN in pattern.groupindex else 0
            if kind.name in OF_WORDS and _vocabulary().names_finding(match[group]):
                continue
            if goes.by_words and not _may_name(match, match[group]):
                continue
            if goes.by_capitals and not _capitals_tell(text[: match.start()], text[match.end() :]):
                continue
            kept = kind.keeps.search(match[group]) if kind.keeps else None
            yield Identifier(kind.name, *match.span(group), kept[0] if kept else kind.placeholder)


def _may_name(match: re.Match[str], found: str) -> bool:
    told = match[UNKNOWN] if UNKNOWN in match.re.groupindex else found
    return _vocabulary().may_name(told, alone=not re.search(r"\s", found))


def _capitals_tell(before: str, after: str) -> bool:
    """Whether a capital letter says something between these texts: not where the next words have one, too."""
    words = WORD.findall(before[-NEAR:])[-BESIDE:] + WORD.findall(after[:NEAR])[:BESIDE]
    capitals = [word for word in words if word[0].isupper()]
    return len(capitals) <= len(words) / 2


@lru_cache
def _data() -> Any:
    return YAML(typ="safe").load(PATTERNS)


@lru_cache
def _vocabulary() -> Vocabulary:
    data = _data()
    return Vocabulary(data["words"], data["examples"], data["endings"], data["names_too"])


@lru_cache
def _kinds() -> tuple[_Kind, ...]:
    data = _data()
    parts = {name: "|".join(part) if isinstance(part, list) else part for name, part in data["parts"].items()}
    return tuple(
        _Kind(
            item["kind"],
            item["placeholder"],
            item["told"] if item["when"] == ALWAYS else None,
            re.compile(_filled(item["keeps"], parts)) if "keeps" in item else None,
            tuple(
                (re.compile(_filled(pattern, parts)), goes)
                for name, goes in LISTS.items()
                for pattern in item.get(name, ())
            ),
        )
        for item in data["identifiers"]
    )


def _filled(pattern: str, parts: dict[str, str]) -> str:
    """`pattern` with the parts that it names in braces, and those that they name; other braces count repetitions."""
    named = next((name for name in parts if f"{{{name}}}" in pattern), None)
    return pattern if named is None else _filled(pattern.replace(f"{{{named}}}", parts[named]), parts)
