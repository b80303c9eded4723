"""Every recorded conversation can be held again, and gives the same answers; where it does not, that is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import uuid4

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import SQLTrackerStore

from actions.record import Recorder, use
from audit.replay import Replay, Replayed
from audit.rows import UNRECORDED, Entry, Row, Versions
from audit.store import Audit
from knowledge.store import STORE, load
from service.build import build_all
from service.in_process import load_assistant
from service.settings import settings
from service.versions import versions

HELD = (
    "78F with severe osteoporosis, L2 vertebroplasty two years ago. New T11 compression fracture, three weeks of pain.",
    '/inform{"neuro_status": "intact"}',
    "never had cancer",
    "treatment",
    "why",
    "and if she had cancer?",
    "apply that",
    "note for the chart",
    "the note as FHIR",
    "undo",
    "she now tells me her legs feel weak since this morning",
    "correction: no new deficit",
    "start over",
    "new patient",
    "64M, prostate cancer, L3 fracture on CT, neuro intact, imaging?",
    "thanks",
)
OTHER = ("new patient: 70M, T8 fracture, what imaging?", "no weakness", "is ablation reasonable here?", "xyzzy")
HOURS = 13 * 3600


class Held:
    """An assistant whose answers are recorded, as one that is served."""

    def __init__(self, file: Path) -> None:
        self.audit = Audit(f"sqlite:///{file}")
        self.away = self.breaks = False
        """Whether nothing is recorded, and whether the connection breaks when it is, before anybody hears of it."""
        self.model = build_all(settings())
        self._agent: Agent = load_assistant(self.model, Recorder(self._keep, "key", versions()))
        self._sender = uuid4().hex

    def _keep(self, *entries: Entry, unless: Callable[[], bool] = lambda: False) -> None:
        if self.away:
            raise ConnectionError
        self.audit.record(*entries, unless=unless)
        if self.breaks:
            raise ConnectionError

    def say(self, *messages: str) -> None:
        """Hold a part of the conversation."""
        for text in messages:
            said = UserMessage(text, CollectingOutputChannel(), self._sender, input_channel="web")
            asyncio.run(self._agent.handle_message(said))

    def another(self) -> None:
        """What is said from now on is another conversation."""
        self._sender = uuid4().hex

    def lose(self, *messages: str) -> None:
        """Say something whose turn is answered and cannot be stored."""
        store = self._agent.tracker_store

        async def away(_tracker: object) -> None:
            raise ConnectionError

        store.save = away
        for text in messages:
            with pytest.raises(ConnectionError):
                self.say(text)
        del store.save

    def forget(self) -> None:
        """Purge the conversation, as after a month of silence."""
        with self._agent.tracker_store.sessionmaker() as session:
            session.query(SQLTrackerStore.SQLEvent).filter_by(sender_id=self._sender).delete()
            session.commit()

    def wait(self) -> None:
        """Let so much time pass that the session ends."""

        async def earlier() -> None:
            for event in (await self._agent.tracker_store.retrieve(self._sender)).events:
                event.timestamp -= HOURS

        asyncio.run(earlier())

    def again(self, rows: list[Row] | None = None, now: Versions | None = None) -> Replayed:
        """Everything recorded, held again."""
        replay = Replay(self.model, now or versions(), frozenset({load(STORE).version}))
        if rows is None:
            return replay.all(map(self.audit.of, self.audit.conversations()))
        return replay.all(list(of) for _, of in groupby(rows, lambda row: row.conversation))


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    """An assistant with two conversations behind it."""
    made = Held(tmp_path / "audit.sqlite")
    made.say(*HELD)
    made.another()
    made.say(*OTHER)
    yield made
    use(Recorder(lambda *_, **__: None, "of tests", Versions(model="", rules="", code="")))


def test_every_answer_is_the_same_again(held: Held) -> None:
    """Questions, buttons, notes with their time, alarms, new patients: all answers of both conversations."""
    rows = list(held.audit.rows())
    assert {row.message for row in rows} and len({row.message for row in rows}) == len(HELD) + len(OTHER)
    assert held.again() == Replayed(same=len(rows))


def test_an_answer_that_is_not_given_any_more_is_named(held: Held) -> None:
    """An alarm that stood before the rest of what was said to a message, and no longer comes."""
    rows = list(held.audit.rows())
    alarm = replace(rows[3], kind="escalation", digest="1" * 64)
    result = held.again([*rows[:3], alarm, *rows[3:]])
    assert alarm in result.different
    assert {row.message for row in result.different} == {alarm.message}


def test_an_answer_that_was_another_is_named(held: Held) -> None:
    """The rows of the message whose answer differs are listed, and no others."""
    rows = list(held.audit.rows())
    rows[3] = replace(rows[3], digest="0" * 64)
    result = held.again(rows)
    assert rows[3] in result.different
    assert {row.message for row in result.different} == {rows[3].message}
    assert result.same == len(rows) - len(result.different)


def test_answers_of_other_versions_are_told_apart(held: Held) -> None:
    """What another version said may differ; it is counted and fails nothing."""
    rows = [replace(row, rules="older") for row in held.audit.rows()]
    rows[-1] = replace(rows[-1], digest="0" * 64)
    result = held.again(rows)
    assert (result.same, result.different, result.of_others, result.of_others_different) == (0, [], len(rows), 1)


def test_what_cannot_be_held_again_is_told_apart(held: Held) -> None:
    """A purged text ends the session's replay; a session that began before the record does not count as different."""
    rows = list(held.audit.rows())
    other = rows[-1].conversation
    gone = [replace(row, text=None, salt=None) if row.conversation == other else row for row in rows]
    result = held.again(gone)
    assert (result.purged, result.different) == (sum(row.conversation == other for row in rows), [])
    begun = {row.message for row in rows if row.begins}
    result = held.again([row for row in rows if row.message not in begun])
    assert result.unbegun == len([row for row in rows if row.message not in begun])


def test_where_nothing_is_held_again_nothing_is_proved(held: Held) -> None:
    """Neither an empty record nor one of purged texts counts as one that gives the same answers."""
    assert not held.again([]).proved
    assert not held.again([replace(row, text=None, salt=None) for row in held.audit.rows()]).proved
    assert held.again().proved == len(list(held.audit.rows()))


def test_what_could_not_be_recorded_is_held_again_as_it_was(held: Held) -> None:
    """While the record was away an alarm was given and a question was not answered; both go as they went."""
    held.another()
    held.say(*HELD[:2])
    held.away = True
    held.say("never had cancer", "legs weak since this morning")
    held.away = False
    held.say("correction: no new deficit", "never had cancer")
    rows = list(held.audit.rows())
    result = held.again()
    assert (result.refused, result.different, result.same) == (1, [], len(rows) - 1)


def test_what_was_recorded_and_withheld_all_the_same_is_held_again_as_it_was(held: Held) -> None:
    """The record took an answer, and that was heard too late: its row is that of an answer that was not given."""
    held.another()
    held.say(*HELD[:2])
    held.breaks = True
    held.say("never had cancer")
    held.breaks = False
    held.say("never had cancer", "treatment")
    rows = list(held.audit.rows())
    (withheld,) = (row for row in rows if row.kind == UNRECORDED)
    beside = [row for row in rows if (row.message, row.action) == (withheld.message, withheld.action)]
    assert len(beside) == 2
    result = held.again()
    assert (result.refused, result.different, result.same) == (1, [], len(rows) - 2)


def test_what_was_withheld_and_then_answered_is_held_again_as_answered(held: Held) -> None:
    """A platform sends a message again whose turn could not be stored either."""
    rows = list(held.audit.rows())
    answered = next(row for row in rows if row.kind == "recommendation" and row.message != rows[0].message)
    place = next(number for number, row in enumerate(rows) if row.message == answered.message)
    withheld = replace(answered, kind=UNRECORDED, digest="0" * 64, at=rows[place - 1].at)
    result = held.again([*rows[:place], withheld, *rows[place:]])
    assert result == Replayed(same=len(rows), refused=1)


def test_a_case_that_ended_by_itself_ends_again(held: Held) -> None:
    """The first answer after twelve silent hours says that the earlier case has ended."""
    held.wait()
    held.say("70M, T8 fracture, what imaging?", "no weakness")
    assert held.again() == Replayed(same=len(list(held.audit.rows())))


def test_what_was_recorded_and_could_not_be_stored_was_not_given(held: Held) -> None:
    """The conversation goes on from the message before, and it is counted; nothing else differs. What was lost at the
    very beginning is held as a conversation of its own, as after a purge, and is the same again."""
    held.another()
    held.lose("55M, L1 fracture after a fall, what imaging?")
    held.say(*HELD[:2])
    held.lose("no malignancy", "legs weak since this morning")
    held.say("no known cancer", "treatment")
    held.wait()
    held.lose("70M, T8 fracture, what imaging?")
    held.say("70M, T8 fracture, treatment?", "no weakness")
    rows = list(held.audit.rows())
    lost = ("no malignancy", "legs weak since this morning", "70M, T8 fracture, what imaging?")
    result = held.again()
    assert result.not_given == sum(row.text in lost for row in rows) >= len(lost)
    assert (result.different, result.same) == ([], len(rows) - result.not_given)


def test_clocks_that_do_not_agree_change_nothing(held: Held) -> None:
    """Two machines, a minute apart, that answer in turn: what follows what stands in the rows."""
    rows, ahead = [], False
    for row in held.audit.rows():
        ahead = not ahead if not rows or row.message != rows[-1].message else ahead
        moment = datetime.fromisoformat(row.at) + timedelta(minutes=ahead)
        rows.append(replace(row, at=moment.isoformat(timespec="microseconds")))
    assert held.again(rows) == Replayed(same=len(rows))


def test_a_conversation_that_was_purged_begins_anew(held: Held) -> None:
    """Under the same pseudonym, with nothing before it: no case has ended there that anybody remembers."""
    held.forget()
    held.say("64F, breast cancer, T9 fracture, neuro intact, imaging?")
    assert held.again() == Replayed(same=len(list(held.audit.rows())))


@pytest.mark.parametrize("every", [1, 2, 3])
def test_rows_of_before_they_named_what_they_follow_are_held_again(held: Held, every: int) -> None:
    """In the order of their moments, also among rows that name it: of pods that were not replaced yet."""
    rows = list(held.audit.rows())
    messages = list(dict.fromkeys(row.message for row in rows))
    rows = [row if messages.index(row.message) % every else replace(row, follows=None) for row in rows]
    assert held.again(rows) == Replayed(same=len(rows))


def test_only_conversations_of_late_are_held_where_that_is_asked(held: Held) -> None:
    """As wholes, with what was said before that moment."""
    rows = list(held.audit.rows())
    assert list(held.audit.conversations()) == sorted({row.conversation for row in rows})
    assert list(held.audit.conversations(rows[-1].at)) == [rows[-1].conversation]
    assert not list(held.audit.conversations("3"))
    assert held.audit.of(rows[0].conversation) == [row for row in rows if row.conversation == rows[0].conversation]
