"""What clinicians see when a part dies while they work: nothing lost, nothing doubled, nothing mixed up, no hanging."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import pytest

from service.settings import ROOT
from tests.channels.web.client import payloads
from tests.scale.clinicians import ALARM, Clinic, Clinician
from tests.scale.conftest import PARTS, WORKERS, Scaled

AT_ONCE = 6
AT_MOST = 22.0
"""Seconds within which every request has its answer or its refusal, however busy the machine: the web channel's own."""
SOON = 5.0
"""Seconds within which most refusals come."""


@pytest.fixture
def clinic(scaled: Scaled) -> Clinic:
    """Clinicians who have not begun yet."""
    return Clinic([Clinician(scaled.served.web_url, number) for number in range(AT_ONCE)])


@pytest.mark.parametrize("part", PARTS)
def test_an_outage_loses_doubles_and_mixes_up_nothing(scaled: Scaled, clinic: Clinic, part: str) -> None:
    """Each part is killed under load and comes back; the rest is never restarted."""
    before = scaled.workers()
    clinic.open()
    clinic.answered(2)
    began = time.monotonic()
    scaled.outage(part)
    clinic.answered(3)
    clinic.close()
    replies = clinic.since(began)
    assert max(reply.seconds for reply in replies) < AT_MOST
    refused = [reply for reply in replies if reply.status not in (0, 200)]
    assert all(reply.status == 503 and "Nothing is lost: send it again." in reply.text for reply in refused)
    if part in ("PostgreSQL", "action server"):
        assert refused and median(reply.seconds for reply in refused) < SOON
    if part == "Redis":
        assert {reply.status for reply in replies} == {200}, "locks in each process and the fence in the database do"
    if part == "worker":
        assert not refused, "the other worker goes on"
        until(lambda: len(scaled.workers()) == WORKERS)
        assert scaled.workers() != before
    else:
        assert scaled.workers() == before
    for clinician in clinic.clinicians:
        clinician.check()


def test_after_every_outage_an_alarm_is_raised(scaled: Scaled) -> None:
    """In a conversation that lived through it, at the first message after."""
    clinician = Clinician(scaled.served.web_url, AT_ONCE)
    clinician.say(clinician.case)
    for part in ("Redis", "PostgreSQL", "action server"):
        scaled.outage(part)
        answered = clinician.say(f"{ALARM} It is as bad as before.")
        assert payloads(answered, "escalation"), part
        assert clinician.history()["case"]["alarm"]
        clinician.say("Correction: no new deficit.")


def test_an_alarm_outlasts_every_outage(scaled: Scaled) -> None:
    """What was raised before stands after: no part forgets it."""
    clinician = Clinician(scaled.served.web_url, AT_ONCE + 1)
    clinician.say(clinician.case)
    assert payloads(clinician.say(ALARM), "escalation")
    for part in ("Redis", "PostgreSQL", "action server"):
        scaled.outage(part)
        clinician.say("what have you understood")
        assert clinician.history()["case"]["alarm"], part
    clinician.check()


def test_the_record_of_it_all_is_whole_and_held_again(scaled: Scaled) -> None:
    """Everything that the tests before it had answered while parts died: no row is missing, and each is given again."""
    environment = {**os.environ, "AUDIT_DATABASE": scaled.postgres.url, "PYTHONPATH": str(ROOT)}
    for command in ("verify", "replay"):
        asked = [sys.executable, "-m", "audit", command]
        told = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
        assert told.returncode == 0, told.stdout + told.stderr


def until(true: Callable[[], bool], within: float = 90.0) -> None:
    """Wait until something is so."""
    over = time.monotonic() + within
    while not true():
        assert time.monotonic() < over
        time.sleep(0.2)
