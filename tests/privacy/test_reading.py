"""What is removed changes nothing of what is read."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from nlu.reader import ClinicalReader, default_reader
from privacy.identifiers import redacted
from service.settings import ROOT
from tests.privacy.generator import identifier

NEURO = "neuro_status"
MESSAGES, OTHERWISE = 80, 2
"""How many messages are read, and how many of them may be read otherwise: "Mrs Jones's MRI" tells of an MRI."""
STAY = frozenset({"sex", "adult"})
"""What is still told by what stays of an identifier: "Mrs", "born 1950"."""


def vignettes() -> Iterator[str]:
    """Cases of the development sets."""
    for file in sorted((ROOT / "tests" / "evaluation").glob("development*/vignettes.jsonl")):
        yield from (json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def facts(reader: ClinicalReader, text: str) -> set[tuple[str, str | None]]:
    """What is read in `text`."""
    return {(fact.fact, fact.value) for fact in reader.read(text).facts if fact.fact not in STAY}


def test_the_same_facts_are_read_without_the_identifiers() -> None:
    """A case with a name, a number and the like in front and at its end is read as if they had never stood there."""
    chance, reader = random.Random(11), default_reader()
    otherwise = []
    for text in chance.sample(list(vignettes()), MESSAGES):
        told = redacted(f"{identifier(chance)}\n{text} {identifier(chance)}").text
        differ = facts(reader, told) ^ facts(reader, text)
        assert all(fact != NEURO for fact, _ in differ), told
        otherwise += [(told, differ)] if differ else []
    assert len(otherwise) <= OTHERWISE, otherwise
