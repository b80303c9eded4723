"""What a conversation has established so far, and what the latest message adds to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.session import ended_before, message_count
from knowledge.answer import Payload
from knowledge.case import ANSWERED, STATED, UNKNOWN, Case, Reading
from knowledge.current import engine
from knowledge.levels import with_relation
from knowledge.model import Fact
from knowledge.names import procedures_named
from knowledge.step_back import step_back
from knowledge.topic_words import told

POSSIBLE = "possible"
FORM = "case_form"
SENDS = "/inform"
"""What a button sends that answers a question begins so; the facts follow as JSON."""
APPLIES = "apply_what_if"
"""The intent that makes what was last supposed a part of the case."""
SAID_IN_PASSING = frozenset(("sex", "level", "duration"))
"""Facts that also stand in questions about the case."""
OPENS_A_CASE = frozenset(("restart", "describe_case", "inform"))
"""Intents with which the words "new patient" start a new case."""
MOST_UNDONE = 10
"""Steps back to earlier states of the case that are kept."""


@dataclass(frozen=True)
class Turn:
    """The latest message.

    `guesses` are the classifier's intents with their confidence, best first, `general` says whether it asks
    and names no patient, `refused` are the facts that a button gave an impossible value (it is not ours),
    `supposed` those that the message only supposes, `supposable` those of a message that supposes them if they
    contradict the case, `read_up_to` the characters read of one that is too long.
    """

    intent: str
    text: str
    readings: tuple[Reading, ...]
    guesses: tuple[tuple[str, float], ...]
    general: bool
    refused: tuple[str, ...]
    supposed: Mapping[str, str]
    supposable: Mapping[str, str]
    new_patient: bool
    read_up_to: int | None

    @cached_property
    def names_a_procedure(self) -> bool:
        """Whether the message names something that the guideline rates."""
        return bool(procedures_named(self.text, engine().guideline))


@dataclass(frozen=True)
class Conversation:
    """The state kept in the tracker.

    The case, the fact being asked, how often its answer was unreadable, the steps back to earlier states of the
    case (latest last), what was last supposed, the outcome last shown, components of the SINS that were told, and
    whether an earlier case ended by itself before the latest message.
    """

    case: Case
    asked: str | None
    attempts: int
    notice_shown: bool
    steps_back: tuple[Mapping[str, Any], ...]
    supposed: Mapping[str, str]
    shown: str | None
    changes: tuple[Mapping[str, Any], ...]
    sins: Mapping[str, str]
    after_ended: bool
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
            steps_back=tuple(tracker.get_slot("steps_back") or ()),
            supposed=dict(tracker.get_slot("supposed") or {}),
            shown=tracker.get_slot("shown"),
            changes=tuple(tracker.get_slot("changes") or ()),
            sins=dict(tracker.get_slot("sins") or {}),
            after_ended=ended_before(tracker.events),
            turn=_turn(tracker, asked),
        )

    def advanced(self) -> Case:
        """The case with the latest message taken in."""
        if self.turn.new_patient:
            return Case().with_readings(with_relation(Case(), self.turn.readings), engine().guideline)
        readings = self.turn.readings
        if self.turn.intent == APPLIES:
            # Applying a supposition is no plain correction, and takes no alarm back.
            readings = tuple(
                Reading(fact, value, ANSWERED, correction=not self.case.raises_alarm(fact, engine().guideline))
                for fact, value in self.supposed.items()
            )
        return self.case.with_readings(with_relation(self.case, readings), engine().guideline)

    def with_doubts_only(self) -> Conversation:
        """The same without what the latest message states; what it only raises stays."""
        doubts = tuple(reading for reading in self.turn.readings if reading.value is None)
        return replace(self, turn=replace(self.turn, readings=doubts))

    def only_supposed(self) -> Mapping[str, str]:
        """What the latest message supposes rather than tells: it may be either, and contradicts the case."""
        may_be, guideline = self.turn.supposable, engine().guideline
        if not self.case.readings or self.turn.new_patient or self.asked in may_be:
            return {}
        known = self.case.known(guideline)
        contradicts = any(
            known.get(fact, value) != value and not guideline.fact[fact].may_change
            for fact, value in may_be.items()
            if fact in guideline.fact
        )
        return may_be if contradicts else {}

    def adds(self) -> bool:
        """Whether the latest message tells something of the patient that the case does not hold already."""
        facts, guideline = self.case.facts(engine().guideline), engine().guideline
        told = [
            reading
            for reading in self.turn.readings
            if reading.fact not in SAID_IN_PASSING
            and (reading.fact not in facts or not guideline.fact[reading.fact].may_change)
        ]
        return any(reading.fact not in facts or facts[reading.fact].value != reading.value for reading in told)


def opens_a_case(tracker: Tracker) -> bool:
    """Whether the latest message opens the case of another patient."""
    message = tracker.latest_message or {}
    intent = str((message.get("intent") or {}).get("name") or "")
    return intent in OPENS_A_CASE and any(entity["entity"] == "new_patient" for entity in message.get("entities") or ())


def case_events(conversation: Conversation, after: Case) -> list[dict[str, Any]]:
    """Slot events that store `after`, keep the step back for "undo", and mirror its facts in their slots."""
    before = conversation.case
    if before == after:
        return []
    steps = [] if conversation.turn.new_patient else [*conversation.steps_back, step_back(before, after)][-MOST_UNDONE:]
    return [*stored(before, after), SlotSet("steps_back", steps)]


def stored(before: Case, after: Case) -> list[dict[str, Any]]:
    """Slot events that store `after` in place of `before`."""
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
    intent = str((message.get("intent") or {}).get("name") or "")
    number = message_count(tracker.events)
    read = [*told(text, engine().guideline, number), *_readings([*entities, *_sent(text)], number)]
    readings = {reading.fact: reading for reading in read}
    # What words only raise is no answer, but that nobody knows is one.
    value = _reply(asked, text, entities) if asked and _value(readings, asked) is None else None
    if asked and value is not None:
        readings[asked] = Reading(asked, value, ANSWERED, evidence=text.strip() or None, correction=True)
    elif asked in readings:
        readings[asked] = replace(readings[asked], doubted=False)  # an answer is not asked for again
    return Turn(
        intent=intent,
        text=text,
        readings=tuple(readings.values()),
        guesses=tuple(
            (str(guess["name"]), float(guess["confidence"])) for guess in message.get("intent_ranking") or ()
        ),
        general=any(entity["entity"] == "general_question" for entity in entities),
        refused=tuple(_refused(entities)),
        supposed=_mapping(entities, "supposed"),
        supposable=_mapping(entities, "supposable"),
        new_patient=opens_a_case(tracker),
        read_up_to=next(
            (e["value"] for e in entities if e["entity"] == "truncated" and isinstance(e["value"], int)), None
        ),
    )


def _mapping(entities: list[dict[str, Any]], name: str) -> Mapping[str, str]:
    values = (entity["value"] for entity in entities if entity["entity"] == name)
    return next((dict(value) for value in values if isinstance(value, Mapping)), {})


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
            restates=bool(entity.get("restates")),
            doubted=bool(entity.get("doubted")),
        )


def _sent(text: str) -> list[dict[str, Any]]:
    """What a button of another topic sends: Rasa keeps no facts that its domain does not name."""
    if not (engine().guideline.said and text.startswith(SENDS)):
        return []
    try:
        values = json.loads(text.removeprefix(SENDS))
    except ValueError:
        return []
    return [{"entity": fact, "value": value} for fact, value in values.items()] if isinstance(values, dict) else []


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
