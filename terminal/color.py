"""Color, only where a person sees it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TextIO

Paint = Callable[[str, str], str]
"""Gives a text in a style: paint("value", "present")."""

STYLES = {
    "heading": "1",
    "mark": "1;4",
    "value": "32",
    "open": "33",
    "denied": "36",
    "alarm": "1;31",
    "advice": "36",
    "place": "2",
}
"""Style to the numbers of its ANSI escape sequence."""


def plain(style: str, text: str) -> str:
    """`text` as it is."""
    return text


def colored(style: str, text: str) -> str:
    """`text` in the colors of `style`, a key of STYLES."""
    return f"\033[{STYLES[style]}m{text}\033[0m"


def paint_for(stream: TextIO) -> Paint:
    """How to print on `stream`: in color on a terminal, unless NO_COLOR (https://no-color.org) is set."""
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return colored if wanted else plain
