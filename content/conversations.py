"""Conversations as Rasa's tracker store keeps them: one row an event, read without Rasa."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
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
READ = ("user", "bot", "session_started")
"""Events that are read: what was said on both sides, and where a case begins."""
LATEST = 5
"""Conversations named where the one asked for is not there."""


@dataclass(frozen=True)
class Turn:
    """A message of the clinician and what came back.

    `key` is the number of its row, `intent` what it was taken for and `guesses` what it may have been, best first;
    `reads` and `corrects` are the facts that it tells and takes back, `payload` and `answer` the payload of the
    first answer that has one, and the words of all.
    """

    key: int
    text: str
    intent: str | None
    guesses: tuple[tuple[str, float], ...] = ()
    reads: frozenset[str] = frozenset()
    corrects: frozenset[str] = frozenset()
    payload: Mapping[str, Any] = field(default_factory=dict)
    answer: str = ""


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
    held = list(sessions(connection, chosen))
    if not held:
        raise Refused(f"In the conversation {chosen!r} nothing was said.")
    return held[-1]


def session_of(connection: Connection, key: int) -> list[Turn]:
    """The turns of the session in which the turn `key` stands. Raises Refused if there is no such turn."""
    sender = connection.execute(select(EVENTS.c.sender_id).where(EVENTS.c.id == key)).scalar()
    for session in sessions(connection, sender) if sender is not None else ():
        if any(turn.key == key for turn in session):
            return session
    raise Refused(f"There is no turn {key}; python -m content review names those to look at.")


def sessions(connection: Connection, sender: str | None = None) -> Iterator[list[Turn]]:
    """The turns of each session in which something was said, of one `sender` or of everybody.

    A session is about one case: "new patient" begins another.
    """
    query = select(EVENTS).where(EVENTS.c.type_name.in_(READ)).order_by(EVENTS.c.sender_id, EVENTS.c.id)
    if sender is not None:
        query = query.where(EVENTS.c.sender_id == sender)
    for _, rows in groupby(connection.execute(query), key=lambda row: row.sender_id):
        yield from _sessions((row.id, json.loads(row.data)) for row in rows)


def _advice(connection: Connection, wanted: str, ids: list[str]) -> str:
    if ids:
        return f"Several conversations begin with {wanted!r}: {', '.join(ids[:LATEST])}. Say more of the one you mean."
    latest = connection.execute(
        select(EVENTS.c.sender_id)
        .where(EVENTS.c.type_name == "user")
        .group_by(EVENTS.c.sender_id)
        .order_by(func.max(EVENTS.c.id).desc())
        .limit(LATEST)
    )
    there = ", ".join(row[0] for row in latest) or "none at all"
    return f"No conversation has the id {wanted!r}. The latest are: {there}."


def _sessions(events: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[list[Turn]]:
    turns: list[Turn] = []
    for key, event in events:
        if event["event"] == "session_started":
            if turns:
                yield turns
            turns = []
        elif event["event"] == "user" and str(event.get("text") or "").strip():
            turns.append(_turn(key, event))
        elif event["event"] == "bot" and turns:
            turns[-1] = _answered(turns[-1], event)
    if turns:
        yield turns


def _turn(key: int, event: Mapping[str, Any]) -> Turn:
    parsed = event.get("parse_data") or {}
    entities = [entity for entity in parsed.get("entities") or () if "words" in entity]
    return Turn(
        key=key,
        text=str(event["text"]).strip(),
        intent=(parsed.get("intent") or {}).get("name"),
        guesses=tuple((guess["name"], guess["confidence"]) for guess in parsed.get("intent_ranking") or ()),
        reads=frozenset(entity["entity"] for entity in entities),
        corrects=frozenset(entity["entity"] for entity in entities if entity.get("correction")),
    )


def _answered(turn: Turn, event: Mapping[str, Any]) -> Turn:
    """`turn` with one more message of the answer."""
    words = "\n".join(filter(None, (turn.answer, event.get("text"))))
    payload = (event.get("data") or {}).get("custom")
    if turn.payload or not isinstance(payload, Mapping) or "type" not in payload:
        payload = turn.payload
    return replace(turn, answer=words, payload=payload)
