"""What Slack sends, in its four wire formats, as one kind of thing.

Events (https://docs.slack.dev/apis/events-api), clicks and shortcuts
(https://docs.slack.dev/reference/interaction-payloads), commands
(https://docs.slack.dev/interactivity/implementing-slash-commands).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from channels.slack.markup import MENTION, decoded

EVENTS = ("app_mention", "message")
WRITTEN = (None, "file_share", "thread_broadcast")
"""Subtypes of a message that a person wrote now; all others are notices, edits and deletions."""
COMMAND = "/vcf"
SHORTCUT = "ask_about_case"
ACTION = re.compile(r"(choice|request)\.(\d+|rest\d+|menu\.\d+)")
BLOCK = re.compile(r"(choice|request)\.([0-9a-f]+)\.\w+")
MARK = re.compile(r"[0-9a-f]{32}")
IDENTIFIER = re.compile(r"[A-Z0-9]{1,40}")
TIMESTAMP = re.compile(r"\d{1,12}\.\d{1,9}")
NUMBER = re.compile(r"[\w.-]{1,120}")
Kind = Literal["message", "choice", "request", "command", "shortcut", "own", "unknown"]
"""What was done; "own" is the shortcut on a message of the assistant, "unknown" a click that this version has not."""


class Malformed(Exception):
    """A request that is not of Slack's form."""


@dataclass(frozen=True)
class Incoming:
    """One thing that a person did.

    `key` is what it is recognized by if it arrives again, `thread` the ts of the message that its thread hangs on
    (None for a command, which has no message), `addressed` whether it is meant for the assistant beyond doubt.
    """

    kind: Kind
    key: str
    team: str
    channel: str
    user: str
    text: str
    thread: str | None
    in_thread: bool = True
    addressed: bool = True
    response_url: str | None = None
    label: str = ""
    """What was clicked, as it was shown."""
    mark: str | None = None
    """What was clicked was offered with this mark (channels.offers)."""
    clicked: Mapping[str, Any] = field(default_factory=dict)
    """The message that was clicked in: `ts`, `text`, `blocks`."""

    @property
    def conversation(self) -> str:
        """The conversation that it belongs to: one for each thread."""
        return f"slack-{self.team}-{self.channel}-{self.thread or self.key}"


def event(envelope: Mapping[str, Any]) -> Incoming | None:
    """The message of an event; None for what is none of the assistant's business. Raises Malformed."""
    given = envelope.get("event")
    if not isinstance(given, dict) or given.get("type") not in EVENTS:
        return None
    if given.get("bot_id") or given.get("bot_profile") or given.get("edited") or given.get("subtype") not in WRITTEN:
        return None
    team, channel = _team(envelope), _text(given, IDENTIFIER, "channel")
    ts, user = _text(given, TIMESTAMP, "ts"), _text(given, IDENTIFIER, "user")
    text = given.get("text") or ""
    if not isinstance(text, str):
        raise Malformed("event.text")
    thread = _text(given, TIMESTAMP, "thread_ts") if given.get("thread_ts") else None
    addressed = given["type"] == "app_mention" or given.get("channel_type") == "im"
    if not addressed and (not thread or MENTION.match(text.strip())):
        # Not in a thread, or said to somebody else in it. (A mention of the assistant comes as an event of its own.)
        return None
    # Not the event_id: a mention arrives as app_mention and as message, with two of them.
    key = f"{team}-{channel}-{ts}"
    return Incoming("message", key, team, channel, user, decoded(text), thread or ts, bool(thread), addressed)


def interaction(payload: Mapping[str, Any]) -> Incoming | None:
    """A click or the shortcut; None for other interactions. Raises Malformed."""
    if payload.get("type") == "block_actions":
        return _click(payload)
    if payload.get("type") == "message_action" and payload.get("callback_id") == SHORTCUT:
        return _shortcut(payload)
    return None


def command(form: Mapping[str, Any]) -> Incoming | None:
    """The slash command; None if it is another one. Raises Malformed."""
    if form.get("command") != COMMAND:
        return None
    team, channel = _text(form, IDENTIFIER, "team_id"), _text(form, IDENTIFIER, "channel_id")
    key = f"command-{_text(form, NUMBER, 'trigger_id')}"
    user, url = _text(form, IDENTIFIER, "user_id"), _text(form, None, "response_url")
    text = decoded(form.get("text", ""))
    return Incoming("command", key, team, channel, user, text, None, in_thread=False, response_url=url)


def _click(payload: Mapping[str, Any]) -> Incoming:
    actions = payload.get("actions")
    if not isinstance(actions, list) or len(actions) != 1 or not isinstance(actions[0], dict):
        raise Malformed("actions")
    action = actions[0]
    chosen = action.get("selected_option") if action.get("type") == "static_select" else action
    team, channel, user = _team(payload), _text(payload, IDENTIFIER, "channel", "id"), _user(payload)
    ts = _text(payload, TIMESTAMP, "message", "ts")
    message = payload["message"]
    thread = _text(message, TIMESTAMP, "thread_ts") if message.get("thread_ts") else ts
    blocks = message.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Malformed("message.blocks")
    clicked = {"ts": ts, "text": str(message.get("text", "")), "blocks": blocks}
    known = ACTION.fullmatch(str(action.get("action_id")))
    offered = BLOCK.fullmatch(str(action.get("block_id")))
    if not known or not offered or known[1] != offered[1] or not isinstance(chosen, dict):
        return Incoming("unknown", "", team, channel, user, "", thread)
    kind: Kind = "choice" if known[1] == "choice" else "request"
    # A question is answered once, whoever clicks; a follow-up may be asked again.
    key = f"choice-{team}-{channel}-{ts}"
    if kind == "request":
        key = f"request-{team}-{channel}-{ts}-{user}-{_text(action, TIMESTAMP, 'action_ts')}"
    label, send = decoded(_text(chosen, None, "text", "text")), _text(chosen, None, "value")
    return Incoming(kind, key, team, channel, user, send, thread, label=label, mark=offered[2], clicked=clicked)


def _shortcut(payload: Mapping[str, Any]) -> Incoming:
    team, channel, user = _team(payload), _text(payload, IDENTIFIER, "channel", "id"), _user(payload)
    ts = _text(payload, TIMESTAMP, "message", "ts")
    message = payload["message"]
    thread = _text(message, TIMESTAMP, "thread_ts") if message.get("thread_ts") else ts
    text, url = decoded(str(message.get("text") or "")), _text(payload, None, "response_url")
    kind: Kind = "own" if _is_own(message, payload.get("api_app_id")) else "shortcut"
    # The message's own key: what was read as a message is not read again by the shortcut.
    return Incoming(kind, f"{team}-{channel}-{ts}", team, channel, user, text, thread, response_url=url)


def _is_own(message: Mapping[str, Any], app: object) -> bool:
    """Whether the assistant posted a message: it is its app's, or bears one of the marks of channels.slack.messages."""
    if not message.get("bot_id"):
        return False
    blocks = message.get("blocks")
    ids = [block.get("block_id") for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    return (app is not None and message.get("app_id") == app) or any(MARK.fullmatch(str(one)) for one in ids)


def _team(given: Mapping[str, Any]) -> str:
    """The workspace that the app is installed in; in a shared channel the sender's may be another."""
    installed = given.get("authorizations")
    if isinstance(installed, list) and installed and isinstance(installed[0], dict) and installed[0].get("team_id"):
        return _text(installed[0], IDENTIFIER, "team_id")
    if isinstance(given.get("team"), dict):
        return _text(given, IDENTIFIER, "team", "id")
    return _text(given, IDENTIFIER, "team_id")


def _user(given: Mapping[str, Any]) -> str:
    return _text(given, IDENTIFIER, "user", "id")


def _text(given: Mapping[str, Any], form: re.Pattern[str] | None, *path: str) -> str:
    """The string at `path`, of the form that it must have. Raises Malformed."""
    found: Any = given
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    if not isinstance(found, str) or (form and not form.fullmatch(found)):
        raise Malformed(".".join(path))
    return found
