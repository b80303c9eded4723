"""The record as an operator has it: real servers, a PostgreSQL that goes away, and the commands."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import pytest
import requests
from sqlalchemy.exc import SQLAlchemyError

from audit.store import Audit
from service.settings import ROOT
from tests import databases
from tests.channels.web.client import CASE, Client, payloads
from tests.databases import Postgres
from tests.served import Served, start

ALARM = "she now tells me her legs feel weak since this morning"


@dataclass
class Recorded:
    """Servers whose answers are recorded in a PostgreSQL of their own."""

    served: Served
    database: Postgres

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What a command of the audit prints."""
        environment = {**os.environ, "AUDIT_DATABASE": self.database.url, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "audit", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def recorded() -> Iterator[Recorded]:
    """Servers and their database, both stopped at the end."""
    from service.build import build_all
    from service.settings import settings

    build_all(settings())
    with databases.postgres() as server:
        served = start(more={"AUDIT_DATABASE": server.url})
        yield Recorded(served, server)
        served.stop()


def test_what_was_answered_is_recorded_verified_exported_and_given_again(recorded: Recorded) -> None:
    """Conversations over two channels: every answer has its row, the chain is whole, and a replay agrees."""
    client = Client(recorded.served.web_url)
    for text in (CASE, "why", '/inform{"marrow_edema": "absent"}', "note for the chart", "new patient"):
        client.say(text)
    recorded.served.say(
        f"of the audit {uuid4().hex}", "Mrs. Quackenbush, 71F, new T12 fracture, no cancer, neuro intact."
    )
    rows = list(Audit(recorded.database.url).rows())
    assert {row.channel for row in rows} == {"web", "rest"}
    answer = next(row for row in rows if row.kind == "recommendation")
    assert answer.outcome and json.loads(answer.facts)["cancer_history"] == {"value": "present", "basis": "stated"}
    assert all(row.knowledge and row.model and row.rules and row.code for row in rows)

    verified = recorded.command("verify")
    assert verified.returncode == 0, verified.stderr
    assert f"{len(rows)} answers, none missing or changed" in verified.stdout

    exported = recorded.command("export", "--format", "csv").stdout
    told = list(csv.DictReader(io.StringIO(exported)))
    assert len(told) == len(rows)
    assert "Quackenbush" not in exported and "of the audit" not in exported
    assert any("Mrs. [name], 71F" in row["text"] for row in told)

    again = recorded.command("replay")
    assert again.returncode == 0, again.stdout + again.stderr
    assert f"{len(rows)} answers are the same again, 0 are not." in again.stdout


def kinds_within(recorded: Recorded, seconds: float) -> list[str]:
    """The kinds of recorded answers, once there is more than one and an alarm among them, or the time is over."""
    until = time.monotonic() + seconds
    while True:
        with suppress(SQLAlchemyError):
            kinds = [row.kind for row in Audit(recorded.database.url).rows()]
            if "escalation" in kinds or time.monotonic() > until:
                return kinds
        time.sleep(0.2)


def test_while_the_record_is_away_only_an_alarm_is_answered_and_then_all_is_well(recorded: Recorded) -> None:
    """The database is killed and comes back: clear words meanwhile, no restart, and nothing missing in the chain, not
    even while nobody asks anything more."""
    client, other = Client(recorded.served.web_url), Client(recorded.served.web_url)
    client.say(CASE)
    recorded.database.kill()
    refused = other.say(CASE)["turn"]["answers"]
    assert [answer["text"][:22] for answer in refused] == ["I cannot answer just no"[:22]]
    assert payloads(client.say(ALARM), "escalation")
    readiness = requests.get(f"{recorded.served.url('operations')}ready", timeout=10)
    assert readiness.status_code == 503 and readiness.json()["parts"]["record"] == "away"
    recorded.database.start()
    assert "escalation" in kinds_within(recorded, 20.0)
    assert payloads(other.say(CASE), "recommendation") or payloads(other.say("why"), "question")
    verified = recorded.command("verify")
    assert verified.returncode == 0, verified.stderr
    kinds = [row.kind for row in Audit(recorded.database.url).rows()]
    assert "escalation" in kinds and "unrecorded" in kinds
    again = recorded.command("replay")
    assert again.returncode == 0, again.stdout + again.stderr
