"""Answers to a case: question, recommendation, emergency, not covered, conditional."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.document.common import (
    Payload,
    changes,
    facts,
    flags,
    heading,
    listed,
    number,
    on_request,
    ratings,
    say,
    sources,
    stated,
    titled,
    why,
)
from knowledge.document.parts import Branch, Branches, Heading, Paragraph, Part, Ratings, Statement, Statements

NEXT_STEPS, ESCALATIONS = 3, 1
"""Statements that a short form shows of these."""


def question(payload: Payload) -> list[Part]:
    """A question; an emergency that already holds and the words that raised the question come first."""
    alert, contradicts, raised = payload["alert"], payload["contradicts"], payload["raised_by"]
    parts = changes(payload)
    if alert:
        parts.insert(0, Paragraph(say("alert", title=alert["title"], action=alert["actions"][0]["text"]), tone="flag"))
    if contradicts:
        words = f" (“{contradicts['evidence']}”)" if contradicts["evidence"] else ""
        parts.append(
            Paragraph(say("contradicts", earlier=contradicts["phrase"], words=words, now=raised), tone="remark")
        )
    elif raised:
        parts.append(Paragraph(say("raised", words=raised), tone="remark"))
    if payload.get("retry"):
        parts.append(Paragraph(payload["retry"], tone="remark"))
    return [
        *parts,
        Paragraph(payload["text"], tone="question"),
        Paragraph(payload["why"], say("question_why"), "remark"),
    ]


def recommendation(payload: Payload) -> list[Part]:
    """Ratings by category, why, the case as understood, what comes next."""
    return [
        *flags(payload),
        *changes(payload),
        heading(payload["outcome"], payload["title"]),
        *(Paragraph(note, tone="remark") for note in payload["notes"]),
        *ratings(payload["ratings"], say("ratings", number=number(payload["outcome"]))),
        why(payload["because"]),
        *facts(payload),
        *on_request(payload, "next_steps", shown=NEXT_STEPS),
        *on_request(payload, "escalate_when", shown=ESCALATIONS),
        *on_request(payload, "pitfalls"),
        *on_request(payload, "follow_up"),
        *_excluded(payload),
        *sources(payload),
    ]


def _excluded(payload: Payload) -> list[Part]:
    items = tuple(Statement(not_variant(item)) for item in payload["excluded"])
    return [Statements(items, say("excluded"), shown=0, request="/ask_why")] if items else []


def not_variant(item: Mapping[str, Any]) -> str:
    """Why another variant does not apply."""
    return say("not_variant", number=number(item["outcome"]), because=item["because"].rstrip("."))


def escalation(payload: Payload) -> list[Part]:
    """An emergency: what raised it and what to do now, before anything else."""
    triggers = ", ".join(f"“{trigger}”" for trigger in payload["triggers"])
    return [
        Heading(say("stop", title=payload["title"]), "emergency"),
        Paragraph(triggers, say("raised_by"), "emergency"),
        Statements(stated(payload["actions"]), say("do_now"), tone="emergency"),
        *([Paragraph(payload["stands"], tone="remark")] if payload.get("stands") else []),
        *changes(payload),
        why(payload["because"]),
        *on_request(payload, "pitfalls"),
        *sources(payload),
    ]


def not_covered(payload: Payload) -> list[Part]:
    """That the guideline has no table for this case, why, and what instead."""
    guideline = payload["guideline"]
    text = say(
        "not_covered_by",
        name=guideline["name"],
        edition=guideline["edition"],
        because=" ".join(payload["because"]),
        reason=payload["reason"],
    )
    return [
        *flags(payload),
        *changes(payload),
        Heading(say("not_covered", title=payload["title"])),
        Paragraph(text),
        *listed(payload["next_steps"], title=say("instead")),
        *facts(payload),
        *on_request(payload, "escalate_when", shown=ESCALATIONS),
        *on_request(payload, "pitfalls"),
        *sources(payload),
    ]


def conditional(payload: Payload) -> list[Part]:
    """One branch a value of what is not known."""
    return [
        *flags(payload),
        *changes(payload),
        *(Paragraph(item["text"], say("examine_first"), "flag") for item in payload["examine_first"]),
        Heading(say("conditional")),
        Branches(tuple(_branch(item) for item in payload["branches"])),
        *facts(payload),
        *sources(payload),
    ]


def _branch(item: Mapping[str, Any]) -> Branch:
    table = ratings(item["ratings"], say("ratings_if", label=item["label"]))
    return Branch(
        item["label"],
        titled(item["outcome"], item["title"]),
        next((part for part in table if isinstance(part, Ratings)), None),
        stated(item["actions"]),
        emergency=item["kind"] == "escalation",
    )
