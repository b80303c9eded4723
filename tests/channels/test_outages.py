"""The database away: on every channel who writes is told so within seconds, and what was refused can be sent again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.slack.channel import SlackChannel
from knowledge.document.common import say
from tests import databases
from tests.channels.local import running
from tests.channels.slack.person import SECRET, Person
from tests.channels.slack.stand_in import TOKEN, StandIn
from tests.channels.teams.client import Thread
from tests.channels.teams.contract import words
from tests.channels.teams.local import running_channel
from tests.channels.teams.platform import running_platform
from tests.databases import Postgres

OFTEN = "100000/minute"


@pytest.fixture
def database() -> Iterator[Postgres]:
    """A PostgreSQL that may be killed."""
    with databases.postgres() as server:
        yield server


def test_in_slack_its_author_is_told_and_nobody_else(database: Postgres) -> None:
    """Slack gets its acknowledgment, so that it repeats nothing; sent again, the message is answered."""
    slack = StandIn()
    given = {"slack_token": TOKEN, "slack_signing_secret": SECRET, "slack_api_url": slack.url, "locks": ""}
    rates = {"requests_of_address": OFTEN, "messages_of_user": OFTEN, "messages_of_channel": OFTEN}
    kept = {"url": database.url, "worker": "one"}
    with running(SlackChannel.from_credentials({**given, "rates": rates, "deliveries": kept})) as url:
        person = Person(f"{url}webhook", slack, database=database.url)
        database.kill()
        thread = person.mention("Is anybody there?")
        assert person.told() == say("untaken")
        assert not person.seen(thread)
        database.start()
        again = person.mention("Is anybody there?")
        assert len(person.settled(again)) == 1
    slack.stop()
    assert not slack.complaints


def test_in_teams_it_is_said_in_the_chat(database: Postgres, tmp_path: Path) -> None:
    """Teams sends nothing again by itself, so it has to be said; sent again, the message is answered."""
    kept = {"url": database.url, "worker": "one"}
    with running_platform() as platform, running_channel(platform, tmp_path, deliveries=kept) as url:
        chat = Thread(platform, url)
        database.kill()
        began = time.monotonic()
        assert say("untaken") in words(chat.say("Is anybody there?"))
        assert time.monotonic() - began < 10
        database.start()
        assert "You said: Is anybody there?" in words(chat.say("Is anybody there?"))
        assert not platform.complaints
