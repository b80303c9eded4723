"""Slack's Web API as this channel uses it; what goes wrong is told apart for the courier.

No text of a message reaches a log from here: the client's own logger, which writes whole requests, is never heard.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from channels.courier import Passing, Permanent
from channels.http_client import LOOPBACK, Client
from channels.slack.messages import Message

TIMEOUT = 10
"""Seconds that a call may take."""
PASSING = frozenset(("internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"))
"""Slack's codes for trouble of its own."""
NOT_THERE = frozenset(("not_in_channel", "channel_not_found", "user_not_in_channel"))
"""Slack's codes for a channel that the assistant is no member of."""
HOOKS = (".slack.com", ".slack-gov.com")
logger = logging.getLogger(__name__)


class Lost(Passing):
    """A call got no answer: it may have been carried out all the same."""


class Slack:
    """The workspace that the bot token opens."""

    def __init__(self, token: str, url: str) -> None:
        """`url` is that of the Web API, https://slack.com/api/ unless a test stands in for it."""
        # Not among the loggers that a configuration can name and turn up.
        unheard = logging.Logger("slack-wire", logging.CRITICAL + 1)
        self._host = urlsplit(url).hostname
        # A call that posts is not repeated by the client: the courier waits longer, over restarts too, and this
        # channel first looks whether the message is there already.
        self._client = AsyncWebClient(token, url, TIMEOUT, logger=unheard, retry_handlers=[])
        retried = [
            AsyncRateLimitErrorRetryHandler(),
            AsyncConnectionErrorRetryHandler(),
            AsyncServerErrorRetryHandler(),
        ]
        self._kept = Client(TIMEOUT)
        self._notes = AsyncWebClient(token, url, TIMEOUT, logger=unheard, retry_handlers=retried)
        self._unheard = unheard

    @property
    def _calls(self) -> AsyncWebClient:
        """The client over connections that are kept; without a session it opens one for every call."""
        self._client.session = self._kept.session()
        return self._client

    async def close(self) -> None:
        """Close the connections."""
        await self._kept.close()

    async def post(self, channel: str, thread: str | None, message: Message) -> str:
        """Post a message; returns its ts. Raises Lost, Passing or Permanent."""
        with _failures_told():
            posted = await self._calls.chat_postMessage(
                channel=channel, thread_ts=thread, unfurl_links=False, unfurl_media=False, **message
            )
        return str(posted["ts"])

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Put other content in a message's place. Raises Passing or Permanent."""
        with _failures_told():
            await self._calls.chat_update(channel=channel, ts=ts, **message)

    async def find(self, channel: str, thread: str | None, mark: str) -> str | None:
        """The ts of a thread's message (without a thread: of the channel's) that has a block of the id `mark`.

        None if there is none, or Slack does not let us look. Raises Passing.
        """
        try:
            with _failures_told():
                if thread:
                    pages = await self._calls.conversations_replies(channel=channel, ts=thread, limit=200)
                else:
                    pages = await self._calls.conversations_history(channel=channel, limit=100)
                async for page in pages:
                    for message in page["messages"]:
                        if any(block.get("block_id") == mark for block in message.get("blocks", ())):
                            return str(message["ts"])
                    if not thread:
                        break
        except Permanent as refusal:
            logger.error("A thread could not be read: %s", refusal)
        return None

    async def tell(self, given: Mapping[str, Any], text: str, needed: bool = False) -> None:
        """Tell the author of `given` (the fields of channels.slack.events.Incoming) what nobody else sees.

        A failure is logged, for such a note is a courtesy; one that is `needed` raises Passing.
        """
        try:
            if given["response_url"]:
                await self.respond(given["response_url"], text)
            else:
                # In a thread that has no reply yet Slack does not show such notes.
                thread = given["thread"] if given["in_thread"] else None
                await self.note(given["channel"], given["user"], thread, text)
        except (Passing, Permanent) as failure:
            logger.error("A note could not be posted: %s", failure)
            if needed and isinstance(failure, Passing):
                raise

    async def note(self, channel: str, user: str, thread: str | None, text: str) -> None:
        """Show `text` to `user` alone. Raises Passing or Permanent."""
        with _failures_told():
            await self._notes.chat_postEphemeral(channel=channel, user=user, text=text, thread_ts=thread)

    async def respond(self, url: str, text: str) -> None:
        """The same by the `response_url` of a command or a shortcut, which also works where the bot is no member."""
        address = urlsplit(url)
        host = address.hostname or ""
        is_safe = address.scheme == "https" or self._host in LOOPBACK
        if not is_safe or not (host.endswith(HOOKS) or host == self._host):
            raise Permanent("not_a_response_url")
        with _failures_told():
            hook = AsyncWebhookClient(url, TIMEOUT, logger=self._unheard)
            answer = await hook.send(text=text, response_type="ephemeral", replace_original=False)
        # This client raises nothing for a refusal.
        if answer.status_code >= 400:
            raise _failure(answer)


@contextmanager
def _failures_told() -> Iterator[None]:
    """Raises what a call raises as Lost, Passing or Permanent, with Slack's code and no text."""
    try:
        yield
    except SlackApiError as error:
        raise _failure(error.response) from None
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise Lost from None


def _failure(response: Any) -> Exception:
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    code = str(data.get("error")) if isinstance(data, dict) and data.get("error") else f"http_{status}"
    if status == 429 or code == "ratelimited":
        wait = str(response.headers.get("Retry-After", ""))
        return Passing(float(wait) if wait.isdigit() else None)
    if status >= 500 or code in PASSING:
        return Lost()
    return Permanent(code)
