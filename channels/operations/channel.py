"""Health, readiness and figures, below /webhooks/operations (docs/operations.md). It takes no messages.

It is for this machine and the network of its cluster: what came through a proxy is answered as if it were not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.limits import Limit, client_address
from channels.operations.parts import Parts
from channels.replies import Refused, guarded, json_reply
from channels.turns import Handler

PROXIED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""What proxies add to a request."""


class OperationsInput(InputChannel):  # type: ignore[misc]
    """The channel; `credentials.yml` gives the addresses of the parts that it asks, and how often one may ask it."""

    @classmethod
    def name(cls) -> str:
        return "operations"

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> OperationsInput:
        given = credentials or {}
        parts = Parts(given["action_server"], given["action_key"], given["redis"] or "")
        return cls(parts, Limit(given["rate"]))

    def __init__(self, parts: Parts, limit: Limit) -> None:
        self._parts = parts
        self._limit = limit

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes, below /webhooks/operations."""
        routes = Blueprint("operations")

        @routes.get("/health")
        @guarded
        async def health(request: Request) -> HTTPResponse:
            self._admit(request)
            return json_reply({"status": "ok"})

        @routes.get("/ready")
        @guarded
        async def ready(request: Request) -> HTTPResponse:
            self._admit(request)
            found = await self._parts.asked(request.app.ctx.agent)
            return json_reply({"ready": found.ready, "parts": found.parts}, 200 if found.ready else 503)

        @routes.get("/metrics")
        @guarded
        async def metrics(request: Request) -> HTTPResponse:
            self._admit(request)
            figures = CollectorRegistry()
            MultiProcessCollector(figures)  # type: ignore[no-untyped-call]
            return response.raw(generate_latest(figures), content_type=CONTENT_TYPE_LATEST)

        return routes

    def _admit(self, request: Request) -> None:
        """Count a request. Raises Refused if a proxy passed it on, TooMany if its sender asks too often."""
        self._limit.count(client_address(request))
        if any(name in request.headers for name in PROXIED):
            raise Refused(404, "not_found", f"Nothing answers {request.method} at this address.")
