"""What tests of the dialogue share: the trained model and conversations with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from tests.assistant import Conversation

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
