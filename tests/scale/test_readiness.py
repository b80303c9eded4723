"""What who runs the assistant sees of an outage."""

from __future__ import annotations

import time
from typing import Any

import requests
from prometheus_client.parser import text_string_to_metric_families

from service.action_server import ASKED_EVERY
from tests.scale.clinicians import Clinician
from tests.scale.conftest import Scaled


def ready(scaled: Scaled) -> tuple[int, dict[str, Any]]:
    """The status of the readiness check, and the parts."""
    reply = requests.get(f"{scaled.served.url('operations')}ready", timeout=10)
    return reply.status_code, reply.json()["parts"]


def turns(scaled: Scaled) -> float:
    """Turns that all workers together have answered."""
    text = requests.get(f"{scaled.served.url('operations')}metrics", timeout=10).text
    families = text_string_to_metric_families(text)
    return sum(
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == "vcf_turns_total" and sample.labels == {"channel": "web", "result": "answered"}
    )


def test_each_part_that_is_away_is_named(scaled: Scaled) -> None:
    """Without the database nothing is ready; without Redis the assistant still is."""
    every = ("redis", "model", "knowledge", "action_server", "record", "database")
    assert ready(scaled) == (200, dict.fromkeys(every, "ok"))
    for server, names, status in ((scaled.postgres, {"database", "record"}, 503), (scaled.redis, {"redis"}, 200)):
        server.kill()
        found, parts = ready(scaled)
        server.start()
        assert (found, {part for part, state in parts.items() if state == "away"}) == (status, names)
        until = time.monotonic() + 2 * ASKED_EVERY  # for so long the record's last word stands
        while ready(scaled)[0] != 200:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_the_figures_are_those_of_all_workers(scaled: Scaled) -> None:
    """Whichever worker is asked, and also of one that has died since."""
    clinicians = [Clinician(scaled.served.web_url, number) for number in range(6)]
    before = turns(scaled)
    for clinician in clinicians:
        clinician.say(clinician.case)
    assert turns(scaled) == before + len(clinicians)
    scaled.kill_worker()
    assert turns(scaled) == before + len(clinicians)
