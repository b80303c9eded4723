"""The fixed texts of wording.yml."""

from __future__ import annotations

from pathlib import Path

from knowledge.wording import Wording

WORDING = Wording(Path(__file__).with_name("wording.yml"))
say = WORDING.say


def reply(intent: str) -> str:
    """The fixed reply to an intent."""
    replies = WORDING.texts["replies"]
    return " ".join(str(replies.get(intent, replies["default"])).split())


def requests() -> dict[str, str]:
    """The label of every request that needs no further words, by intent."""
    return {intent: str(label) for intent, label in WORDING.texts["requests"].items()}
