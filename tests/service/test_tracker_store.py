"""The tracker store: nothing forgotten, nothing doubled, whoever else writes, and no silence about a failure."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from service import tracker_store
from service.tracker_store import ConversationStore, KeptTracker
from storage.database import Overtaken
from tests import databases
from tests.databases import Postgres

DOMAIN = Domain.from_dict(
    {"intents": ["tell"], "slots": {"case": {"type": "any", "mappings": [{"type": "custom"}]}}, "actions": ["reply"]}
)


@pytest.fixture
def name() -> Iterator[str]:
    """A conversation that nobody had before."""
    yield uuid4().hex


def store(url: str) -> ConversationStore:
    """The store as a worker opens it."""
    return ConversationStore(DOMAIN, url)


def begin(kept: ConversationStore, name: str) -> None:
    """The beginning of a session, as Rasa logs it."""
    tracker = retrieved(kept, name) or kept.init_tracker(name)
    for event in (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")):
        tracker.update(event)
    asyncio.run(kept.save(tracker))


def say(kept: ConversationStore, name: str, message: str) -> None:
    """A turn: a message, what is stored of it, and an answer."""
    tracker = retrieved(kept, name) or kept.init_tracker(name)
    for event in (
        UserUttered(message, {"name": "tell"}),
        ActionExecuted("reply"),
        BotUttered(f"You said: {message}", {"custom": {"said": message}}),
        SlotSet("case", {"said": message}),
        ActionExecuted("action_listen"),
    ):
        tracker.update(event)
    asyncio.run(kept.save(tracker))


def retrieved(kept: ConversationStore, name: str) -> KeptTracker | None:
    """The conversation as the store has it now."""
    return asyncio.run(kept.retrieve(name))


def said(kept: ConversationStore, name: str) -> list[str]:
    """The messages of a conversation's latest session."""
    tracker = retrieved(kept, name)
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


def same_as_rasas_own(kept: ConversationStore, url: str, name: str) -> bool:
    """Whether what the store returns is, event by event and slot by slot, what Rasa's own store reads."""
    ours, theirs = retrieved(kept, name), asyncio.run(SQLTrackerStore(DOMAIN, host=url).retrieve(name))
    assert ours and theirs
    told = [json.dumps([event.as_dict() for event in each.events], sort_keys=True) for each in (ours, theirs)]
    state = [
        json.dumps([each.current_slot_values(), each.latest_action, each.followup_action], sort_keys=True)
        for each in (ours, theirs)
    ]
    return told[0] == told[1] and state[0] == state[1] and ours.latest_message == theirs.latest_message


def test_a_conversation_is_as_rasa_itself_would_read_it(url: str, name: str) -> None:
    kept = store(url)
    begin(kept, name)
    for message in ("first", "second", "third"):
        say(kept, name, message)
        assert same_as_rasas_own(kept, url, name)
    assert said(kept, name) == ["first", "second", "third"]


def test_what_another_worker_says_is_heard(url: str, name: str) -> None:
    here, there = store(url), store(url)
    begin(here, name)
    say(here, name, "first")
    say(there, name, "second")
    say(here, name, "third")
    assert said(here, name) == said(there, name) == ["first", "second", "third"]
    assert same_as_rasas_own(here, url, name)


def test_of_two_workers_that_answer_at_once_one_is_told_to_look_again(url: str, name: str) -> None:
    """What the slower worked out rests on a conversation that has moved on: nothing of it is stored."""
    here, there = store(url), store(url)
    begin(here, name)
    slow = retrieved(here, name)
    assert slow
    say(there, name, "first")
    slow.update(UserUttered("too late", {"name": "tell"}))
    with pytest.raises(Overtaken):
        asyncio.run(here.save(slow))
    assert said(here, name) == ["first"]


def test_of_many_that_write_at_the_same_moment_one_does(url: str, name: str) -> None:
    """Each of eight workers read the same conversation, and stores a turn of its own: exactly one of them can."""
    workers = [store(url) for _ in range(8)]
    begin(workers[0], name)
    held = [retrieved(worker, name) for worker in workers]

    async def all_at_once() -> list[BaseException | None]:
        for number, tracker in enumerate(held):
            assert tracker
            tracker.update(UserUttered(f"turn {number}", {"name": "tell"}))
        saving = (worker.save(tracker) for worker, tracker in zip(workers, held, strict=True))
        return await asyncio.gather(*saving, return_exceptions=True)

    done = asyncio.run(all_at_once())
    assert done.count(None) == 1 and all(isinstance(each, Overtaken) for each in done if each is not None)
    assert len(said(workers[0], name)) == 1


def test_only_the_latest_session_is_read(url: str, name: str) -> None:
    kept = store(url)
    begin(kept, name)
    say(kept, name, "yesterday")
    assert said(kept, name) == ["yesterday"]
    begin(kept, name)
    say(kept, name, "today")
    assert said(kept, name) == ["today"]
    assert same_as_rasas_own(kept, url, name)


def test_clocks_of_workers_need_not_agree(url: str, name: str) -> None:
    """A worker whose clock is behind goes on with a session that another began; nothing of it is lost, for nobody."""
    ahead, behind = store(url), store(url)
    begin(ahead, name)
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE events SET timestamp = timestamp + 5 WHERE sender_id = :name"), {"name": name})
    say(behind, name, "her legs are weak")
    for kept in (ahead, behind, store(url)):
        tracker = retrieved(kept, name)
        assert tracker and tracker.get_slot("case") == {"said": "her legs are weak"}
        assert said(kept, name) == ["her legs are weak"]


def test_a_session_that_a_slower_clock_began_is_the_latest(url: str, name: str) -> None:
    ahead, behind = store(url), store(url)
    begin(ahead, name)
    say(ahead, name, "of the patient before")
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE events SET timestamp = timestamp + 5 WHERE sender_id = :name"), {"name": name})
    begin(behind, name)
    say(behind, name, "of another")
    for kept in (ahead, behind, store(url)):
        assert said(kept, name) == ["of another"]
    whole = asyncio.run(store(url).retrieve_full_tracker(name))
    assert whole and [event.text for event in whole.events if isinstance(event, UserUttered)] == [
        "of the patient before",
        "of another",
    ]


def test_what_was_purged_is_gone_from_memory_too(url: str, name: str) -> None:
    kept = store(url)
    say(kept, name, "first")
    assert said(kept, name) == ["first"]
    with create_engine(url).begin() as connection:
        connection.execute(text("DELETE FROM events WHERE sender_id = :name"), {"name": name})
    assert retrieved(kept, name) is None
    say(kept, name, "second")
    assert said(kept, name) == ["second"]


def test_rows_that_were_changed_are_read_again(url: str, name: str) -> None:
    kept = store(url)
    say(kept, name, "first")
    assert said(kept, name) == ["first"]
    change = (
        "UPDATE events SET data = replace(data, 'first', 'other'), timestamp = timestamp - 1 WHERE sender_id = :name"
    )
    with create_engine(url).begin() as connection:
        connection.execute(text(change), {"name": name})
    assert said(kept, name) == ["other"]


def test_a_turn_that_was_not_saved_leaves_no_trace(url: str, name: str) -> None:
    kept = store(url)
    say(kept, name, "first")
    tracker = retrieved(kept, name)
    assert tracker
    tracker.update(UserUttered("never saved"))
    tracker.update(SlotSet("case", {"said": "never saved"}))
    again = retrieved(kept, name)
    assert again and again.get_slot("case") == {"said": "first"}
    assert said(kept, name) == ["first"]


def test_a_bounded_number_of_events_is_held(url: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker_store, "EVENTS_IN_MEMORY", 20)
    kept = store(url)
    for number in range(10):
        say(kept, f"{name}-{number}", f"message {number}")
        assert said(kept, f"{name}-{number}") == [f"message {number}"]
    assert sum(len(each.tracker.events) for each in kept._known.values()) <= 20
    assert said(kept, f"{name}-0") == ["message 0"]


def test_a_database_that_is_away_is_heard_of_and_forgets_nothing(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with databases.postgres() as server:
        kept = store(server.url)
        say(kept, name, "sentinel-name before")
        server.kill()
        with caplog.at_level(logging.DEBUG), pytest.raises(SQLAlchemyError) as failure:
            asyncio.run(kept.retrieve(name))
        tracker = kept.init_tracker(name)
        tracker.update(UserUttered("sentinel-name while it is away"))
        with caplog.at_level(logging.DEBUG), pytest.raises(SQLAlchemyError) as not_saved:
            asyncio.run(kept.save(tracker))
        assert "sentinel-name" not in f"{failure.value}{not_saved.value}{caplog.text}"
        server.start()
        say(kept, name, "after")
        assert said(kept, name) == ["sentinel-name before", "after"]


def test_several_workers_may_start_at_once(postgres: Postgres) -> None:
    with create_engine(postgres.url).begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS events"))

    async def start() -> list[ConversationStore]:
        return await asyncio.gather(*(asyncio.to_thread(store, postgres.url) for _ in range(4)))

    assert len(asyncio.run(start())) == 4


def test_a_message_of_an_earlier_session_is_known_again(url: str, name: str) -> None:
    """By its id, in whatever process; not one of the latest session, and none whose id was only written in a text."""

    def said_before(kept: ConversationStore) -> list[bool]:
        retrieved(kept, name)
        return [asyncio.run(kept.said_before(name, number)) for number in numbers]

    kept, numbers = store(url), []
    for session in range(2):
        begin(kept, name)
        tracker = retrieved(kept, name)
        assert tracker
        numbers.append(uuid4().hex)
        tracker.update(UserUttered(f'"message_id": "written-{session}"', message_id=numbers[-1]))
        asyncio.run(kept.save(tracker))
        assert said_before(kept) == said_before(store(url)) == [True] * session + [False]
    assert not asyncio.run(kept.said_before(name, "written-0"))


@pytest.mark.parametrize(
    ("taken", "others"),
    [
        ("50%_a\\b/c", ("50%", "50xya\\b/c", "50%_a\\\\b/c", "50%_A\\b/c")),
        ("plain-1", ("%", "plain_1", "PLAIN-1", "plain-%", "said")),
    ],
)
def test_a_message_is_known_by_its_very_id(url: str, name: str, taken: str, others: tuple[str, ...]) -> None:
    """Whatever characters are in it: one with another id is not taken for it, else it would never be answered."""
    kept = store(url)
    begin(kept, name)
    tracker = retrieved(kept, name)
    assert tracker
    tracker.update(UserUttered("said", message_id=taken))
    asyncio.run(kept.save(tracker))
    begin(kept, name)
    assert retrieved(kept, name)
    assert asyncio.run(kept.said_before(name, taken))
    assert not any(asyncio.run(kept.said_before(name, other)) for other in others)
