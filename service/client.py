"""A client of the REST channel."""

from __future__ import annotations

import json
import urllib.request
from typing import Any


def send(url: str, sender: str, message: str, timeout: float = 30.0) -> list[dict[str, Any]]:
    """Send one message; returns what the assistant sent back, in order.

    Raises urllib.error.URLError if the server cannot be reached within `timeout` seconds.
    """
    body = json.dumps({"sender": sender, "message": message}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as response:
        messages: list[dict[str, Any]] = json.load(response)
    return messages
