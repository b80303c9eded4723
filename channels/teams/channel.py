"""The Teams channel of Rasa: takes Bot Framework activities, acknowledges, and answers with Adaptive Cards after."""

from __future__ import annotations

import asyncio
import logging
from asyncio import AbstractEventLoop
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from rasa.core.channels.botframework import BotFrameworkInput
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.courier import Courier, Passing, Permanent, Untaken
from channels.deliveries import Deliveries
from channels.http_client import Client
from channels.limits import Counted, Limiter, Rates, TooMany, client_address
from channels.locks import Locks
from channels.replies import Refused, guarded, json_reply
from channels.teams.activities import Activity, Malformed, Said, read_activity, said
from channels.teams.answers import PLAIN, as_text, draw
from channels.teams.connector import Connector, Unreadable
from channels.teams.settings import TeamsSettings, teams_settings
from channels.teams.tokens import BadToken, Gate, NoKeys, is_for
from channels.turns import Handler, Turns

LONGEST_BODY = 1_000_000
"""Bytes of an activity; Teams sends a message's text twice, once as HTML."""
TIMEOUT = 15
"""Seconds that a call of the platform may take."""
TYPING = 1.0
"""Seconds that an answer waits at most until it is shown that it is being written."""
OFF = "The Teams channel is off: TEAMS_APP_ID and TEAMS_APP_PASSWORD are not set (docs/teams.md)."
logger = logging.getLogger(__name__)


class TeamsChannel(BotFrameworkInput):  # type: ignore[misc]
    """Rasa's Bot Framework channel with validated tokens, durable answers and cards; off without settings."""

    @classmethod
    def name(cls) -> str:
        return "teams"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TeamsChannel:
        given = credentials or {}
        settings = teams_settings(given)
        return cls(settings, given)

    def __init__(self, settings: TeamsSettings | None, given: Mapping[str, Any]) -> None:
        """`given` is what credentials.yml says. Rasa's own constructor is left out: it needs the network."""
        self._settings, self._given = settings, given

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes, below /webhooks/teams."""
        routes = Blueprint("teams")
        limiter = Limiter(Rates(**self._given["rates"]), self.name())
        if self._settings is None:
            return _off(routes, limiter)
        client = Client(TIMEOUT)
        deliveries = Deliveries(channel=self.name(), **self._given["deliveries"])
        turns = Turns(self.name(), on_new_message, Locks(self._given["locks"] or ""))
        bot = Bot(self._settings, limiter, client, deliveries, turns)

        @routes.post("/messages")
        @guarded
        async def messages(request: Request) -> HTTPResponse:
            return await bot.receive(request)

        @routes.listener("after_server_start")
        async def resume(app: Sanic, loop: AbstractEventLoop) -> None:
            bot.courier.begin(app.ctx.agent.tracker_store)

        @routes.listener("before_server_stop")
        async def leave(app: Sanic, loop: AbstractEventLoop) -> None:
            bot.courier.end()

        @routes.listener("after_server_stop")
        async def close(app: Sanic, loop: AbstractEventLoop) -> None:
            await client.close()

        return routes


class Bot:
    """Takes activities in, and has a courier answer them."""

    def __init__(
        self, settings: TeamsSettings, limiter: Limiter, client: Client, deliveries: Deliveries, turns: Turns
    ) -> None:
        self._settings = settings
        self._limiter = limiter
        self._gate = Gate(settings, client)
        self._connector = Connector(settings, client)
        self._typing: dict[str, asyncio.Task[None]] = {}
        self._counted = Counted()
        self.courier = Courier(deliveries, turns, self._post, draw)
        self._telling: set[asyncio.Task[None]] = set()

    async def receive(self, request: Request) -> HTTPResponse:
        """Take in what a request brings, if it may; the answer follows. Raises Refused, TooMany."""
        activity = await self._admitted(request)
        if activity.kind == "invoke":
            return _invoked(activity)
        spoken = said(activity)
        if spoken is None:
            return json_reply({})
        spoken = self._within_limit(activity, spoken)
        message = _message(activity, spoken)
        try:
            if await self.courier.take(request.app.ctx.agent.tracker_store, activity.key, message) and spoken.text:
                self._show_typing(message)
        except Untaken:
            self._tell_untaken(message)
        return json_reply({}, 202)

    def _tell_untaken(self, message: Mapping[str, Any]) -> None:
        """Tell it after the acknowledgment: Teams sends nothing again, and would show no reason."""
        task = asyncio.create_task(self._told_untaken(message))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _told_untaken(self, message: Mapping[str, Any]) -> None:
        try:
            await self.courier.tell_untaken(message)
        except (Passing, Permanent) as failure:
            logger.error("That a message was not taken in could not be told: %s", type(failure).__name__)

    def _within_limit(self, activity: Activity, spoken: Said) -> Said:
        """What an activity says, or the notice that it is one too many."""
        if activity.key in self._counted:
            return spoken
        self._counted.add(activity.key)
        try:
            self._limiter.message(activity.case, spoken.text or "", activity.person)
        except TooMany:
            return Said(notice="too_many")
        return spoken

    async def _admitted(self, request: Request) -> Activity:
        """The activity of a request that may speak to this bot."""
        try:
            claims = await self._gate.claims(request.headers.get("authorization"))
            activity = _activity(request)
            if not is_for(claims, activity.service_url):
                raise BadToken
        except BadToken:
            self._limiter.request(client_address(request))  # those that guess are held up, Teams never is
            raise Refused(401, "unauthorized", "A valid token of Bot Framework is needed.") from None
        except NoKeys:
            self._limiter.request(client_address(request))  # whoever it is: Teams would not be answered either
            raise Refused(503, "no_keys", "Tokens cannot be checked just now. Try again later.") from None
        if not self._settings.allows(activity.service_url):
            raise Refused(403, "service_url", "`serviceUrl` is not among TEAMS_SERVICE_URLS.")
        if not self._settings.answers(activity.tenant):
            raise Refused(403, "other_tenant", "This bot does not answer this tenant.")
        return activity

    async def _post(self, message: Mapping[str, Any], activity: Mapping[str, Any]) -> None:
        if typing := self._typing.get(message["turn"]):
            await asyncio.wait({typing}, timeout=TYPING)
            typing.cancel()  # after the answer it would say that more is coming
        try:
            await self._send(message, {name: value for name, value in activity.items() if name != PLAIN})
        except Unreadable as refusal:
            if PLAIN not in activity:
                raise
            logger.error("A card was refused, its answer is posted as plain text: %s", refusal)
            await self._send_plainly(message, activity[PLAIN])

    async def _send_plainly(self, message: Mapping[str, Any], pieces: list[str]) -> None:
        """Post what is left of an answer's plain text; where its card could not be, an alarm is read all the same."""
        while pieces:
            await self._send(message, as_text(pieces[0]))
            pieces.pop(0)

    async def _send(self, message: Mapping[str, Any], activity: Mapping[str, Any]) -> None:
        sent = {**activity, "from": message["bot"], "conversation": {"id": message["thread"]}}
        if message["reply_to"]:
            sent["replyToId"] = message["reply_to"]
        await self._connector.post(message["service_url"], message["thread"], sent)

    def _show_typing(self, message: Mapping[str, Any]) -> None:
        turn = message["turn"]
        self._typing[turn] = asyncio.create_task(self._typed(message))
        self._typing[turn].add_done_callback(lambda _: self._typing.pop(turn, None))

    async def _typed(self, message: Mapping[str, Any]) -> None:
        with suppress(Passing, Permanent):  # a courtesy: the answer itself is what is tried again
            await self._send(message, {"type": "typing"})


def _off(routes: Blueprint, limiter: Limiter) -> Blueprint:
    @routes.route("/", methods=["GET", "POST"])
    @routes.route("/messages", methods=["GET", "POST"])
    @guarded
    async def off(request: Request) -> HTTPResponse:
        limiter.request(client_address(request))
        raise Refused(404, "off", OFF)

    return routes


def _activity(request: Request) -> Activity:
    if len(request.body) > LONGEST_BODY:
        raise Refused(413, "too_long", f"An activity may have {LONGEST_BODY:,} bytes at most.")
    try:
        return read_activity(request.json)
    except (InvalidUsage, RecursionError):
        raise Refused(400, "no_json", "Send a Bot Framework activity as a JSON object.") from None
    except Malformed as fault:
        raise Refused(400, "no_activity", str(fault)) from None


def _message(activity: Activity, spoken: Said) -> dict[str, Any]:
    """What is kept of an activity until it is answered: nothing of who wrote it."""
    return {
        "conversation": activity.case,
        "text": spoken.text,
        "mark": spoken.mark,
        "notice": spoken.notice,
        "turn": activity.key,
        "service_url": activity.service_url,
        "thread": activity.conversation,
        "reply_to": activity.id if activity.kind == "message" else None,
        "bot": dict(activity.bot),
    }


def _invoked(activity: Activity) -> HTTPResponse:
    """Teams asks for a reply at once, which nothing in our cards does."""
    unsupported = {"code": "NotSupported", "message": "This bot has no such action."}
    if activity.body.get("name") == "adaptiveCard/action":
        # Here the status of the action stands in the body.
        return json_reply({"statusCode": 501, "type": "application/vnd.microsoft.error", "value": unsupported})
    return json_reply({"error": unsupported}, 501)
