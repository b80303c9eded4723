"""The web channel of Rasa: serves the page and the widget, and the API of openapi.yml."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import Event
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.web.files import File, files
from channels.web.limits import Limiter, Rates
from channels.web.replies import SECURITY, Refused, guarded, json_reply
from channels.web.sessions import Sessions, signing_key
from channels.web.turns import begun, case_panel, turns
from knowledge.answer import answer
from knowledge.case import Case
from knowledge.consult_note import consult_note
from knowledge.current import engine

LONGEST = 20_000
"""Characters of a message; the reader reads no more."""
LIFETIME = 12 * 3600
"""Seconds that a session lasts: a shift."""
MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
Handler = Callable[[UserMessage], Awaitable[Any]]


class WebInput(InputChannel):  # type: ignore[misc]
    """The channel; `credentials.yml` gives the file of the signing key and the limits."""

    @classmethod
    def name(cls) -> str:
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        given = credentials or {}
        sessions = Sessions(signing_key(Path(given["session_key_file"])), LIFETIME)
        return cls(sessions, Limiter(Rates(**given["rates"])))

    def __init__(self, sessions: Sessions, limiter: Limiter) -> None:
        self._sessions = sessions
        self._limiter = limiter
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes, below /webhooks/web."""
        routes = Blueprint("web")
        served = files()

        @routes.get("/")
        async def page(request: Request) -> HTTPResponse:
            if not request.path.endswith("/"):
                # The page names its files relative to its own address.
                return response.redirect(f"{request.path}/", status=308)
            return _file(request, served["index.html"])

        @routes.get("/<name:[a-z-]+[.](?:js|css|svg)>")
        @guarded
        async def file(request: Request, name: str) -> HTTPResponse:
            if name not in served:
                raise Refused(404, "not_found", f"There is no {name} here.")
            return _file(request, served[name])

        @routes.post("/sessions")
        @guarded
        async def open_session(request: Request) -> HTTPResponse:
            self._limiter.request(request.ip)
            session = self._sessions.open()
            return json_reply({"token": session.token, "expires_at": session.expires_at}, 201)

        @routes.get("/history")
        @guarded
        async def history(request: Request) -> HTTPResponse:
            return json_reply(await _conversation(request, self._known(request)))

        @routes.get("/note")
        @guarded
        async def note(request: Request) -> HTTPResponse:
            return json_reply({"text": await _note(request, self._known(request))})

        @routes.post("/messages")
        @guarded
        async def message(request: Request) -> HTTPResponse:
            conversation = self._known(request)
            self._limiter.message(conversation)
            number, text = _message(request)
            lock = self._locks.setdefault(conversation, asyncio.Lock())
            async with lock:
                return json_reply(await self._answered(request, on_new_message, conversation, number, text))

        @routes.on_response
        async def headers(request: Request, reply: HTTPResponse) -> None:
            reply.headers.update(SECURITY)

        return routes

    def _known(self, request: Request) -> str:
        """The conversation that a request may read and continue."""
        self._limiter.request(request.ip)
        return self._sessions.conversation(request.headers.get("authorization"))

    @staticmethod
    async def _answered(
        request: Request, on_new_message: Handler, conversation: str, number: str, text: str
    ) -> dict[str, Any]:
        """The turn of the message `number`; one that was sent before is not taken in a second time."""
        events, _ = await _tracked(request, conversation)
        collector = CollectingOutputChannel()
        if not _turn(turns(events, engine().guideline), number):
            sent = UserMessage(text, collector, conversation, input_channel="web", message_id=number)
            await on_new_message(sent)
        known = await _conversation(request, conversation)
        # A message that starts over ("new patient") is no part of the conversation that begins with its answer.
        turn = _turn(known["turns"], number) or (
            begun(number, text, collector.messages) if not known["turns"] else None
        )
        if not turn:
            raise Refused(503, "unanswered", "The assistant could not answer just now. Nothing is lost: send it again.")
        return {"turn": turn, "case": known["case"]}


def _turn(told: Iterable[dict[str, Any]], number: str) -> dict[str, Any] | None:
    """The answered turn of the message `number`, if there is one."""
    return next((turn for turn in told if turn["id"] == number and turn["answers"]), None)


async def _conversation(request: Request, conversation: str) -> dict[str, Any]:
    """All turns of a conversation and its case, from the tracker store."""
    events, case = await _tracked(request, conversation)
    return {"turns": turns(events, engine().guideline), "case": case_panel(engine(), case)}


async def _note(request: Request, conversation: str) -> str:
    """The consult note of the case. Raises Refused if there is none yet."""
    _, case = await _tracked(request, conversation)
    if not case.readings:
        raise Refused(409, "no_case", "There is no case yet to write a note of.")
    return consult_note(answer(engine(), case), datetime.now(UTC))


async def _tracked(request: Request, conversation: str) -> tuple[Iterable[Event], Case]:
    """What the tracker store holds of a conversation: its events, and the case."""
    tracker = await request.app.ctx.agent.tracker_store.retrieve(conversation)
    return (tracker.events, Case.from_data(tracker.get_slot("case"))) if tracker else ((), Case())


def _message(request: Request) -> tuple[str, str]:
    """The message's number and text. Raises Refused with what is wrong with the body."""
    if len(request.body) > 8 * LONGEST:
        raise Refused(413, "too_long", f"A message may have {LONGEST:,} characters at most.")
    try:
        body = request.json
    except InvalidUsage:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "no_json", "Send a JSON object with `id` and `text`.")
    number, text = body.get("id"), body.get("text")
    if not isinstance(number, str) or not MESSAGE_ID.fullmatch(number):
        raise Refused(400, "bad_id", "`id` must be 8 to 64 letters, digits or hyphens, new for every message.")
    if not isinstance(text, str) or not text.strip():
        raise Refused(400, "no_text", "`text` must be a string that is not empty.")
    if len(text) > LONGEST:
        raise Refused(413, "too_long", f"A message may have {LONGEST:,} characters at most; this has {len(text):,}.")
    return number, text


def _file(request: Request, file: File) -> HTTPResponse:
    """A file of the widget, compressed where that is understood, or the word that it has not changed."""
    headers = {"ETag": file.version, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.version:
        return response.raw(b"", 304, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return response.raw(file.compressed, 200, {**headers, "Content-Encoding": "gzip"}, file.content_type)
    return response.raw(file.content, 200, headers, file.content_type)
