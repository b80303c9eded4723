"""Health, readiness and figures of running servers, for who runs them and for nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from measures import turns
from tests.channels.web.client import CASE, Client
from tests.served import Served, start

SENTINEL = "Zephyrina Quackenbush"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Servers that nobody else's start has count from nothing again."""
    running = start(more={"RUN_DIRECTORY": str(tmp_path_factory.mktemp("run"))})
    yield running
    running.stop()


def figures(served: Served) -> dict[tuple[str, ...], float]:
    """What the servers have counted, by name and labels."""
    text = requests.get(f"{served.url('operations')}metrics", timeout=10).text
    return {
        (sample.name, *(value for name, value in sorted(sample.labels.items()) if name != "le")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_servers_that_run_are_healthy_and_ready(served: Served) -> None:
    """Every part that is needed is there; Redis is not used with one worker."""
    assert requests.get(f"{served.url('operations')}health", timeout=10).json() == {"status": "ok"}
    reply = requests.get(f"{served.url('operations')}ready", timeout=10)
    needed = dict.fromkeys(("model", "knowledge", "action_server", "record", "database"), "ok")
    assert (reply.status_code, reply.json()) == (200, {"ready": True, "parts": {"redis": "unused"} | needed})


@pytest.mark.parametrize("path", ["health", "ready", "metrics"])
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_nothing_is_told_through_a_proxy(served: Served, path: str, header: str) -> None:
    """Should one pass these addresses on by mistake, it finds nothing there."""
    reply = requests.get(f"{served.url('operations')}{path}", headers={header: "for=192.0.2.7"}, timeout=10)
    assert reply.status_code == 404 and "vcf_" not in reply.text and "ready" not in reply.text


def test_turns_are_counted_by_what_they_were_answered_with(served: Served) -> None:
    """A recommendation, an alarm, and something out of scope, each with its count and its time."""
    before, client = figures(served), Client(served.web_url)
    client.say(CASE)
    client.say("What is the weather like?")
    client.say("Now her legs are weak since this morning.")
    after = figures(served)

    def more(*name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more("vcf_turns_total", "web", "answered") == 3
    assert more("vcf_turn_seconds_count", "web") == 3
    assert 0 < more("vcf_turn_seconds_sum", "web") < 60
    assert more("vcf_answers_total", "web", "recommendation") == 1
    assert more("vcf_escalations_total", "web") == 1
    assert more("vcf_outcomes_total", "neurologic-emergency") == 1
    assert more("vcf_fallbacks_total", "web") == 1


def test_no_figure_holds_text_or_names_a_conversation(served: Served) -> None:
    """Whatever is sent: labels come from closed sets."""
    client = Client(served.web_url)
    client.say(f"Patient {SENTINEL}, MRN 4711, {CASE}")
    conversation = uuid.uuid4().hex
    requests.post(served.rest_url, json={"sender": conversation, "message": f"/{SENTINEL}"}, timeout=30)
    text = requests.get(f"{served.url('operations')}metrics", timeout=10).text
    assert "Quackenbush" not in text and "4711" not in text and conversation not in text
    known = turns.CHANNELS | turns.KINDS | {"answered", "failed", turns.OTHER}
    for name, *labels in figures(served):
        if name.startswith("vcf_") and not name.startswith("vcf_outcomes"):
            assert set(labels) <= known, name
