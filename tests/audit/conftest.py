"""The databases that the record is tested in: SQLite and PostgreSQL, each empty for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audit.rows import Entry
from tests.audit import entries
from tests.databases import database


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'audit.sqlite'}"
        return
    with database(request.getfixturevalue("postgres")) as made:
        yield made


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Makes an answer to be recorded."""
    return entries.made
