"""How long anything is kept in which a patient's case stands, and its removal: python -m service purge."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, column, delete, event, func, inspect, select, table
from sqlalchemy.engine import Engine
from sqlalchemy.sql import Delete
from sqlalchemy.sql.expression import ColumnClause

from audit.store import Audit
from channels.deliveries import deliveries
from service.settings import Settings
from storage.batches import in_batches
from storage.database import open_database

DAY = 86_400
PAUSE = 0.005
"""Seconds between conversations that are removed, in which those who answer write theirs."""
EVENTS = table("events", *map(column, ("id", "sender_id", "timestamp", "type_name")))
"""What is read of Rasa's own table of conversations (service.tracker_store), which takes seconds to load."""
SESSION_STARTED = "session_started"
"""The type of the event that a case begins with: after a silence, or with a new patient."""


@dataclass(frozen=True)
class Purged:
    """How much was removed of what, or would be."""

    conversations: int = 0
    continued: int = 0
    messages: int = 0
    texts: int = 0

    def __str__(self) -> str:
        return (
            f"{self.conversations} conversations, what is old in {self.continued} that go on, "
            f"{self.messages} messages of Slack and Teams, the texts of {self.texts} recorded answers"
        )


def purge(settings: Settings, dry: bool = False) -> Purged:
    """Remove what is older than the settings say; with `dry` only count it.

    Raises sqlalchemy.exc.SQLAlchemyError if a database is away; what was removed before that stays removed.
    """
    kept = settings.retention
    silent, continued = _conversations(settings.kept("conversations"), time.time() - kept.conversations * DAY, dry)
    return Purged(
        conversations=silent,
        continued=continued,
        messages=_messages(settings.kept("deliveries"), _ago(kept.deliveries).replace(tzinfo=None), dry),
        texts=Audit(settings.audit_database, hurried=False).forget_texts(_ago(kept.audit_texts).isoformat(), dry),
    )


def _conversations(url: str, before: float, dry: bool) -> tuple[int, int]:
    """Remove what was said before a moment; in a conversation that goes on not what its present case is made of.

    Returns how many conversations are removed as a whole, and of how many a part.
    """
    old, begun = EVENTS.c.timestamp < before, case((EVENTS.c.type_name == SESSION_STARTED, EVENTS.c.id))
    held = select(EVENTS.c.sender_id, func.max(EVENTS.c.timestamp) < before, func.max(begun))
    held = held.group_by(EVENTS.c.sender_id).having(func.min(EVENTS.c.timestamp) < before)
    whole = part = 0
    with _database(url, "events") as engine:
        if engine is None:
            return 0, 0
        with engine.connect() as connection:
            found = connection.execute(held).all()
        for sender, is_silent, present in found:
            over = () if is_silent else (EVENTS.c.id < (present or 0),)
            gone = delete(EVENTS).where(EVENTS.c.sender_id == sender, old, *over)
            if _removed(engine, gone, EVENTS.c.id, dry):
                time.sleep(0 if dry else PAUSE)
                whole, part = whole + is_silent, part + (not is_silent)
    return whole, part


def _messages(url: str, before: datetime, dry: bool) -> int:
    """Remove what came in from Slack and Teams before a moment (UTC); returns how many messages they are."""
    with _database(url, deliveries.name) as engine:
        old = delete(deliveries).where(deliveries.c.taken_at < before)
        return _removed(engine, old, deliveries.c.key, dry) if engine is not None else 0


def _removed(engine: Engine, change: Delete, key: ColumnClause, dry: bool) -> int:
    if not dry:
        return in_batches(engine, change, key)
    with engine.connect() as connection:
        return int(connection.execute(select(func.count(key)).where(change.whereclause)).scalar_one())


@contextmanager
def _database(url: str, name: str) -> Iterator[Engine | None]:
    """A database with a table of this name, or None; what is deleted in it is gone from a SQLite file, too."""
    engine = open_database(url, name, hurried=False)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete=ON"))
    yield engine if inspect(engine).has_table(name) else None
    if sqlite:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
