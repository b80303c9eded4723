"""What came in from a platform and is not answered yet, kept so that a restart loses nothing and doubles nothing.

Several processes may share the table. Each message is claimed by one of them before it is worked on; a claim is a
lease, so that another takes over what a process that died has left. Their clocks have to agree within some seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from storage.database import make_tables, open_database

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
Index("claimed_deliveries_conversation", deliveries.c.channel, deliveries.c.conversation)


class NotOurs(Exception):
    """A message is another process's by now, because this one stood still for longer than its lease."""


@dataclass(frozen=True)
class Waiting:
    """A message that is not answered yet, how many of its answers have been posted, and when it came in (UTC)."""

    key: str
    message: Mapping[str, Any]
    posted: int
    taken_at: datetime


class Deliveries:
    """The messages of one channel in the database at `url`; the text is dropped once it is answered.

    `worker` names this process: no two that run at a time may have the same name, and one that is started again keeps
    it, so that it goes on at once with what it left. Every method raises sqlalchemy.exc.SQLAlchemyError while the
    database is away.
    """

    def __init__(self, url: str, channel: str, worker: str) -> None:
        self._engine = open_database(url, "deliveries")
        self._channel = channel
        self._worker = worker
        make_tables(self._engine, metadata)

    def take(self, key: str, message: Mapping[str, Any]) -> bool:
        """Keep a message under the platform's `key` for it; False if that key was taken before."""
        row = {
            "channel": self._channel,
            "key": key,
            "conversation": message["conversation"],
            "message": dict(message),
            "posted": 0,
            "taken_at": _now(),
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(deliveries.insert().values(row))
        except IntegrityError:
            return False
        return True

    def waiting(self) -> list[str]:
        """The keys of what was taken, is not answered yet, and no other process has, oldest first."""
        keys = select(deliveries.c.key).where(self._left())
        with self._engine.connect() as connection:
            return [row.key for row in connection.execute(keys.order_by(deliveries.c.taken_at))]

    def claim(self, key: str) -> Waiting | None:
        """Claim a message for this process, which has it until the lease runs out.

        None if it is answered, or another process has it, or an earlier one of its conversation comes first.
        """
        other = deliveries.alias()
        before = select(other.c.key).where(
            other.c.channel == self._channel,
            other.c.conversation == deliveries.c.conversation,
            other.c.key != key,
            other.c.message.is_not(None),
            or_(other.c.taken_at < deliveries.c.taken_at, other.c.leased_until > _now()),
        )
        wanted = (self._left(), deliveries.c.key == key, ~before.exists())
        with self._engine.begin() as connection:
            claimed = connection.execute(update(deliveries).where(*wanted).values(self._lease()))
        return self._read(key) if claimed.rowcount else None

    def renew(self, keys: Collection[str]) -> None:
        """Keep what this process has claimed for another LEASE."""
        ours = (self._here, deliveries.c.key.in_(keys), deliveries.c.worker == self._worker)
        with self._engine.begin() as connection:
            connection.execute(update(deliveries).where(*ours).values(self._lease()))

    def is_busy(self, conversation: str) -> bool:
        """Whether a message of `conversation` waits for its answer."""
        one = select(deliveries.c.key).where(
            self._here, deliveries.c.conversation == conversation, deliveries.c.message.is_not(None)
        )
        with self._engine.connect() as connection:
            return connection.execute(one.limit(1)).first() is not None

    def amend(self, key: str, message: Mapping[str, Any]) -> None:
        """Keep what was learned of a message since it was taken. Raises NotOurs."""
        self._set(key, message=dict(message), conversation=message["conversation"])

    def posted(self, key: str, count: int) -> None:
        """Note that the first `count` answers to a message have been posted. Raises NotOurs."""
        self._set(key, posted=count)

    def done(self, key: str) -> None:
        """Drop an answered message; its key is remembered for KEPT, older ones are forgotten. Raises NotOurs."""
        self._set(key, message=None)
        answered = delete(deliveries).where(
            self._here, deliveries.c.message.is_(None), deliveries.c.taken_at < _now() - KEPT
        )
        with self._engine.begin() as connection:
            connection.execute(answered)

    @property
    def _here(self) -> Any:
        return deliveries.c.channel == self._channel

    def _left(self) -> Any:
        """What waits for an answer, and is no other process's."""
        c = deliveries.c
        free = or_(c.worker.is_(None), c.worker == self._worker, c.leased_until < _now())
        return and_(self._here, c.message.is_not(None), free)

    def _lease(self) -> dict[str, Any]:
        return {"worker": self._worker, "leased_until": _now() + LEASE}

    def _read(self, key: str) -> Waiting:
        one = select(deliveries).where(self._here, deliveries.c.key == key)
        with self._engine.connect() as connection:
            row = connection.execute(one).one()
        return Waiting(row.key, row.message, row.posted, row.taken_at)

    def _set(self, key: str, **values: Any) -> None:
        ours = (self._here, deliveries.c.key == key, deliveries.c.worker == self._worker)
        with self._engine.begin() as connection:
            if not connection.execute(update(deliveries).where(*ours).values(**values)).rowcount:
                raise NotOurs(f"{key} has another worker")


def age(waiting: Waiting) -> float:
    """Seconds since a message came in."""
    return (_now() - waiting.taken_at).total_seconds()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
