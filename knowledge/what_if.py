"""What a change of some facts would do to the answer; the case itself stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.answer import answer, common, ratings
from knowledge.case import UNKNOWN, Case, Reading
from knowledge.engine import Conclusion, Conditional, Engine, Question
from knowledge.levels import with_relation
from knowledge.lookup import NOT_RATED

Payload = dict[str, Any]


def supposed(engine: Engine, case: Case, changes: Mapping[str, str]) -> Case:
    """`case` with the facts in `changes` as if the clinician had corrected them."""
    readings = [Reading(fact, value, correction=True) for fact, value in changes.items()]
    return case.with_readings(with_relation(case, readings), engine.guideline)


def what_if(engine: Engine, case: Case, changes: Mapping[str, str]) -> Payload:
    """The outcome with `changes` (fact name to value), and its ratings against those of `case`, one by one.

    `outcome` is None if the changed case leaves a question open; `open` then names its fact, and `branches`
    what each of its values leads to.
    """
    guideline = engine.guideline
    changed = supposed(engine, case, changes)
    before, after = _outcome(engine, case), _outcome(engine, changed)
    payload: Payload = {
        "type": "what_if",
        "changes": dict(changes),
        "phrases": [_phrase(engine, fact, changes[fact]) for fact in _telling(engine, changes)],
        "outcome": after,
        "title": guideline.outcome[after].title if after else None,
        "kind": guideline.outcome[after].kind if after else None,
        "previous_outcome": before,
        "previous_title": guideline.outcome[before].title if before else None,
        "ratings": ratings(guideline, guideline.outcome[after]) if after else [],
        "differences": _differences(engine, before, after) if before and after else [],
        **_open(engine, changed),
    }
    if after and guideline.outcome[after].kind != "variant":
        whole = answer(engine, changed)
        payload["actions"] = whole.get("actions") or whole.get("next_steps", [])
        payload["because"] = whole["because"]
    return payload | common(guideline, case, payload)


def _telling(engine: Engine, changes: Mapping[str, str]) -> list[str]:
    """The changed facts that the decision table reads, or all if it reads none of them."""
    return [fact for fact in changes if engine.guideline.fact[fact].decides] or list(changes)


def _outcome(engine: Engine, case: Case) -> str | None:
    step = engine.next_step(case) if case.readings else None
    return step.outcome if isinstance(step, Conclusion) else None


def _open(engine: Engine, case: Case) -> Payload:
    """What the outcome still depends on: one open fact, and where each of its values leads."""
    step = engine.next_step(case)
    if isinstance(step, Conditional):
        name = step.unknown[0]
    elif isinstance(step, Question):
        name = step.fact
    else:
        return {"open": None, "branches": []}
    branches = []
    for value in engine.guideline.fact[name].values:
        outcomes = engine.table.possible_outcomes({**case.known(engine.guideline), name: value.value})
        titles = [engine.guideline.outcome[outcome].title for outcome in outcomes]
        branches.append(
            {"when": {name: value.value}, "label": value.phrase, "outcomes": list(outcomes), "titles": titles}
        )
    return {"open": name, "branches": branches}


def _differences(engine: Engine, before: str, after: str) -> list[Payload]:
    """Procedures that the two tables rate differently; an outcome without a table rates none."""
    old, new = (
        {
            rated["procedure"]: rated["category"]
            for rated in ratings(engine.guideline, engine.guideline.outcome[outcome])
        }
        for outcome in (before, after)
    )
    return [
        {"procedure": name, "from": old.get(name, NOT_RATED), "to": new.get(name, NOT_RATED)}
        for name in {**new, **old}
        if old.get(name) != new.get(name)
    ]


def _phrase(engine: Engine, fact: str, value: str) -> str:
    known = engine.guideline.fact[fact]
    return f"{known.label.lower()} not known" if value == UNKNOWN else known.phrase(value)
