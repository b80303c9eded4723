"""What tests of the dialogue share: the trained model and conversations with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from tests.assistant import Conversation
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
