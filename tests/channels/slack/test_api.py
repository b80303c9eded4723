"""Calls to Slack's API: what goes wrong is told apart, and nothing of a message is ever logged."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterator

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
    """A response URL elsewhere is not used."""
    slack = Slack(TOKEN, stand_in.url)
    asyncio.run(slack.respond("https://hooks.slack.com.evil.test/x", "text"))
    asyncio.run(slack.respond("http://localhost:9/hooks.slack.com", "text"))
    assert not stand_in.calls
    asyncio.run(slack.respond(stand_in.response_url, "text"))
    assert [call.method for call in stand_in.calls] == ["respond"]


def test_nothing_is_logged_even_when_everything_is(stand_in: StandIn, caplog: pytest.LogCaptureFixture) -> None:
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
    deliveries = Deliveries("sqlite://", "slack")
    deliveries.take("key", {"text": SENTINEL})
    deliveries.amend("key", {"text": SENTINEL})
    logging.getLogger("slack_sdk.web").debug("heard")
    assert "heard" in caplog.text and "Quackenbush" not in caplog.text
