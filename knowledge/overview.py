"""The case panel: every fact as understood, what each may be changed to, and what is still open."""

from __future__ import annotations

from knowledge.answer import Payload, choices, escalation, understood
from knowledge.case import EVIDENCE, Case
from knowledge.engine import Conclusion, Engine
from knowledge.model import Fact


def overview(engine: Engine, case: Case) -> Payload:
    """`facts` as in an answer, each with the `choices` that it may be changed to (none if its value is free) and
    the `spans` of all its words, which for a fact that follows from others are theirs; `open`: the facts that can
    still change the outcome, with their `question`, `choices`, the words that only raised them (`raised_by`), and
    whether the clinician has called them `unknown`; and `alarm`, the escalation that the case calls for, if it does.
    """
    guideline = engine.guideline
    if not (case.readings or case.possible or case.unknown):
        return {"facts": [], "open": [], "alarm": None}
    known = understood(guideline, case)
    facts = [fact | {"choices": choices(guideline.fact[fact["slot"]]), "spans": _spans(fact, known)} for fact in known]
    relevant = engine.table.relevant(case.known(guideline))
    return {
        "facts": facts,
        "open": [_open(guideline.fact[name], case) for name in relevant],
        "alarm": _alarm(engine, case),
    }


def _spans(fact: Payload, known: list[Payload]) -> list[list[int]]:
    """Message number, start and end of the words that a fact was read from."""
    if fact["span"]:
        return [fact["span"]]
    words = (fact["evidence"] or "").split(EVIDENCE)
    return [other["span"] for other in known if other["span"] and other["evidence"] in words]


def _alarm(engine: Engine, case: Case) -> Payload | None:
    step = engine.next_step(case)
    if not isinstance(step, Conclusion) or engine.guideline.outcome[step.outcome].kind != "escalation":
        return None
    payload = escalation(engine, case, step)
    return {key: payload[key] for key in ("outcome", "title", "triggers", "actions")}


def _open(fact: Fact, case: Case) -> Payload:
    hint = case.possible.get(fact.name)
    return {
        "slot": fact.name,
        "label": fact.label,
        "question": fact.question,
        "choices": choices(fact),
        "raised_by": hint.evidence if hint else None,
        "unknown": fact.name in case.unknown,
    }
