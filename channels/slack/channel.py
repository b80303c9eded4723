"""The Slack channel of Rasa: its routes and its start (docs/slack.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel
from rasa.core.channels.slack import SlackInput
from rasa.core.tracker_store import TrackerStore
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.signature import SignatureVerifier

from channels.courier import Courier
from channels.deliveries import Deliveries
from channels.limits import Limit, client_address
from channels.locks import Locks
from channels.replies import Refused, guarded
from channels.slack.api import Slack
from channels.slack.events import Malformed, command, event, interaction
from channels.slack.posting import Posting
from channels.slack.reception import Rates, Reception
from channels.slack.requests import form, from_slack, json_object
from channels.turns import Handler, Turns

SECRETS = {"slack_token": "SLACK_BOT_TOKEN", "slack_signing_secret": "SLACK_SIGNING_SECRET"}
"""What has to be set, with its name in the environment."""


class SlackChannel(SlackInput):  # type: ignore[misc]
    """The channel; `credentials.yml` gives the secrets, the addresses and the limits."""

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel, or its absence where no secret is set.

        Raises ValueError if only one of the secrets is set, or a rate cannot be read.
        """
        given = credentials or {}
        missing = [name for key, name in SECRETS.items() if not str(given.get(key) or "").strip()]
        if len(missing) == len(SECRETS):
            return SlackOff(_strangers(Rates(**given["rates"])))
        if missing:
            raise ValueError(
                f"The Slack channel is half configured: {missing[0]} is not set. Set it too, or none of "
                f"{' and '.join(SECRETS.values())} to leave the channel off."
            )
        return cls(given)

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(given["slack_token"], slack_signing_secret=given["slack_signing_secret"], use_threads=True)
        self._url = str(given["slack_api_url"])
        self._deliveries = given["deliveries"]
        self._locks = Locks(given["locks"] or "")
        self._rates = Rates(**given["rates"])

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes, below /webhooks/slack."""
        routes = Blueprint("slack")
        apps: list[Sanic] = []

        def store() -> TrackerStore:
            return apps[0].ctx.agent.tracker_store

        slack = Slack(self.slack_token, self._url)
        posting = Posting(slack, store)
        deliveries = Deliveries(channel=self.name(), **self._deliveries)
        turns = Turns(self.name(), on_new_message, self._locks)
        courier = Courier(deliveries, turns, posting.post, prepare=posting.prepare)
        reception = Reception(slack, courier, self._rates, posting.run)

        @routes.listener("after_server_start")
        async def resume(app: Sanic, _loop: object) -> None:
            apps.append(app)
            courier.begin(store())

        @routes.listener("before_server_stop")
        async def leave(_app: Sanic, _loop: object) -> None:
            courier.end()

        @routes.listener("after_server_stop")
        async def close(_app: Sanic, _loop: object) -> None:
            await slack.close()

        @routes.post("/webhook")
        @from_slack(SignatureVerifier(self.slack_signing_secret), _strangers(self._rates))
        async def webhook(request: Request) -> HTTPResponse:
            if request.headers.get("content-type", "").startswith("application/json"):
                sent = json_object(request.body)
                if sent.get("type") == "url_verification":
                    return response.json({"challenge": str(sent.get("challenge", ""))})
                given = event(sent)
            else:
                fields = form(request)
                if "payload" not in fields and "command" not in fields:
                    raise Malformed("form")
                given = interaction(json_object(fields["payload"])) if "payload" in fields else command(fields)
            if given:
                await reception.receive(store(), given, "x-slack-retry-num" in request.headers)
            return response.empty(200)

        return routes


class SlackOff(InputChannel):  # type: ignore[misc]
    """The channel where it is not set up: it says so, and takes nothing."""

    def __init__(self, strangers: Limit) -> None:
        self._strangers = strangers

    @classmethod
    def name(cls) -> str:
        return "slack"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """One route, which answers everything alike."""
        routes = Blueprint("slack")

        @routes.route("/", methods=["GET", "POST"])
        @routes.route("/<path:path>", methods=["GET", "POST"])
        @guarded
        async def off(request: Request, path: str = "") -> HTTPResponse:
            self._strangers.count(client_address(request))
            names = " and ".join(SECRETS.values())
            raise Refused(404, "off", f"The Slack channel is off. Set {names} and start again; see docs/slack.md.")

        return routes


def _strangers(rates: Rates) -> Limit:
    """The limit of what does not come from Slack."""
    return Limit(rates.requests_of_address, "slack-address", rates.shared_in)
