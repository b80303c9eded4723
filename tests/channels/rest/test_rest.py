"""The REST channel: answers as Rasa's, and refuses clearly what it cannot take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from channels.limits import Limiter, Rates
from channels.rest.channel import LONGEST, RestChannel
from tests.channels.local import running
from tests.channels.web.client import CASE
from tests.served import Served

MANY = "100000/minute"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The channel alone, before an assistant that says what it is told."""
    with running(RestChannel(Limiter(Rates(MANY, MANY)))) as address:
        yield f"{address}webhook"


def post(url: str, body: Any, **headers: str) -> requests.Response:
    """Post `body`, as JSON if it is not bytes or text."""
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return requests.post(url, data=data, headers=headers, timeout=10)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "no_json"),
        ("no json", 400, "no_json"),
        ("[]", 400, "no_json"),
        ("[" * 100_000, 400, "no_json"),
        (b"\xff\xfe\x00", 400, "no_json"),
        ({"message": "pain"}, 400, "bad_sender"),
        ({"sender": None, "message": "pain"}, 400, "bad_sender"),
        ({"sender": 7, "message": "pain"}, 400, "bad_sender"),
        ({"sender": "", "message": "pain"}, 400, "bad_sender"),
        ({"sender": "../etc/passwd", "message": "pain"}, 400, "bad_sender"),
        ({"sender": "a\nb", "message": "pain"}, 400, "bad_sender"),
        ({"sender": "x" * 129, "message": "pain"}, 400, "bad_sender"),
        ({"sender": "one"}, 400, "no_text"),
        ({"sender": "one", "message": None}, 400, "no_text"),
        ({"sender": "one", "message": {"text": "pain"}}, 400, "no_text"),
        ({"sender": "one", "message": "pain \ud800"}, 400, "bad_text"),
        ({"sender": "one", "message": "x" * (LONGEST + 1)}, 413, "too_long"),
        ({"sender": "one", "message": "x" * (13 * LONGEST)}, 413, "too_long"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_taken_gets_a_clear_error(url: str, body: Any, status: int, code: str) -> None:
    """The status, a code for programs, a message for people, and nothing of the server's inside."""
    reply = post(url, body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert reply.json()["error"]["message"] and "Traceback" not in reply.text


@pytest.mark.parametrize("sender", ["one", "user-7", "a.b@example.org", "case 12", "Zoë", "x" * 128])
def test_any_usual_name_of_a_conversation_is_taken(served: Served, sender: str) -> None:
    """The answer names the same conversation."""
    assert {answer["recipient_id"] for answer in served.say(sender, "hello")} == {sender}


def test_no_page_in_a_browser_may_use_it(url: str) -> None:
    """A request with an Origin is refused, and so is one that found this machine by another name (DNS rebinding)."""
    body = {"sender": "one", "message": "hello"}
    assert post(url, body, Origin="http://localhost:3000").json()["error"]["code"] == "page"
    assert post(url, body, Origin="null").status_code == 403
    for host in ("evil.test", "evil.test:5005", "127.0.0.1.evil.test", "8.8.8.8", "[2001:db8::1]:80"):
        assert post(url, body, Host=host).json()["error"]["code"] == "other_host"
    for host in ("localhost", "127.0.0.1:5005", "[::1]:5005"):
        assert post(url, body, Host=host).status_code == 200


def test_a_loop_gone_wild_is_held_up() -> None:
    """Over the limit of a conversation: 429 and how long to wait; another conversation goes on."""
    with running(RestChannel(Limiter(Rates(MANY, "2/minute")))) as address:
        statuses = [post(f"{address}webhook", {"sender": "one", "message": "hello"}) for _ in range(3)]
        assert [reply.status_code for reply in statuses] == [200, 200, 429]
        assert 1 <= int(statuses[-1].headers["Retry-After"]) <= 60
        assert post(f"{address}webhook", {"sender": "two", "message": "hello"}).status_code == 200


def test_there_is_no_such_channel_in_production() -> None:
    """Whoever starts Rasa with it, the start ends there."""
    given = {"environment": "production", "rates": {"requests_of_address": MANY, "messages_of_session": MANY}}
    with pytest.raises(ValueError, match="no authentication"):
        RestChannel.from_credentials(given)
    assert RestChannel.from_credentials({**given, "environment": "development"}).name() == "rest"


def test_no_command_of_the_server_undoes_a_case(served: Served) -> None:
    """What begins with a slash and is no reply that was offered is a message like any other; no stream is opened."""
    sender = uuid4().hex
    served.say(sender, CASE)
    for command in ("/session_start", " //session_start"):
        assert served.say(sender, command)
    body = {"sender": sender, "message": "what have you understood", "input_channel": "slack", "metadata": {"a": 1}}
    reply = requests.post(f"{served.rest_url}?stream=true", json=body, timeout=30)
    assert reply.headers["Content-Type"] == "application/json" and reply.headers["Cache-Control"] == "no-store"
    assert "breast cancer" in reply.text
