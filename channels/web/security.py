"""What every response of the web channel carries, also those to addresses that it does not have."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.replies import error

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
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


def origins_told(prefix: str, origins: Collection[str]) -> Callable[[Request, HTTPResponse], None]:
    """Lets the pages of `origins` use what lies below `prefix` (CORS), and no other page anything."""

    def told(request: Request, reply: HTTPResponse) -> None:
        if not f"{request.path}/".startswith(f"{prefix}/"):
            return
        kept_apart = reply.headers.get("Vary")
        reply.headers["Vary"] = f"{kept_apart}, Origin" if kept_apart else "Origin"
        if (origin := request.headers.get("origin")) in origins:
            reply.headers["Access-Control-Allow-Origin"] = origin
            if request.method == "OPTIONS":
                reply.headers.update(PREFLIGHT)

    return told


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
