"""How databases are opened: a table of an earlier version is named, and not found out by failing statements."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert

from storage.database import IN_TURN, carried_out, make_tables, open_database


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
