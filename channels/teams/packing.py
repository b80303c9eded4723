"""Elements divided over cards, because Teams takes 28 kB a message; nothing is cut that fits into one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Element = dict[str, Any]
MARK = "…"
"""What stands where a single text had to be cut, because it alone is larger than a message."""


def wire(data: object) -> bytes:
    """JSON as it is sent."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def size(data: object) -> int:
    """Bytes of JSON as it is sent."""
    return len(wire(data))


def pages(elements: Iterable[Element], room: int) -> list[list[Element]]:
    """The elements in order, on pages of at most `room` bytes."""
    found: list[list[Element]] = []
    left = 0
    for element in elements:
        for piece in _pieces(element, room):
            needed = size(piece) + 1  # the comma after it
            if needed > left:
                found.append([])
                left = room
            found[-1].append(piece)
            left -= needed
    return found


def texts(text: str, room: int) -> list[str]:
    """A text in pieces of at most `room` bytes, divided between lines where that can be."""
    lines = ({"type": "TextBlock", "text": line} for line in text.splitlines())
    return ["\n".join(line["text"] for line in page) for page in pages(lines, room)]


def _pieces(element: Element, room: int) -> list[Element]:
    """An element as it is, or in pieces if it is larger than a page."""
    if size(element) + 1 <= room:
        return [element]
    halves = _divided(element, room)
    return [piece for half in halves for piece in _pieces(half, room)]


def _divided(element: Element, room: int) -> list[Element]:
    kind = element["type"]
    if kind == "ColumnSet":  # what does not fit side by side stands one after another
        return [
            {"type": "Container", "items": column["items"], "style": column["style"]} for column in element["columns"]
        ]
    if kind == "Container":
        around = {key: value for key, value in element.items() if key not in ("items", "id", "isVisible")}
        inside = room - size(around) - len(',"items":[]')
        return [{**around, "items": page} for page in pages(_unfolded(element["items"]), inside)]
    if kind == "RichTextBlock":
        return [{**element, "inlines": part} for part in _runs(element["inlines"])]
    if kind == "TextBlock":
        return [{**element, "text": half} for half in _halves(element["text"])]
    raise ValueError(f"A {kind} of {size(element)} bytes fits on no card and cannot be divided")


def _unfolded(items: Sequence[Element]) -> list[Element]:
    """The items of a container; what was folded away is shown, because its button could end up on another card."""
    if not any(item.get("isVisible") is False for item in items):
        return list(items)
    return [inner for item in items if item["type"] == "Container" for inner in item["items"]]


def _runs(inlines: Sequence[Mapping[str, Any]]) -> list[list[Element]]:
    if len(inlines) > 1:
        middle = len(inlines) // 2
        return [[dict(part) for part in inlines[:middle]], [dict(part) for part in inlines[middle:]]]
    return [[{**inlines[0], "text": half}] for half in _halves(inlines[0]["text"])]


def _halves(text: str) -> tuple[str, str]:
    """A text cut at the space that is nearest to its middle, or there if there is none."""
    middle = len(text) // 2
    spaces = [place for place in (text.rfind(" ", 0, middle), text.find(" ", middle)) if place > 0]
    cut = min(spaces, key=lambda place: abs(place - middle), default=middle)
    if not len(text) // 4 < cut < len(text) - len(text) // 4:
        cut = middle
    return f"{text[:cut].rstrip()}{MARK}", f"{MARK}{text[cut:].lstrip()}"
