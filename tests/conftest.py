"""What tests of the dialogue share: the trained model and conversations with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from tests.assistant import Conversation
    from tests.databases import Postgres, Redis
    from tests.served import Served

# Rasa takes seconds to import; tests of the core need not wait for it, hence the imports in the fixtures.


@pytest.fixture(scope="session")
def agent() -> Agent:
    """The assistant, built if stale and loaded once."""
    from service.build import build_all
    from service.settings import settings
    from tests.assistant import load_agent

    return load_agent(build_all(settings()))


@pytest.fixture
def conversation(agent: Agent) -> Callable[[], Conversation]:
    """Starts a new conversation each time it is called."""
    from tests.assistant import Conversation

    return lambda: Conversation(agent)


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The servers, shared by the tests that leave them running."""
    from service.build import build_all
    from service.settings import settings
    from tests.served import start

    build_all(settings())
    running = start()
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, of either kind in turn."""
    from tests.databases import database

    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kept.sqlite'}"
        return
    with database(request.getfixturevalue("postgres")) as made:
        yield made


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL, shared by the tests that neither kill it nor mind what others leave in it."""
    from tests import databases

    with databases.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A Redis, shared in the same way."""
    from tests import databases

    with databases.redis() as server:
        yield server
