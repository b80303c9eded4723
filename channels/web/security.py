"""What every response of the web channel carries, also those to addresses that it does not have."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sanic.request import Request
from sanic.response import HTTPResponse

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


def secured(prefix: str, origins: Collection[str]) -> Callable[[Request, HTTPResponse], None]:
    """Adds what responses below `prefix` carry, and lets the pages of `origins` use them (CORS), and no other page."""

    def completed(request: Request, reply: HTTPResponse) -> None:
        if not f"{request.path}/".startswith(f"{prefix}/"):
            return
        reply.headers.update(SECURITY)
        kept_apart = reply.headers.get("Vary")
        reply.headers["Vary"] = f"{kept_apart}, Origin" if kept_apart else "Origin"
        if (origin := request.headers.get("origin")) in origins:
            reply.headers["Access-Control-Allow-Origin"] = origin
            if request.method == "OPTIONS":
                reply.headers.update(PREFLIGHT)

    return completed
