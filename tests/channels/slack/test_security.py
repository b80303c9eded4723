"""Who is let in: signatures, replays, malformed bodies, a channel that is not set up."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests
from sanic import Blueprint

from channels.slack.channel import SlackChannel, SlackOff
from channels.slack.requests import LARGEST
from tests.channels.slack.person import BOT, SECRET, Person
from tests.channels.slack.test_conversation import CASE
from tests.served import Served

FORM = "application/x-www-form-urlencoded"
GIVEN = {"slack_api_url": "https://slack.com/api/", "locks": "", "deliveries": {"url": "sqlite://", "worker": "one"}}
RATES = {"requests_of_address": "9/minute", "messages_of_user": "1/minute", "messages_of_channel": "1/minute"}
GIVEN |= {"rates": RATES}


def test_the_address_is_verified(person: Person) -> None:
    """Slack's first request gets its challenge back."""
    reply = person.post(json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"}), "application/json")
    assert (reply.status_code, reply.json()) == (200, {"challenge": "3eZbrw1a"})


@pytest.mark.parametrize(
    ("signed", "why"),
    [
        ({"secret": "another"}, "another secret"),
        ({"at": -301}, "a request of more than five minutes ago, sent again"),
        ({"at": 330}, "a request from the future"),
        ({"X_Slack_Signature": "v0=" + "0" * 64}, "a signature that does not fit"),
        ({"X_Slack_Signature": "\xe9"}, "a signature that is no ASCII"),
        ({"X_Slack_Request_Timestamp": "yesterday"}, "a time that is none"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_slack_did_not_sign_now_is_refused(person: Person, signed: dict[str, Any], why: str) -> None:
    """401, no detail, and nothing is taken in."""
    if "at" in signed:
        signed = {"at": int(time.time()) + signed["at"]}
    ts = person.slack.new_ts()
    body = json.dumps(person.envelope(f"<@{BOT}> {CASE}", ts, type="app_mention"))
    reply = person.post(body, "application/json", **signed)
    assert reply.status_code == 401 and reply.json()["error"]["code"] == "not_signed", why
    assert SECRET not in reply.text and CASE not in reply.text
    unsigned = requests.post(person.url, data=body, headers={"Content-Type": "application/json"}, timeout=10)
    assert unsigned.status_code == 401
    person.answers(person.mention("hello"))
    assert not person.seen(ts)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("", "application/json", 400),
        ("no json", "application/json", 400),
        ("[]", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 401),
        ('{"event": {"type": "message", "ts": "1.1", "channel": "../etc", "user": "U1"}}', "application/json", 400),
        ('{"event": {"type": "app_mention"}}', "application/json", 400),
        ('{"event": 7}', "application/json", 200),
        ('{"type": "app_rate_limited"}', "application/json", 200),
        ("", FORM, 400),
        ("payload=7", FORM, 400),
        ("payload=%7B%22type%22%3A%22block_actions%22%7D", FORM, 400),
        ("payload=%7B%22type%22%3A%22view_submission%22%7D", FORM, 200),
        ("command=%2Fvcf", FORM, 400),
        ("command=%2Fother", FORM, 200),
        ("x", "text/plain", 400),
        ("x" * (LARGEST + 1), "application/json", 413),
    ],
)
def test_a_body_of_another_form_is_refused_in_json(
    person: Person, body: str | bytes, content_type: str, status: int
) -> None:
    """Signed but malformed: 400 without detail; of no interest: 200; never 500."""
    reply = person.post(body, content_type)
    assert reply.status_code == status
    assert reply.json()["error"]["message"] if status != 200 else not reply.content


def test_only_posts_are_taken(person: Person) -> None:
    """Another method is refused, and nothing else is there."""
    assert requests.get(person.url, timeout=10).status_code == 405
    assert requests.get(person.url.removesuffix("webhook"), timeout=10).status_code == 404


@pytest.mark.parametrize(("token", "secret", "missing"), [("xoxb-1", "", "SIGNING_SECRET"), ("", "s", "BOT_TOKEN")])
def test_a_half_configured_channel_stops_the_start(token: str, secret: str, missing: str) -> None:
    """The message names the variable that is missing."""
    with pytest.raises(ValueError, match=f"SLACK_{missing} is not set"):
        SlackChannel.from_credentials({**GIVEN, "slack_token": token, "slack_signing_secret": secret})


def test_a_rate_that_cannot_be_read_stops_the_start() -> None:
    """It is read when the channel starts, not at the first message."""
    rates = {**RATES, "messages_of_user": "often"}
    given = {**GIVEN, "slack_token": "xoxb-1", "slack_signing_secret": "s", "rates": rates}
    with pytest.raises(ValueError, match="often"):
        SlackChannel.from_credentials(given).blueprint(lambda message: None)


def test_without_secrets_the_channel_is_off() -> None:
    """No secret, no channel."""
    off = SlackChannel.from_credentials({**GIVEN, "slack_token": "", "slack_signing_secret": "", "rates": RATES})
    assert isinstance(off, SlackOff)
    assert isinstance(off.blueprint(lambda message: None), Blueprint)


def test_a_channel_that_is_off_says_so(served: Served) -> None:
    """404, and how to turn it on."""
    for method, path in (("GET", ""), ("POST", "webhook")):
        reply = requests.request(method, f"{served.url('slack')}{path}", timeout=10)
        assert reply.status_code == 404 and reply.json()["error"]["code"] == "off"
        assert "SLACK_SIGNING_SECRET" in reply.json()["error"]["message"]
