"""What is older than it may be kept is removed, and nothing else: from SQLite and from PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted, UserUttered
from sqlalchemy import create_engine, text, update

from audit.store import Audit
from audit.verify import verify
from channels.deliveries import Deliveries, deliveries
from service.__main__ import main
from service.retention import Purged, purge
from service.settings import ROOT, Settings, settings
from service.tracker_store import ConversationStore
from tests.audit.entries import made
from tests.databases import database

SENTINEL = "Quackenbush"
DAY = 86_400


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings with databases in which a conversation, a message and an answer are old, and one each is new."""
    if request.param == "sqlite":
        given = replace(settings(), run=tmp_path)
        fill(given)
        yield given
        return
    with database(request.getfixturevalue("postgres")) as url:
        given = replace(settings(), secrets={"DATABASE_URL": url})
        fill(given)
        yield given


def fill(given: Settings) -> None:
    """Something old and something new of everything."""
    store = ConversationStore(Domain.empty(), given.kept("conversations"))
    for name, cases in {"old": ((90, 40),), "resumed": ((90, 80), (40, 1)), "new": ((1,),)}.items():
        tracker = store.init_tracker(name)
        for ages in cases:
            tracker.update(SessionStarted(timestamp=time.time() - ages[0] * DAY))
            for age in ages:
                tracker.update(UserUttered(f"{SENTINEL} {name} {age}", timestamp=time.time() - age * DAY))
        asyncio.run(store.save(tracker))
    waiting = Deliveries(given.kept("deliveries"), "slack", "worker")
    for name, age in {"old": 3, "new": 0}.items():
        waiting.take(name, {"conversation": name, "text": f"{SENTINEL} {name}"})
        taken = (datetime.now(UTC) - timedelta(days=age)).replace(tzinfo=None)
        with create_engine(given.kept("deliveries"), future=True).begin() as connection:
            connection.execute(update(deliveries).where(deliveries.c.key == name).values(taken_at=taken))
    audit = Audit(given.audit_database)
    for number, age in enumerate((500, 400, 10), start=1):
        at = (datetime.now(UTC) - timedelta(days=age)).isoformat()
        audit.record(made(number, at=at, text=f"{SENTINEL} {age}"))


def messages(kept: Settings) -> list[str]:
    """The conversation and age of each message that is still there."""
    with create_engine(kept.kept("conversations"), future=True).connect() as connection:
        rows = connection.execute(text("SELECT data FROM events WHERE type_name = 'user' ORDER BY sender_id, id"))
        return [json.loads(row[0])["text"].removeprefix(f"{SENTINEL} ") for row in rows]


def test_what_is_too_old_is_removed_and_the_rest_stays(kept: Settings) -> None:
    """Of a conversation that goes on the cases before go and the present one stays whole, however long it lasts; of an
    old answer the text goes and the row stays."""
    assert purge(kept) == Purged(conversations=1, continued=1, messages=1, texts=2)
    assert messages(kept) == ["new 1", "resumed 40", "resumed 1"]
    assert Deliveries(kept.kept("deliveries"), "slack", "worker").waiting() == ["new"]
    rows = list(Audit(kept.audit_database).rows())
    assert [row.text is None for row in rows] == [True, True, False]
    assert not verify(rows).problem
    assert purge(kept) == Purged()


def test_a_dry_run_only_counts(kept: Settings) -> None:
    """What would be removed is told, and all of it is still there."""
    assert purge(kept, dry=True) == purge(kept, dry=True) == Purged(1, 1, 1, 2)
    assert len(messages(kept)) == 7


def test_what_is_removed_is_gone_from_the_files(tmp_path: Path) -> None:
    """SQLite keeps deleted rows in its files; here their bytes are overwritten."""
    given = replace(settings(), run=tmp_path)
    fill(given)
    purge(given)
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for gone in (f"{SENTINEL} old", f"{SENTINEL} resumed 80", f"{SENTINEL} 500", f"{SENTINEL} 400"):
        assert gone.encode() not in left and json.dumps(gone).encode() not in left
    assert f"{SENTINEL} new".encode() in left and f"{SENTINEL} 10".encode() in left


def test_nothing_was_ever_kept(tmp_path: Path) -> None:
    """On a machine that has held no conversation there is nothing to remove."""
    assert purge(replace(settings(), run=tmp_path)) == Purged()


def test_the_figure_says_when_something_was_removed_last(tmp_path: Path) -> None:
    """Not where nothing was to be removed yet, and not before it was done."""
    figures = tmp_path / "figures"
    figures.mkdir()
    environment = {**os.environ, "RUN_DIRECTORY": str(tmp_path), "PROMETHEUS_MULTIPROC_DIR": str(figures)}

    def told(*more: str, **other: str) -> str:
        command = [sys.executable, "-m", "service", "purge", *more]
        subprocess.run(command, cwd=ROOT, env={**environment, **other}, capture_output=True, timeout=60)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(figures))
        return generate_latest(registry).decode()

    name, away = "vcf_last_purge_timestamp_seconds", f"sqlite:///{tmp_path}/no/such/folder/audit.sqlite"
    assert name not in told("--dry-run")
    assert name not in told(AUDIT_DATABASE=away)
    (line,) = [line for line in told().splitlines() if line.startswith(name)]
    assert abs(float(line.split()[-1]) - time.time()) < 60


def test_the_command_says_what_it_would_remove(capsys: pytest.CaptureFixture[str]) -> None:
    """With the project's own databases, which a dry run leaves alone."""
    assert main(["purge", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("Would remove: ")
