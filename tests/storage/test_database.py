"""How databases are opened: a table of an earlier version is named, and not found out by failing statements."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, text

from storage.database import IN_TURN, PATIENCE, carried_out, make_tables, open_database
from tests.databases import Postgres


def tables(*names: str) -> MetaData:
    """One table with a number and the columns `names`."""
    metadata = MetaData()
    Table("kept", metadata, Column("number", Integer, primary_key=True), *(Column(name, String(9)) for name in names))
    return metadata


def test_a_table_of_an_earlier_version_is_named(tmp_path: Path) -> None:
    """The message says which table of which database lacks what, and how to mend it."""
    engine = open_database(f"sqlite:///{tmp_path / 'kept.sqlite'}", "test")
    make_tables(engine, tables("first"))
    make_tables(engine, tables("first"))
    with pytest.raises(ValueError, match=r"table kept of .*kept\.sqlite is of an earlier version: it lacks second"):
        make_tables(engine, tables("first", "second"))


def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the process lets others do, and with what SQLite writes beside it."""
    before = os.umask(0o022)
    try:
        engine = open_database(f"sqlite:///{tmp_path / 'kept.sqlite'}", "test")
        make_tables(engine, tables("first"))
        kept = list(tmp_path.iterdir())
        assert {"kept.sqlite", "kept.sqlite-wal"} <= {path.name for path in kept}
        assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    finally:
        os.umask(before)


def test_what_somebody_waits_for_may_take_long(postgres: Postgres) -> None:
    """A turn is cut off after seconds; a command that looks through years is not, whatever its user's limit is."""
    admin = open_database(postgres.url, "test")
    with admin.begin() as connection:
        connection.execute(text("ALTER ROLE postgres SET statement_timeout = '100ms'"))
    try:
        with open_database(postgres.url, "test", hurried=False).connect() as connection:
            connection.execute(text("SELECT pg_sleep(0.3)"))
        with open_database(postgres.url, "test").connect() as connection:
            assert connection.execute(text("SHOW statement_timeout")).scalar() == f"{PATIENCE}s"
    finally:
        with admin.begin() as connection:
            connection.execute(text("ALTER ROLE postgres RESET statement_timeout"))


def test_a_file_that_another_process_has_locked_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    """Who writes waits until it is free; everybody else goes on after a moment."""
    engine = open_database(f"sqlite:///{tmp_path / 'kept.sqlite'}", "test", in_turn=True)
    kept = tables("first")
    make_tables(engine, kept)
    other = sqlite3.connect(tmp_path / "kept.sqlite", isolation_level=None)

    def write() -> int:
        with engine.begin() as connection:
            return connection.execute(insert(kept.tables["kept"]), {"first": "x"}).rowcount

    async def waits() -> tuple[int, float]:
        other.execute("BEGIN IMMEDIATE")
        asyncio.get_running_loop().call_later(4 * IN_TURN, other.execute, "COMMIT")
        writing = asyncio.ensure_future(carried_out(engine, write))
        longest = before = 0.0
        while not writing.done():
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)
        return await writing, longest

    written, longest = asyncio.run(waits())
    assert written == 1 and longest < 3 * IN_TURN
    other.close()
