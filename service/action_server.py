"""The action server: python -m service.action_server. Listens on 127.0.0.1 only, and works for Rasa's workers alone."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable

from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.record import Recorder, settled, settling, use
from audit.store import Audit
from channels.limits import Limit, TooMany, client_address
from channels.replies import error, json_reply, too_many
from knowledge.current import engine
from service.http_server import Prompt, bound
from service.logs import listen
from service.secrets import PSEUDONYM_KEY
from service.settings import HOST, Settings, settings
from service.versions import versions

LARGEST = 20_000_000
"""Bytes of a request; Rasa sends the case and what was said in it."""
KEEPS = 120
"""Seconds that an unused connection is kept open; longer than those who call do (service.calls)."""
STRANGERS = "600/minute"
"""How often others than Rasa's workers may ask; of a worker no call is ever refused."""
ASKED_EVERY = 1.0
"""Seconds between attempts to find out whether answers can be recorded."""
OPEN = "/health"
"""What anybody on this machine may ask."""


def main() -> None:
    """Load the knowledge store, then serve until stopped."""
    listen()
    engine()
    given = settings()
    audit = Audit(given.audit_database)
    recorder = Recorder(audit.record, given.key(PSEUDONYM_KEY), versions())
    use(recorder)
    app = action_app(given, audit.check)
    app.add_task(settling(recorder))
    app.register_listener(lambda *_: settled(recorder), "before_server_stop")
    app.run(HOST, given.action_port, access_log=False, protocol=Prompt)


class _Asked:
    """Whether answers can be recorded, found out now and then: who asks often takes nothing from who records."""

    def __init__(self, record: Callable[[], object]) -> None:
        self._record = record
        self._asking: asyncio.Task[str] | None = None
        self._until = 0.0

    async def problem(self) -> str:
        """The type of what went wrong; "" if nothing did."""
        if self._asking is None or (self._asking.done() and time.monotonic() >= self._until):
            self._asking = asyncio.create_task(self._asked())
        # Who asked may go away meanwhile; the next one waits for the same.
        return await asyncio.shield(self._asking)

    async def _asked(self) -> str:
        try:
            await asyncio.to_thread(self._record)
        except Exception as failure:
            return type(failure).__name__
        finally:
            self._until = time.monotonic() + ASKED_EVERY
        return ""


def action_app(given: Settings, record: Callable[[], object], strangers: str = STRANGERS) -> Sanic:
    """The server of all actions, for who has the key of `given`; `strangers` is how often others may ask.

    `record` finds out whether answers can be recorded, and raises whatever it likes if not; workers ask at /record.
    """
    app = create_app("actions.actions", cors_origins=[])
    # In place of errors that would quote the request, and log it.
    bound(app, largest=LARGEST, idle=KEEPS)
    key, limit = f"Bearer {given.action_key}".encode(), Limit(strangers)

    async def admit(request: Request) -> HTTPResponse | None:
        if "content-encoding" in request.headers:
            return error(415, "compressed", "Send the call as it is: unpacked, it could have any size.")
        if hmac.compare_digest(request.headers.get("authorization", "").encode(errors="surrogateescape"), key):
            return None
        try:
            limit.count(client_address(request))
        except TooMany as refusal:
            return too_many(refusal)
        return None if request.path == OPEN else error(401, "no_worker", "This server is for Rasa's workers alone.")

    asked = _Asked(record)

    async def recording(_: Request) -> HTTPResponse:
        if problem := await asked.problem():
            return error(503, "no_record", f"Answers cannot be recorded ({problem}).")
        return json_reply({"status": "ok"})

    app.register_middleware(admit, "request")
    app.add_route(recording, "/record")
    return app


if __name__ == "__main__":
    main()
