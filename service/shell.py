"""A conversation in the terminal."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable

from service.client import Session
from service.settings import Settings

WIDTH = 100
PROMPT = "\nyou> "


def converse(settings: Settings) -> None:
    """Read messages from standard input until it ends or /quit; print the answers."""
    session = Session(settings.page_url)
    print('Describe a case in your own words. "new patient" starts clean, /quit ends.')
    while (message := _read()) is not None:
        for answer in session.say(message) if message.strip() else ():
            if shown := lines(answer["text"], [choice["label"] for choice in answer["choices"]]):
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


def lines(text: str, labels: Iterable[str]) -> list[str]:
    """One message of the assistant as the terminal shows it: wrapped text, then numbered choices."""
    shown = [textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in text.splitlines()]
    return "\n".join([*shown, *(f"  [{number}] {label}" for number, label in enumerate(labels, start=1))]).splitlines()
