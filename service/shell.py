"""A conversation in the terminal."""

from __future__ import annotations

import sys
import textwrap
import uuid
from typing import Any

from service.client import send
from service.settings import Settings

WIDTH = 100
PROMPT = "\nyou> "


def converse(settings: Settings) -> None:
    """Read messages from standard input until it ends or /quit; print the answers."""
    sender = uuid.uuid4().hex
    print('Describe a case in your own words. "new patient" starts clean, /quit ends.')
    while (message := _read()) is not None:
        for answer in send(settings.rest_url, sender, message):
            if shown := lines(answer):
                print("\n".join(shown))


def _read() -> str | None:
    try:
        message = input(PROMPT)
    except EOFError:
        print()
        return None
    if not sys.stdin.isatty():
        print(message)
    return None if message.strip() in ("/quit", "/exit") else message


def lines(answer: dict[str, Any]) -> list[str]:
    """One message of the assistant as the terminal shows it: wrapped text, then numbered choices."""
    shown = [textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in str(answer.get("text") or "").splitlines()]
    labels = [button["title"] for button in answer.get("buttons") or ()]
    return "\n".join([*shown, *(f"  [{number}] {label}" for number, label in enumerate(labels, start=1))]).splitlines()
