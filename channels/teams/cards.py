"""Documents as Bot Framework activities: Adaptive Cards 1.5, each within the size that Teams takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from channels.teams.blocks import Blocks, by_urgency
from channels.teams.elements import clean, controls, line, run
from channels.teams.packing import Element, pages, size, texts
from channels.teams.wording import word
from knowledge.document.parts import Document, Paragraph, Part, Verbatim
from knowledge.document.text import plain_text

LIMIT = 28_000
"""Bytes of an activity that Teams takes."""
ENVELOPE = 2_000
"""Bytes kept free for what is added when it is posted: the conversation, the bot, what it replies to."""
SUMMARY = 200
"""Characters of the line that notifications show."""
INSTEAD = 6_000
"""Bytes of an alarm that stand on its card for clients which cannot show it."""


def activities(document: Document, mark: str) -> list[Element]:
    """The activities of a document, in order; `mark` is that of what its buttons offer (channels.offers)."""
    summary = _summary(document)
    instead = next(iter(plain(document, INSTEAD)), "") if document.kind == "escalation" else ""
    room = LIMIT - ENVELOPE - size(_activity([], summary, instead, (99, 99)))
    found = pages(Blocks(mark).of(document), room)
    listed = False
    for offered in (document.choices, document.requests):
        for control in controls(offered, mark):
            has_list = control[0]["type"] == "Container"
            if not found or size(found[-1]) + size(control) > room or (has_list and listed):
                found.append([])
                listed = False
            found[-1] += control
            listed = listed or has_list
    return [_activity(page, summary, instead, (number, len(found))) for number, page in enumerate(found, start=1)]


def plain(document: Document, room: int = LIMIT - ENVELOPE) -> list[str]:
    """The document as plain text, in pieces of at most `room` bytes, an emergency before everything else."""
    text = plain_text(replace(document, parts=tuple(by_urgency(document))))
    replies = (f"- {choice.label}" for choice in document.choices)
    return texts("\n".join(clean(line) for line in (*text.splitlines(), *replies)), room)


def _activity(body: list[Element], summary: str, instead: str, number: tuple[int, int]) -> Element:
    at, last = number
    counted = f"{summary} ({at}/{last})" if last > 1 else summary
    above = line(run(f"{word('continued')} ({at}/{last})", isSubtle=True, size="small")) if at > 1 else []
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "lang": "en",
        "fallbackText": instead or word("fallback", summary=counted),
        "speak": _spoken(counted),
        "body": [*above, *body],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "summary": counted, "attachments": [attachment]}


def _summary(document: Document) -> str:
    """What a notification shows: the first words of the answer, an emergency's before all others."""
    titles = (text for part in by_urgency(document) for text in _titles(part))
    first = next((short for text in titles if (short := " ".join(clean(text).split()))), "")
    return first if len(first) <= SUMMARY else f"{first[: SUMMARY - 1]}…"


def _titles(part: Part) -> Iterator[str]:
    if isinstance(part, Verbatim):
        yield part.label  # the note itself is not for the screen of a locked telephone
        return
    if isinstance(part, Paragraph) and part.label and part.text.strip():
        yield word("label", label=part.label) + part.text
    for name in ("text", "title", "caption", "line"):
        if isinstance(text := getattr(part, name, None), str):
            yield text


def _spoken(text: str) -> str:
    """A text without the signs of SSML, which `speak` may hold."""
    return text.translate({ord(sign): " " for sign in "<>&"})
