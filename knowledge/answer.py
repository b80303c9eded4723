"""The machine-readable side of an answer (docs/message-contract.md), built from a case and the guideline.

Every function returns a JSON-ready mapping. Ratings are looked up, never computed or worded around.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge.case import ASSUMED, UNKNOWN, Case, Reading
from knowledge.engine import Branch, Conclusion, Conditional, Engine, Question
from knowledge.exclusion import excluded
from knowledge.flags import raised_flags
from knowledge.model import Fact, Guideline, Outcome, Statement, holds

Payload = dict[str, Any]


def answer(engine: Engine, case: Case) -> Payload:
    """The payload of the next step of `case`: question, recommendation, escalation, not_covered or conditional."""
    step = engine.next_step(case)
    if isinstance(step, Question):
        return question(engine, case, step.fact)
    if isinstance(step, Conditional):
        return conditional(engine, case, step)
    kind = engine.guideline.outcome[step.outcome].kind
    return {"variant": recommendation, "escalation": escalation, "not_covered": not_covered}[kind](engine, case, step)


def question(engine: Engine, case: Case, name: str) -> Payload:
    """Ask about the fact `name`, with its choices, why it matters, and what raised it if words did."""
    guideline = engine.guideline
    fact = guideline.fact[name]
    hint = case.possible.get(name) or next((r for r in case.readings.values() if r.fact == name and r.doubted), None)
    payload: Payload = {
        "type": "question",
        "slot": name,
        "text": fact.question,
        "why": fact.why,
        "choices": choices(fact),
        "raised_by": hint.evidence if hint else None,
        "contradicts": _contested(fact, case),
        "alert": _alert(engine, case, name),
    }
    return payload | _common(guideline, case, _cited(payload))


def choices(fact: Fact) -> list[Payload]:
    """The values that a fact may be given, each with its label, and "not known"; none if any value may be."""
    if not fact.values:
        return []
    values = [{"value": value.value, "label": value.label} for value in fact.values]
    return [*values, {"value": UNKNOWN, "label": "Not known"}]


def _contested(fact: Fact, case: Case) -> Payload | None:
    """What was said of the fact earlier, if a later message contradicts it."""
    earlier = case.contested.get(fact.name)
    return {"phrase": fact.phrase(str(earlier.value)), "evidence": earlier.evidence} if earlier else None


def _alert(engine: Engine, case: Case, asked: str) -> Payload | None:
    """An escalation that already holds whatever the open question is answered with, barring a worse one."""
    guideline = engine.guideline
    if not guideline.fact[asked].always_known:
        return None
    known = case.known(guideline)
    row = next((row for row in guideline.rows if asked not in row.when and holds(row.when, known) is not False), None)
    if row is None or holds(row.when, known) is not True or guideline.outcome[row.outcome].kind != "escalation":
        return None
    outcome = guideline.outcome[row.outcome]
    return {"outcome": outcome.id, "title": outcome.title, "actions": _actions(outcome, values_of(case, guideline))[:1]}


def recommendation(engine: Engine, case: Case, step: Conclusion) -> Payload:
    """The variant that applies, all its ratings, and what goes with them for this case."""
    guideline = engine.guideline
    outcome = guideline.outcome[step.outcome]
    values = values_of(case, guideline)
    payload: Payload = {
        "type": "recommendation",
        "outcome": outcome.id,
        "title": outcome.title,
        "summary": outcome.summary,
        "ratings": ratings(guideline, outcome),
        "because": [_sentence(step.row.because), outcome.because.text],
        "notes": _redirected(guideline, outcome, values),
        "flags": raised_flags(guideline, values),
        "excluded": excluded(engine, case, outcome),
        "next_steps": _statements(outcome, "next_steps", values),
        "pitfalls": _statements(outcome, "pitfalls", values),
        "escalate_when": _statements(outcome, "escalate_when", values),
        "follow_up": _statements(outcome, "follow_up", values),
    }
    return payload | _common(guideline, case, _cited(payload) + [outcome.because.source])


def escalation(engine: Engine, case: Case, step: Conclusion) -> Payload:
    """An emergency: what raised it, in the clinician's own words, and what to do now."""
    guideline = engine.guideline
    outcome = guideline.outcome[step.outcome]
    values = values_of(case, guideline)
    facts = case.facts(guideline)
    triggers = [facts[name].evidence or guideline.fact[name].phrase(values[name]) for name in step.row.when]
    payload: Payload = {
        "type": "escalation",
        "outcome": outcome.id,
        "title": outcome.title,
        "triggers": triggers,
        "because": [_sentence(step.row.because)],
        "actions": _actions(outcome, values),
        "pitfalls": _statements(outcome, "pitfalls", values),
    }
    return payload | _common(guideline, case, _cited(payload) + [outcome.because.source])


def not_covered(engine: Engine, case: Case, step: Conclusion) -> Payload:
    """The guideline has no table for this case: which fact puts it outside, and where else to look."""
    guideline = engine.guideline
    outcome = guideline.outcome[step.outcome]
    values = values_of(case, guideline)
    instead = _fitting(outcome, "instead", values)
    payload: Payload = {
        "type": "not_covered",
        "outcome": outcome.id,
        "title": outcome.title,
        "reason": outcome.because.text,
        "because": [_sentence(step.row.because)],
        "instead": [statement.text for statement in instead],
        "next_steps": [{"text": statement.text, "source": statement.source} for statement in instead],
        "flags": raised_flags(guideline, values),
        "pitfalls": _statements(outcome, "pitfalls", values),
        "escalate_when": _statements(outcome, "escalate_when", values),
    }
    cited = _cited(payload) + [outcome.because.source] + [statement.source for statement in instead]
    return payload | _common(guideline, case, cited)


def conditional(engine: Engine, case: Case, step: Conditional) -> Payload:
    """One branch for each value of what nobody knows; a fact that must be known is to be examined first."""
    guideline = engine.guideline
    first = [name for name in step.unknown if guideline.fact[name].always_known]
    payload: Payload = {
        "type": "conditional",
        "unknown": list(step.unknown),
        "examine_first": [{"slot": name, "text": guideline.fact[name].question} for name in first],
        "flags": raised_flags(guideline, values_of(case, guideline)),
        "branches": [
            {
                "when": branch.when,
                "label": ", ".join(guideline.fact[name].phrase(value) for name, value in branch.when.items()),
                "outcome": branch.outcome,
                "kind": guideline.outcome[branch.outcome].kind,
                "title": guideline.outcome[branch.outcome].title,
                "ratings": ratings(guideline, guideline.outcome[branch.outcome]),
                "actions": _actions(guideline.outcome[branch.outcome], values_of(case, guideline) | branch.when),
            }
            for branch in _emergencies_first(guideline, step)
        ],
    }
    return payload | _common(guideline, case, _cited(payload))


def _emergencies_first(guideline: Guideline, step: Conditional) -> list[Branch]:
    return sorted(step.branches, key=lambda branch: guideline.outcome[branch.outcome].kind != "escalation")


def ratings(guideline: Guideline, outcome: Outcome) -> list[Payload]:
    """All ratings of a variant, best category first, in the published order within a category."""
    ordered = sorted(outcome.ratings, key=lambda rating: guideline.categories.index(rating.category))
    return [
        {
            "procedure": rating.procedure,
            "category": rating.category,
            "panel_disagreement": rating.panel_disagreement,
            "adult_radiation": guideline.procedure[rating.procedure].adult_radiation,
            "sources": [rating.source],
        }
        for rating in ordered
    ]


def understood(guideline: Guideline, case: Case) -> list[Payload]:
    """The case as understood: every fact with value, wording, basis and the words it came from."""
    order = {fact.name: position for position, fact in enumerate(guideline.facts)}
    readings = sorted(case.facts(guideline).values(), key=lambda reading: order[reading.fact])
    return [_fact(guideline, reading) for reading in readings]


def _fact(guideline: Guideline, reading: Reading) -> Payload:
    fact = guideline.fact[reading.fact]
    return {
        "slot": fact.name,
        "label": fact.label,
        "value": reading.value,
        "phrase": _phrase(fact, str(reading.value)),
        "basis": reading.basis,
        "evidence": reading.evidence if reading.basis != ASSUMED else None,
        "span": [reading.message, reading.start, reading.end] if reading.start is not None else None,
    }


def _phrase(fact: Fact, value: str) -> str:
    """How an answer names a fact: its value's wording, or label and value where any value may be."""
    if fact.values:
        return fact.phrase(value)
    return f"{fact.label.lower()} {value}{' ' + fact.unit if fact.unit else ''}"


def _redirected(guideline: Guideline, outcome: Outcome, values: dict[str, str]) -> list[str]:
    decision = values.get("decision")
    if decision is None or outcome.scope is None or decision == outcome.scope:
        return []
    return [
        f"The question was about {decision}; {outcome.scope} has to answer first, so this is the {outcome.scope} table."
    ]


def values_of(case: Case, guideline: Guideline) -> dict[str, str]:
    """The values of all facts of `case` that have one, by fact name."""
    return {name: reading.value for name, reading in case.facts(guideline).items() if reading.value is not None}


def _statements(outcome: Outcome, kind: str, values: dict[str, str]) -> list[Payload]:
    return [{"text": statement.text, "source": statement.source} for statement in _fitting(outcome, kind, values)]


def _actions(outcome: Outcome, values: dict[str, str]) -> list[Payload]:
    """What to do now, most urgent first as the content lists it; only what is known to apply."""
    applying = [statement for statement in outcome.of_kind("actions") if holds(statement.when, values) is True]
    return [{"text": statement.text, "source": statement.source} for statement in applying]


def _fitting(outcome: Outcome, kind: str, values: dict[str, str]) -> list[Statement]:
    """Statements that fit the case: those made for it first, then the general ones, then what may yet apply."""
    fits = [(statement, holds(statement.when, values)) for statement in outcome.of_kind(kind)]
    rank = {True: 0, None: 2}
    ordered = sorted(
        (rank[fit] if statement.when else 1, i) for i, (statement, fit) in enumerate(fits) if fit is not False
    )
    return [fits[i][0] for _, i in ordered]


def _cited(payload: Payload) -> list[str]:
    """Every source key in a payload, in order of appearance."""
    keys: list[str] = []

    def collect(node: object) -> None:
        if isinstance(node, dict):
            keys.extend(key for key in [node.get("source"), *node.get("sources", ())] if isinstance(key, str))
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for item in node:
                collect(item)

    collect(payload)
    return keys


def common(guideline: Guideline, case: Case, payload: Payload) -> Payload:
    """What every payload carries: the guideline with its edition and version, the case as understood, and
    the sources that `payload` cites."""
    return _common(guideline, case, _cited(payload))


def _common(guideline: Guideline, case: Case, cited: Iterable[str]) -> Payload:
    keys = dict.fromkeys([guideline.source, *cited])
    return {
        "guideline": {
            "id": guideline.id,
            "name": guideline.short_name,
            "edition": guideline.edition,
            "knowledge_version": guideline.version,
            "citation": guideline.citation,
        },
        "facts": understood(guideline, case),
        "sources": [
            {
                "key": source.key,
                "title": source.title,
                "url": source.url,
                "date": source.date,
                "publisher": source.publisher,
            }
            for source in (guideline.source_of[key] for key in keys)
        ],
    }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
