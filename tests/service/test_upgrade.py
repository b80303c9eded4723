"""What the guide says to do when a new version takes the place of an old one."""

from __future__ import annotations

import asyncio
import re

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted, UserUttered
from sqlalchemy import create_engine, text

from service.settings import ROOT
from service.tracker_store import ConversationStore
from tests.databases import Postgres, database

GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
WORDS = ("sender_id", "type_name", "intent_name", "action_name", "data")
LAST = 2**31 - 1
"""The last number of 32 bits."""


def test_events_of_before_are_given_wider_numbers(postgres: Postgres) -> None:
    """The column and its sequence: what is said is stored behind the last number, too."""
    commands = re.findall(r"`(ALTER (?:TABLE|SEQUENCE) events[^`]*bigint)`", GUIDE)
    assert len(commands) == 2
    columns = ", ".join(f"{name} text" for name in WORDS)
    with database(postgres) as url:
        made = create_engine(url, future=True)
        with made.begin() as connection:
            connection.execute(text(f"CREATE TABLE events (id SERIAL PRIMARY KEY, {columns}, timestamp float)"))
            for command in (*commands, f"SELECT setval('events_id_seq', {LAST})"):
                connection.execute(text(command))
        store = ConversationStore(Domain.empty(), url)
        tracker = store.init_tracker("somebody")
        for event in (SessionStarted(), UserUttered("first")):
            tracker.update(event)
        asyncio.run(store.save(tracker))
        with made.connect() as connection:
            assert connection.execute(text("SELECT min(id) FROM events")).scalar() == LAST + 1
        for engine in (made, store.engine):
            engine.dispose()
