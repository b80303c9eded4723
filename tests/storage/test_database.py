"""How databases are opened: a table of an earlier version is named, and not found out by failing statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table

from storage.database import make_tables, open_database


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
