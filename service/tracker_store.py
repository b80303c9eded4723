"""Where conversations are kept: Rasa's own table in SQLite or PostgreSQL, and the latest of them in memory beside it.

What is in memory is trusted only if its last row stands in the table at every reading, so that it is right when another
worker wrote in between, when a conversation was purged, and after a restart.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ujson
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered, deserialise_events
from sqlalchemy import BigInteger, Integer, bindparam, func, insert, select
from sqlalchemy.orm import sessionmaker
from sqlalchemy.sql import Select

from service.tracker import KeptTracker
from storage.database import Overtaken, carried_out, make_tables, open_database

EVENTS_IN_MEMORY = 20_000
"""Events of conversations in memory (some 2 KB each); those of the conversations longest unused go first."""
REMEMBERED = 24 * 3600.0
"""Seconds for which a message of an earlier session is known again; platforms repeat theirs for an hour at most."""
SESSION = SessionStarted.type_name
OPENING = ("action_session_start",)
"""What stands before the beginning of the first session."""

events = SQLTrackerStore.SQLEvent.__table__
ROW_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""The type of events' numbers: of Rasa's 32 bits a hospital's are used up in years. SQLite's are as wide as need be."""
OF_CONVERSATION = events.c.sender_id == bindparam("conversation")
LATEST_SESSION = select(func.max(events.c.id)).where(OF_CONVERSATION, events.c.type_name == SESSION)
ROWS = select(events.c.id, events.c.timestamp, events.c.type_name, events.c.data).where(OF_CONVERSATION)
ROWS = ROWS.order_by(events.c.id)
"""Rows of a conversation, oldest first."""
TOTAL = select(func.count()).where(OF_CONVERSATION).scalar_subquery().label("total")
"""How many rows it has in all: counting them takes longer each time, and is for the first reading alone."""
ROWS_SINCE = ROWS.where(events.c.id >= bindparam("row"))
ROWS_OF_SESSION = ROWS.add_columns(TOTAL).where(events.c.id >= func.coalesce(LATEST_SESSION.scalar_subquery(), 0))
"""By the order in which rows were written: the clocks of two machines need not agree."""
SAID_BEFORE = (
    select(events.c.id)
    .where(OF_CONVERSATION, events.c.type_name == UserUttered.type_name, events.c.timestamp > bindparam("since"))
    .where(events.c.id < LATEST_SESSION.scalar_subquery())
    .where(func.replace(events.c.data, bindparam("message"), "") != events.c.data)
    .limit(1)
)
"""Every database can replace, and takes the name as it is: in LIKE some characters stand for others, in SQLite their
capitals, too."""
NEWEST = select(events.c.id).where(OF_CONVERSATION).order_by(events.c.id.desc()).limit(bindparam("most"))
ALONE = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("conversation"), 0)))
"""In PostgreSQL: one writer at a time in a conversation, until the end of the transaction."""


@dataclass(frozen=True)
class _Known:
    """The latest session of a conversation as it was last read; how many rows all sessions have, and the last row."""

    tracker: KeptTracker
    rows: int
    last: tuple[int, float]


class ConversationStore(SQLTrackerStore):  # type: ignore[misc]
    """The tracker store of endpoints.yml, whose `url` there is the database's as SQLAlchemy writes it.

    While the database is away every method raises sqlalchemy.exc.SQLAlchemyError: an empty conversation in its place
    would forget the case.
    """

    def __init__(self, domain: Domain | None = None, host: str = "", event_broker: EventBroker | None = None) -> None:
        TrackerStore.__init__(self, domain, event_broker)
        self.engine = open_database(host, "conversations", in_turn=True)
        self.sessionmaker = sessionmaker(bind=self.engine)
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._held = 0
        """Events of all that is known."""
        self._local = self.engine.dialect.name == "sqlite"
        events.c.id.type = ROW_NUMBER
        make_tables(self.engine, SQLTrackerStore.Base.metadata)

    def init_tracker(self, sender_id: str) -> KeptTracker:
        """An empty tracker."""
        return KeptTracker(sender_id, self.domain.slots, self.max_event_history)

    async def retrieve(self, sender_id: str) -> KeptTracker | None:
        """The latest session of a conversation, for the caller to continue; None if nothing was said in it."""
        known = self._known.get(sender_id)
        now = await self._continued(known) if known else None
        now = now or await self._read(sender_id)
        if now is None:
            self._forget(sender_id)
            return None
        self._keep(now)
        return now.tracker.copy()

    async def retrieve_full_tracker(self, conversation_id: str) -> KeptTracker | None:
        """All sessions of a conversation, to be read; None if nothing was said in any."""
        rows = await self._rows(ROWS, conversation_id)
        return self._replayed(conversation_id, rows) if rows else None

    async def said_before(self, conversation_id: str, message_id: str) -> bool:
        """Whether a message was taken in before the latest session of a conversation, within REMEMBERED."""
        known = self._known.get(conversation_id)
        if known and known.rows - len(known.tracker.events) <= len(OPENING):
            return False  # there is but one session
        lately, named = time.time() - REMEMBERED, ujson.dumps({"message_id": message_id})[1:-1]
        return bool(await self._rows(SAID_BEFORE, conversation_id, since=lately, message=named))

    async def save(self, tracker: KeptTracker) -> None:
        """Write what was said since the tracker was retrieved.

        Raises storage.database.Overtaken if another worker wrote in between: nothing is written then.
        """
        await self.stream_events(tracker)
        new = [_row(tracker.sender_id, each) for each in list(tracker.events)[tracker.stored :]]
        if not new:
            return
        known = self._known.get(tracker.sender_id)
        before, tracker.last = tracker.last, await carried_out(self.engine, self._write, new, tracker.last)
        tracker.stored += len(new)
        begins = any(row["type_name"] == SESSION for row in new)
        if known and known.last[0] == before and not begins:
            self._keep(_Known(tracker.copy(), known.rows + len(new), (tracker.last, new[-1]["timestamp"])))

    async def _continued(self, known: _Known) -> _Known | None:
        """What is known with what was said since; None if its last row is not in the table now, or a session begun."""
        found = await self._rows(ROWS_SINCE, known.tracker.sender_id, row=known.last[0])
        new = found[1:]
        if not found or _place(found[0]) != known.last:
            return None
        if not new:
            return known
        if any(row.type_name == SESSION for row in new):
            return None
        tracker = known.tracker.copy()
        _replay(new, tracker)
        return _Known(tracker, known.rows + len(new), _place(new[-1]))

    async def _read(self, sender_id: str) -> _Known | None:
        rows = await self._rows(ROWS_OF_SESSION, sender_id)
        return _Known(self._replayed(sender_id, rows), rows[0].total, _place(rows[-1])) if rows else None

    def _replayed(self, sender_id: str, rows: Sequence[Any]) -> KeptTracker:
        tracker = self.init_tracker(sender_id)
        _replay(rows, tracker)
        return tracker

    async def _rows(self, which: Select, conversation: str, **more: int | float | str) -> list[Any]:
        return await carried_out(self.engine, self._read_rows, which, {"conversation": conversation, **more})

    def _read_rows(self, which: Select, asked: dict[str, Any]) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(which, asked))

    def _write(self, rows: list[dict[str, Any]], last: int | None) -> int:
        """Write rows that follow the row `last` of their conversation; returns the id of the last of them."""
        conversation = {"conversation": rows[0]["sender_id"]}
        with self.engine.begin() as connection:
            if not self._local:
                connection.execute(ALONE, conversation)
            connection.execute(insert(events), rows)
            ids = connection.execute(NEWEST, conversation | {"most": len(rows) + 1}).scalars().all()
            if (ids[len(rows)] if len(ids) > len(rows) else None) != last:
                raise Overtaken("another worker went on with this conversation")
        return int(ids[0])

    def _keep(self, known: _Known) -> None:
        self._forget(known.tracker.sender_id)
        self._known[known.tracker.sender_id] = known
        self._held += len(known.tracker.events)
        while self._held > EVENTS_IN_MEMORY and len(self._known) > 1:
            self._forget(next(iter(self._known)))

    def _forget(self, sender_id: str) -> None:
        if known := self._known.pop(sender_id, None):
            self._held -= len(known.tracker.events)


def _place(row: Any) -> tuple[int, float]:
    return row.id, row.timestamp


def _replay(rows: Sequence[Any], tracker: KeptTracker) -> None:
    for each in deserialise_events([ujson.loads(row.data) for row in rows]):
        tracker.update(each)
    tracker.stored, tracker.last = len(tracker.events), rows[-1].id


def _row(sender_id: str, told: Event) -> dict[str, Any]:
    data = told.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": told.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": ujson.dumps(data),
    }
