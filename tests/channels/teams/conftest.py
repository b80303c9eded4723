"""The running servers with Bot Framework's stand-in, shared by the tests of the Teams channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.channels.teams.client import Thread
from tests.channels.teams.platform import Platform, running_platform

if TYPE_CHECKING:
    from tests.served import Served


@dataclass
class Teams:
    """The stand-in and the servers that talk to it."""

    platform: Platform
    served: Served

    @property
    def url(self) -> str:
        """Where activities are sent."""
        return f"http://127.0.0.1:{self.served.ports[0]}/webhooks/teams/messages"

    def thread(self, scope: str = "personal", **given: str) -> Thread:
        """A new conversation."""
        return Thread(self.platform, self.url, scope, **given)


@pytest.fixture(scope="session")
def teams() -> Iterator[Teams]:
    """Servers with the Teams channel switched on."""
    from service.build import build_all
    from service.settings import settings
    from tests.served import start

    build_all(settings())
    with running_platform() as platform:
        served = start(more=platform.environment)
        yield Teams(platform, served)
        served.stop()


@pytest.fixture
def thread(teams: Teams) -> Iterator[Callable[..., Thread]]:
    """Opens conversations; the platform is up again after each test, and nothing was posted amiss."""
    yield teams.thread
    teams.platform.fail = teams.platform.no_cards = None
    teams.platform.typing_takes = 0.0
    assert not teams.platform.complaints, teams.platform.complaints
