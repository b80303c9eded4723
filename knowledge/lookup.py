"""Ratings and variants looked up on request, with or without a case. Payloads as in docs/message-contract.md."""

from __future__ import annotations

from typing import Any

from knowledge.answer import common, ratings, values_of
from knowledge.case import Case
from knowledge.engine import Conclusion, Engine, Question
from knowledge.model import Guideline, Outcome, Procedure, Rating, Statement, holds

Payload = dict[str, Any]
NOT_RATED = "not rated"


def rating(engine: Engine, case: Case, procedure: Procedure, variant: Outcome | None = None) -> Payload:
    """How `procedure` is rated: in `variant`, or else in the one that applies to `case`, and across all variants.

    `category` is None if the case has no variant or its table does not rate the procedure; `because` says why.
    `possible` are the outcomes that a described case may still come to; None without a case or with an outcome.
    """
    guideline = engine.guideline
    here = variant or _variant_of(engine, case)
    found = _rating_in(here, procedure) if here else None
    reasons = _reasons(here, procedure, values_of(case, guideline)) if here else []
    step = engine.next_step(case) if case.readings and here is None else None
    payload: Payload = {
        "type": "rating",
        "possible": list(step.outcomes) if isinstance(step, Question) else None,
        "procedure": procedure.name,
        "category": found.category if found else None,
        "panel_disagreement": found.panel_disagreement if found else False,
        "adult_radiation": procedure.adult_radiation,
        "outcome": here.id if here else None,
        "title": here.title if here else None,
        "because": " ".join(statement.text for statement in reasons) or (here.because.text if found and here else ""),
        "statements": [{"text": statement.text, "source": statement.source} for statement in reasons],
        "across": [
            {"outcome": variant.id, "title": variant.title, "category": across.category, "source": across.source}
            for variant in guideline.variants
            if (across := _rating_in(variant, procedure))
        ],
    }
    return payload | common(guideline, case, payload)


def show_variant(guideline: Guideline, shown: Outcome) -> Payload:
    """One variant with all its ratings."""
    payload: Payload = {
        "type": "answer",
        "about": "variant",
        "outcome": shown.id,
        "title": shown.title,
        "ratings": ratings(guideline, shown),
        "statements": [{"text": shown.because.text, "source": shown.because.source}],
    }
    return payload | common(guideline, Case(), payload)


def variants(guideline: Guideline) -> Payload:
    """All variants with their titles."""
    payload: Payload = {
        "type": "answer",
        "about": "variants",
        "variants": [{"outcome": shown.id, "title": shown.title, "scope": shown.scope} for shown in guideline.variants],
    }
    return payload | common(guideline, Case(), payload)


def variants_by_rating(guideline: Guideline, procedure: Procedure, category: str | None) -> Payload:
    """The variants that rate `procedure` in `category`, or in any if that is None."""
    found = [
        {"outcome": shown.id, "title": shown.title, "category": rated.category, "source": rated.source}
        for shown in guideline.variants
        if (rated := _rating_in(shown, procedure)) and category in (None, rated.category)
    ]
    payload: Payload = {
        "type": "answer",
        "about": "variants_by_rating",
        "procedure": procedure.name,
        "category": category,
        "variants": found,
    }
    return payload | common(guideline, Case(), payload)


def protocol(guideline: Guideline) -> list[tuple[str, Statement]]:
    """Every protocol fact with its topic."""
    return [
        (str(note.data.get("topic", note.key)), Statement("protocol", note.text, note.source))
        for note in guideline.notes
        if note.group == "protocol"
    ]


def _variant_of(engine: Engine, case: Case) -> Outcome | None:
    step = engine.next_step(case) if case.readings else None
    if not isinstance(step, Conclusion):
        return None
    outcome = engine.guideline.outcome[step.outcome]
    return outcome if outcome.kind == "variant" else None


def _rating_in(outcome: Outcome, procedure: Procedure) -> Rating | None:
    return next((rated for rated in outcome.ratings if rated.procedure == procedure.name), None)


def _reasons(outcome: Outcome, procedure: Procedure, values: dict[str, str]) -> list[Statement]:
    return [
        statement
        for statement in outcome.statements
        if procedure.name in statement.procedures and holds(statement.when, values) is not False
    ]
