"""A name that goes in by every channel comes out nowhere: no log, no error, no figure, no database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

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
from tests.databases import Postgres
from tests.served import Served, start

TITLED, UNTITLED = "Quackenbush", "Zephyrina"
CASE = f"Mrs. {TITLED}, MRN 4471102, known here as {UNTITLED}: 71F new T12 fracture, legs weak since today"
BROKEN = (f"/{UNTITLED}", f'/inform{{"cancer_history": "{UNTITLED}"}}', f'/inform{{"{UNTITLED}')


@dataclass
class Clinic:
    """Servers with all channels on, their databases, and what was replied to requests."""

    served: Served
    postgres: Postgres
    slack: StandIn
    teams: Platform
    folder: Path
    replies: list[str] = field(default_factory=list)

    def post(self, url: str, body: object) -> None:
        """A request as programs send it, whatever becomes of it."""
        client = Client(self.served.web_url) if url.endswith("messages") else None
        reply = requests.post(url, json=body, headers=client.headers if client else {}, timeout=60)
        self.replies.append(reply.text)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """The sentinels were sent by every channel, well formed and not, with everything up and with a part away."""
    from service.build import build_all
    from service.settings import settings

    build_all(settings())
    folder, slack = tmp_path_factory.mktemp("run"), StandIn()
    with databases.postgres() as postgres, running_platform() as teams:
        more = {**environment(slack), **teams.environment, "DATABASE_URL": postgres.url, "RUN_DIRECTORY": str(folder)}
        made = Clinic(start(more=more), postgres, slack, teams, folder)
        hold(made)
        yield made
        made.served.stop()
    slack.stop()


def hold(clinic: Clinic) -> None:
    """Send everything."""
    web, slack, teams = clinic.served.web_url, clinic.served.url("slack"), clinic.served.url("teams")
    person, thread = Person(f"{slack}webhook", clinic.slack), Thread(clinic.teams, f"{teams}messages", "personal")
    for message in (CASE, *BROKEN):
        Client(web).say(message)
        clinic.served.say(uuid.uuid4().hex, message)
    person.answered(person.mention(CASE), "STOP")
    thread.say(CASE)
    clinic.postgres.kill()
    clinic.post(f"{web}messages", {"id": uuid.uuid4().hex, "text": CASE})
    clinic.post(clinic.served.rest_url, {"sender": uuid.uuid4().hex, "message": CASE})
    clinic.postgres.start()
    clinic.post(f"{web}messages", {"id": CASE, "text": CASE})
    clinic.post(clinic.served.rest_url, {"sender": CASE * 20, "message": CASE})
    Client(web).say(CASE)


def test_no_log_holds_a_name(clinic: Clinic) -> None:
    """Neither what is redacted nor what is not stands in the logs, though parts failed meanwhile."""
    for log in clinic.folder.glob("*.log"):
        told = log.read_text(encoding="utf-8", errors="replace")
        assert TITLED not in told and UNTITLED not in told, log
    assert (clinic.folder / "servers.log").stat().st_size > 0


def test_no_error_replies_with_a_name(clinic: Clinic) -> None:
    """Refusals and outages are told without a word of the message."""
    assert len(clinic.replies) == 4
    assert not [reply for reply in clinic.replies if TITLED in reply or UNTITLED in reply]


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
