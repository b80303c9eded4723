"""Turns of a conversation: each message taken in once, and what was said read back from Rasa's tracker."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels.locks import Locks
from channels.offers import State, stands, state_after
from channels.outages import OUTAGES
from channels.redaction import Redacted, metadata, warning
from knowledge.answer import choices
from knowledge.case import Case
from knowledge.current import about, engine
from knowledge.document.common import say
from knowledge.engine import Engine
from knowledge.model import Guideline
from storage.database import Overtaken

OFFERED = re.compile(r"/(?:inform\{.*\}|apply_what_if|ask_\w+)", re.DOTALL)
"""What answers offer as replies. Whatever else begins with a slash is Rasa's command, such as one that takes the last
message back or empties the conversation, and no clinician's."""
CHOICE = "/inform"
"""What a message begins with that a button or the case panel sends: an intent with the facts as JSON."""
ATTEMPTS = 3
"""How often a message is worked out that another process was always quicker than."""
logger = logging.getLogger(__name__)
Handler = Callable[[UserMessage], Awaitable[Any]]
Turn = dict[str, Any]
"""`number` (from 1, what the spans of facts count messages by), `id` as the channel gave it, the clinician's `text`
as it is shown, and `answers`: `text`, `payload` (docs/message-contract.schema.json), `choices`, each with its `label`
and what to `send`, and the `mark` that a click on what the answer offers brings back (channels.offers)."""
FIRST = State()
"""What a conversation begins with."""
Told = tuple[Turn, State]
"""A turn whose answers are not marked yet, and the state to mark them with."""


class Turns:
    """Has Rasa answer messages, each once however often it arrives, and one at a time in a conversation."""

    def __init__(self, channel: str, handler: Handler, locks: Locks) -> None:
        self._channel = channel
        self._handler = handler
        self._locks = locks

    async def answered(
        self, store: TrackerStore, conversation: str, number: str, message: Redacted, mark: str | None = None
    ) -> Turn | None:
        """The turn of the message `number`, which is taken in now if it was not before; None if nothing answered,
        because a part is away; then nothing of it is kept, and it may be sent again.

        A message that starts over ("new patient") is no part of the conversation that begins with its answer: its
        turn has the number 0. A click brings the `mark` of what it chose; if that no longer stands, nothing is
        taken in, and the one answer says so.
        """
        for _ in range(ATTEMPTS):
            try:
                async with self._locks.hold(conversation):
                    return await self._taken(store, conversation, number, message, mark)
            except Overtaken:
                continue  # another process was quicker, whose turn is to be seen first
            except OUTAGES as outage:
                # The type alone: an exception's text may quote the message.
                logger.error("A message waits, because a part is away: %s", type(outage).__name__)
                return None
        return None

    async def _taken(
        self, store: TrackerStore, conversation: str, number: str, message: Redacted, mark: str | None
    ) -> Turn | None:
        before = await _said_in(store, conversation)
        if known := _answered(before, number):
            return known
        if not before.messages or await store.said_before(conversation, number):
            if earlier := await _earlier(store, conversation, number, len(before.messages)):
                return earlier
        # One that is tried again, because nothing answered it, may have changed the case itself.
        new = before.turn_of(number) is None
        if new and mark is not None and not await stands(store, conversation, mark):
            return {"number": 0, "id": number, "text": message.text, "answers": [_said(say("outdated"))]}
        sent = UserMessage(
            written(message.text),
            CollectingOutputChannel(),
            conversation,
            input_channel=self._channel,
            message_id=number,
            metadata=metadata(message),
        )
        await self._handler(sent)
        told = await _said_in(store, conversation)
        if told.messages:
            return _answered(told, number)
        return await _earlier(store, conversation, number, 0)


def written(text: str) -> str:
    """A message as Rasa may read it: a reply that was offered as it is, and nothing else as one of Rasa's commands."""
    if OFFERED.fullmatch(text.strip()):
        return text
    return text.lstrip("/ \t\r\n")


async def history(store: TrackerStore, conversation: str) -> list[Turn]:
    """All turns of a conversation, oldest first."""
    said = await _said_in(store, conversation)
    return [_marked(turn, state) for turn, state in _turns_in(said.events, said.guideline)]


@dataclass(frozen=True)
class _Said:
    """The events of a session, the guideline that it is about, and the place and id of each of its messages."""

    events: Sequence[Event]
    guideline: Guideline
    messages: Sequence[tuple[int, str | None]]

    @classmethod
    def of(cls, events: Sequence[Event], guideline: Guideline) -> _Said:
        """Of events of which nobody has noted where the messages stand."""
        said = ((place, event) for place, event in enumerate(events) if event.type_name == UserUttered.type_name)
        return cls(events, guideline, [(place, event.message_id) for place, event in said])

    def turn_of(self, number: str) -> int | None:
        """Which of the messages, from 0, has the id `number`: the latest of them, as one may be tried again."""
        latest = (turn for turn in reversed(range(len(self.messages))) if self.messages[turn][1] == number)
        return next(latest, None)


async def _said_in(store: TrackerStore, conversation: str) -> _Said:
    """What was said in the latest session; no events if nothing was."""
    tracker = await store.retrieve(conversation)
    if not tracker:
        return _Said((), engine().guideline, ())
    return _Said(list(tracker.events), _engine(tracker).guideline, tracker.messages)


async def case_of(store: TrackerStore, conversation: str) -> tuple[Case, Engine]:
    """The case of a conversation as it stands, and the engine of its topic."""
    tracker = await store.retrieve(conversation)
    return (Case.from_data(tracker.get_slot("case")), _engine(tracker)) if tracker else (Case(), engine())


def _engine(tracker: DialogueStateTracker) -> Engine:
    """The engine of the topic that a conversation is about (actions.topic)."""
    with about(tracker.get_slot("topic")):
        return engine()


def _turns_in(events: Iterable[Event], guideline: Guideline, number: int = 0, state: State = FIRST) -> list[Told]:
    """The turns that a tracker's events hold, oldest first, each with the state that it left.

    `number` turns came before, which left `state`.
    """
    found: list[Turn] = []
    states: dict[int, State] = {}
    warnings: dict[int, str] = {}
    for event in events:
        state = state.after(event)
        if isinstance(event, UserUttered):
            offered = [choice for answer in found[-1]["answers"] for choice in answer["choices"]] if found else []
            text = shown(event.text or "", offered, guideline)
            number += 1
            if found and found[-1]["id"] == event.message_id and not found[-1]["answers"]:
                found.pop()  # sent again, because nothing had answered it
            found.append({"number": number, "id": event.message_id, "text": text, "answers": []})
            warnings[number] = warning(event.metadata)
        elif isinstance(event, BotUttered) and found:
            found[-1]["answers"].append(_answer(event))
        states[number] = state  # what an action stores of the case follows its words
    for turn in found:
        if turn["answers"] and warnings[turn["number"]]:
            turn["answers"].append(_said(warnings[turn["number"]]))
    return [(turn, states[turn["number"]]) for turn in found]


def _marked(turn: Turn, state: State) -> Turn:
    marks = [state.mark((answer["payload"] or {}).get("type", "")) for answer in turn["answers"]]
    return turn | {"answers": [answer | {"mark": mark} for answer, mark in zip(turn["answers"], marks, strict=True)]}


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


def _said(text: str) -> dict[str, Any]:
    """An answer of the channel's own."""
    return {"text": text, "payload": None, "choices": [], "mark": ""}


def _answered(said: _Said, number: str) -> Turn | None:
    """The turn of the message `number`, read from its events and those of the turn before, which offered its choices:
    however long the conversation is."""
    if (mine := said.turn_of(number)) is None:
        return None
    before = max(0, mine - 1)
    start, end = (said.messages[turn][0] if turn < len(said.messages) else None for turn in (before, mine + 1))
    turn, state = _turns_in(said.events[start:end], said.guideline, before, state_after(said.events[:start]))[-1]
    return _marked(turn, state) if turn["answers"] else None


async def _earlier(store: TrackerStore, conversation: str, number: str, since: int) -> Turn | None:
    """The turn of a message that stands before the `since` turns of the latest session.

    Its number is 0 if the session began with it, as the answer to a "new patient" does.
    """
    tracker = await store.retrieve_full_tracker(conversation)
    if tracker is None:
        return None
    said = _Said.of(list(tracker.events), _engine(tracker).guideline)
    found = _answered(_Said.of(_from_session_of(number, said.events), said.guideline), number)
    return found | {"number": 0} if found and said.messages[len(said.messages) - since - 1][1] == number else found


def _from_session_of(number: str, events: Sequence[Event]) -> Sequence[Event]:
    """The events from the beginning of the session in which the message `number` stands."""
    said = [place for place, event in enumerate(events) if getattr(event, "message_id", None) == number]
    begun = [place for place, event in enumerate(events) if event.type_name == SessionStarted.type_name]
    return events[max((place for place in begun if said and place < said[-1]), default=0) :]


def _answer(event: BotUttered) -> dict[str, Any]:
    data = event.data or {}
    replies = [{"label": button["title"], "send": button["payload"]} for button in data.get("buttons") or ()]
    return {"text": event.text or "", "payload": data.get("custom"), "choices": replies, "mark": ""}
