"""Messages to try: one from the command line, a whole text from standard input, or one after another."""

from __future__ import annotations

import sys
from collections.abc import Iterator

WHOLE_INPUT = "-"
PROMPT = "\nmessage> "


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


def _typed() -> str:
    try:
        return input(PROMPT if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""
