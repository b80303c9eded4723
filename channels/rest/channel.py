"""Rasa's REST channel, with its address and its answers, for programs on this machine only.

It has no authentication: whoever reaches it can read and continue every conversation of this channel. So it is not
made in production, and takes nothing from a page in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.headers import parse_host
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.bodies import json_object, whole_text
from channels.limits import Limiter, Rates, client_address
from channels.redaction import metadata, redacted_beside_others, warning
from channels.replies import Refused, guarded
from channels.turns import Handler, written

PRODUCTION = "production"
"""The environment in which there is no such channel."""
LONGEST = 100_000
"""Characters of a message; of a longer one than it reads the reader says so in its answer."""
SENDER = re.compile(r"[\w.:@+-][\w.:@+ -]{0,127}")


@dataclass(frozen=True)
class Sent:
    """A message and the conversation that it belongs to, as a client sent them."""

    sender: str
    text: str


class RestChannel(RestInput):  # type: ignore[misc]
    """The channel; `credentials.yml` gives the environment and the limits."""

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> RestChannel:
        """Raises ValueError in production, or if a rate cannot be read."""
        given = credentials or {}
        if given["environment"] == PRODUCTION:
            raise ValueError(
                "The REST channel has no authentication, so it is not there in production. Start with "
                "`python -m service serve`, which leaves it out, or take it out of the credentials file."
            )
        return cls(Limiter(Rates(**given["rates"]), cls.name()))

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes, below /webhooks/rest."""
        routes = Blueprint("rest")

        @routes.post("/webhook")
        @guarded
        async def webhook(request: Request) -> HTTPResponse:
            self._limiter.request(client_address(request))
            _check_program(request)
            sent = _sent(request)
            self._limiter.message(sent.sender, sent.text)
            collector, message = CollectingOutputChannel(), await redacted_beside_others(sent.text)
            beside = metadata(message)
            # Neither input channel nor metadata is the client's to choose.
            await on_new_message(
                UserMessage(written(message.text), collector, sent.sender, input_channel=self.name(), metadata=beside)
            )
            if told := warning(beside):
                await collector.send_text_message(sent.sender, told)
            return response.json(collector.messages, headers={"Cache-Control": "no-store"})

        return routes


def _check_program(request: Request) -> None:
    """Raises Refused if a browser made the request for a page, whatever name it found this machine by."""
    if "origin" in request.headers:
        raise Refused(403, "page", "The REST channel is for programs on this machine; a page uses the web channel.")
    host, _ = parse_host(request.headers.get("host", ""))
    if not _is_loopback((host or "").strip("[]")):
        raise Refused(403, "other_host", "The REST channel is for this machine only: call it at 127.0.0.1.")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _sent(request: Request) -> Sent:
    body = json_object(request, "`sender` and `message`", LONGEST)
    sender = body.get("sender")
    if not isinstance(sender, str) or not SENDER.fullmatch(sender):
        raise Refused(
            400,
            "bad_sender",
            "`sender` names the conversation: 1 to 128 letters, digits, spaces, or any of . : @ + - _",
        )
    return Sent(sender, whole_text(body.get("message"), "message", LONGEST))
