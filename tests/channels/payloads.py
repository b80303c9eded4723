"""Every type of answer, as the assistant really gives it: what each channel draws."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from knowledge.document.build import CASES, FOUND, document
from knowledge.document.explanations import REQUESTS
from knowledge.document.parts import Document
from tests.assistant import Conversation
from tests.contract import validator

if TYPE_CHECKING:
    from rasa.core.agent import Agent

CASE = "72F, breast cancer 2014. New T8 compression fracture on x-ray, pain on standing, neuro intact. Which imaging?"
OPEN = "72F with back pain and a new L1 fracture on x-ray, neuro intact, which imaging?"
CHILD = "14-year-old girl, new painful T8 compression fracture on x-ray, neuro intact, no cancer. Which imaging?"
TALKS = {
    "question": [OPEN],
    "recommendation": [CASE],
    "escalation": [CASE, "her legs feel weak since this morning"],
    "not_covered": [CHILD],
    "conditional": [OPEN, "not known"],
    "rating": [CASE, "is a bone scan reasonable here?"],
    "what_if": [CASE, "and without cancer?"],
    "note": [CASE, "/ask_note"],
    "explanation": [CASE, "/ask_why"],
    "answer": [CASE, "/ask_pitfalls"],
    "social": [CASE, "thanks"],
    "out_of_scope": ["what will the weather be tomorrow?"],
    "variant": ["show variant 6"],
    "variants": ["list the variants"],
    "variants_by_rating": ["which variants rate vertebroplasty as usually appropriate?"],
    "radiation": ["radiation of two lumbar CTs and a bone scan"],
    "knowledge": ["how fast does radiation work"],
    "other_guidelines": [CASE, "what do other guidelines say?"],
    "undo": [CASE, "correction: she never had cancer", "undo that"],
    "next_steps": [CASE, "/ask_next_steps"],
    "follow_up": [CASE, "/ask_follow_up"],
    "pitfalls": [CASE, "/ask_pitfalls"],
    "escalation_criteria": [CASE, "/ask_escalation"],
    "summary": [CASE, "/ask_summary"],
    "assumptions": [CASE, "/ask_assumptions"],
    "why": [CASE, "/ask_why"],
    "why_question": [OPEN, "/ask_why_question"],
    "why_not": [CASE, "why not variant 6?"],
    "sources": [CASE, "/ask_sources"],
    "sins": [CASE, "what is the SINS? lytic, no subluxation"],
}
"""By type of answer, what is said until it comes."""


def types() -> set[str]:
    """Every type that an answer may have: of the contract, of a case, of what is found, of a request."""
    found = {*CASES, *FOUND, *map(_request, REQUESTS)}
    for form in validator().schema["$defs"].values():
        kind = form.get("properties", {}).get("type", {})
        found |= {*kind.get("enum", ()), *([kind["const"]] if "const" in kind else [])}
    return found


@lru_cache(maxsize=len(TALKS))
def drawn(agent: Agent, name: str) -> tuple[Document, ...]:
    """The documents that the last message of a talk is answered with; fails if none is of the type `name`."""
    conversation = Conversation(agent)
    *_, last = [conversation.say(message) for message in TALKS[name]]
    assert name in {kind for payload in last.payloads for kind in _types_of(payload)}, last.payloads
    answers: list[dict[str, Any]] = []
    for message in last.messages:
        if "custom" in message and answers and not answers[-1]["payload"]:
            answers[-1]["payload"] = message["custom"]
        else:
            replies = [{"label": button["title"], "send": button["payload"]} for button in message.get("buttons") or ()]
            answers.append({"text": message.get("text", ""), "payload": message.get("custom"), "choices": replies})
    return tuple(document(**answer) for answer in answers)


def _types_of(payload: dict[str, Any]) -> set[str]:
    return {payload["type"], payload.get("about", ""), _request(payload.get("request", ""))}


def _request(intent: str) -> str:
    # The request of that name asks for when to escalate, and is no escalation.
    return "escalation_criteria" if intent == "ask_escalation" else intent.removeprefix("ask_")
