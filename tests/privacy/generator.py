"""Composes messages of clinical sentences and identifiers in many formats, the same ones for the same seed."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

SHARED = frozenset({"date", "age over 89"})
"""Kinds that are removed only from what is shared."""
OTHERS = (0, 0, 1, 2)
"""How many sentences without an identifier stand beside the one with it."""


@dataclass(frozen=True)
class Made:
    """A message, the kind of its identifier, and the characters that have to go; none of it in one without."""

    text: str
    kind: str | None
    spans: tuple[tuple[int, int], ...]


def messages(seed: int, formats: str, each: int) -> Iterator[Made]:
    """`each` messages of every one of the `formats` ("seen", "apart"), and of every sentence without an identifier."""
    chance = random.Random(seed)
    words = _words()
    for kind, listed in words["formats"][formats].items():
        for written in listed:
            for _ in range(each):
                yield _with(chance, kind, written)
    for sentence in words["without"]:
        for _ in range(each):
            others = chance.sample(words["without"], chance.choice(OTHERS))
            yield Made(" ".join([sentence, *others]), None, ())


def identifier(chance: random.Random) -> str:
    """An identifier of any kind that is removed at work, as it may stand in a message, without anybody's age."""
    kinds = _words()["formats"]["seen"]
    kind = chance.choice([kind for kind in kinds if kind not in SHARED])
    return _filled(chance, chance.choice([one for one in kinds[kind] if "{age}" not in one])).replace("|", "")


def _with(chance: random.Random, kind: str, written: str) -> Made:
    words = _words()
    parts = chance.choice(words["with"]).format("\0").split("\0")
    # Some of the sentences hold dates, which go with what is shared only.
    count = 0 if kind in SHARED else chance.choice(OTHERS)
    before = [f"{sentence} " for sentence in chance.sample(words["without"], count)]
    # A line of its own for what a text begins with.
    start = "\n".join(before) + parts[0]
    spans, text = [], start
    for number, piece in enumerate(_filled(chance, written).split("|")):
        if number % 2:
            spans.append((len(text), len(text) + len(piece)))
        text += piece
    return Made(text + parts[1], kind, tuple(spans))


def _filled(chance: random.Random, written: str) -> str:
    """`written` with every brace filled, each anew."""
    return re.sub(r"\{(\w+)\}", lambda match: _value(chance, match[1]), written)


def _value(chance: random.Random, name: str) -> str:
    words, day, month = _words(), chance.randint(13, 28), chance.randint(1, 12)
    if name.isupper():
        return _value(chance, name.lower()).upper()
    if name.endswith("_lower"):
        return _value(chance, name.removesuffix("_lower")).lower()
    if name.endswith("_ascii"):
        return _ascii(_value(chance, name.removesuffix("_ascii")))
    if digits := re.fullmatch(r"digits(\d+)", name):
        return _digits(chance, int(digits[1]))
    values: Mapping[str, str] = {
        "d": str(day),
        "dd": str(day),
        "m": str(month),
        "mm": f"{month:02}",
        "mon": chance.choice(("Jan", "Mar", "Apr", "Jul", "Oct", "Dec")),
        "born": str(chance.randint(1931, 1985)),
        "born_short": str(chance.randint(31, 85)),
        "recent": str(chance.randint(2015, 2026)),
        "recent_short": str(chance.randint(15, 26)),
        "age": str(chance.randint(51, 89)),
        "sex": chance.choice("FM"),
        "old": str(chance.randint(91, 108)),
        "number": str(chance.randint(1, 4999)),
        "two": str(chance.randint(10, 99)),
        "three": str(chance.randint(201, 899)),
        "four": str(chance.randint(1000, 9999)),
        "letter": chance.choice("ABDEHKPRX"),
        "initial": chance.choice("ABDEHJKMPR"),
    }
    return values[name] if name in values else str(chance.choice(words[name]))


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("123456789") for _ in range(count))


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z-]", "", plain).lower()


@cache
def _words() -> Any:
    return YAML(typ="safe").load(Path(__file__).with_name("generated.yml"))
