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
    """One line: what the variant `outcome` needs first that this case does not have, or what comes before it."""
    closest = _closest(engine, known, outcome)
    unmet = _unmet(closest, known)
    return _needs(engine, known, closest, unmet[:1]) if unmet else _comes_after(engine, known, chosen)


def why_not_in_full(engine: Engine, known: dict[str, str], outcome: Outcome, chosen: Outcome) -> str:
    """All that the variant `outcome` needs and this case does not have, and what comes before it."""
    closest = _closest(engine, known, outcome)
    unmet, deciding = _unmet(closest, known), _deciding(engine, known, chosen)
    rows = engine.guideline.rows
    reasons = [_needs(engine, known, closest, unmet)] if unmet else []
    if not unmet or rows.index(deciding) < rows.index(closest):
        reasons.append(_comes_after(engine, known, chosen))
    return "; and it ".join(reasons)


def why_not_so_far(engine: Engine, known: dict[str, str], outcome: Outcome) -> str | None:
    """What the variant `outcome` needs and a case that is still open has otherwise; None if it has nothing so."""
    closest = _closest(engine, known, outcome)
    unmet = _unmet(closest, known)
    return _needs(engine, known, closest, unmet) if unmet else None


def _closest(engine: Engine, known: dict[str, str], outcome: Outcome) -> Row:
    rows = [row for row in engine.guideline.rows if row.outcome == outcome.id]
    return min(rows, key=lambda row: len(_unmet(row, known)))


def _needs(engine: Engine, known: dict[str, str], row: Row, unmet: list[str]) -> str:
    facts = [engine.guideline.fact[name] for name in unmet]
    needed = ", and ".join(" or ".join(fact.phrase(value) for value in row.when[fact.name]) for fact in facts)
    return f"needs {needed}; here: {', '.join(fact.phrase(known[fact.name]) for fact in facts)}"


def _comes_after(engine: Engine, known: dict[str, str], chosen: Outcome) -> str:
    because = _deciding(engine, known, chosen).because
    return f"comes after variant {chosen.number}, which applies because {because}"


def _deciding(engine: Engine, known: dict[str, str], chosen: Outcome) -> Row:
    rows = engine.guideline.rows
    return next(row for row in rows if row.outcome == chosen.id and holds(row.when, known) is not False)


def _unmet(row: Row, known: dict[str, str]) -> list[str]:
    return [name for name, values in row.when.items() if name in known and known[name] not in values]
