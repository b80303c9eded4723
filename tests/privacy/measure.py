"""How many generated identifiers are found, by kind, and how much of what is removed is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from privacy.identifiers import identifiers
from tests.privacy.generator import SHARED, Made, messages

SEED, EACH = 20261121, 40
"""What the figures of docs/privacy.md were measured with: how many messages of each format."""


@dataclass
class Found:
    """Of a kind: the identifiers there were, those found whole, and messages with one that was not."""

    there: int = 0
    whole: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share that was found whole."""
        return self.whole / self.there


@dataclass
class Measured:
    """What was found of each kind, how many places were removed, and those of them that are no identifier."""

    kinds: dict[str, Found] = field(default_factory=lambda: defaultdict(Found))
    removed: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of all identifiers that was found whole."""
        return sum(kind.whole for kind in self.kinds.values()) / sum(kind.there for kind in self.kinds.values())

    @property
    def precision(self) -> float:
        """The share of what was removed that is an identifier, or a part of one."""
        return 1 - len(self.wrong) / self.removed


def measured(formats: str, each: int = EACH) -> Measured:
    """The figures for the `formats` (tests/privacy/generated.yml)."""
    result = Measured()
    for made in messages(SEED, formats, each):
        places = [(one.start, one.end) for one in identifiers(made.text, sharing=made.kind in SHARED)]
        result.removed += len(places)
        result.wrong += _wrong(made, places)
        if made.kind is not None:
            found = result.kinds[made.kind]
            found.there += 1
            if all(_is_covered(made.text, start, end, places) for start, end in made.spans):
                found.whole += 1
            else:
                found.missed.append(made.text)
    return result


def table(seen: Measured, apart: Measured) -> Iterator[str]:
    """The figures in Markdown."""
    yield "| kind | formats seen | found whole | formats held apart | found whole |"
    yield "|---|---|---|---|---|"
    for kind in seen.kinds:
        figures = (f"{one.kinds[kind].there} | {one.kinds[kind].recall:.1%}" for one in (seen, apart))
        yield f"| {kind} | {' | '.join(figures)} |"
    every = (f"{sum(kind.there for kind in one.kinds.values())} | {one.recall:.1%}" for one in (seen, apart))
    yield f"| all | {' | '.join(every)} |"
    figures = (f"{one.removed} removed | {one.precision:.1%}" for one in (seen, apart))
    yield f"| precision | {' | '.join(figures)} |"


def _is_covered(text: str, start: int, end: int, places: Iterable[tuple[int, int]]) -> bool:
    """Whether every letter and digit of a span is removed."""
    removed = {at for first, last in places for at in range(first, last)}
    return all(at in removed for at in range(start, end) if text[at].isalnum())


def _wrong(made: Made, places: Iterable[tuple[int, int]]) -> Iterator[str]:
    for start, end in places:
        if not any(start < last and first < end for first, last in made.spans):
            yield f"{made.text[start:end]!r} in {made.text!r}"
