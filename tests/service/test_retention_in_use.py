"""A chat that is one conversation for years loses its old cases, and the present one goes on as if nothing had been."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from service.settings import ROOT
from tests.channels.web.client import CASE
from tests.databases import Postgres, database
from tests.served import Served, start

EARLIER = "66M, fell from a ladder in Patagonia, new L1 fracture, neuro intact, no cancer. Which imaging?"
ALARM = "she now tells me her legs feel weak since this morning"
DAYS = 40


@dataclass
class Chat:
    """Servers with a database of their own, and the one chat that is held with them."""

    served: Served
    environment: dict[str, str]
    url: str
    name: str

    def say(self, message: str) -> list[dict[str, object]]:
        """What is answered: the payloads."""
        return [answer["custom"] for answer in self.served.say(self.name, message) if "custom" in answer]

    def days_pass(self) -> None:
        """All that was said so far was said long ago."""
        with create_engine(self.url, future=True).begin() as connection:
            connection.execute(text("UPDATE events SET timestamp = timestamp - :time"), {"time": DAYS * 86_400})

    def purge(self) -> str:
        """What the command says."""
        command = [sys.executable, "-m", "service", "purge"]
        environment = {**os.environ, **self.environment, "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout

    def kept(self) -> str:
        """All that stands in the table of conversations."""
        with create_engine(self.url, future=True).connect() as connection:
            return "\n".join(row[0] for row in connection.execute(text("SELECT data FROM events ORDER BY id")))


@pytest.fixture(params=["sqlite", "postgresql"])
def chat(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Chat]:
    """Servers on a database of either kind."""
    from service.build import build_all
    from service.settings import settings

    build_all(settings())
    environment = {"RUN_DIRECTORY": str(tmp_path)}
    if request.param == "sqlite":
        yield from serving(environment, f"sqlite:///{tmp_path / 'conversations.sqlite'}")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with database(postgres) as url:
        yield from serving(environment | {"DATABASE_URL": url}, url)


def serving(environment: dict[str, str], url: str) -> Iterator[Chat]:
    """The chat, while the servers run and their own purge of the day is over."""
    served = start(more=environment)
    while not (Path(environment["RUN_DIRECTORY"]) / "purge.log").stat().st_size:
        time.sleep(0.1)
    yield Chat(served, environment, url, uuid4().hex)
    served.stop()


def kinds(answers: list[dict[str, object]]) -> list[object]:
    """The types of answers."""
    return [answer["type"] for answer in answers]


def test_the_earlier_patients_of_a_chat_go_and_the_present_one_stays(chat: Chat) -> None:
    """After forty days of use in one chat: no word of the first patient, and facts, undo and alarm of the present."""
    chat.say(EARLIER)
    chat.say("new patient")
    variant = next(answer for answer in chat.say(CASE) if answer["type"] == "recommendation")["outcome"]
    chat.days_pass()
    assert "escalation" in kinds(chat.say(ALARM))

    assert "what is old in 1 that go on" in chat.purge()
    assert "Patagonia" not in chat.kept() and "breast cancer 2014" in chat.kept()
    assert "what is old in 0 that go on" in chat.purge()

    assert [answer["about"] for answer in chat.say("why")] == ["escalation"]
    corrected = chat.say("correction: no new deficit, legs are strong")
    assert [answer["outcome"] for answer in corrected if answer["type"] == "recommendation"] == [variant]
    undone = chat.say("undo")
    assert undone[0]["about"] == "undo" and "escalation" in kinds(undone)
