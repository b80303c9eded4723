"""Every answer is recorded before it is given (audit/); without its record none is, but for an alarm."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Event, Lock
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.session import message_count
from actions.texts import say
from audit.rows import UNRECORDED, Entry, Versions, Withdrawn, digest_of
from knowledge.current import engine
from measures.turns import unrecorded
from privacy.pseudonyms import pseudonym

ALARM = "escalation"
"""The type of an answer that is given, recorded or not."""
WITHIN = 8.0
"""Seconds that recording may take."""
WITHIN_OF_ALARM = 0.5
"""Seconds that an alarm waits for its record."""
MOST_OWED = 1000
"""Answers given without a record that are remembered, to be recorded with the next one or by then."""
SETTLES = 5.0
"""Seconds between attempts to record what is owed."""
Keep = Callable[..., object]
"""Records entries as audit.store.Audit.record does, all of them or none; raises whatever it likes if it cannot."""
Messages = list[dict[str, Any]]
logger = logging.getLogger(__name__)


class Recorder:
    """Records answers under pseudonyms made with `key`."""

    def __init__(self, keep: Keep, key: str, versions: Versions) -> None:
        self._keep = keep
        self._key = key
        self._versions = versions
        self._owed: list[Entry] = []
        """Only who writes takes from its front: who adds at its end need not wait for a slow write."""
        self._writing = Lock()

    def entry(self, action: str, tracker: Tracker, messages: Messages) -> Entry:
        """What is recorded of the `messages` with which `action` answers."""
        user = _latest_message(tracker)
        payloads = [message["custom"] for message in messages if message.get("custom")]
        return Entry(
            at=datetime.now(UTC).isoformat(timespec="microseconds"),
            channel=str(user.get("input_channel") or ""),
            conversation=pseudonym(self._key, tracker.sender_id),
            # A platform's ids of messages tell where and by whom they were written.
            message=pseudonym(self._key, str(user.get("message_id") or "")),
            action=action,
            kind=_type(messages),
            facts=_facts(payloads),
            outcome=next((payload["outcome"] for payload in payloads if payload.get("outcome")), None),
            digest=digest_of(messages),
            versions=replace(self._versions, knowledge=_knowledge(payloads)),
            begins=_begins(tracker),
            text=str(user.get("text") or ""),
            follows=pseudonym(self._key, before) if (before := _message_before(tracker)) else "",
        )

    def record(self, entry: Entry, unless: Callable[[], bool] = lambda: False) -> None:
        """Record an answer, and before it those that are owed.

        Raises what `keep` raises, and audit.rows.Withdrawn if `unless` is true when its turn comes.
        """
        with self._writing:
            if unless():
                raise Withdrawn
            owed = self._owed[:]
            try:
                self._keep(*owed, entry, unless=unless)
            except ValueError:
                self._set_apart(owed)
                self._keep(entry, unless=unless)
            else:
                del self._owed[: len(owed)]

    def _set_apart(self, owed: list[Entry]) -> None:
        """Record each of what is owed by itself: one that no database takes holds up no other."""
        for entry in owed:
            try:
                self._keep(entry)
            except ValueError as failure:
                logger.error("An answer can never be recorded: %s", type(failure).__name__)
            self._owed.remove(entry)

    def owe(self, entry: Entry) -> None:
        """Remember an answer that was given without a record."""
        if len(self._owed) < MOST_OWED:
            self._owed.append(entry)
        else:
            logger.error("%d answers wait for their record; another will have none", MOST_OWED)

    def settle(self) -> int:
        """Record what is owed, if that works; returns how many answers are owed still."""
        with self._writing:
            if owed := self._owed[:]:
                with suppress(Exception):
                    try:
                        self._keep(*owed)
                        del self._owed[: len(owed)]
                    except ValueError:
                        self._set_apart(owed)
            return len(self._owed)


async def settling(recorder: Recorder) -> None:
    """Record what is owed as soon as that works again, also when nobody asks anything meanwhile."""
    while True:
        await asyncio.sleep(SETTLES)
        await asyncio.to_thread(recorder.settle)


async def settled(recorder: Recorder) -> None:
    """Record at the end of the process what is owed; of what cannot be recorded, say how much it is."""
    if left := await asyncio.to_thread(recorder.settle):
        logger.error("%d answers that were given or withheld will have no record", left)


_used: list[Recorder] = []


def use(recorder: Recorder) -> None:
    """Have `recorder` record what the actions of this process answer from now on."""
    _used[:] = [recorder]


async def recorded(action: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Record with what `action` answers in `dispatcher`, and return whether that stands.

    Where it cannot be recorded and is no alarm, another answer stands there instead, which says so.
    """
    alarm = _type(dispatcher.messages) == ALARM
    try:
        recorder = _used[0]
        entry = recorder.entry(action, tracker, dispatcher.messages)
    except Exception as failure:
        logger.error("Of an answer of %s nothing can be recorded: %s", action, type(failure).__name__)
        unrecorded()
        return alarm or _refused(dispatcher)
    if await _kept(recorder, entry, WITHIN_OF_ALARM if alarm else WITHIN):
        return True
    unrecorded()
    if alarm:
        return True
    _refused(dispatcher)
    digest = digest_of(dispatcher.messages)
    recorder.owe(replace(entry, kind=UNRECORDED, facts={}, outcome=None, digest=digest))
    return False


def _refused(dispatcher: CollectingDispatcher) -> bool:
    """Say that nothing can be answered; always False."""
    dispatcher.messages.clear()
    dispatcher.utter_message(text=say("unrecorded"), json_message={"type": "social"})
    return False


async def _kept(recorder: Recorder, entry: Entry, within: float) -> bool:
    """Whether `entry` is recorded within so many seconds; an alarm is recorded later, too, and nothing else is."""
    given_up = Event()
    writing = asyncio.ensure_future(asyncio.to_thread(recorder.record, entry, given_up.is_set))
    await asyncio.wait({writing}, timeout=within)
    if writing.done():
        return _is_kept(recorder, entry, writing)
    logger.error("An answer is not recorded after %s seconds", within)
    if entry.kind != ALARM:
        given_up.set()
    writing.add_done_callback(partial(_is_kept, recorder, entry))
    return False


def _is_kept(recorder: Recorder, entry: Entry, writing: asyncio.Future[None]) -> bool:
    """Whether the entry was recorded; an alarm that was not is owed, because it is given all the same."""
    failure = writing.exception()
    if failure is None:
        return True
    # The type alone: an exception's text may quote what was to be recorded.
    logger.error("An answer could not be recorded: %s", type(failure).__name__)
    if entry.kind == ALARM:
        recorder.owe(entry)
    return False


def _latest_message(tracker: Tracker) -> Mapping[str, Any]:
    said = (event for event in reversed(tracker.events) if event.get("event") == "user" and "text" in event)
    return next(said, {})


def _message_before(tracker: Tracker) -> str:
    """The id of the message before the latest; "" if the conversation holds none."""
    named = [event for event in tracker.events if event.get("event") == "user" and event.get("message_id")]
    return str(named[-2]["message_id"]) if len(named) > 1 else ""


def _begins(tracker: Tracker) -> bool:
    """Whether the latest message is the first of its session."""
    return message_count(tracker.events) == 1


def _type(messages: Messages) -> str:
    """The type of an answer: that of its first payload."""
    return next((str(message["custom"]["type"]) for message in messages if message.get("custom")), "text")


def _knowledge(payloads: Messages) -> str:
    """The version of the guideline that an answer is from; of the first topic, where it is from none."""
    from_one = (payload["guideline"]["knowledge_version"] for payload in payloads if "guideline" in payload)
    return str(next(from_one, None) or engine().guideline.version)


def _facts(payloads: Messages) -> dict[str, dict[str, str]]:
    """The facts that an answer was given for, without the words they were read from."""
    return {
        fact["slot"]: {"value": str(fact["value"]), "basis": fact["basis"]}
        for payload in payloads
        for fact in payload.get("facts") or ()
    }
