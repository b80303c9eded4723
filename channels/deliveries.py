"""What came in from a platform and is not answered yet, kept so that a restart loses nothing and doubles nothing.

Several processes may share the table. Each message is claimed by one of them before it is worked on; a claim is a
lease, so that another takes over what a process that died has left. Their clocks have to agree within some seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    bindparam,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.database import Result, carried_out, make_tables, open_database

KEPT = timedelta(days=1)
"""How long the key of an answered message is remembered; platforms repeat theirs for an hour at most."""
LEASE = timedelta(seconds=15)
"""How long a claim lasts that is not renewed."""

metadata = MetaData()
deliveries = Table(
    "claimed_deliveries",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("conversation", String(255), nullable=False),
    Column("message", JSON(none_as_null=True), nullable=True),
    Column("posted", Integer, nullable=False),
    Column("taken_at", DateTime, nullable=False),
    Column("worker", String(100), nullable=True),
    Column("leased_until", DateTime, nullable=True),
)
_HERE_AND_TAKEN = deliveries.c.channel, deliveries.c.taken_at
WAITS = deliveries.c.message.is_not(None)
Index("claimed_deliveries_conversation", deliveries.c.channel, deliveries.c.conversation)
# Of a day's messages hardly any waits, and hardly any is to be forgotten.
Index("claimed_deliveries_taken_at", *_HERE_AND_TAKEN)
Index("claimed_deliveries_wait", *_HERE_AND_TAKEN, sqlite_where=WAITS, postgresql_where=WAITS)

HERE = deliveries.c.channel == bindparam("here")
THE_ONE = and_(HERE, deliveries.c.key == bindparam("of"))
OURS = and_(THE_ONE, deliveries.c.worker == bindparam("us"))
FREE = or_(
    deliveries.c.worker.is_(None),
    deliveries.c.worker == bindparam("us"),
    deliveries.c.leased_until < bindparam("now"),
)
LEFT = and_(HERE, WAITS, FREE)
"""What waits for an answer, and is no other process's."""
_other = deliveries.alias()
BEFORE = select(_other.c.key).where(
    _other.c.channel == bindparam("here"),
    _other.c.conversation == deliveries.c.conversation,
    _other.c.key != bindparam("of"),
    _other.c.message.is_not(None),
    or_(_other.c.taken_at < deliveries.c.taken_at, _other.c.leased_until > bindparam("now")),
)
"""What comes first in the conversation of a message."""
CLAIM = update(deliveries).where(LEFT, THE_ONE, ~BEFORE.exists())
OURS_OF = and_(HERE, deliveries.c.worker == bindparam("us"), deliveries.c.key.in_(bindparam("keys", expanding=True)))
RENEW = update(deliveries).where(OURS_OF)
RENEWED = select(deliveries.c.key, deliveries.c.leased_until).where(OURS_OF)
CHANGE = update(deliveries).where(OURS)
ONE = select(deliveries).where(THE_ONE)
LEFT_KEYS = select(deliveries.c.key).where(LEFT).order_by(deliveries.c.taken_at)
BUSY = select(deliveries.c.key).where(HERE, deliveries.c.conversation == bindparam("in"), WAITS).limit(1)
FORGET = delete(deliveries).where(HERE, deliveries.c.message.is_(None), deliveries.c.taken_at < bindparam("before"))


class NotOurs(Exception):
    """A message is another process's by now, because this one stood still for longer than its lease."""


@dataclass(frozen=True)
class Waiting:
    """A message that is not answered yet, how many of its answers have been posted, when it came in, and until when it
    is this process's (both UTC)."""

    key: str
    message: Mapping[str, Any]
    posted: int
    taken_at: datetime
    leased_until: datetime


class Deliveries:
    """The messages of one channel in the database at `url`; the text is dropped once it is answered.

    `worker` names this process: no two that run at a time may have the same name, and one that is started again keeps
    it, so that it goes on at once with what it left. Every method raises sqlalchemy.exc.SQLAlchemyError while the
    database is away.
    """

    def __init__(self, url: str, channel: str, worker: str) -> None:
        self._engine = open_database(url, "deliveries", in_turn=True)
        self._here = {"here": channel}
        self._us = {"here": channel, "us": worker}
        make_tables(self._engine, metadata)

    async def do(self, act: Callable[..., Result], *arguments: Any) -> Result:
        """The result of `act`, a method of this class, without keeping other conversations waiting for the database."""
        return await carried_out(self._engine, act, *arguments)

    def take(self, key: str, message: Mapping[str, Any]) -> bool:
        """Keep a message under the platform's `key` for it; False if that key was taken before."""
        row = {
            "channel": self._here["here"],
            "key": key,
            "conversation": message["conversation"],
            "message": dict(message),
            "posted": 0,
            "taken_at": _now(),
        }
        # Not by the error of a second one: a server writes the statement of an error, with the text, to its log.
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        with self._engine.begin() as connection:
            return bool(connection.execute(insert(deliveries).on_conflict_do_nothing(), row).rowcount)

    def waiting(self) -> list[str]:
        """The keys of what was taken, is not answered yet, and no other process has, oldest first."""
        with self._engine.connect() as connection:
            return list(connection.execute(LEFT_KEYS, self._us | {"now": _now()}).scalars())

    def claim(self, key: str) -> Waiting | None:
        """Claim a message for this process, which has it until the lease runs out.

        None if it is answered, or another process has it, or an earlier one of its conversation comes first.
        """
        with self._engine.begin() as connection:
            claimed = connection.execute(CLAIM, self._us | {"of": key, "now": _now()} | self._lease())
            return self._read(connection, key) if claimed.rowcount else None

    def renew(self, keys: Collection[str]) -> Mapping[str, datetime]:
        """Keep what this process has claimed for another LEASE; those of the `keys`, and until when (UTC)."""
        ours = self._us | {"keys": list(keys)}
        with self._engine.begin() as connection:
            connection.execute(RENEW, ours | self._lease())
            return {row.key: row.leased_until for row in connection.execute(RENEWED, ours)}

    def is_busy(self, conversation: str) -> bool:
        """Whether a message of `conversation` waits for its answer."""
        with self._engine.connect() as connection:
            return connection.execute(BUSY, self._here | {"in": conversation}).first() is not None

    def amend(self, key: str, message: Mapping[str, Any]) -> None:
        """Keep what was learned of a message since it was taken. Raises NotOurs."""
        self._change(key, message=dict(message), conversation=message["conversation"])

    def posted(self, key: str, count: int) -> None:
        """Note that the first `count` answers to a message have been posted. Raises NotOurs."""
        self._change(key, posted=count)

    def done(self, key: str) -> None:
        """Drop an answered message; its key is remembered for KEPT. Raises NotOurs."""
        self._change(key, message=None)

    def forget(self) -> None:
        """Drop the keys that are not to be remembered any longer."""
        with self._engine.begin() as connection:
            connection.execute(FORGET, self._here | {"before": _now() - KEPT})

    def _lease(self) -> dict[str, Any]:
        return {"worker": self._us["us"], "leased_until": _now() + LEASE}

    def _read(self, connection: Connection, key: str) -> Waiting:
        row = connection.execute(ONE, self._here | {"of": key}).one()
        return Waiting(row.key, row.message, row.posted, row.taken_at, row.leased_until)

    def _change(self, key: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            if not connection.execute(CHANGE, self._us | {"of": key} | values).rowcount:
                raise NotOurs(f"{key} has another worker")


def age(waiting: Waiting) -> float:
    """Seconds since a message came in."""
    return (_now() - waiting.taken_at).total_seconds()


def remaining(until: datetime) -> float:
    """Seconds until a lease runs out."""
    return (until - _now()).total_seconds()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
