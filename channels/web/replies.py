"""What every response of the web channel has in common: JSON errors and security headers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from sanic import response
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.limits import TooMany
from channels.web.sessions import NoSession

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
"""Nothing but the page's own files: no inline script or style, no third party."""
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
logger = logging.getLogger(__name__)
View = Callable[..., Awaitable[HTTPResponse]]


class Refused(Exception):
    """A request that is answered with an error: its status, a `code` for programs, a message for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


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


def unrouted(prefix: str, handler: ErrorHandler) -> Callable[[Request, SanicException], HTTPResponse]:
    """Answers what no route takes below `prefix` with clear JSON; elsewhere `handler` answers as before."""

    def answered(request: Request, failure: SanicException) -> HTTPResponse:
        if not f"{request.path}/".startswith(f"{prefix}/"):
            return handler.default(request, failure)
        code = {404: "not_found", 405: "bad_method"}[failure.status_code]
        reply = error(
            failure.status_code,
            code,
            f"Nothing answers {request.method} at this address.",
            getattr(failure, "headers", None),
        )
        reply.headers.update(SECURITY)
        return reply

    return answered


def guarded(view: View) -> View:
    """A view whose refusals become errors in JSON, and whose failures tell nothing of the message."""

    @wraps(view)
    async def answered(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse:
        try:
            return await view(request, *args, **kwargs)
        except NoSession as refusal:
            return error(401, "no_session", str(refusal), {"WWW-Authenticate": "Bearer"})
        except TooMany as refusal:
            return too_many(refusal)
        except Refused as refusal:
            return error(refusal.status, refusal.code, str(refusal))
        except SanicException:
            raise
        except Exception as failure:
            # The type alone: an exception's text may quote the message.
            logger.error("A request to %s failed with %s", request.path, type(failure).__name__)
            return error(500, "failed", "Something went wrong on the server. Nothing is lost: send it again.")

    return answered
