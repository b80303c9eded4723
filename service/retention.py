"""How long anything is kept in which a patient's case stands, and its removal: python -m service purge."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import column, create_engine, delete, event, func, inspect, select, table
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.expression import TableClause

from audit.store import Audit
from channels.deliveries import deliveries
from service.settings import Settings

DAY = 86_400
EVENTS = table("events", column("sender_id"), column("timestamp"))
"""What is read of Rasa's own table of conversations (service.tracker_store), which takes seconds to load."""


@dataclass(frozen=True)
class Purged:
    """How much was removed of what, or would be."""

    conversations: int
    messages: int
    texts: int

    def __str__(self) -> str:
        return (
            f"{self.conversations} conversations, {self.messages} messages of Slack and Teams, "
            f"the texts of {self.texts} recorded answers"
        )


def purge(settings: Settings, dry: bool = False) -> Purged:
    """Remove what is older than the settings say; with `dry` only count it.

    A conversation is as old as its last event. Raises sqlalchemy.exc.SQLAlchemyError if a database is away; what was
    removed before that stays removed.
    """
    kept = settings.retention
    last = func.max(EVENTS.c.timestamp)
    silent = select(EVENTS.c.sender_id).group_by(EVENTS.c.sender_id)
    silent = silent.having(last < time.time() - kept.conversations * DAY)
    old = deliveries.c.taken_at < _ago(kept.deliveries).replace(tzinfo=None)
    return Purged(
        conversations=_purged(
            settings.kept("conversations"), EVENTS, EVENTS.c.sender_id, EVENTS.c.sender_id.in_(silent), dry
        ),
        messages=_purged(settings.kept("deliveries"), deliveries, deliveries.c.key, old, dry),
        texts=Audit(settings.audit_database).forget_texts(_ago(kept.audit_texts).isoformat(), dry),
    )


def _purged(url: str, stored: TableClause, counted: Any, chosen: Any, dry: bool) -> int:
    """Delete the `chosen` rows of a table; returns how many of what is `counted` they make."""
    with _database(url) as connection:
        if not inspect(connection).has_table(stored.name):
            return 0
        count = connection.execute(select(func.count(counted.distinct())).where(chosen)).scalar_one()
        if not dry:
            connection.execute(delete(stored).where(chosen))
        return int(count)


@contextmanager
def _database(url: str) -> Iterator[Connection]:
    """A transaction; what is deleted in it is gone from a SQLite file, too, and not only from its tables."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, future=True)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete=ON"))
    with engine.begin() as connection:
        yield connection
    if sqlite:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
