"""The web channel of Rasa: serves the page and the widget, and the API of openapi.yml."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection
from typing import Any

from rasa.core.channels.channel import InputChannel
from rasa.core.tracker_store import TrackerStore
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.bodies import json_object, whole_text
from channels.limits import Counted, Limiter, Rates, client_address
from channels.locks import Locks
from channels.redaction import redacted_beside_others
from channels.replies import UNANSWERED, Refused, guarded, json_reply
from channels.turns import Handler, Turn, Turns, case_of, history
from channels.web.files import File, files
from channels.web.panel import case_panel
from channels.web.security import secured
from channels.web.sessions import Sessions
from knowledge.document.build import document
from knowledge.document.data import to_data

LONGEST = 20_000
"""Characters of a message; the reader reads no more."""
PREFIX = "/webhooks/web"
READING = ("GET", "HEAD")
LIFETIME = 12 * 3600
"""Seconds that a session lasts: a shift."""
PATIENCE = 20.0
"""Seconds after which the client is told to ask again; the answer is worked on meanwhile, and given then."""
MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class WebInput(InputChannel):  # type: ignore[misc]
    """The channel; `credentials.yml` gives the signing keys, the pages that may embed the widget, and the limits."""

    @classmethod
    def name(cls) -> str:
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        given = credentials or {}
        keys = [key for name in ("session_key", "session_key_previous") if (key := str(given[name] or ""))]
        origins = frozenset(str(given["origins"] or "").split())
        limiter = Limiter(Rates(**given["rates"]), cls.name())
        return cls(Sessions(keys, LIFETIME), limiter, Locks(given["locks"] or ""), origins)

    def __init__(self, sessions: Sessions, limiter: Limiter, locks: Locks, origins: Collection[str] = ()) -> None:
        """`origins` are the pages beside its own that may use the channel."""
        self._sessions = sessions
        self._limiter = limiter
        self._locks = locks
        self._origins = origins
        self._counted = Counted()

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes, below /webhooks/web."""
        routes = Blueprint("web")
        served = files()
        conversations = Turns("web", on_new_message, self._locks)

        @routes.route("/", methods=READING)
        @guarded
        async def page(request: Request) -> HTTPResponse:
            self._limiter.request(client_address(request))
            if not request.path.endswith("/"):
                # The page names its files relative to its own address.
                return response.redirect(f"{request.path}/", status=308)
            return _file(request, served["index.html"])

        @routes.route("/<name:[a-z-]+[.](?:js|css|svg)>", methods=READING)
        @guarded
        async def file(request: Request, name: str) -> HTTPResponse:
            self._limiter.request(client_address(request))
            if name not in served:
                raise Refused(404, "not_found", f"There is no {name} here.")
            return _file(request, served[name])

        @routes.post("/sessions")
        @guarded
        async def open_session(request: Request) -> HTTPResponse:
            self._limiter.request(client_address(request))
            session = self._sessions.open()
            return json_reply({"token": session.token, "expires_at": session.expires_at}, 201)

        @routes.get("/history")
        @guarded
        async def said(request: Request) -> HTTPResponse:
            store, conversation = _store(request), self._known(request)
            turns = await history(store, conversation)
            return json_reply({"turns": list(map(_drawn, turns)), "case": await _panel(store, conversation)})

        @routes.post("/messages")
        @guarded
        async def messages(request: Request) -> HTTPResponse:
            conversation = self._known(request)
            number, text = _message(request)
            self._count(request, conversation, number, text)
            store, message = _store(request), await redacted_beside_others(text)
            answering = asyncio.ensure_future(conversations.answered(store, conversation, number, message))
            # Heard even if nobody waits any more: left to itself, asyncio would log the failure with its text.
            answering.add_done_callback(lambda task: task.cancelled() or task.exception())
            done, _ = await asyncio.wait([answering], timeout=PATIENCE)
            turn = answering.result() if done else None
            if not turn:
                raise Refused(503, "unanswered", UNANSWERED, {"Retry-After": "5"})
            return json_reply({"turn": _drawn(turn), "case": await _panel(store, conversation)})

        @routes.before_server_start
        async def headers(app: Sanic, _: object) -> None:
            app.register_middleware(secured(PREFIX, self._origins), "response")

        return routes

    def _count(self, request: Request, conversation: str, number: str, text: str) -> None:
        """Count a message, for its conversation once however often it is sent. Raises TooMany."""
        self._limiter.long(client_address(request), text)
        key = f"{conversation}-{number}"
        if key not in self._counted:
            self._limiter.message(conversation, text)
            self._counted.add(key)

    def _known(self, request: Request) -> str:
        """The conversation that a request may read and continue."""
        self._limiter.request(client_address(request))
        return self._sessions.conversation(request.headers.get("authorization"))


def _store(request: Request) -> TrackerStore:
    return request.app.ctx.agent.tracker_store


def _drawn(turn: Turn) -> dict[str, Any]:
    """A turn whose answers have a `document`, which the widget draws."""
    return turn | {"answers": list(map(_answer, turn["answers"]))}


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    shown = {name: answer[name] for name in ("text", "payload", "choices")}
    return shown | {"document": to_data(document(**shown))}


async def _panel(store: TrackerStore, conversation: str) -> dict[str, Any]:
    case, engine = await case_of(store, conversation)
    return case_panel(engine, case)


def _message(request: Request) -> tuple[str, str]:
    """The message's number and text. Raises Refused with what is wrong with the body."""
    body = json_object(request, "`id` and `text`", LONGEST)
    number = body.get("id")
    if not isinstance(number, str) or not MESSAGE_ID.fullmatch(number):
        raise Refused(400, "bad_id", "`id` must be 8 to 64 letters, digits or hyphens, new for every message.")
    text = whole_text(body.get("text"), "text", LONGEST)
    if not text.strip():
        raise Refused(400, "no_text", "`text` must be a string that is not empty.")
    return number, text


def _file(request: Request, file: File) -> HTTPResponse:
    """A file of the widget, compressed where that is understood, or the word that it has not changed."""
    headers = {"ETag": file.version, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.version:
        return response.raw(b"", 304, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return response.raw(file.compressed, 200, {**headers, "Content-Encoding": "gzip"}, file.content_type)
    return response.raw(file.content, 200, headers, file.content_type)
