"""What is to be done once a day is done, without holding anything up."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from service import daily
from service.daily import Daily
from tests.served import start

PRINTS = (sys.executable, "-c", "print('done', flush=True)")
HANGS = (sys.executable, "-c", "import time; time.sleep(600)")


def ticked(job: Daily, seconds: float) -> list[str]:
    """Let the supervisor's loop go on for so long; returns what was told."""
    told, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        told.append(job.tick())
        time.sleep(0.02)
    return [what for what in told if what]


def test_it_runs_at_once_and_again_when_a_day_is_over(tmp_path: Path) -> None:
    """Two runs in a little more than one of its days."""
    with (tmp_path / "log").open("wb") as log:
        job = Daily(PRINTS, os.environ, log, every=2.0)
        ticked(job, 3.5)
        job.stop()
    assert (tmp_path / "log").read_text() == "done\ndone\n"


def test_a_run_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes no longer than it may, and the loop goes on meanwhile."""
    monkeypatch.setattr(daily, "LONGEST", 0.3)
    with (tmp_path / "log").open("wb") as log:
        job = Daily(HANGS, os.environ, log)
        job.tick()
        started = job._run
        assert started is not None
        (told,) = ticked(job, 1.0)
        assert started.poll() is not None and "took too long" in told and "in 1440 minutes" in told


def test_a_run_that_fails_is_told_and_made_again_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a database was away for a moment, nothing is kept for a day longer; also where nothing could be started."""
    monkeypatch.setattr(daily, "SOON", 0.1)
    with (tmp_path / "log").open("wb") as log:
        failing = Daily((sys.executable, "-c", "print('tried', flush=True); raise SystemExit(1)"), os.environ, log)
        told = ticked(failing, 1.5)
        failing.stop()
        assert (tmp_path / "log").read_text().count("tried") > 1
        assert len(told) > 1 and "ended with status 1" in told[0]
        assert "could not be started (No such file" in ticked(Daily(("/no/such/program",), os.environ, log), 0.1)[0]


@pytest.mark.parametrize(("where", "within"), [("daily", 60.0), ("elsewhere", 8.0)])
def test_the_servers_purge_when_they_start(where: str, within: float) -> None:
    """Beside the servers stands what was removed, in the log of the purge, which each start of servers begins anew;
    unless a job elsewhere does it."""
    from service.settings import settings

    servers, log, until = start(more={"PURGE": where}), settings().purge_log, time.monotonic() + within
    try:
        while not (told := log.read_text()) and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        servers.stop()
    assert told.startswith("Removed: ") == (where == "daily")
