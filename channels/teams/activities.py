"""Activities as Bot Framework sends them: whose they are, and what the clinician says with them."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.teams.tokens import CHANNEL

LONGEST = 20_000
"""Characters of a message; the reader reads no more."""
LONGEST_WRITTEN = 5 * LONGEST
"""Characters of a message as it comes, with mentions and with "&amp;" for a sign; nothing is searched in more."""
MENTIONS = 100
"""Mentions of a message that are looked at."""
LONGEST_NAME = 250
"""Characters of a conversation's name that Rasa's tracker store keeps."""
THREAD = ";messageid="
MENTION = re.compile(r"<at\b[^<>]*>[^<]*</at\s*>", re.IGNORECASE)
CLICK = {"send", "mark"}
"""All that a card of ours sends."""


class Malformed(Exception):
    """An activity that is none; the message says what is missing."""


@dataclass(frozen=True)
class Activity:
    """An activity of a conversation in a tenant; `bot` is the bot's account there."""

    kind: str
    id: str
    tenant: str
    conversation: str
    personal: bool
    service_url: str
    bot: Mapping[str, Any]
    body: Mapping[str, Any]

    @property
    def case(self) -> str:
        """The name of Rasa's conversation: one case a thread of a channel, one at a time in a chat."""
        thread = self.conversation
        if _text_at(self.body, "conversation", "conversationType") == "channel" and THREAD not in thread:
            thread += f"{THREAD}{self.id}"
        name = f"teams-{self.tenant}-{thread}"
        return name if len(name) <= LONGEST_NAME else f"teams-{self.tenant}-{_digest(thread)}"

    @property
    def person(self) -> str:
        """Who wrote it, in one word that tells nothing of him; the same for all of whom Teams says nothing."""
        return _digest(self.tenant, _text_at(self.body, "from", "id"))

    @property
    def key(self) -> str:
        """What a repetition of this activity has in common with it, and nothing else has."""
        return _digest(self.tenant, self.conversation, self.id)


@dataclass(frozen=True)
class Said:
    """What an activity says: a text, with the mark of what was clicked (channels.offers); or the `notice` (wording.yml)
    that answers an activity which says nothing that can be read."""

    text: str | None = None
    mark: str | None = None
    notice: str | None = None


def read_activity(body: object) -> Activity:
    """The activity in a request's body. Raises Malformed."""
    if not isinstance(body, dict):
        raise Malformed("The body must be a Bot Framework activity, a JSON object.")
    if body.get("channelId") != CHANNEL:
        raise Malformed(f"`channelId` must be {CHANNEL}.")
    tenants = {
        tenant.lower()
        for tenant in (_text_at(body, "conversation", "tenantId"), _text_at(body, "channelData", "tenant", "id"))
        if tenant
    }
    if len(tenants) != 1:
        raise Malformed("`conversation.tenantId` and `channelData.tenant.id` must name one tenant.")
    bot = body.get("recipient")
    found = Activity(
        kind=_needed(body, "type"),
        id=_needed(body, "id"),
        tenant=tenants.pop(),
        conversation=_needed(body, "conversation", "id"),
        personal=_text_at(body, "conversation", "conversationType") == "personal",
        service_url=_needed(body, "serviceUrl"),
        bot={key: value for key, value in bot.items() if key in ("id", "name")} if isinstance(bot, dict) else {},
        body=body,
    )
    if not isinstance(found.bot.get("id"), str):
        raise Malformed("`recipient.id` must be a string that is not empty.")
    return found


def said(activity: Activity) -> Said | None:
    """What an activity says to the assistant; None if nothing that it has to answer."""
    if activity.kind == "conversationUpdate":
        return Said(notice="welcome") if _was_added(activity) else None
    if activity.kind != "message":
        return None
    if (value := activity.body.get("value")) is not None:
        return _clicked(value)
    written = _text_at(activity.body, "text")
    text = plain(written, activity.body.get("entities")) if len(written) <= LONGEST_WRITTEN else written
    if len(text) > LONGEST:
        return Said(notice="too_long")
    return Said(text=text) if text else Said(notice="no_text")


def plain(text: object, entities: object = None) -> str:
    """A message's text as it was typed: without mentions, whose names are nobody's business, and HTML's entities."""
    left = text[:LONGEST_WRITTEN] if isinstance(text, str) else ""
    for entity in entities[:MENTIONS] if isinstance(entities, list) else ():
        mention = entity.get("text") if isinstance(entity, dict) and entity.get("type") == "mention" else None
        if isinstance(mention, str) and mention:
            left = left.replace(mention, " ")
    return html.unescape(MENTION.sub(" ", left)).replace("\N{NO-BREAK SPACE}", " ").strip()


def _clicked(value: object) -> Said:
    if isinstance(value, str):  # some clients send the JSON as it stands
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, dict) or not set(value) <= CLICK or not isinstance(value.get("mark"), str):
        return Said(notice="unknown_card")
    send = value.get("send")
    if send is None or send == "":
        return Said(notice="nothing_chosen")
    if not isinstance(send, str) or len(send) > LONGEST:
        return Said(notice="unknown_card")
    return Said(text=send, mark=value["mark"])


def _was_added(activity: Activity) -> bool:
    added = activity.body.get("membersAdded")
    return any(
        isinstance(member, dict) and member.get("id") == activity.bot["id"]
        for member in (added if isinstance(added, list) else ())
    )


def _text_at(body: Mapping[str, Any], *path: str) -> str:
    found: Any = body
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def _needed(body: Mapping[str, Any], *path: str) -> str:
    found = _text_at(body, *path)
    if not found.strip():
        raise Malformed(f"`{'.'.join(path)}` must be a string that is not empty.")
    return found


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
