"""No answer without its record, but an alarm; and no record of who asked or in which words."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from prometheus_client import REGISTRY
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import record
from actions.record import Recorder, settled, use
from actions.safe import Safe
from audit.rows import Entry, Versions, Withdrawn
from privacy.pseudonyms import pseudonym

VERSIONS = Versions(model="m", rules="r", code="c")
SECRET = "Quackenbush"


class Answering(Safe, Action):  # type: ignore[misc]
    """An action that answers with a payload of a type, and stores something."""

    def __init__(self, kind: str = "recommendation") -> None:
        self._kind = kind

    def name(self) -> str:
        return "action_answering"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        fact = {"slot": "level", "value": "T12", "basis": "stated", "evidence": SECRET}
        payload = {"type": self._kind, "outcome": "v1", "facts": [fact]}
        dispatcher.utter_message(text=f"A {self._kind}", json_message=payload)
        return [SlotSet("shown", "v1")]


class Database:
    """Keeps what is recorded, unless it is away or slow."""

    def __init__(self) -> None:
        self.kept: list[Entry] = []
        self.away = False
        self.takes = 0.0

    def record(self, *entries: Entry, unless: Callable[[], bool] = lambda: False) -> None:
        """As audit.store.Audit.record."""
        time.sleep(self.takes)
        if self.away:
            raise ConnectionError(SECRET)
        if unless():
            raise Withdrawn
        self.kept += entries


@pytest.fixture
def database() -> Database:
    """A database that answers are recorded in."""
    made = Database()
    use(Recorder(made.record, "key", VERSIONS))
    return made


def answered(kind: str, number: int = 1) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What an action said to a message, and its events."""
    return asyncio.run(answering(kind, number))


async def answering(kind: str, number: int = 1) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """As `answered`, beside others."""
    user = {"event": "user", "text": "71F, T12", "message_id": f"message-{number}", "input_channel": "web"}
    before = [{"event": "user", "messages": number - 1}] if number > 1 else []
    tracker = Tracker("Sender-1", {}, {"text": "71F, T12"}, [*before, user], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = await Answering(kind).run(dispatcher, tracker, {})
    return dispatcher.messages, events


def test_an_answer_is_recorded_with_its_facts_and_without_words_or_names(database: Database) -> None:
    """Facts with their basis, outcome and versions stand there; neither the sender nor what the facts were read in."""
    answered("recommendation")
    (entry,) = database.kept
    assert entry.facts == {"level": {"value": "T12", "basis": "stated"}}
    assert (entry.outcome, entry.kind, entry.action, entry.channel) == (
        "v1",
        "recommendation",
        "action_answering",
        "web",
    )
    assert (entry.message, entry.begins, entry.versions.rules) == (pseudonym("key", "message-1"), True, "r")
    assert entry.versions.knowledge
    told = json.dumps(asdict(entry))
    assert SECRET not in told and "Sender-1" not in told and "message-1" not in told


def test_a_conversation_has_one_pseudonym_with_one_key(database: Database) -> None:
    """Rows of a conversation belong together; with another key nobody can tell to which."""
    answered("recommendation", 1)
    answered("recommendation", 2)
    use(Recorder(database.record, "another", VERSIONS))
    answered("recommendation", 3)
    first, second, third = (entry.conversation for entry in database.kept)
    assert first == second != third
    assert [entry.begins for entry in database.kept] == [True, False, False]


def test_nothing_is_answered_while_it_cannot_be_recorded(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Instead of the answer stands that it cannot be recorded; nothing is taken in, and the log quotes nothing."""
    database.away = True
    with caplog.at_level(logging.DEBUG):
        messages, events = answered("recommendation")
    assert [message["text"][:19] for message in messages] == ["I cannot answer jus"]
    assert not events
    assert "ConnectionError" in caplog.text and SECRET not in caplog.text


def test_what_could_not_be_recorded_is_counted(database: Database) -> None:
    """An answer that was withheld as well as an alarm that was given; nothing once it works again."""
    before = counted()
    database.away = True
    answered("recommendation", 1)
    answered("escalation", 2)
    assert counted() == before + 2
    database.away = False
    answered("recommendation", 3)
    assert counted() == before + 2


def counted() -> float:
    """The figure of what could not be recorded, as Prometheus reads it."""
    return REGISTRY.get_sample_value("vcf_unrecorded_total") or 0.0


def test_an_alarm_is_given_and_recorded_as_soon_as_that_works_again(database: Database) -> None:
    """An emergency waits for no database; its record comes before that of the next answer."""
    database.away = True
    messages, events = answered("escalation", 1)
    assert messages[0]["text"] == "A escalation" and events
    answered("recommendation", 2)
    database.away = False
    messages, _ = answered("recommendation", 3)
    assert messages[0]["text"] == "A recommendation"
    kinds = [(entry.message, entry.kind) for entry in database.kept]
    first, second, third = (pseudonym("key", f"message-{number}") for number in (1, 2, 3))
    assert kinds == [(first, "escalation"), (second, "unrecorded"), (third, "recommendation")]


def test_an_answer_that_no_database_takes_holds_up_no_other(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Such as one with a NUL: it is told to be lost, and what follows is recorded."""
    bad, keep = pseudonym("key", "message-1"), database.record

    def refuses(*entries: Entry, unless: Callable[[], bool] = lambda: False) -> None:
        if any(entry.message == bad for entry in entries):
            raise ValueError(SECRET)
        keep(*entries, unless=unless)

    use(Recorder(refuses, "key", VERSIONS))
    answered("recommendation", 1)
    for number in (2, 3):
        messages, _ = answered("recommendation", number)
        assert messages[0]["text"] == "A recommendation"
    assert [entry.message for entry in database.kept] == [pseudonym("key", f"message-{n}") for n in (2, 3)]
    assert "never be recorded" in caplog.text and SECRET not in caplog.text


def test_what_is_owed_at_the_end_is_recorded_or_told_to_be_lost(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """An alarm while the database is away; the process ends before anybody asks again."""
    database.away = True
    recorder = Recorder(database.record, "key", VERSIONS)
    use(recorder)
    answered("escalation")
    asyncio.run(settled(recorder))
    assert "1 answers" in caplog.text and SECRET not in caplog.text
    database.away = False
    caplog.clear()
    asyncio.run(settled(recorder))
    assert [entry.kind for entry in database.kept] == ["escalation"]
    assert not caplog.text


def test_an_alarm_does_not_wait_for_a_slow_database(database: Database) -> None:
    """Half a second at most, and the record follows by itself."""
    database.takes = 2.0
    started = time.monotonic()

    async def alarm() -> float:
        dispatcher = CollectingDispatcher()
        user = {"event": "user", "text": "legs weak", "message_id": "1", "input_channel": "web"}
        tracker = Tracker("one", {}, {"text": "legs weak"}, [user], False, None, {}, "action_listen")
        await Answering("escalation").run(dispatcher, tracker, {})
        assert dispatcher.messages[0]["text"] == "A escalation"
        return time.monotonic() - started

    assert asyncio.run(alarm()) < 1.5
    assert [entry.kind for entry in database.kept] == ["escalation"]


def test_an_answer_that_was_given_up_is_not_recorded_late(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the one that is being written nor the one that waits for it; that they were withheld is recorded."""
    monkeypatch.setattr(record, "WITHIN", 0.2)
    recorder = Recorder(database.record, "key", VERSIONS)
    use(recorder)
    database.takes = 0.6

    async def both() -> None:
        for messages, events in await asyncio.gather(answering("recommendation", 1), answering("recommendation", 2)):
            assert messages[0]["text"].startswith("I cannot answer") and not events

    asyncio.run(both())
    database.takes = 0.0
    assert recorder.settle() == 0
    assert [(entry.kind, entry.outcome) for entry in database.kept] == [("unrecorded", None)] * 2
    assert {entry.message for entry in database.kept} == {pseudonym("key", f"message-{number}") for number in (1, 2)}


def test_an_alarm_does_not_wait_for_an_answer_that_is_given_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That an answer was withheld is remembered without waiting for the slow database; nothing else stands still."""
    monkeypatch.setattr(record, "WITHIN", 0.2)
    database.takes = 1.5

    async def alarm() -> float:
        withheld = asyncio.ensure_future(answering("recommendation", 1))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        messages, _ = await answering("escalation", 2)
        assert messages[0]["text"] == "A escalation"
        took = time.monotonic() - started
        await withheld
        return took

    assert asyncio.run(alarm()) < 1.0
    assert "escalation" in [entry.kind for entry in database.kept]


def test_without_a_record_there_is_no_answer() -> None:
    """A process in which nobody set the record up gives alarms and nothing else."""
    use(Recorder(None, "", VERSIONS))  # type: ignore[arg-type]
    assert answered("escalation")[0][0]["text"] == "A escalation"
    assert answered("recommendation")[0][0]["text"].startswith("I cannot answer")
