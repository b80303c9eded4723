"""Two workers of Rasa on a PostgreSQL and a Redis of their own, with stand-ins of Slack and Teams beside them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.channels.slack.conftest import environment
from tests.channels.slack.person import Person
from tests.channels.slack.stand_in import StandIn
from tests.channels.teams.client import Thread
from tests.channels.teams.platform import Platform, running_platform
from tests.databases import Postgres, Redis, postgres, redis
from tests.served import Served, start

WORKERS = 2
PARTS = ("Redis", "PostgreSQL", "action server", "worker")
AWAY = 3.0
"""Seconds that a database or Redis is away."""


@dataclass
class Scaled:
    """Everything that runs."""

    served: Served
    postgres: Postgres
    redis: Redis
    slack: StandIn
    teams: Platform

    def person(self) -> Person:
        """Somebody in Slack, in a channel of their own."""
        return Person(f"{self.served.url('slack')}webhook", self.slack, database=self.postgres.url)

    def chat(self) -> Thread:
        """A chat with the assistant in Teams."""
        return Thread(self.teams, f"{self.served.url('teams')}messages")

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

    def outage(self, part: str) -> None:
        """Kill one of PARTS and have it come back: by hand, or by the supervisor where that started it."""
        if part == "worker":
            self.kill_worker()
        elif part == "action server":
            self.kill_actions()
        else:
            server = {"PostgreSQL": self.postgres, "Redis": self.redis}[part]
            server.kill()
            time.sleep(AWAY)
            server.start()


@pytest.fixture(scope="session")
def scaled() -> Iterator[Scaled]:
    """The assistant as `make up-scaled` starts it."""
    from service.build import build_all
    from service.settings import settings

    build_all(settings())
    slack = StandIn()
    with postgres() as database, redis() as locks, running_platform() as teams:
        shared = {"DATABASE_URL": database.url, "REDIS_URL": locks.url, "RASA_WORKERS": str(WORKERS)}
        teams.one_token = False
        served = start(more={**shared, **environment(slack), **teams.environment})
        try:
            yield Scaled(served, database, locks, slack, teams)
        finally:
            served.stop()
            slack.stop()
