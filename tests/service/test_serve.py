"""The servers as an operator runs them: real processes, real HTTP on loopback."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path

from service.build import build_all
from service.settings import settings
from tests.served import Served, start

CASE = "71F new T12 compression fracture on x-ray, back pain, no cancer, neuro exam normal. Which imaging next?"
SENTINEL = "Zephyrina Quackenbush"


def test_a_case_over_the_rest_channel_gets_text_and_payload(served: Served) -> None:
    """The REST channel answers a complete case with a text and the payload of variant 1."""
    messages = served.say("rest", CASE)
    payload = next(message["custom"] for message in messages if "custom" in message)
    assert payload["outcome"] == "v1"
    assert any("Usually appropriate" in message.get("text", "") for message in messages)


def test_two_senders_do_not_share_a_case(served: Served) -> None:
    """What one sender says is unknown in the conversation of another."""
    served.say("one", CASE)
    answer = " ".join(message.get("text", "") for message in served.say("two", "what have you understood"))
    assert "T12" not in answer


def test_long_and_empty_messages_get_an_answer(served: Served) -> None:
    """20,000 characters and nothing at all are both answered."""
    for message in ("", "   ", "pain " * 4_000, "x" * 30_000):
        assert served.say("long", message), f"no answer to {message[:10]!r}…"


def test_no_patient_text_in_the_log(served: Served) -> None:
    """A name sent in a message, well formed or not, stands nowhere in the servers' log."""
    for message in (
        f"Patient {SENTINEL}, 80, new L1 fracture, weak legs since today",
        f"/{SENTINEL}",
        f'/inform{{"cancer_history": "{SENTINEL}"}}',
        f'/inform{{"{SENTINEL}',
    ):
        served.say("privacy", message)
    assert SENTINEL.split()[1] not in (settings().build / "servers.log").read_text(encoding="utf-8", errors="replace")


def test_only_loopback_is_listened_on(served: Served) -> None:
    """Neither port is open on any address but loopback."""
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    for port in served.ports:
        addresses = {
            entry[1].split(":")[0]
            for entry in listening
            if int(entry[1].split(":")[1], 16) == port and entry[3] == "0A"
        }
        assert addresses == {"0100007F"}, f"port {port} listens on {addresses}"


def test_sigterm_stops_both_servers_cleanly() -> None:
    """After SIGTERM the supervisor ends with status 0 and nothing listens any more."""
    running = start()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(20) == 0
    for port in running.ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_second_build_rebuilds_nothing() -> None:
    """Building again when nothing has changed takes no training and leaves the files as they are."""
    model = build_all(settings())
    before = model.stat().st_mtime_ns
    started = time.monotonic()
    assert build_all(settings()) == model
    assert model.stat().st_mtime_ns == before
    assert time.monotonic() - started < 5
