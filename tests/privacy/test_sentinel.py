"""A name that goes in by every channel comes out nowhere: no log, no error, no figure, no database."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine, inspect, text

from tests import databases
from tests.channels.slack.conftest import environment
from tests.channels.slack.person import Person
from tests.channels.slack.stand_in import StandIn
from tests.channels.teams.client import Thread
from tests.channels.teams.platform import Platform, running_platform
from tests.channels.web.client import Client
from tests.databases import Postgres, Redis
from tests.served import Served, start

TITLED, UNTITLED = "Quackenbush", "Zephyrina"
CASE = f"Mrs. {TITLED}, MRN 4471102, known here as {UNTITLED}: 71F new T12 fracture, legs weak since today"
WITHIN = 120.0
"""Seconds in which everything is back, however busy the machine."""
BROKEN = (f"/{UNTITLED}", f'/inform{{"cancer_history": "{UNTITLED}"}}', f'/inform{{"{UNTITLED}')


@dataclass
class Clinic:
    """Servers with all channels on, what they share, and what was replied to requests."""

    served: Served
    postgres: Postgres
    redis: Redis
    slack: StandIn
    teams: Platform
    folder: Path
    replies: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What the servers wrote to standard error."""

    @property
    def person(self) -> Person:
        """Somebody in Slack."""
        return Person(f"{self.served.url('slack')}webhook", self.slack, database=self.postgres.url)

    @property
    def thread(self) -> Thread:
        """A chat in Teams."""
        return Thread(self.teams, f"{self.served.url('teams')}messages", "personal")

    def post(self, url: str, **request: Any) -> None:
        """A request as programs send it, whatever becomes of it."""
        self.replies.append(requests.post(url, timeout=60, **request).text)

    def logs(self) -> str:
        """All that was logged, wherever the log goes."""
        logs = (*self.folder.glob("*.log"), self.postgres.log, self.redis.log)
        files = (log.read_text(encoding="utf-8", errors="replace") for log in logs)
        return "".join([*files, *self.told])


@pytest.fixture(scope="module", params=["file", "stderr"])
def clinic(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """The sentinels were sent by every channel, well formed and not, with everything up and with each part away."""
    from service.build import build_all
    from service.settings import settings

    build_all(settings())
    folder, slack = tmp_path_factory.mktemp("run"), StandIn()
    with databases.postgres() as postgres, databases.redis() as redis, running_platform() as teams:
        postgres.quiet()
        more = {**environment(slack), **teams.environment, "DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        served = start(more={**more, "RUN_DIRECTORY": str(folder), "SERVERS_LOG": request.param})
        made = Clinic(served, postgres, redis, slack, teams, folder)
        threading.Thread(target=lambda: made.told.extend(served.process.stderr or ()), daemon=True).start()
        hold(made)
        yield made
        served.stop()
    slack.stop()


def hold(clinic: Clinic) -> None:
    """Send everything, and everything again by every channel while a part is away."""
    for message in (CASE, *BROKEN):
        Client(clinic.served.web_url).say(message)
        clinic.served.say(uuid.uuid4().hex, message)
    person = clinic.person
    person.answered(person.mention(CASE), "STOP")
    clinic.thread.say(CASE)
    refused(clinic)
    for leave, come_back in (
        (clinic.redis.kill, clinic.redis.start),
        (lambda: os.kill(clinic.served.children("service.action_server")[0], signal.SIGKILL), lambda: None),
        (clinic.postgres.kill, clinic.postgres.start),
    ):
        clients = Client(clinic.served.web_url), clinic.person, clinic.thread
        leave()
        everywhere(clinic, *clients)
        come_back()
    until(lambda: bool(Client(clinic.served.web_url).say(CASE)))


def everywhere(clinic: Clinic, client: Client, person: Person, thread: Thread) -> None:
    """The case by every channel, whatever is replied."""
    said = {"id": uuid.uuid4().hex, "text": CASE}
    clinic.post(f"{client.url}messages", json=said, headers=client.headers)
    clinic.post(clinic.served.rest_url, json={"sender": uuid.uuid4().hex, "message": CASE})
    clinic.replies.append(person.send(person.envelope(CASE, clinic.slack.new_ts(), type="app_mention")).text)
    clinic.replies.append(person.command(CASE).text)
    clinic.replies.append(thread.post(thread.activity(text=CASE)).text)


def refused(clinic: Clinic) -> None:
    """Requests that no channel takes, each with the sentinels in it."""
    web, person, thread = clinic.served.web_url, clinic.person, clinic.thread
    cut, many = f'{{"text": "{CASE}', json.dumps({CASE: [CASE], "type": CASE})
    client = Client(web)
    for body in (cut, many, CASE):
        clinic.post(f"{web}messages", data=body.encode(), headers=client.headers)
        clinic.post(clinic.served.rest_url, data=body.encode())
        clinic.replies.append(person.post(body, "application/json").text)
        clinic.replies.append(person.post(body, "application/json", secret=UNTITLED).text)
        clinic.replies.append(person.post(f"payload={body}", "application/x-www-form-urlencoded").text)
        for token in (clinic.teams.token(), UNTITLED, clinic.teams.token(aud=CASE)):
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            clinic.post(thread.url, data=body.encode(), headers=headers)
    for wrong in ({"id": [CASE]}, {"conversation": {CASE: CASE}}, {"serviceUrl": CASE}, {"value": {CASE: CASE}}):
        clinic.replies.append(thread.post(thread.activity(text=CASE, **wrong)).text)
    clinic.post(f"{web}messages", json={"id": CASE, "text": CASE}, headers=client.headers)
    clinic.post(f"{web}messages", json={"id": uuid.uuid4().hex, "text": CASE}, headers={"Authorization": UNTITLED})
    clinic.post(clinic.served.rest_url, json={"sender": CASE * 20, "message": CASE})
    clinic.post(f"{web}{UNTITLED}")


def until(done: Callable[[], bool]) -> None:
    """Wait until everything is back."""
    over = time.monotonic() + WITHIN
    while time.monotonic() < over:
        with suppress(AssertionError, KeyError, requests.RequestException):
            if done():
                return
        time.sleep(0.5)
    raise AssertionError("the servers did not recover")


def test_no_log_holds_a_name(clinic: Clinic) -> None:
    """Neither what is redacted nor what is not stands in the logs, in a file or on standard error, though requests
    were refused and parts failed meanwhile."""
    told = clinic.logs()
    assert TITLED not in told and UNTITLED not in told
    assert "error" in told and "turn" in told


def test_no_error_replies_with_a_name(clinic: Clinic) -> None:
    """Refusals and outages are told without a word of the message."""
    assert len(clinic.replies) > 40
    answered = [reply for reply in clinic.replies if '"answers"' in reply or '"recipient_id"' in reply]
    assert not [reply for reply in clinic.replies if reply not in answered and (TITLED in reply or UNTITLED in reply)]


def test_no_figure_holds_a_name(clinic: Clinic) -> None:
    """What monitoring reads counts turns and says nothing of them."""
    told = requests.get(f"{clinic.served.url('operations')}metrics", timeout=10).text
    assert "turns" in told
    assert TITLED not in told and UNTITLED not in told


def test_no_database_holds_what_was_removed(clinic: Clinic) -> None:
    """Conversations, deliveries and the record of answers hold the messages without name and number."""
    engine, found = create_engine(clinic.postgres.url, future=True), set()
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            rows = [str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {table}"))]
            assert not [row for row in rows if TITLED in row or "4471102" in row], table
            found |= {table} if any("[name]" in row for row in rows) else set()
    assert {"events", "answers"} <= found


def test_the_sender_is_told_on_every_channel(clinic: Clinic) -> None:
    """After the answer stands what was removed, on the web, over REST, in Slack and in Teams."""
    told = "Removed from your message before it was kept: a name, a record number."
    answers = Client(clinic.served.web_url).say(CASE)["turn"]["answers"]
    assert answers[-1]["text"].startswith(told)
    assert any(told in str(message.get("text")) for message in clinic.served.say(uuid.uuid4().hex, CASE))
    assert any(told in str(call) for call in clinic.slack.calls)
    assert any(told in str(posted) for posted in clinic.teams.posted)
