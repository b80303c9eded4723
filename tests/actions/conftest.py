"""The actions read the knowledge store: build it if it is stale."""

from __future__ import annotations

import pytest

from knowledge.store import build, is_current


@pytest.fixture(scope="session", autouse=True)
def store() -> None:
    """A current knowledge store, before the first action asks for it."""
    if not is_current():
        build()
