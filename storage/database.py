"""How a database is opened: with errors that come within seconds, and nothing of what is in it in a log."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import MetaData, create_engine, event, inspect
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.pool import QueuePool

Result = TypeVar("Result")
PATIENCE = 5
"""Seconds to wait for a connection, for a lock of the database, and for a statement."""
IN_TURN = 0.2
"""Seconds that a turn waits for the lock of a file before it leaves the others alone."""
CONNECTIONS = 5
"""Connections that one engine holds at most. In SQLite several read while one writes; writers take turns."""


class Overtaken(Exception):
    """What was to be stored follows something that has changed since it was read; nothing was stored."""


def open_database(url: str, name: str, in_turn: bool = False, hurried: bool = True) -> Engine:
    """An engine for the database at `url`, as SQLAlchemy writes it; nothing is connected yet.

    `name` is for SQLAlchemy's logger. Whatever goes wrong raises sqlalchemy.exc.SQLAlchemyError within PATIENCE, and of
    what is used `in_turn`, by `carried_out`, a lock of a file within IN_TURN. A command that somebody waits for is not
    `hurried`: its statements may look through all of a table of years. A file that is made here is its owner's alone.
    """
    sqlite = make_url(url).get_backend_name() == "sqlite"
    in_memory = sqlite and make_url(url).database in (None, "", ":memory:")
    engine = create_engine(
        url,
        connect_args=_file(IN_TURN if in_turn else PATIENCE) if sqlite else _server(),
        poolclass=QueuePool,
        # Each connection to a database in memory would open another.
        pool_size=1 if in_memory else CONNECTIONS,
        max_overflow=0,
        pool_timeout=PATIENCE,
        pool_pre_ping=not sqlite,
        hide_parameters=True,
        logging_name=name,
        future=True,
    )
    # The library tells rows at DEBUG.
    logging.getLogger(f"sqlalchemy.engine.Engine.{name}").setLevel(logging.WARNING)
    if not sqlite and not hurried:
        event.listen(engine, "begin", _without_limit)
    if sqlite:
        event.listen(engine, "do_connect", _for_its_owner)
        event.listen(engine, "connect", partial(_beside_a_writer, IN_TURN if in_turn else PATIENCE))
    return engine


def _without_limit(connection: Connection) -> None:
    # In each transaction: a pooler gives another connection to each, and passes nothing on of what was asked before.
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def _for_its_owner(_dialect: object, _record: object, arguments: list[Any], _options: object) -> None:
    """Make a file that is missing, before SQLite makes it for everybody; what it writes beside it is as the file is."""
    path = str(arguments[0])
    # One that is there is not even opened: as it was closed, SQLite's own locks of it would be gone.
    with suppress(OSError):
        if path and not path.startswith(("file:", ":memory:")):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _beside_a_writer(patience: float, connection: sqlite3.Connection, _: object) -> None:
    """Have readers not wait for a writer. In a file that is new SQLite does not wait itself for those who make it."""
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault) or time.monotonic() > until:
                raise
        time.sleep(patience / 100)


async def carried_out(engine: Engine, act: Callable[..., Result], *arguments: Any) -> Result:
    """The result of `act`, which reads or writes in the database of `engine`, opened to be used `in_turn`: in a thread
    where that is a server; at once where it is a file, which is read and written sooner than a thread begins to, unless
    another process has it locked. `act` is tried again then, so that it must be one transaction."""
    if engine.dialect.name != "sqlite":
        return await asyncio.to_thread(act, *arguments)
    try:
        return act(*arguments)
    except OperationalError as fault:
        if not _is_locked(fault):
            raise
    # Another process writes for longer: nobody else is to wait for it.
    return await asyncio.to_thread(_patiently, act, *arguments)


def _is_locked(fault: OperationalError) -> bool:
    return "locked" in str(fault.orig)


def _patiently(act: Callable[..., Result], *arguments: Any) -> Result:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return act(*arguments)
        except OperationalError as fault:
            if not _is_locked(fault) or time.monotonic() > until:
                raise
        time.sleep(IN_TURN)


def make_tables(engine: Engine, tables: MetaData) -> None:
    """Make what is missing of `tables`.

    Raises sqlalchemy.exc.SQLAlchemyError, and ValueError if a table of an earlier version lacks columns.
    """
    try:
        tables.create_all(engine)
    except (IntegrityError, OperationalError, ProgrammingError):
        # Another process may be making them at this moment.
        tables.create_all(engine)
    found = inspect(engine)
    for table in tables.sorted_tables:
        missing = {column.name for column in table.columns} - {item["name"] for item in found.get_columns(table.name)}
        if missing:
            raise ValueError(
                f"The table {table.name} of {engine.url.render_as_string()} is of an earlier version: "
                f"it lacks {', '.join(sorted(missing))}. Stop the assistant, drop the table (for SQLite: delete the "
                "file), and start again."
            )


def _file(patience: float) -> dict[str, Any]:
    return {"timeout": patience, "check_same_thread": False}


def _server() -> dict[str, Any]:
    # A server that is cut off says nothing: without the last two a statement would wait for a quarter of an hour.
    limits = f"-c statement_timeout={1000 * PATIENCE} -c lock_timeout={1000 * PATIENCE}"
    return {"connect_timeout": PATIENCE, "options": limits, "tcp_user_timeout": 1000 * PATIENCE, "keepalives_idle": 30}
