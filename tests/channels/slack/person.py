"""A person in Slack: what they do reaches the servers as Slack sends it, signed."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

import requests
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import select

from channels.deliveries import deliveries
from channels.slack.events import COMMAND, SHORTCUT
from service.settings import settings
from storage.database import open_database
from tests.channels.slack.block_kit import words
from tests.channels.slack.stand_in import StandIn

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOT = "U0ASSISTANT"
TEAM = "T0CLINIC"
WITHIN = 60.0
"""Seconds in which an answer has to come."""
Found = TypeVar("Found")


def _id(kind: str) -> str:
    return f"{kind}{uuid.uuid4().hex[:10].upper()}"


@dataclass
class Person:
    """Somebody in a channel of their own; `url` is that of the channel's webhook."""

    url: str
    slack: StandIn
    channel: str = field(default_factory=lambda: _id("C"))
    user: str = field(default_factory=lambda: _id("U"))
    twice: bool = False
    """Whether all that they do is sent a second time, to the byte."""
    database: str = field(default_factory=lambda: settings().kept("deliveries"))
    """Where the servers keep what is not answered yet."""

    # What they do. Each returns the ts of the message that the thread hangs on, or the server's reply.

    def mention(self, text: str, thread: str | None = None) -> str:
        """Write to the assistant in the channel."""
        ts = self.slack.new_ts()
        reply = self.send(self.envelope(f"<@{BOT}> {text}", ts, thread, type="app_mention"))
        assert (reply.status_code, reply.content) == (200, b"")
        return thread or ts

    def write(self, text: str, thread: str | None = None, **more: Any) -> str:
        """Write a message in which nobody is mentioned."""
        ts = self.slack.new_ts()
        assert self.send(self.envelope(text, ts, thread, **more)).status_code == 200
        return thread or ts

    def say(self, text: str, thread: str | None = None) -> str:
        """Write a direct message."""
        return self.write(text, thread, channel_type="im")

    def command(self, text: str, **changes: str) -> requests.Response:
        """Use the slash command."""
        form = {
            "command": COMMAND,
            "text": text,
            "team_id": TEAM,
            "channel_id": self.channel,
            "user_id": self.user,
            "trigger_id": f"{time.time_ns()}.1.abc",
            "response_url": self.slack.response_url,
        }
        return self.post(urlencode({**form, **changes}), "application/x-www-form-urlencoded")

    def shortcut(self, text: str, **more: Any) -> str:
        """Use the shortcut on a message."""
        message = {"ts": self.slack.new_ts(), "text": text, **more}
        about = {"callback_id": SHORTCUT, "response_url": self.slack.response_url, "message": message}
        assert self.interact({"type": "message_action", "trigger_id": "1.2.a", **about}).status_code == 200
        return str(message["ts"])

    def click(self, message: dict[str, Any], label: str, **changes: Any) -> requests.Response:
        """Click a button of a message, or choose in its menu."""
        for block in message["blocks"]:
            for element in [*block.get("elements", ()), *filter(None, [block.get("accessory")])]:
                for option in element.get("options", [element] if element["type"] == "button" else []):
                    if option["text"]["text"] == label:
                        chosen = {"selected_option": option} if "options" in element else option
                        action = {**element, **chosen, "block_id": block["block_id"], "action_ts": self.slack.new_ts()}
                        seen = {"container": {"message_ts": message["ts"]}, "message": message}
                        return self.interact({"type": "block_actions", "actions": [{**action, **changes}], **seen})
        raise AssertionError(f"no {label!r} in {words(message['blocks'])}")

    # What they see.

    def seen(self, thread: str) -> list[dict[str, Any]]:
        """The assistant's messages in a thread."""
        here = [message for message in self.slack.messages if message["channel"] == self.channel]
        return [message for message in here if message.get("thread_ts") == thread]

    def answers(self, thread: str, count: int = 1) -> list[dict[str, Any]]:
        """The thread once it has `count` messages of the assistant."""
        self.until(lambda: len(self.seen(thread)) >= count, lambda: f"{len(self.seen(thread))} of {count} messages")
        return self.seen(thread)

    def answered(self, thread: str, words_of_it: str) -> dict[str, Any]:
        """The message of a thread that says something, once it is there."""

        def found() -> dict[str, Any] | None:
            return next((one for one in self.seen(thread) if words_of_it in words(one["blocks"])), None)

        return self.until(found, lambda: f"no {words_of_it!r} in {[words(one['blocks']) for one in self.seen(thread)]}")

    def settled(self, thread: str) -> list[dict[str, Any]]:
        """The thread once everything that this person sent is answered."""
        engine = open_database(self.database, "test")

        def waiting() -> list[str]:
            with engine.connect() as connection:
                rows = list(connection.execute(select(deliveries).where(deliveries.c.message.is_not(None))))
            return [row.key for row in rows if row.channel == "slack" and row.message["channel"] == self.channel]

        try:
            self.until(lambda: not waiting(), lambda: f"{waiting()} not answered")
        finally:
            engine.dispose()  # a server takes so many connections and no more
        return self.seen(thread)

    def notes(self) -> list[str]:
        """What only this person was told."""
        mine = [call.arguments for call in self.slack.calls if call.method == "chat.postEphemeral"]
        return [note["text"] for note in mine if (note["user"], note["channel"]) == (self.user, self.channel)]

    def told(self) -> str:
        """The first note to this person, once it is there."""
        return self.until(lambda: self.notes() and self.notes()[0], lambda: "no note")

    def until(self, found: Callable[[], Found | None], otherwise: Callable[[], str]) -> Found:
        """What is found within WITHIN seconds."""
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            if there := found():
                return there
            time.sleep(0.02)
        raise AssertionError(otherwise())

    # How it travels.

    def envelope(self, text: str, ts: str, thread: str | None = None, **event: Any) -> dict[str, Any]:
        """An event as Slack wraps it."""
        kind = event.get("type", "message")
        written = {"type": kind, "channel": self.channel, "user": self.user, "text": text, "ts": ts, "event_ts": ts}
        written |= {**({"channel_type": "channel"} if kind == "message" else {}), **event}
        written |= {"thread_ts": thread} if thread else {}
        authorized = [{"team_id": TEAM, "user_id": BOT, "is_bot": True}]
        about = {"team_id": TEAM, "event_id": f"Ev{uuid.uuid4().hex}", "authorizations": authorized}
        return {"type": "event_callback", **about, "event": written}

    def interact(self, payload: dict[str, Any]) -> requests.Response:
        """Send an interaction."""
        about = {"team": {"id": TEAM}, "channel": {"id": self.channel}, "user": {"id": self.user}}
        return self.post(urlencode({"payload": json.dumps({**about, **payload})}), "application/x-www-form-urlencoded")

    def send(self, envelope: dict[str, Any], **headers: str) -> requests.Response:
        """Send an event."""
        return self.post(json.dumps(envelope), "application/json", **headers)

    def post(self, body: str | bytes, content_type: str, secret: str = SECRET, at: int = 0, **more: str) -> Any:
        """Send a body, signed with `secret` at the time `at` (now if 0)."""
        timestamp = str(at or int(time.time()))
        text = body if isinstance(body, str) else body.decode(errors="replace")
        signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=text)
        headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(signature)}
        content = body.encode() if isinstance(body, str) else body
        headers |= {"Content-Type": content_type, **{name.replace("_", "-"): value for name, value in more.items()}}
        if self.twice:
            requests.post(self.url, data=content, headers=headers, timeout=20).raise_for_status()
        return requests.post(self.url, data=content, headers=headers, timeout=20)
