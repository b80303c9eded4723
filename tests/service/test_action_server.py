"""The action server works for Rasa's workers, and tells and takes nothing from anybody else on the machine."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
import requests
from sanic import Sanic

from service.action_server import ASKED_EVERY, action_app
from service.settings import settings
from tests.channels.local import serving

ALLOWED = 5
SENTINEL = "Zephyrina Quackenbush"
WORKER = {"Authorization": f"Bearer {settings().action_key}"}
CALL: dict[str, Any] = {
    "next_action": "action_reply",
    "sender_id": "x",
    "tracker": {"sender_id": "x", "slots": {}, "events": [], "latest_message": {"text": SENTINEL}},
    "domain": {},
}


class Record:
    """A record of answers that can be taken away."""

    away = False

    def read(self) -> None:
        """Fails while it is away."""
        if self.away:
            raise ConnectionError(SENTINEL)


@pytest.fixture
def record() -> Record:
    """One that is there."""
    return Record()


@pytest.fixture
def url(record: Record) -> Iterator[str]:
    """The action server with a strict limit for strangers."""
    strict = partial(action_app, settings(), record.read, f"{ALLOWED}/minute")
    with patch.object(Sanic, "test_mode", True), serving(strict) as (at, _):
        yield at


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "é"}])
def test_a_stranger_has_nothing_done_and_learns_nothing(url: str, header: dict[str, str]) -> None:
    """Neither an action nor the list of them: an answer would stand in the record of answers."""
    encoded = {name: value.encode("latin-1") for name, value in header.items()}
    for method, path in (("POST", "/webhook"), ("GET", "/actions")):
        reply = requests.request(method, f"{url}{path}", json=CALL, headers=encoded, timeout=10)
        assert reply.status_code == 401 and reply.json()["error"]["code"] == "no_worker"
    assert requests.get(f"{url}/health", timeout=10).json() == {"status": "ok"}


def test_a_worker_learns_whether_answers_can_be_recorded(url: str, record: Record) -> None:
    """And nobody else does; of what went wrong the type alone is told."""
    assert requests.get(f"{url}/record", timeout=10).status_code == 401
    assert requests.get(f"{url}/record", headers=WORKER, timeout=10).status_code == 200
    record.away = True
    time.sleep(ASKED_EVERY)
    reply = requests.get(f"{url}/record", headers=WORKER, timeout=10)
    assert reply.status_code == 503 and reply.json()["error"]["code"] == "no_record" and SENTINEL not in reply.text


def test_strangers_use_up_their_own_calls_and_no_worker_s(url: str) -> None:
    """Whatever else asks on the machine, and however often: a worker's next call is done."""
    statuses = [requests.get(f"{url}/health", timeout=10).status_code for _ in range(ALLOWED + 1)]
    assert statuses == [200] * ALLOWED + [429]
    for _ in range(3 * ALLOWED):
        assert requests.get(f"{url}/health", headers=WORKER, timeout=10).status_code == 200
    assert requests.post(f"{url}/webhook", json=CALL, headers=WORKER, timeout=10).json()["responses"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b'"x"', b"\xff", json.dumps({**CALL, "tracker": SENTINEL}).encode()]
)
def test_a_call_that_is_none_is_not_quoted(url: str, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """An error in JSON, and neither in it nor in the log what was sent."""
    reply = requests.post(f"{url}/webhook", data=body, headers=WORKER, timeout=10)
    assert reply.status_code in (400, 500) and reply.json()["error"]
    assert SENTINEL not in reply.text and "Traceback" not in reply.text and SENTINEL not in caplog.text


def test_nothing_is_unpacked(url: str) -> None:
    """A small body that would become a large one is refused as it is."""
    packed = zlib.compress(b" " * 50_000_000)
    reply = requests.post(f"{url}/webhook", data=packed, headers={**WORKER, "Content-Encoding": "deflate"}, timeout=10)
    assert reply.status_code == 415
