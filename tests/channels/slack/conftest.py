"""What the tests of the Slack channel share: a workspace with the servers in it, started once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.channels.slack.person import SECRET, Person
from tests.channels.slack.stand_in import TOKEN, StandIn
from tests.served import Served, start


@dataclass
class Workspace:
    """The stand-in of Slack, and the servers that talk to it."""

    slack: StandIn
    served: Served

    def person(self) -> Person:
        """Somebody new, in a channel of their own."""
        return Person(f"{self.served.url('slack')}webhook", self.slack)

    def restart(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Stop the servers and start them again on the same ports."""
        self.served.stop()
        meanwhile()
        self.served = start(self.served.ports, more=environment(self.slack))


def environment(slack: StandIn) -> dict[str, str]:
    """What turns the channel on."""
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.url}


@pytest.fixture(scope="session")
def workspace() -> Iterator[Workspace]:
    """The workspace; at the end, no call to Slack may have been one that Slack would refuse."""
    from service.build import build_all
    from service.settings import settings

    build_all(settings())
    slack = StandIn()
    running = Workspace(slack, start(more=environment(slack)))
    yield running
    running.served.stop()
    slack.stop()
    assert not slack.complaints


@pytest.fixture
def person(workspace: Workspace) -> Person:
    """Somebody in a channel of their own."""
    return workspace.person()


@pytest.fixture
def slack(workspace: Workspace) -> Iterator[StandIn]:
    """The stand-in of Slack; what a test made of it ends with the test."""
    yield workspace.slack
    workspace.slack.down = False
    workspace.slack.next.clear()
