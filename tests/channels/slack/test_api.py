"""Calls to Slack's API: what goes wrong is told apart, and nothing of a message is ever logged."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from channels.courier import Passing, Permanent
from channels.deliveries import Deliveries
from channels.slack.api import Lost, Slack
from channels.slack.messages import message
from tests.channels.slack.stand_in import TOKEN, StandIn

SENTINEL = "Zephyrina Quackenbush"
MESSAGE = message([{"type": "section", "text": {"type": "mrkdwn", "text": SENTINEL}}])


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A stand-in of its own."""
    slack = StandIn()
    yield slack
    slack.stop()


def post(stand_in: StandIn, token: str = TOKEN) -> str:
    """Post a message."""
    return asyncio.run(Slack(token, stand_in.url).post("C1", "1.1", MESSAGE))


@pytest.mark.parametrize(
    ("fate", "raised", "told"),
    [
        (7, Passing, 7.0),
        ("service_unavailable", Lost, None),
        ("internal_error", Lost, None),
        ("lost", Lost, None),
        ("not_in_channel", Permanent, "not_in_channel"),
        ("msg_too_long", Permanent, "msg_too_long"),
    ],
)
def test_failures_are_told_apart(stand_in: StandIn, fate: str | int, raised: type, told: object) -> None:
    """What passes, with the time to wait, what may have been carried out, and what is refused, with its code."""
    stand_in.next["C1"] = deque([fate])
    with pytest.raises(raised) as failure:
        post(stand_in)
    if told:
        assert told in (getattr(failure.value, "wait", None), str(failure.value))
    assert post(stand_in)


def test_a_token_that_is_no_more_valid_is_a_refusal(stand_in: StandIn) -> None:
    """It is no trouble that passes."""
    with pytest.raises(Permanent, match="invalid_auth"):
        post(stand_in, "xoxb-old")


def test_nobody_there_passes() -> None:
    """A port that nobody listens on is trouble that passes."""
    gone = StandIn()
    gone.stop()
    with pytest.raises(Lost):
        post(gone)


def test_responses_go_to_slack_only(stand_in: StandIn) -> None:
    """A response URL elsewhere, or one without encryption, is not used."""
    slack = Slack(TOKEN, stand_in.url)
    real = Slack(TOKEN, "https://slack.com/api/")
    for client, url in (
        (slack, "https://hooks.slack.com.evil.test/x"),
        (slack, "http://localhost:9/hooks.slack.com"),
        (real, "http://hooks.slack.com/x"),
        (real, stand_in.response_url),
    ):
        with pytest.raises(Permanent, match="not_a_response_url"):
            asyncio.run(client.respond(url, "text"))
    assert not stand_in.calls
    asyncio.run(slack.respond(stand_in.response_url, "text"))
    assert [call.method for call in stand_in.calls] == ["respond"]


@pytest.mark.parametrize(("status", "raised"), [(404, Permanent), (500, Lost), (429, Passing)])
def test_a_response_that_is_refused_is_noticed(stand_in: StandIn, status: int, raised: type) -> None:
    """Its status counts; a note that is needed waits while the trouble passes, any other is let go."""
    slack, given = Slack(TOKEN, stand_in.url), {"response_url": stand_in.response_url}
    stand_in.next["respond"] = deque([status] * 4)
    with pytest.raises(raised):
        asyncio.run(slack.respond(stand_in.response_url, "text"))
    asyncio.run(slack.tell(given, "text"))
    with pytest.raises(Passing) if raised is not Permanent else nullcontext():
        asyncio.run(slack.tell(given, "text", needed=True))
    assert not stand_in.calls


def test_a_needed_note_waits_for_slack() -> None:
    """Without a response URL, too."""
    gone = StandIn()
    gone.stop()
    given = {"response_url": None, "channel": "C1", "user": "U1", "thread": "1.1", "in_thread": True}
    asyncio.run(Slack(TOKEN, gone.url).tell(given, "text"))
    with pytest.raises(Passing):
        asyncio.run(Slack(TOKEN, gone.url).tell(given, "text", needed=True))


def test_nothing_is_logged_even_when_everything_is(
    stand_in: StandIn, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """With every logger at DEBUG, neither a call that succeeds nor one that fails, nor the queue, shows the text."""
    caplog.set_level(logging.DEBUG)
    for name in ("slack_sdk", "slack_sdk.web.async_base_client", "aiohttp.client", "sqlalchemy.engine", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    slack = Slack(TOKEN, stand_in.url)

    async def everything() -> None:
        await slack.post("C1", "1.1", MESSAGE)
        await slack.update("C1", "1.1", MESSAGE)
        await slack.note("C1", "U1", None, SENTINEL)
        await slack.respond(stand_in.response_url, SENTINEL)
        await slack.find("C1", "1.1", "mark")
        for fate in (1, "lost", "msg_too_long"):
            stand_in.next["C1"] = deque([fate])
            with pytest.raises((Passing, Permanent)):
                await slack.post("C1", "1.1", MESSAGE)

    asyncio.run(everything(), debug=True)
    deliveries = Deliveries(f"sqlite:///{tmp_path / 'deliveries.sqlite'}", "slack", "worker")
    deliveries.take("key", {"conversation": "one", "text": SENTINEL})
    deliveries.claim("key")
    deliveries.amend("key", {"conversation": "one", "text": SENTINEL})
    logging.getLogger("slack_sdk.web").debug("heard")
    assert "heard" in caplog.text and "Quackenbush" not in caplog.text
