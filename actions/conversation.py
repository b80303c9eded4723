"""What a conversation has established so far, and what the latest message adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from knowledge.answer import Payload
from knowledge.case import ANSWERED, STATED, UNKNOWN, Case, Reading
from knowledge.engine import Engine
from knowledge.model import Fact
from knowledge.store import load

POSSIBLE = "possible"
FORM = "case_form"


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The decision engine over the knowledge store, loaded at the first use."""
    return Engine(load())


@dataclass(frozen=True)
class Turn:
    """The latest message.

    `refused` are the facts that a button gave an impossible value (it is not ours), `read_up_to` the
    characters read of a message that was too long.
    """

    intent: str
    text: str
    readings: tuple[Reading, ...]
    refused: tuple[str, ...]
    new_patient: bool
    read_up_to: int | None


@dataclass(frozen=True)
class Conversation:
    """The state kept in the tracker: the case, the fact being asked, how often its answer was unreadable."""

    case: Case
    asked: str | None
    attempts: int
    notice_shown: bool
    turn: Turn

    @classmethod
    def of(cls, tracker: Tracker) -> Conversation:
        """The conversation as it stands in `tracker`."""
        in_form = (tracker.active_loop or {}).get("name") == FORM
        asked = tracker.get_slot("requested_slot") if in_form else None
        return cls(
            case=Case.from_data(tracker.get_slot("case")),
            asked=asked,
            attempts=int(tracker.get_slot("attempts") or 0),
            notice_shown=bool(tracker.get_slot("notice_shown")),
            turn=_turn(tracker, asked),
        )

    def advanced(self) -> Case:
        """The case with the latest message taken in."""
        case = Case() if self.turn.new_patient else self.case
        return case.with_readings(self.turn.readings, engine().guideline)


def case_events(before: Case, after: Case) -> list[dict[str, Any]]:
    """Slot events that store `after` and mirror its facts in their slots."""
    if before == after:
        return []
    guideline = engine().guideline
    old, new = before.facts(guideline), after.facts(guideline)
    changed = [name for name in {*old, *new} if _value(old, name) != _value(new, name)]
    return [SlotSet("case", after.to_data()), *(SlotSet(name, _value(new, name)) for name in sorted(changed))]


def buttons(payload: Payload) -> list[dict[str, str]]:
    """Buttons for a question's choices; each sends an unambiguous answer."""
    slot = payload["slot"]
    return [
        {"title": choice["label"], "payload": f'/inform{{"{slot}": "{choice["value"]}"}}'}
        for choice in payload["choices"]
    ]


def _value(readings: Mapping[str, Reading], name: str) -> str | None:
    return readings[name].value if name in readings else None


def _turn(tracker: Tracker, asked: str | None) -> Turn:
    message = tracker.latest_message or {}
    entities: list[dict[str, Any]] = message.get("entities") or []
    text = str(message.get("text") or "")
    number = sum(1 for event in tracker.events if event.get("event") == "user")
    readings = {reading.fact: reading for reading in _readings(entities, number)}
    if asked and asked not in readings:
        value = _reply(asked, text, entities)
        if value is not None:
            readings[asked] = Reading(asked, value, ANSWERED, evidence=text.strip() or None, correction=True)
    return Turn(
        intent=str((message.get("intent") or {}).get("name") or ""),
        text=text,
        readings=tuple(readings.values()),
        refused=tuple(_refused(entities)),
        new_patient=any(entity["entity"] == "new_patient" for entity in entities),
        read_up_to=next((int(entity["value"]) for entity in entities if entity["entity"] == "truncated"), None),
    )


def _readings(entities: list[dict[str, Any]], number: int) -> Iterator[Reading]:
    facts = engine().guideline.fact
    for entity in entities:
        fact, value = facts.get(entity["entity"]), entity.get("value")
        if fact is None:
            continue
        if "words" not in entity:
            # A button or a typed /inform: an explicit answer, which may also correct.
            if _is_value(fact, value):
                yield Reading(fact.name, str(value), ANSWERED, message=number, correction=True)
            continue
        yield Reading(
            fact=fact.name,
            value=None if value == POSSIBLE else str(value),
            basis=STATED,
            evidence=entity["words"],
            start=entity["start"],
            end=entity["end"],
            message=number,
            correction=bool(entity.get("correction")),
        )


def _refused(entities: list[dict[str, Any]]) -> Iterator[str]:
    facts = engine().guideline.fact
    for entity in entities:
        fact = facts.get(entity["entity"])
        if "words" not in entity and fact is not None and not _is_value(fact, entity.get("value")):
            yield fact.label


def _is_value(fact: Fact, value: object) -> bool:
    """Whether a button may give `value`; facts of free value are read from text only."""
    return bool(fact.values) and (value == UNKNOWN or any(known.value == value for known in fact.values))


def _reply(asked: str, text: str, entities: list[dict[str, Any]]) -> str | None:
    """What a short reply answers to the fact that was asked: a label as shown, its number, or words."""
    fact = engine().guideline.fact[asked]
    typed = text.strip().strip(".").casefold()
    labels = [value.label for value in fact.values]
    for position, choice in enumerate(fact.values, start=1):
        if typed in (labels[position - 1].casefold(), choice.value.casefold(), str(position)):
            return choice.value
    for entity in entities:
        if entity["entity"] == "reply" and isinstance(entity.get("value"), Mapping):
            value = entity["value"].get(asked)
            return str(value) if value is not None else None
    return None
