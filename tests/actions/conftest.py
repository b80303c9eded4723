"""The actions read the knowledge store, built if it is stale, and what they answer is recorded nowhere."""

from __future__ import annotations

import pytest

from actions.record import Recorder, use
from audit.rows import Versions
from knowledge.store import build, is_current


@pytest.fixture(scope="session", autouse=True)
def store() -> None:
    """A current knowledge store, before the first action asks for it."""
    if not is_current():
        build()


@pytest.fixture(autouse=True)
def recorder() -> None:
    """Whatever is answered can be recorded."""
    use(Recorder(lambda *_, **__: None, "of tests", Versions(model="", rules="", code="")))
