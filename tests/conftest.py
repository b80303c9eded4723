"""What every test can use: the built knowledge store, the trained model, conversations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rasa.core.agent import Agent

from service.build import build_all
from service.settings import settings
from tests.assistant import Conversation, load_agent


@pytest.fixture(scope="session")
def agent() -> Agent:
    """The assistant, built if stale and loaded once."""
    return load_agent(build_all(settings()))


@pytest.fixture
def conversation(agent: Agent) -> Callable[[], Conversation]:
    """Starts a new conversation each time it is called."""
    return lambda: Conversation(agent)
