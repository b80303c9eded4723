"""A client of the web channel, as small as the API."""

from __future__ import annotations

import uuid
from typing import Any

import requests

CASE = "72F, breast cancer 2014. New T8 compression fracture on x-ray, pain on standing, neuro intact. Which imaging?"


class Client:
    """One session with the web channel at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = requests.post(f"{url}sessions", timeout=10).json()["token"]

    @property
    def headers(self) -> dict[str, str]:
        """What opens the session."""
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, text: Any, number: str | None = None) -> requests.Response:
        """Send a message; returns the response as it is."""
        body = {"id": number or uuid.uuid4().hex, "text": text}
        return requests.post(f"{self.url}messages", json=body, headers=self.headers, timeout=30)

    def say(self, text: str, number: str | None = None) -> dict[str, Any]:
        """Send a message; returns its turn and the case, and fails if it was refused."""
        response = self.post(text, number)
        assert response.status_code == 200, response.text
        answered: dict[str, Any] = response.json()
        return answered

    def history(self) -> requests.Response:
        """Read what was said."""
        return requests.get(f"{self.url}history", headers=self.headers, timeout=10)


def payloads(answered: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The payloads of a type among the answers of a turn."""
    found = [answer["payload"] for answer in answered["turn"]["answers"] if answer["payload"]]
    return [payload for payload in found if payload["type"] == kind]
