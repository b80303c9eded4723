"""Answers to be recorded, and a process that records them beside others."""

from __future__ import annotations

from typing import Any

from audit.rows import Entry, Versions
from audit.store import Audit


def made(number: int = 1, **given: Any) -> Entry:
    """The answer `number`, but for what is `given`."""
    values = {
        "at": f"2026-11-{number % 28 + 1:02}T10:00:00.000000+00:00",
        "channel": "web",
        "conversation": f"conversation-{number % 3}",
        "message": f"message-{number}",
        "action": "action_answer",
        "kind": "recommendation",
        "facts": {"level": {"value": "T12", "basis": "stated"}},
        "outcome": "v1",
        "digest": f"{number:064}",
        "versions": Versions(model="m", rules="r", code="c", knowledge="k"),
        "begins": number < 3,
        "text": f"71F, new T12 fracture, message {number}",
    }
    return Entry(**(values | given))


def write(url: str, writer: str, count: int) -> None:
    """Record `count` answers; the table is made by whichever writer comes first."""
    audit = Audit(url)
    for number in range(count):
        audit.record(made(number, message=f"{writer}-{number}"))
