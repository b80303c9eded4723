"""Steps of test stories, as tests/stories/test_stories.py reads them."""

from __future__ import annotations

from collections.abc import Mapping

TYPES = (
    "question",
    "recommendation",
    "escalation",
    "not_covered",
    "conditional",
    "explanation",
    "answer",
    "note",
    "sources",
    "out_of_scope",
    "social",
    "rating",
    "what_if",
)
"""Types of answers (docs/message-contract.schema.json)."""
ANYTHING = "anything"
"""Expects only that an answer comes."""

Step = Mapping[str, str | bool]


def step(said: str, kind: str | None, outcome: str | None = None, slot: str | None = None) -> Step:
    """A step in which the clinician says `said` and gets an answer of that kind, outcome and asked slot."""
    if kind is None:
        return {"user": said, "answers": True}
    expected = {"type": kind, "outcome": outcome, "slot": slot}
    return {"user": said, **{key: value for key, value in expected.items() if value is not None}}
