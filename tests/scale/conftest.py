"""Two workers of Rasa on a PostgreSQL and a Redis of their own, with a stand-in of Slack beside them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.channels.slack.conftest import environment
from tests.channels.slack.person import Person
from tests.channels.slack.stand_in import StandIn
from tests.databases import Postgres, Redis, postgres, redis
from tests.served import Served, start

WORKERS = 2


@dataclass
class Scaled:
    """Everything that runs."""

    served: Served
    postgres: Postgres
    redis: Redis
    slack: StandIn

    def person(self) -> Person:
        """Somebody in Slack, in a channel of their own."""
        return Person(f"{self.served.url('slack')}webhook", self.slack, database=self.postgres.url)

    def workers(self) -> list[int]:
        """The processes of Rasa's workers."""
        return self.served.children("service.worker")

    def action_servers(self) -> list[int]:
        """The process of the action server."""
        return self.served.children("service.action_server")

    def kill_worker(self) -> None:
        """End one of Rasa's workers at once."""
        os.kill(self.workers()[0], signal.SIGKILL)

    def kill_actions(self) -> None:
        """End the action server at once."""
        os.kill(self.action_servers()[0], signal.SIGKILL)


@pytest.fixture(scope="session")
def scaled() -> Iterator[Scaled]:
    """The assistant as `make up-scaled` starts it."""
    from service.build import build_all
    from service.settings import settings

    build_all(settings())
    slack = StandIn()
    with postgres() as database, redis() as locks:
        shared = {"DATABASE_URL": database.url, "REDIS_URL": locks.url, "RASA_WORKERS": str(WORKERS)}
        served = start(more={**shared, **environment(slack)})
        try:
            yield Scaled(served, database, locks, slack)
        finally:
            served.stop()
            slack.stop()
