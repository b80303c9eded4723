"""What brings a case back to how it was: only what differs, so that many steps of a long conversation stay small."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.case import Case

READINGS = ("readings", "possible", "contested")
"""The parts of a case's data that hold one reading for each fact."""


def step_back(before: Case, after: Case) -> dict[str, Any]:
    """A JSON-ready mapping with which `stepped_back` makes `before` of `after`.

    For each part that differs, the readings of `before` under their facts, None for a fact that it has no reading of.
    """
    old, new = before.to_data(), after.to_data()
    step: dict[str, Any] = {}
    for part in READINGS:
        older, newer = old[part], new[part]
        changed = {name: older.get(name) for name in {*older, *newer} if older.get(name) != newer.get(name)}
        if changed:
            step[part] = dict(sorted(changed.items()))
    if old["unknown"] != new["unknown"]:
        step["unknown"] = old["unknown"]
    return step


def stepped_back(after: Case, step: Mapping[str, Any]) -> Case:
    """The case that `step_back` was given as the one before `after`.

    Raises TypeError if `step` is not what `step_back` made.
    """
    data = after.to_data()
    for part in READINGS:
        readings = {**data[part], **step.get(part, {})}
        data[part] = {name: reading for name, reading in readings.items() if reading is not None}
    return Case.from_data({**data, "unknown": step.get("unknown", data["unknown"])})
