"""What came in from a platform and is not answered yet, kept so that a restart loses nothing and doubles nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, create_engine, delete, select, update
from sqlalchemy.exc import IntegrityError

KEPT = timedelta(days=1)
"""How long the key of an answered message is remembered; platforms repeat theirs for an hour at most."""

metadata = MetaData()
deliveries = Table(
    "deliveries",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("message", JSON(none_as_null=True), nullable=True),
    Column("posted", Integer, nullable=False),
    Column("taken_at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class Waiting:
    """A message that is not answered yet, how many of its answers have been posted, and when it came in (UTC)."""

    key: str
    message: Mapping[str, Any]
    posted: int
    taken_at: datetime


class Deliveries:
    """The messages of one channel in the database at `url`; the text is dropped once it is answered."""

    def __init__(self, url: str, channel: str) -> None:
        # No patient text may reach a log: neither the parameters nor the rows that the library tells at DEBUG.
        self._engine = create_engine(url, future=True, hide_parameters=True, logging_name="deliveries")
        logging.getLogger("sqlalchemy.engine.Engine.deliveries").setLevel(logging.WARNING)
        self._channel = channel
        metadata.create_all(self._engine)

    def take(self, key: str, message: Mapping[str, Any]) -> bool:
        """Keep a message under the platform's `key` for it; False if that key was taken before."""
        row = {"channel": self._channel, "key": key, "message": dict(message), "posted": 0, "taken_at": _now()}
        try:
            with self._engine.begin() as connection:
                connection.execute(deliveries.insert().values(row))
        except IntegrityError:
            return False
        return True

    def waiting(self) -> list[str]:
        """The keys of what was taken and is not answered yet, oldest first."""
        keys = select(deliveries.c.key).where(self._here, deliveries.c.message.is_not(None))
        with self._engine.connect() as connection:
            return [row.key for row in connection.execute(keys.order_by(deliveries.c.taken_at))]

    def read(self, key: str) -> Waiting | None:
        """A message as it stands; None if it is answered."""
        one = select(deliveries).where(self._here, deliveries.c.key == key, deliveries.c.message.is_not(None))
        with self._engine.connect() as connection:
            row = connection.execute(one).one_or_none()
        return Waiting(row.key, row.message, row.posted, row.taken_at) if row else None

    def amend(self, key: str, message: Mapping[str, Any]) -> None:
        """Keep what was learned of a message since it was taken."""
        self._set(key, message=dict(message))

    def posted(self, key: str, count: int) -> None:
        """Note that the first `count` answers to a message have been posted."""
        self._set(key, posted=count)

    def done(self, key: str) -> None:
        """Drop an answered message; its key is remembered for KEPT, older ones are forgotten."""
        self._set(key, message=None)
        answered = delete(deliveries).where(
            self._here, deliveries.c.message.is_(None), deliveries.c.taken_at < _now() - KEPT
        )
        with self._engine.begin() as connection:
            connection.execute(answered)

    @property
    def _here(self) -> Any:
        return deliveries.c.channel == self._channel

    def _set(self, key: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(deliveries).where(self._here, deliveries.c.key == key).values(**values))


def age(waiting: Waiting) -> float:
    """Seconds since a message came in."""
    return (_now() - waiting.taken_at).total_seconds()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
