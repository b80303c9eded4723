"""Every entrance takes or refuses whatever is sent, clearly, and goes on; the web channel is in tests/channels/web.

The requests are signed as the platforms sign theirs: what is not gets no further than the signature.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.limits import Limiter, Rates
from channels.rest.channel import RestChannel
from channels.slack.channel import SlackChannel
from tests.channels.local import running
from tests.channels.slack.person import BOT, SECRET, TEAM, Person
from tests.channels.slack.stand_in import TOKEN, StandIn
from tests.channels.teams.client import Thread
from tests.channels.teams.local import running_channel
from tests.channels.teams.platform import running_platform
from tests.fuzz.chance import EXPLORES
from tests.fuzz.mutations import JSON, almost
from tests.served import Served

MANY = "1000000/minute"
FORM, AS_JSON = "application/x-www-form-urlencoded", "application/json"
tried = settings(max_examples=150, deadline=None, derandomize=not EXPLORES, suppress_health_check=list(HealthCheck))

REST = {"sender": "somebody", "message": "78F, new T11 fracture", "metadata": {"a": [1]}}
EVENT = {
    "type": "event_callback",
    "team_id": TEAM,
    "event_id": "Ev1",
    "authorizations": [{"user_id": BOT}],
    "event": {
        "type": "app_mention",
        "channel": "C0123456789",
        "user": "U0123456789",
        "text": f"<@{BOT}> 78F, new T11 fracture",
        "ts": "1700000000.000100",
        "event_ts": "1700000000.000100",
        "thread_ts": "1700000000.000100",
        "blocks": [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}],
    },
}
CLICK = {
    "type": "block_actions",
    "team": {"id": TEAM},
    "user": {"id": "U0123456789"},
    "channel": {"id": "C0123456789"},
    "container": {"message_ts": "1700000000.000100"},
    "message": {"ts": "1700000000.000100", "thread_ts": "1700000000.000100", "blocks": [], "user": BOT},
    "actions": [
        {"type": "button", "block_id": "0.a.b", "action_id": "choice", "value": "/inform{}", "action_ts": "1.1"}
    ],
    "response_url": "http://127.0.0.1:9/x",
}
COMMAND = {"command": "/vcf", "text": "78F", "team_id": TEAM, "channel_id": "C0123456789", "user_id": "U0123456789"}


def check(reply: requests.Response, *expected: int) -> None:
    """Fails unless a reply has one of the statuses, and says in JSON what was wrong if something was."""
    assert reply.status_code in expected, (reply.status_code, reply.text[:500])
    assert "Traceback" not in reply.text and "site-packages" not in reply.text
    if reply.status_code >= 400:
        assert reply.json()["error"]["message"]


def as_json(value: Any) -> bytes:
    """JSON with lone surrogates as they would be escaped."""
    return json.dumps(value).encode()


@pytest.fixture(scope="module")
def rest() -> Iterator[str]:
    """The REST channel alone."""
    with running(RestChannel(Limiter(Rates(MANY, MANY)))) as url:
        yield f"{url}webhook"


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """The Slack channel alone, with a stand-in of Slack, and somebody who signs what they send."""
    slack = StandIn()
    rates = dict.fromkeys(("requests_of_address", "messages_of_user", "messages_of_channel"), MANY)
    database = f"sqlite:///{tmp_path_factory.mktemp('slack') / 'deliveries.sqlite'}"
    kept = {"url": database, "worker": "one"}
    given = {"slack_token": TOKEN, "slack_signing_secret": SECRET, "slack_api_url": slack.url, "locks": ""}
    with running(SlackChannel.from_credentials({**given, "rates": rates, "deliveries": kept})) as url:
        yield Person(f"{url}webhook", slack)
    slack.stop()


@pytest.fixture(scope="module")
def thread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thread]:
    """The Teams channel alone, with a stand-in of Bot Framework whose tokens are valid."""
    with running_platform() as platform, running_channel(platform, tmp_path_factory.mktemp("teams")) as url:
        yield Thread(platform, url)


@tried
@given(body=almost(REST) | JSON)
def test_rest_takes_or_refuses_anything(rest: str, body: Any) -> None:
    """Any JSON: an answer, or what was wrong."""
    check(requests.post(rest, data=as_json(body), timeout=10), 200, 400, 413)


@tried
@given(body=almost(EVENT) | JSON)
def test_slack_takes_or_refuses_any_event(person: Person, body: Any) -> None:
    """Any signed event: acknowledged, or malformed; never a fault, which Slack would repeat."""
    check(person.post(as_json(body).decode(), AS_JSON), 200, 400)


@tried
@given(body=almost(CLICK) | JSON)
def test_slack_takes_or_refuses_any_interaction(person: Person, body: Any) -> None:
    """Any signed click, shortcut or what else comes as a payload."""
    check(person.post(urlencode({"payload": as_json(body).decode()}), FORM), 200, 400)


@tried
@given(fields=st.dictionaries(st.sampled_from([*COMMAND, "payload", "x"]), st.text(max_size=40)))
def test_slack_takes_or_refuses_any_form(person: Person, fields: dict[str, str]) -> None:
    """Any signed form, as the slash command sends one."""
    body = urlencode({**COMMAND, **fields}, errors="replace")
    check(person.post(body, FORM), 200, 400)


@tried
@given(data=st.data())
def test_teams_takes_or_refuses_any_activity(thread: Thread, data: st.DataObject) -> None:
    """Any activity with a valid token: taken, of no interest, or refused for a reason."""
    example = thread.activity(id=secrets.token_hex(8), text="78F", entities=[{"type": "mention"}], value={"send": "x"})
    activity = data.draw(almost(example) | JSON)
    headers = {"Authorization": f"Bearer {thread.platform.token()}", "Content-Type": AS_JSON}
    reply = requests.post(thread.url, data=as_json(activity), headers=headers, timeout=20)
    if reply.status_code == 501:
        return  # an invoke, which Teams wants answered in its own form
    check(reply, 200, 202, 400, 401, 403, 413)


@tried
@given(body=st.binary(max_size=2000), kind=st.sampled_from([FORM, AS_JSON, "multipart/form-data; boundary=x", "x", ""]))
def test_bytes_of_any_kind_are_refused(rest: str, person: Person, thread: Thread, body: bytes, kind: str) -> None:
    """No JSON, half a character, a form of several parts: refused, in JSON."""
    for url in (rest, person.url, thread.url):
        headers = {"Content-Type": kind, "Authorization": f"Bearer {thread.platform.token()}"}
        check(requests.post(url, data=body, headers=headers, timeout=10), 200, 400, 401)


def test_all_of_them_still_answer(rest: str, person: Person, thread: Thread) -> None:
    """After all that each channel takes what it is for."""
    check(requests.post(rest, json=REST, timeout=10), 200)
    assert person.answers(person.mention("hello"))
    assert thread.say("hello")


def test_rest_reads_any_text(served: Served) -> None:
    """The whole assistant, not the channel alone: odd texts of some length get an answer."""
    for text in ("\x00", "\u202e" * 50, "/" * 500, "{" * 500, "/inform{" * 50, "💉" * 500, "%s" * 200, "a\u0301" * 300):
        assert served.say(f"fuzz-{secrets.token_hex(4)}", text)
