"""What in a text points to a person: names, record numbers, dates, phones, addresses, ages over 89.

The kinds follow the identifiers of the HIPAA Safe Harbor rule (45 CFR 164.514(b)(2)) that occur in free text; years
stay, as they may. The patterns are data, in `identifiers.yml`. Patterns find what is written in a usual way and nothing
else, so a person has to read what is to be shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

PATTERNS = Path(__file__).with_name("identifiers.yml")
HIDDEN = "id"
"""The group of a pattern that is replaced."""


@dataclass(frozen=True)
class Identifier:
    """What points to a person, at characters `start` up to `end`, and the placeholder for it."""

    kind: str
    start: int
    end: int
    placeholder: str


def identifiers(text: str) -> list[Identifier]:
    """Every identifier in `text`, by position, none within another."""
    found: list[Identifier] = []
    for identifier in _matches(text):
        if not any(identifier.start < other.end and other.start < identifier.end for other in found):
            found.append(identifier)
    return sorted(found, key=lambda identifier: identifier.start)


def without_identifiers(text: str) -> str:
    """`text` with a placeholder in the place of each identifier; once done, nothing changes any more."""
    parts, end = [], 0
    for identifier in identifiers(text):
        parts += [text[end : identifier.start], identifier.placeholder]
        end = identifier.end
    return "".join([*parts, text[end:]])


def _matches(text: str) -> Iterator[Identifier]:
    """All matches, those of earlier kinds first."""
    for kind, placeholder, patterns in _kinds():
        for pattern in patterns:
            for match in pattern.finditer(text):
                group: str | int = HIDDEN if HIDDEN in pattern.groupindex else 0
                yield Identifier(kind, match.start(group), match.end(group), placeholder)


@lru_cache
def _kinds() -> tuple[tuple[str, str, tuple[re.Pattern[str], ...]], ...]:
    data = YAML(typ="safe").load(PATTERNS)
    return tuple(
        (item["kind"], item["placeholder"], tuple(re.compile(_filled(p, data["parts"])) for p in item["patterns"]))
        for item in data["identifiers"]
    )


def _filled(pattern: str, parts: dict[str, str]) -> str:
    """`pattern` with the parts that it names in braces; other braces count repetitions."""
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern
