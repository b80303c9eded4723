"""age, adult, sex, level of the fracture and duration of the pain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML

from nlu.findings import FAMILY
from nlu.note import FactMention, Note
from nlu.rules import RULES
from nlu.text import level_names

OLDEST = 115
DAYS = {"d": 1, "w": 7, "m": 30, "f": 14}


def read_patient(note: Note) -> Iterator[FactMention]:
    """Who the patient is and where the fracture sits."""
    yield from _age(note)
    yield from _sex(note)
    yield from _level(note)
    yield from _duration(note)


@lru_cache
def _patterns() -> dict[str, Any]:
    data = YAML(typ="safe").load(RULES / "patient.yml")
    compiled = {name: [re.compile(pattern) for pattern in data[name]] for name in ("age", "duration")}
    return {**compiled, "number_words": data["number_words"]}


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() else _patterns()["number_words"].get(word.lower())


def _age(note: Note) -> Iterator[FactMention]:
    found = [(m, i) for i, pattern in enumerate(_patterns()["age"]) for m in pattern.finditer(note.text.raw)]
    spelled = re.compile(r"(?i)\b(?P<age>[a-z]+)[ \-]year[ \-]old\b")
    found += [(m, 99) for m in spelled.finditer(note.text.raw)]
    for match, _ in sorted(found, key=lambda item: item[0].start()):
        age = _number(match["age"])
        if age is not None and age <= OLDEST and not _is_relative(note, match.start()):
            words, rule = match.group().strip(" ,.;("), "patient.yml:2"
            start = note.text.raw.index(words, match.start())
            yield FactMention("age", str(age), start, start + len(words), words, "affirmed", rule)
            yield FactMention("adult", "yes" if age >= 18 else "no", start, start + len(words), words, "affirmed", rule)
            return
    for label, value in (("child_words", "no"), ("adult_words", "yes")):
        findings = note.own(label)
        if findings:
            yield note.mention("adult", value, findings[0])
            return


def _is_relative(note: Note, offset: int) -> bool:
    """Whether the age at `offset` follows a relative in its sentence ("father died at 65")."""
    token = next((i for i, t in enumerate(note.text.tokens) if t.end > offset), None)
    if token is None:
        return False
    before = note.text.tokens[max(0, token - 4) : token]
    return any(t.norm in _RELATIVES for t in before)


_RELATIVES = frozenset("father mother brother sister aunt uncle cousin son daughter wife husband mum dad mom parent".split())


def _sex(note: Note) -> Iterator[FactMention]:
    match = re.search(r"(?<![\d.,/])\d{1,3}\s?(?:yo\s?|y/o\s?)?(?P<sex>[FMfm])(?![A-Za-z0-9/])", note.text.raw)
    if match:
        value = "female" if match["sex"].lower() == "f" else "male"
        yield FactMention("sex", value, match.start(), match.end(), match.group(), "affirmed", "patient.yml:2")
        return
    words = [f for f in note.all("female_words", "male_words") if FAMILY not in f.modifiers]
    if words:
        yield note.mention("sex", words[0].label.removesuffix("_words"), words[0])


def _level(note: Note) -> Iterator[FactMention]:
    fractures = note.own("fracture_new", "fracture_found", "fracture_known", "fracture")
    for finding in fractures:
        for i in range(max(0, finding.start - 2), min(len(note.text.tokens), finding.end + 4)):
            token = note.text.tokens[i]
            if token.kind == "level" and note.text.sentence[i] == finding.sentence:
                names = ", ".join(level_names(token.text))
                yield FactMention("level", names, token.start, token.end, token.text, finding.assertion, finding.phrase.file)
                return


def _duration(note: Note) -> Iterator[FactMention]:
    for pattern in _patterns()["duration"]:
        match = pattern.search(note.text.raw)
        count = _number(match["count"]) if match else None
        if match and count:
            days = count * DAYS[match["unit"][0].lower()]
            start, end = match.start("count"), match.end("unit")
            yield FactMention("duration", str(days), start, end, note.text.raw[start:end], "affirmed", "patient.yml:14")
            return
