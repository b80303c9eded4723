"""What a channel answers to requests: JSON, and errors as clear JSON."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from sanic import response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.limits import TooMany
from channels.outages import OUTAGES

UNANSWERED = "The assistant could not answer just now. Nothing is lost: send it again."
logger = logging.getLogger(__name__)
View = Callable[..., Awaitable[HTTPResponse]]


class Refused(Exception):
    """A request that is answered with an error: its status, a `code` for programs, a message for people."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers


def json_reply(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    """A JSON response; it may hold case text, so nobody on the way may keep it."""
    return response.json(body, status, {"Cache-Control": "no-store", **(headers or {})})


def error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    """An error as clear JSON."""
    return json_reply({"error": {"code": code, "message": message}}, status, headers)


def too_many(refusal: TooMany) -> HTTPResponse:
    """That a limit is used up; pages of other origins cannot read the header, so the body says how long, too."""
    wait = refusal.retry_after
    body = {"error": {"code": "too_many", "message": str(refusal), "retry_after": wait}}
    return json_reply(body, 429, {"Retry-After": str(wait)})


def guarded(view: View) -> View:
    """A view whose refusals become errors in JSON, and whose failures tell nothing of the message."""

    @wraps(view)
    async def answered(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse:
        try:
            return await view(request, *args, **kwargs)
        except TooMany as refusal:
            return too_many(refusal)
        except Refused as refusal:
            return error(refusal.status, refusal.code, str(refusal), refusal.headers)
        except SanicException:
            raise
        except OUTAGES as outage:
            logger.error("A request to %s met an outage: %s", request.path, type(outage).__name__)
            return error(503, "unanswered", UNANSWERED, {"Retry-After": "5"})
        except Exception as failure:
            # The type alone: an exception's text may quote the message.
            logger.error("A request to %s failed with %s", request.path, type(failure).__name__)
            return error(500, "failed", "Something went wrong on the server. Nothing is lost: send it again.")

    return answered
