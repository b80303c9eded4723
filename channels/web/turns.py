"""A conversation as the widget shows it, read back from what Rasa's tracker has stored."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered

from knowledge.answer import choices
from knowledge.case import Case
from knowledge.engine import Engine
from knowledge.model import Guideline
from knowledge.overview import overview
from knowledge.yaml_source import read_document

CHOICE = "/inform"
"""What a message begins with that a button or the case panel sends: an intent with the facts as JSON."""


def turns(events: Iterable[Event], guideline: Guideline) -> list[dict[str, Any]]:
    """The turns of a conversation, oldest first.

    Each is `number` (from 1, what the spans of facts count messages by), `id` as the client gave it, the
    clinician's `text` as it is shown, and `answers`: `text`, `payload` (docs/message-contract.schema.json)
    and `choices`, each with its `label` and what to `send`.
    """
    found: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, UserUttered):
            offered = [choice for answer in found[-1]["answers"] for choice in answer["choices"]] if found else []
            text = shown(event.text or "", offered, guideline)
            found.append({"number": len(found) + 1, "id": event.message_id, "text": text, "answers": []})
        elif isinstance(event, BotUttered) and found:
            found[-1]["answers"].append(_answer(event))
    return found


def begun(number: str, text: str, messages: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The turn, number 0, of a message that began a new conversation, from what was sent back to it."""
    answers: list[dict[str, Any]] = []
    for message in messages:
        if "custom" in message and answers and answers[-1]["payload"] is None:
            answers[-1]["payload"] = message["custom"]
        else:
            answers.append({"text": message.get("text", ""), "payload": message.get("custom"), "choices": []})
    return {"number": 0, "id": number, "text": text, "answers": answers}


def case_panel(engine: Engine, case: Case) -> dict[str, Any]:
    """The case as the panel shows it: knowledge.overview, and with each fact of free value how it is changed
    (`free`: `pattern`, `hint`, and what to `say`; None for others)."""
    known = overview(engine, case)
    ways = _free_facts()
    return known | {"facts": [fact | {"free": ways.get(fact["slot"])} for fact in known["facts"]]}


@lru_cache(maxsize=1)
def _free_facts() -> dict[str, dict[str, str]]:
    ways: dict[str, dict[str, str]] = read_document(Path(__file__).with_name("free_facts.yml")).data
    return ways


def shown(text: str, offered: Iterable[dict[str, Any]], guideline: Guideline) -> str:
    """A message as the clinician means it: a choice in its words ("Cancer history: Yes"), anything else as it is.

    `offered` are the choices of the turn before.
    """
    if not text.startswith(CHOICE):
        return next((str(choice["label"]) for choice in offered if choice["send"] == text), text)
    try:
        chosen = json.loads(text[len(CHOICE) :])
    except ValueError:
        return text
    if not isinstance(chosen, dict) or not set(chosen) <= set(guideline.fact):
        return text
    return "; ".join(
        f"{guideline.fact[name].label}: {_label(guideline, name, value)}" for name, value in chosen.items()
    )


def _label(guideline: Guideline, name: str, value: object) -> str:
    labels = {choice["value"]: choice["label"] for choice in choices(guideline.fact[name])}
    return str(labels.get(str(value), value))


def _answer(event: BotUttered) -> dict[str, Any]:
    data = event.data or {}
    replies = [{"label": button["title"], "send": button["payload"]} for button in data.get("buttons") or ()]
    return {"text": event.text or "", "payload": data.get("custom"), "choices": replies}
