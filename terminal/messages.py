"""Messages to try: one from the command line, a whole text from standard input, or one after another."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

WHOLE_INPUT = "-"
PROMPT = "\nmessage> "


def add_message(parser: argparse.ArgumentParser) -> None:
    """The argument that says what `messages` gives."""
    parser.add_argument(
        "message",
        nargs="?",
        type=_said,
        help="the message; - reads it from standard input; without one, type as many as you like",
    )


def messages(given: str | None) -> Iterator[str]:
    """The message `given`, all of standard input for "-", or for None each line typed until an empty one.

    Typed lines are for trying many wordings: what is slow to load is then loaded once.
    """
    if given == WHOLE_INPUT:
        yield sys.stdin.read()
    elif given is not None:
        yield given
    else:
        while line := _typed():
            yield line


def tell_of_loading() -> None:
    """Tell a person why nothing happens yet: the reader takes some seconds to load."""
    if sys.stderr.isatty():
        print("Loading the reader …", file=sys.stderr, flush=True)


def _said(message: str) -> str:
    if not message.strip():
        raise argparse.ArgumentTypeError("it is empty; write what a clinician would")
    return message


def _typed() -> str:
    try:
        return input(PROMPT if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""
