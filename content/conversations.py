"""Conversations as Rasa's tracker store keeps them: one row an event, read without Rasa."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, create_engine, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from terminal.questions import Refused

EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255)),
    Column("type_name", String(255)),
    Column("timestamp", Float),
    Column("data", Text),
)
"""The columns that are read of the table that rasa.core.tracker_store.SQLTrackerStore writes."""
WARM_UP = "warm-up-"
"""The id of what service.supervisor says to the servers when they start begins so."""
LATEST = 5
"""Conversations named where the one asked for is not there."""


@dataclass(frozen=True)
class Turn:
    """A message of the clinician with the intent given to it, and the payload of the first answer, if it had one."""

    text: str
    intent: str | None
    payload: Mapping[str, Any] | None


@contextmanager
def database(url: str) -> Iterator[Connection]:
    """A connection to the tracker store at `url`. Raises Refused if nothing can be read there."""
    # SQLite would make a file that is not there; opened read-only it says so.
    path = url.removeprefix("sqlite:///")
    readable = url if path == url or "?" in url else f"sqlite:///file:{path}?mode=ro&uri=true"
    if path != url and "?" not in url and not Path(path).exists():
        raise Refused(f"There is no {path}: no conversation was held here yet, or --database has to name the store.")
    try:
        with create_engine(readable, poolclass=NullPool).connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise Refused(f"No conversations can be read from {path}: {reason}.") from None


def conversation(connection: Connection, wanted: str) -> list[Turn]:
    """The turns of the last session of the conversation whose id is `wanted`, or begins so.

    Raises Refused if none or several do.
    """
    found = connection.execute(
        select(EVENTS.c.sender_id).distinct().where(EVENTS.c.sender_id.startswith(wanted, autoescape=True))
    )
    ids = sorted(row[0] for row in found)
    if wanted not in ids and len(ids) != 1:
        raise Refused(_advice(connection, wanted, ids))
    chosen = wanted if wanted in ids else ids[0]
    events = connection.execute(select(EVENTS.c.data).where(EVENTS.c.sender_id == chosen).order_by(EVENTS.c.id))
    turns = _turns(_last_session([json.loads(row[0]) for row in events]))
    if not turns:
        raise Refused(f"In the conversation {chosen!r} nothing was said.")
    return turns


def _advice(connection: Connection, wanted: str, ids: list[str]) -> str:
    if ids:
        return f"Several conversations begin with {wanted!r}: {', '.join(ids[:LATEST])}. Say more of the one you mean."
    latest = connection.execute(
        select(EVENTS.c.sender_id)
        .where(EVENTS.c.type_name == "user", ~EVENTS.c.sender_id.startswith(WARM_UP))
        .group_by(EVENTS.c.sender_id)
        .order_by(func.max(EVENTS.c.id).desc())
        .limit(LATEST)
    )
    there = ", ".join(row[0] for row in latest) or "none at all"
    return f"No conversation has the id {wanted!r}. The latest are: {there}."


def _last_session(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events since the last start of a session in which something was said: the one before is another case."""
    session: list[dict[str, Any]] = []
    for event in events:
        if event["event"] == "session_started" and any(later["event"] == "user" for later in _after(events, event)):
            session = []
        session.append(event)
    return session


def _after(events: list[dict[str, Any]], event: dict[str, Any]) -> Iterable[dict[str, Any]]:
    return events[next(i for i, other in enumerate(events) if other is event) :]


def _turns(events: Iterable[dict[str, Any]]) -> list[Turn]:
    turns: list[Turn] = []
    for event in events:
        if event["event"] == "user" and (text := str(event.get("text") or "").strip()):
            intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
            turns.append(Turn(text, intent, None))
        elif event["event"] == "bot" and turns and turns[-1].payload is None:
            payload = (event.get("data") or {}).get("custom")
            if isinstance(payload, Mapping) and "type" in payload:
                turns[-1] = Turn(turns[-1].text, turns[-1].intent, payload)
    return turns
