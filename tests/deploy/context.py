"""What an image may be made of, by .dockerignore as Docker and Podman read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.settings import ROOT

FILE = ROOT / ".dockerignore"
PARTS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def taken(path: str, text: str | None = None) -> bool:
    """Whether a file comes in: the last line that fits it, or a folder that it is in, decides."""
    ignored = False
    places = ["/".join(path.split("/")[: depth + 1]) for depth in range(path.count("/") + 1)]
    for line, again in _lines(FILE.read_text(encoding="utf-8") if text is None else text):
        pattern = "".join(PARTS.get(part, re.escape(part)) for part in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", line))
        if any(re.fullmatch(pattern, place) for place in places):
            ignored = not again
    return not ignored


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line's pattern, and whether it takes in again what was left out."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.removeprefix("!").strip("/"), line.startswith("!")
