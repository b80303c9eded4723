"""What a reading gives as entities of a message: its facts, and remarks about the message itself."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from nlu.findings import Finding
from nlu.note import FactMention
from nlu.reader import LONGEST, Reading

POSSIBLE = "possible"
"""Value of a fact entity whose words only raise the possibility."""


def is_asked_back(reading: Reading, finding: Finding) -> bool:
    """Whether a question mark follows the words: "New patient? No, the same one."."""
    return any(token.text == "?" for token in reading.text.tokens[finding.end : finding.end + 1])


def remarks(reading: Reading, length: int) -> list[dict[str, Any]]:
    """Entities about the message itself: that it opens a new case, or was too long to be read whole."""
    openings = [f for f in reading.findings if f.label == "new_patient" and f.start <= 1]
    opens = any(not is_asked_back(reading, finding) for finding in openings)
    remarks = [("new_patient", 1)] if opens else []
    remarks += [("truncated", LONGEST)] if length > LONGEST else []
    return [{"entity": name, "value": value, "start": 0, "end": length} for name, value in remarks]


def told_apart(reading: Reading, weak: Collection[str]) -> int:
    """How many things the message tells but for `weak` facts: those of the same words, as "cement" and what it was for,
    are one."""
    strong = [fact for fact in reading.facts if fact.fact not in weak]
    last, number = -1, 0
    for fact in sorted(strong, key=lambda fact: (fact.start, -fact.end)):
        number += fact.start >= last
        last = max(last, fact.end)
    return number


def fact_entities(facts: list[FactMention], corrections: frozenset[str], restates: bool) -> list[dict[str, Any]]:
    """An entity for each of the `facts`: its value, its words and how they were read."""
    return [
        {
            "entity": fact.fact,
            "value": fact.value if fact.value is not None else POSSIBLE,
            "start": fact.start,
            "end": fact.end,
            "words": fact.words,
            "assertion": fact.assertion,
            "rule": fact.rule,
            "correction": fact.fact in corrections,
            "restates": restates,
            "doubted": fact.doubted,
            "extractor": "ClinicalExtractor",
        }
        for fact in facts
    ]
