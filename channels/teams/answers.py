"""What is posted for a message: the cards of its answers, or a notice of the channel's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.teams.cards import activities, plain
from channels.teams.wording import WORDING
from knowledge.document.build import document

PLAIN = "plain"
"""Where an activity of ours, before it is posted, has the answer in pieces of plain text: one list for all cards of an
answer, from which each piece is taken once it is posted."""


def draw(message: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The activities to be posted, in order; a message that could not be taken as one names its `notice`."""
    if message.get("notice"):
        return [notice(message["notice"])]
    return [activity for answer in answers for activity in _drawn(answer)]


def notice(name: str) -> dict[str, Any]:
    """A notice of wording.yml as plain text."""
    return as_text(str(WORDING.texts["notices"][name]))


def as_text(text: str) -> dict[str, Any]:
    """A plain text as an activity."""
    return {"type": "message", "textFormat": "plain", "text": text}


def _drawn(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = document(answer["text"], answer["payload"], answer["choices"])
    pieces = plain(found)
    return [{**activity, PLAIN: pieces} for activity in activities(found, answer["mark"])]
