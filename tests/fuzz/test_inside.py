"""The entrances that people do not use, the action server and the channel for who runs the assistant, are as robust."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from sanic import Sanic

from channels.limits import Limit
from channels.operations.channel import OperationsInput
from channels.operations.parts import Parts
from service.action_server import action_app
from service.settings import settings
from tests.channels.local import running, serving
from tests.fuzz.mutations import JSON, almost
from tests.fuzz.test_entrances import MANY, as_json, check, tried

WORKER = {"Authorization": f"Bearer {settings().action_key}"}
CALL: dict[str, Any] = {
    "version": "3.6.21",
    "next_action": "action_reply",
    "sender_id": "fuzz",
    "tracker": {
        "sender_id": "fuzz",
        "slots": {"case": None, "topic": None, "notice_shown": True},
        "latest_message": {"text": "78F, new T11 fracture", "intent": {"name": "tell"}, "entities": []},
        "events": [{"event": "user", "text": "78F, new T11 fracture", "message_id": "1", "parse_data": {}}],
        "active_loop": {},
        "latest_action_name": "action_listen",
    },
    "domain": {"slots": {}},
}


@pytest.fixture(scope="module")
def actions() -> Iterator[str]:
    """The action server."""
    with patch.object(Sanic, "test_mode", True), serving(lambda: action_app(settings(), list, MANY)) as (url, _):
        yield url


@pytest.fixture(scope="module")
def operations(actions: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The channel for who runs the assistant, which asks that action server."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path_factory.mktemp("figures")))
        with running(OperationsInput(Parts(actions, settings().action_key, ""), Limit(MANY))) as url:
            yield url


@tried
@given(call=almost(CALL) | JSON)
def test_the_action_server_does_or_refuses_any_call(actions: str, call: Any) -> None:
    """Any JSON of a worker: events and answers, or an error that quotes nothing."""
    reply = requests.post(f"{actions}/webhook", data=as_json(call), headers=WORKER, timeout=20)
    assert reply.status_code in (200, 400, 404, 500) and "T11" not in reply.text.partition('"error"')[2]
    assert "Traceback" not in reply.text and isinstance(reply.json(), dict | None)


@tried
@given(body=st.binary(max_size=2000), key=st.sampled_from([*WORKER.values(), "Bearer ", "", "é", "\xff"]))
def test_the_action_server_refuses_bytes_of_any_kind(actions: str, body: bytes, key: str) -> None:
    """Of a worker and of anybody else."""
    headers = {"Authorization": key.encode("latin-1")}
    reply = requests.post(f"{actions}/webhook", data=body, headers=headers, timeout=20)
    assert reply.status_code in (400, 401, 500) and reply.json()["error"]


@tried
@given(
    path=st.sampled_from(["health", "ready", "metrics"]),
    more=st.text(max_size=30),
    header=st.sampled_from(["Accept", "Cookie", "Authorization", "X-Forwarded-For", "Via", "Content-Length", "X"]),
    value=st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60),
)
def test_operations_answer_whatever_is_asked(operations: str, path: str, more: str, header: str, value: str) -> None:
    """Any query and any header: the same answer, or that there is none."""
    url = f"{operations}{path}?{quote(more, errors='replace')}"
    reply = requests.get(url, headers={header: value.strip().encode("latin-1")}, timeout=20)
    assert reply.status_code in (200, 400, 404, 413, 503) and "Traceback" not in reply.text


def test_both_still_answer(actions: str, operations: str) -> None:
    """After all that."""
    assert requests.post(f"{actions}/webhook", json=CALL, headers=WORKER, timeout=10).json()["events"]
    assert requests.get(f"{operations}ready", timeout=10).json()["parts"]["action_server"] == "ok"
    check(requests.get(f"{operations}health", timeout=10), 200)
