"""The databases that the record is tested in: SQLite and PostgreSQL, each empty for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from audit.rows import Entry
from tests.audit.entries import made
from tests.databases import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'audit.sqlite'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"audit_{uuid4().hex}"
    admin = create_engine(server.url, isolation_level="AUTOCOMMIT", future=True)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.url.removesuffix("postgres") + name
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Makes an answer to be recorded."""
    return made
