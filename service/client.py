"""A client of the web channel, as the terminal and the warm-up use it."""

from __future__ import annotations

import json
import time
import urllib.request
import uuid
from typing import Any
from urllib.error import HTTPError

TOO_MANY = 429


class Session:
    """One conversation with the web channel at `url`."""

    def __init__(self, url: str, timeout: float = 30.0) -> None:
        """`timeout` is in seconds. Raises urllib.error.URLError if the server cannot be reached."""
        self._url = url
        self._timeout = timeout
        self._token = self._posted("sessions", {})["token"]

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send one message; returns what the assistant answered, in order: `text`, `payload`, `choices`.

        Waits where there were too many. Raises urllib.error.URLError.
        """
        message = {"id": uuid.uuid4().hex, "text": text}
        while True:
            try:
                answers: list[dict[str, Any]] = self._posted("messages", message)["turn"]["answers"]
                return answers
            except HTTPError as refusal:
                if refusal.code != TOO_MANY:
                    raise
                time.sleep(float(refusal.headers["Retry-After"]))

    def _posted(self, path: str, body: dict[str, str]) -> Any:
        headers = {"Content-Type": "application/json"}
        if path != "sessions":
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(f"{self._url}{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=self._timeout) as response:
            return json.load(response)
