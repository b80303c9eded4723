"""Somebody in Teams: sends activities to the running servers as Bot Framework would."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.channels.teams.platform import APP_ID, TENANT, Platform

BOT = {"id": f"28:{APP_ID}", "name": "VCF"}


@dataclass
class Thread:
    """A conversation in Teams: `scope` is personal, groupChat or channel."""

    platform: Platform
    url: str
    scope: str = "personal"
    tenant: str = TENANT
    id: str = field(default_factory=lambda: f"a:{secrets.token_hex(20)}")

    def activity(self, **given: Any) -> dict[str, Any]:
        """A message of this conversation; `given` replaces or adds."""
        return {
            "type": "message",
            "id": secrets.token_hex(8),
            "channelId": "msteams",
            "serviceUrl": self.platform.service_url,
            "timestamp": "2026-11-21T12:00:00.000Z",
            "from": {"id": "29:somebody", "name": "Some Body", "aadObjectId": "x"},
            "recipient": BOT,
            "conversation": {"id": self.id, "conversationType": self.scope, "tenantId": self.tenant},
            "channelData": {"tenant": {"id": self.tenant}},
            "textFormat": "plain",
            **given,
        }

    def post(self, activity: Any, token: str | None = None, **headers: str) -> requests.Response:
        """Send an activity with a token, a valid one if none is given."""
        bearer = self.platform.token() if token is None else token
        return requests.post(
            self.url, json=activity, headers={"Authorization": f"Bearer {bearer}", **headers}, timeout=20
        )

    def say(self, text: str | None = None, **given: Any) -> list[dict[str, Any]]:
        """Send a message and wait for its answers; fails if it was refused."""
        activity = self.activity(text=text, **given)
        response = self.post(activity)
        assert response.status_code == 202, response.text
        return self.platform.answers(activity["id"])

    def click(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        """Press a button that sends `data`, and wait for what is answered."""
        return self.say(value=data, replyToId="the-card")
