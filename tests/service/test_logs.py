"""The log: lines that programs read, and none in which a clinician's words could stand."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from service.logs import DATA, Heard, JsonLines
from service.settings import ROOT, settings
from tests.channels.web.client import CASE, Client
from tests.served import Served

SENTINEL = "Zephyrina Quackenbush"


@pytest.fixture
def written() -> Callable[[Callable[[], None]], list[dict[str, Any]]]:
    """Collects the lines that something logs."""

    def collected(told: Callable[[], None]) -> list[dict[str, Any]]:
        lines = io.StringIO()
        handler = logging.StreamHandler(lines)
        handler.setFormatter(JsonLines())
        handler.addFilter(Heard())
        root, level = logging.getLogger(), logging.getLogger().level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            told()
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
        return [json.loads(line) for line in lines.getvalue().splitlines()]

    return collected


def test_what_others_log_is_told_by_its_place_alone(written: Callable[..., list[dict[str, Any]]]) -> None:
    """Warnings and less are not heard; of an error come logger, place and the type of what was raised."""

    def told() -> None:
        rasa = logging.getLogger("rasa.core.processor")
        for level in (logging.DEBUG, logging.INFO, logging.WARNING):
            rasa.log(level, "cannot parse %s", SENTINEL)
        try:
            raise ValueError(SENTINEL)
        except ValueError:
            rasa.exception(f"while running on {SENTINEL}")

    (line,) = written(told)
    assert (line["logger"], line["level"], line["exception"]) == ("rasa.core.processor", "error", "ValueError")
    assert line["at"].startswith(__file__) and line["raised_at"].startswith(__file__)
    assert "Quackenbush" not in json.dumps(line)


def test_what_we_log_is_told_in_full(written: Callable[..., list[dict[str, Any]]]) -> None:
    """With what belongs to it; and the message of an exception is left out there, too."""

    def told() -> None:
        ours = logging.getLogger("channels.courier")
        ours.info("turn", extra={DATA: {"channel": "web", "milliseconds": 12}})
        ours.debug("nobody needs this")
        try:
            raise KeyError(SENTINEL)
        except KeyError:
            ours.exception("A message could not be answered")

    turn, failure = written(told)
    assert (turn["event"], turn["channel"], turn["milliseconds"]) == ("turn", "web", 12)
    assert failure["event"] == "A message could not be answered" and failure["exception"] == "KeyError"
    assert "Quackenbush" not in json.dumps(failure)


def test_each_turn_is_a_line_without_its_words(served: Served) -> None:
    """Channel, time, and what kind of answer it got."""
    log = settings().log
    before = len(log.read_text(encoding="utf-8", errors="replace"))
    client = Client(served.web_url)
    client.say(f"{SENTINEL}: {CASE}")
    client.say("why")
    new = log.read_text(encoding="utf-8", errors="replace")[before:]
    turns = [line for line in map(json.loads, new.splitlines()) if line.get("event") == "turn"]
    assert [turn["kinds"] for turn in turns] == [["recommendation"], ["explanation"]]
    assert all(turn["channel"] == "web" and turn["result"] == "answered" for turn in turns)
    assert all(0 < turn["milliseconds"] < 60_000 for turn in turns)
    assert "Quackenbush" not in new and "T8" not in new


def test_a_process_logs_as_the_file_says() -> None:
    """logging.yml is used as it stands: one line of JSON for each of ours, none for what others warn of."""
    told = (
        "import logging; from service.logs import listen; listen();"
        f"logging.getLogger('rasa').warning('{SENTINEL}'); logging.getLogger('service.x').info('heard')"
    )
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["event"] == "heard"


FAILS = """
import logging, sys, threading
from service.logs import listen

class Full:
    def write(self, text): raise OSError(28, "No space left on device")
    def flush(self): pass

class Dropped:
    def __del__(self): raise ValueError(sys.argv[1])

listen()
failing = threading.Thread(target=lambda: int(sys.argv[1]))
failing.start()
failing.join()
dropped = Dropped()
del dropped
for handler in logging.getLogger().handlers:
    handler.setStream(Full())
logging.getLogger("rasa").error("of %s", sys.argv[1])
logging.getLogger("service").error("%d turns", sys.argv[1])
"""


def test_what_fails_while_it_is_logged_or_in_a_thread_is_told_without_words() -> None:
    """Python's own ways to tell of such failures quote what was to be logged, or what could not be read."""
    done = subprocess.run([sys.executable, "-c", FAILS, SENTINEL], cwd=ROOT, capture_output=True, text=True, check=True)
    assert SENTINEL not in done.stderr + done.stdout
    assert done.stderr.count("ValueError") == 2
