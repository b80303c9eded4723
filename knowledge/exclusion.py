"""Why the neighboring variants of an answer do not apply."""

from __future__ import annotations

from typing import Any

from knowledge.case import Case
from knowledge.engine import Engine
from knowledge.model import Outcome, Row, holds


def excluded(engine: Engine, case: Case, chosen: Outcome) -> list[dict[str, Any]]:
    """The variants of the same scope that do not apply, each with the fact that rules it out."""
    guideline, known = engine.guideline, case.known(engine.guideline)
    others = [outcome for outcome in guideline.variants if outcome.scope == chosen.scope and outcome.id != chosen.id]
    return [{"outcome": outcome.id, "because": why_not(engine, known, outcome, chosen)} for outcome in others]


def why_not(engine: Engine, known: dict[str, str], outcome: Outcome, chosen: Outcome) -> str:
    """One line: what the variant `outcome` needs and this case does not have, or what comes before it."""
    guideline = engine.guideline
    rows = [row for row in guideline.rows if row.outcome == outcome.id]
    closest = min(rows, key=lambda row: len(_unmet(row, known)))
    unmet = _unmet(closest, known)
    if unmet:
        name = unmet[0]
        fact = guideline.fact[name]
        needed = " or ".join(fact.phrase(value) for value in closest.when[name])
        return f"needs {needed}; here: {fact.phrase(known[name])}"
    deciding = next(row for row in guideline.rows if row.outcome == chosen.id and holds(row.when, known) is not False)
    return f"comes after variant {chosen.number}, which applies because {deciding.because}"


def _unmet(row: Row, known: dict[str, str]) -> list[str]:
    return [name for name, values in row.when.items() if name in known and known[name] not in values]
