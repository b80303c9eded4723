"""Answers to requests about the case's own answer, or about the open question."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.document.cases import not_variant
from knowledge.document.common import Payload, changed_to, facts, flags, listed, say
from knowledge.document.lookups import sins, statements
from knowledge.document.parts import Paragraph, Part, Statement, Statements, Verbatim


def requested(payload: Payload) -> list[Part]:
    """A part of an answer that was asked for: steps, pitfalls, when to escalate; `about` is what it is a part of."""
    if payload["statements"]:
        return listed(payload["statements"])
    if payload["request"] == "ask_escalation":
        return flags(payload) or [Paragraph(say("nothing_for_case"))]
    return [Paragraph(say("open_question_first" if payload["about"] == "question" else "nothing_for_case"))]


def summary(payload: Payload) -> list[Part]:
    """The case as understood."""
    return facts(payload) or [Paragraph(say("no_facts"))]


def assumptions(payload: Payload) -> list[Part]:
    """What was assumed, and why that may be."""
    lines = tuple(Statement(f"{item['phrase']}. {item['why']}".strip()) for item in payload["assumed"])
    return [Statements(lines, say("assumptions"))] if lines else [Paragraph(say("no_assumptions"))]


def why(payload: Payload) -> list[Part]:
    """Why this answer, and why no neighboring variant; of a question, why it is asked."""
    if payload["about"] == "question":
        return [Paragraph(payload["why"], say("question_why"))]
    if payload["about"] == "conditional":
        return [Paragraph(say("explanation_conditional")), *facts(payload)]
    others = tuple(Statement(not_variant(item)) for item in payload.get("excluded") or ())
    return [
        Paragraph(" ".join(payload["because"]), say("because")),
        *([Statements(others)] if others else []),
        *facts(payload),
    ]


def why_question(payload: Payload) -> list[Part]:
    """Why a question matters: what it settles."""
    if payload["about"] != "question":
        return why(payload)
    depends = say("question_depends", count=len(payload["open"]))
    return [Paragraph(f"{payload['why']} {depends}", say("question_why"))]


def why_not(payload: Payload) -> list[Part]:
    """Of variants that were named: what rules them out, that nothing does so far, or that one of them applies."""
    if "named" not in payload:
        return why(payload)
    because = [Paragraph(" ".join(payload["because"]), say("because"))] if payload["named"]["applies"] else []
    lines = [say("variant_open", number=number) for number in payload["named"]["open"]]
    lines += [not_variant(item) for item in payload["excluded"]]
    return [*because, *([Statements(tuple(map(Statement, lines)))] if lines else [])]


def sources(payload: Payload) -> list[Part]:
    """Every source of an answer, one a line."""
    lines = (
        say(
            "source_line",
            key=item["key"],
            title=item["title"],
            publisher=item["publisher"],
            date=item["date"],
            url=item["url"] or "",
        )
        for item in payload["sources"]
    )
    return [Statements(tuple(map(Statement, lines)))]


def note(payload: Payload) -> list[Part]:
    """The consult note, as it goes into a record; or that it is there as FHIR resources."""
    if "fhir" in payload:
        return [Paragraph(say("fhir", count=len(payload["fhir"]["entry"])))]
    return [Verbatim(payload["text"], say("note"))]


def undone(payload: Payload) -> list[Part]:
    """That the last message was taken back, and what that changed."""
    gone = changed_to(payload["changes"])
    return [Paragraph(say("undone", changes=f"{gone}." if gone else say("nothing_else")))]


REQUESTS: dict[str, Callable[[Payload], list[Part]]] = {
    "ask_next_steps": requested,
    "ask_follow_up": requested,
    "ask_pitfalls": requested,
    "ask_escalation": requested,
    "ask_summary": summary,
    "ask_assumptions": assumptions,
    "ask_why": why,
    "ask_why_question": why_question,
    "ask_why_not": why_not,
    "ask_sources": sources,
    "ask_sins": sins,
    "undo": undone,
    "ask_other_guidelines": statements,
}
"""How the answer to each request is made up."""
