"""Red flags short of an emergency: what raises them, and what to do before any table."""

from __future__ import annotations

from typing import Any

from knowledge.model import Guideline, conditions, holds


def raised_flags(guideline: Guideline, values: dict[str, str]) -> list[dict[str, Any]]:
    """The red flags that the case raises short of an emergency, each with what to do about it."""
    return [flag for flag in red_flags(guideline) if any(holds(conditions(a), values) is True for a in flag["facts"])]


def red_flags(guideline: Guideline) -> list[dict[str, Any]]:
    """Every red flag of the guideline: its label, the facts that raise it, and what to do."""
    flags: dict[str, dict[str, Any]] = {}
    for note in guideline.notes:
        if note.group == "red_flag":
            flag = flags.setdefault(note.key, {"label": note.data["label"], "facts": note.data["facts"], "actions": []})
            flag["actions"].append({"text": note.text, "source": note.source})
    return list(flags.values())
