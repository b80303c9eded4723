"""The table of answers in SQLite or PostgreSQL: rows are added at its end, and nothing of them ever changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
    false,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.sql.expression import ColumnElement

from audit.guards import guard, missing
from audit.rows import COLUMNS, Entry, Head, Row, Withdrawn, row_after
from storage.batches import in_batches
from storage.database import open_database

CHAIN = 8_422_657
"""The number of the lock that PostgreSQL holds for who writes the end of the chain."""
AT_ONCE = 1000
"""Rows that are read at once."""
ALWAYS = ("", "~")
"""Before and after every moment, as moments are written."""

logger = logging.getLogger(__name__)
metadata = MetaData()
answers = Table(
    "answers",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False, index=True),
    Column("channel", String(40), nullable=False),
    Column("conversation", String(64), nullable=False, index=True),
    Column("message", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("facts", Text, nullable=False),
    Column("outcome", String(200), nullable=True),
    Column("digest", String(64), nullable=False),
    Column("knowledge", String(40), nullable=False),
    Column("model", String(40), nullable=False),
    Column("rules", String(40), nullable=False),
    Column("code", String(40), nullable=False),
    Column("begins", Boolean, nullable=False),
    Column("text_digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=True),
    Column("salt", String(32), nullable=True),
    Column("follows", String(64), nullable=True),
)
WITH_TEXT = answers.c.text.is_not(None)
Index("answers_with_text", answers.c.at, sqlite_where=WITH_TEXT, postgresql_where=WITH_TEXT)
"""What retention looks through: of a record of years only what still has its text."""


class Audit:
    """The answers recorded in the database at `url`. Every method may raise sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, url: str, hurried: bool = True) -> None:
        """`hurried` as storage.database.open_database takes it."""
        self._engine = _engine(url, hurried)
        self._made = False

    def record(self, *entries: Entry, unless: Callable[[], bool] = lambda: False) -> Head:
        """Add the entries, in their order; returns the new end of the chain.

        Raises Withdrawn, and adds nothing, if `unless` is true by the time that they could be committed.
        """
        with self._writing() as connection:
            head = _head(connection)
            for entry in entries:
                row = row_after(head, entry)
                connection.execute(answers.insert(), asdict(row))
                head = Head(row.sequence, row.hash)
            if unless():
                raise Withdrawn
            return head

    def unguarded(self) -> set[str]:
        """The names of guards that the table should have and does not; the next process that records sets them up."""
        with self._engine.connect() as connection:
            if not _is_made(connection):
                return set()
            return missing(connection, [column.name for column in _columns(connection)])

    def check(self) -> None:
        """Find out whether answers can be recorded: everything but a row is written."""
        with self._writing() as connection:
            nothing = select(*(answers.c[name] for name in COLUMNS)).where(false())
            connection.execute(answers.insert().from_select(COLUMNS, nothing))

    def head(self) -> Head:
        """The end of the chain."""
        with self._engine.connect() as connection:
            return _head(connection) if _is_made(connection) else Head()

    def rows(self, since: str = ALWAYS[0], until: str = ALWAYS[1], after: int = 0) -> Iterator[Row]:
        """The rows behind row `after` in their order; with `since` and `until` (UTC, ISO 8601) those of a time, the
        latter left out."""
        within = (answers.c.at >= since) & (answers.c.at < until)
        with self._engine.connect() as connection:
            if not _is_made(connection):
                return
            columns, first, last = _columns(connection), 1, _head(connection).sequence
            if (since, until) != ALWAYS:
                first, last = _ends(connection, within)
            before = max(after, first - 1)
            while before < last:
                chosen = select(*columns).where(answers.c.sequence > before, answers.c.sequence <= last, within)
                page = connection.execute(chosen.order_by(answers.c.sequence).limit(AT_ONCE)).mappings().all()
                yield from (Row(**row) for row in page)
                if not page:
                    return
                before = page[-1]["sequence"]

    def conversations(self, since: str = "") -> Iterator[str]:
        """The pseudonyms of the conversations in which something was answered since a moment (UTC, ISO 8601), in
        their order; some at a time, as there may be millions."""
        last = ""
        chosen = select(answers.c.conversation).distinct().order_by(answers.c.conversation).limit(AT_ONCE)
        if since:
            chosen = chosen.where(answers.c.at >= since)
        while True:
            with self._engine.connect() as connection:
                some = chosen.where(answers.c.conversation > last)
                page = connection.execute(some).scalars().all() if _is_made(connection) else []
            yield from page
            if len(page) < AT_ONCE:
                return
            last = page[-1]

    def of(self, conversation: str) -> list[Row]:
        """The rows of a conversation, by its pseudonym, in their order."""
        with self._engine.connect() as connection:
            chosen = select(*_columns(connection)).where(answers.c.conversation == conversation)
            found = connection.execute(chosen.order_by(answers.c.sequence)).mappings()
            return [Row(**row) for row in found]

    def forget_texts(self, before: str, dry: bool = False) -> int:
        """Empty the texts of rows older than `before` (UTC, ISO 8601); returns how many there are.

        The end of the chain stays free meanwhile, so that answers are recorded.
        """
        old = (answers.c.at < before) & WITH_TEXT
        with self._engine.connect() as connection:
            if not _is_made(connection):
                return 0
            if dry:
                return int(connection.execute(select(func.count()).where(old)).scalar_one())
        count = in_batches(self._engine, update(answers).where(old).values(text=None, salt=None), answers.c.sequence)
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return count

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction in which nobody else writes the chain."""
        self._make()
        with self._alone() as connection:
            yield connection

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.execute(text("BEGIN IMMEDIATE"))
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:chain)"), {"chain": CHAIN})
            yield connection

    def _make(self) -> None:
        """Make the table with its guards, when it is first needed: a database that is away stops no start.

        Where they stand, no right is needed but to read and to add rows.
        """
        if self._made:
            return
        with self._alone() as connection:
            was_made = _is_made(connection)
            metadata.create_all(connection)
            grew = _grown(connection)
            if gone := missing(connection, COLUMNS):
                if was_made and not grew:
                    logger.error("Guards of the record were gone or changed: %s. They are set up again.", gone)
                guard(connection, COLUMNS)
        self._made = True


def _is_made(connection: Connection) -> bool:
    return bool(inspect(connection).has_table(answers.name))


def _columns(connection: Connection) -> list[Column[Any]]:
    """The columns that the table has: in one of an earlier version those that came later are missing."""
    there = {column["name"] for column in inspect(connection).get_columns(answers.name)}
    return [column for column in answers.c if column.name in there]


def _grown(connection: Connection) -> bool:
    """Give a table of an earlier version the columns that came later; returns whether there were any."""
    there = {column.name for column in _columns(connection)}
    later = [column for column in answers.c if column.name not in there]
    for column in later:
        kind = column.type.compile(connection.dialect)
        connection.execute(text(f"ALTER TABLE {answers.name} ADD COLUMN {column.name} {kind}"))
    return bool(later)


def _head(connection: Connection) -> Head:
    last = select(answers.c.sequence, answers.c.hash).order_by(answers.c.sequence.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return Head(row.sequence, row.hash) if row else Head()


def _ends(connection: Connection, within: ColumnElement[bool]) -> tuple[int, int]:
    """The first and the last number of the rows that are `within` a time; of none 1 and 0."""
    # Of a sum, so that PostgreSQL goes by the index of moments: by that of numbers it looks through years.
    number = answers.c.sequence + 0
    first, last = connection.execute(select(func.min(number), func.max(number)).where(within)).one()
    return (first, last) if first else (1, 0)


def _engine(url: str, hurried: bool) -> Engine:
    engine = open_database(url, "audit", hurried=hurried)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepared)
    return engine


def _prepared(connection: Any, _: object) -> None:
    # Transactions are begun by this module: sqlite3 itself would begin them too late.
    connection.isolation_level = None
    # A power cut may cost the last answers, and never a part of one.
    connection.execute("PRAGMA synchronous=NORMAL")
    # Texts that were emptied are gone from the file, too.
    connection.execute("PRAGMA secure_delete=ON")
