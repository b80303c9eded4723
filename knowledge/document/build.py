"""From an answer's payload (docs/message-contract.schema.json) to its document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from knowledge.document import cases, explanations, lookups
from knowledge.document.common import WORDING, Payload, sources
from knowledge.document.parts import Choice, Document, Paragraph, Part

Builder = Callable[[Payload], list[Part]]
CASES: dict[str, Builder] = {
    "question": cases.question,
    "recommendation": cases.recommendation,
    "escalation": cases.escalation,
    "not_covered": cases.not_covered,
    "conditional": cases.conditional,
    "rating": lookups.rating,
    "what_if": lookups.what_if,
    "note": explanations.note,
}
FOUND: dict[str, Builder] = {
    "rating": lookups.rating,
    "variant": lookups.variant,
    "variants": lookups.variants,
    "variants_by_rating": lookups.variants_by_rating,
    "radiation": lookups.radiation,
    "knowledge": lookups.statements,
    "other_guidelines": lookups.statements,
    "undo": explanations.undone,
}
DECIDES = frozenset({"recommendation", "escalation", "not_covered", "conditional"})
"""Types of payloads that answer a case, of which more may be asked."""


def document(text: str, payload: Payload | None, choices: Sequence[Mapping[str, str]] = ()) -> Document:
    """The document of an answer: its `payload`, or its `text` where it has none or one that says no more.

    `choices` are its replies, each with `label` and what to `send`.
    """
    kind = str(payload["type"]) if payload else "text"
    builder = _builder(payload) if payload else None
    parts = builder(payload) if builder and payload else [Paragraph(line) for line in text.splitlines() if line.strip()]
    if builder and payload and builder not in CASES.values():  # which end with theirs
        parts = [*parts, *sources(payload)]
    replies = tuple(Choice(choice["label"], choice["send"]) for choice in choices)
    return Document(kind, tuple(parts), replies, _requests() if kind in DECIDES else ())


def _builder(payload: Payload) -> Builder | None:
    kind = payload["type"]
    if kind in CASES:
        return CASES[kind]
    if request := payload.get("request"):
        return explanations.REQUESTS.get(request)
    return FOUND.get(payload.get("about", ""))


def _requests() -> tuple[Choice, ...]:
    return tuple(Choice(str(label), f"/{intent}") for intent, label in WORDING.texts["requests"].items())
