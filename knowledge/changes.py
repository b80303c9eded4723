"""What a message changed of what was known before."""

from __future__ import annotations

from typing import Any

from knowledge.case import ASSUMED, Case
from knowledge.model import Guideline


def changes(before: Case, after: Case, guideline: Guideline) -> list[dict[str, Any]]:
    """The given or implied facts of `before` that have another value in `after`, or none any more.

    Each with slot, label, and the phrases of the value it had (`from`) and has (`to`, None if it is open).
    """
    old, new = before.facts(guideline), after.facts(guideline)
    changed = []
    for name, reading in old.items():
        if reading.basis == ASSUMED or reading.value is None:
            continue
        value = new[name].value if name in new else None
        if value != reading.value:
            fact = guideline.fact[name]
            to = fact.phrase(value) if value is not None else None
            changed.append({"slot": name, "label": fact.label, "from": fact.phrase(reading.value), "to": to})
    return changed
