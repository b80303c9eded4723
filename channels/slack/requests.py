"""Requests from Slack: their signature, their body, and what is replied to those that are not Slack's."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.signature import SignatureVerifier

from channels.limits import Limit, TooMany, client_address
from channels.replies import error, too_many
from channels.slack.events import Malformed

LARGEST = 1_000_000
"""Bytes of a body; Slack's own stay far below."""
logger = logging.getLogger(__name__)
View = Callable[[Request], Awaitable[HTTPResponse]]


def from_slack(verifier: SignatureVerifier, strangers: Limit) -> Callable[[View], View]:
    """A view that only Slack's requests of the last five minutes reach, and whose failures tell nothing.

    Requests of others count against the limit of their address, Slack's never.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        async def answered(request: Request) -> HTTPResponse:
            if len(request.body) > LARGEST:
                return error(413, "too_large", "This body is larger than any of Slack's.")
            if not _is_signed(verifier, request):
                try:
                    strangers.count(client_address(request))
                except TooMany as refusal:
                    return too_many(refusal)
                return error(401, "not_signed", "This request is not signed by Slack, or too old.")
            try:
                return await view(request)
            except Malformed:
                return error(400, "malformed", "This body is not of the form that Slack sends.")
            except SanicException:
                raise
            except Exception as failure:
                # The type alone: an exception's text may quote the message. Slack repeats what is not acknowledged.
                logger.error("A request from Slack failed with %s", type(failure).__name__)
                return error(503, "failed", "Something went wrong on the server. Send it again.")

        return answered

    return guarded


def json_object(text: str | bytes | None) -> Mapping[str, Any]:
    """The JSON object in `text`. Raises Malformed."""
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        raise Malformed("JSON") from None
    if not isinstance(found, dict):
        raise Malformed("JSON")
    return found


def form(request: Request) -> dict[str, str]:
    """The fields of a form, each with its first value."""
    return {name: values[0] for name, values in request.form.items() if values}


def _is_signed(verifier: SignatureVerifier, request: Request) -> bool:
    headers = request.headers
    try:
        return verifier.is_valid(
            request.body, headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature")
        )
    except (ValueError, TypeError):
        # A time that is no number, a signature or a body that is no text: not Slack's.
        return False
