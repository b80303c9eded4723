"""Elements of Adaptive Cards 1.5, as small as the answers need them.

Text that comes from outside stands in text runs, which no client reads as Markdown. A TextBlock would have to be
escaped with backslashes, and the clients on telephones show those.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from channels.teams.packing import Element, size
from channels.teams.wording import word
from knowledge.document.parts import Choice

PLAIN = re.compile(r"[^\W\d_](?:[^\W_]|[ ,.:;()'’“”?%–—-])*")
"""A heading that has nothing in it which Markdown could mean."""
WEB = re.compile(r"https?://[A-Za-z0-9][!#-;=?-_a-z~]*")
"""An address on the web, which a link may open."""
BUTTONS = 6
"""Buttons that Teams shows in a row."""
BUTTON = 40
"""Characters that a button shows."""
LISTED = 200
"""Characters of a list's line; the message behind it is sent whole."""
LONGEST_SEND = 2000
"""Bytes of a message behind a button or of a link's address, so that a row of them fits on a card."""
EXPANDED = 12
"""Choices of a list that stand open; longer lists unfold."""


def clean(text: str) -> str:
    """A text without what clients would act on: control and direction characters, and the cards' own functions."""
    # What is printable (str.isprintable) has none of those characters, and nearly every text is.
    kept = text if text.isprintable() else "".join(map(_harmless, text))
    # {{DATE(…)}} is replaced by a date even in a text run; a word joiner (invisible) keeps the braces apart.
    return kept.replace("{{", "{\N{WORD JOINER}{")


def run(text: str, **style: Any) -> Element:
    """A stretch of text; `style` is such as `weight`, `color`, `isSubtle`."""
    return {"type": "TextRun", "text": clean(text), **style}


def line(*runs: Element | str, **form: Any) -> list[Element]:
    """A line of runs, or nothing if there is nothing to read in it; `form` is such as `spacing`."""
    inlines = [run(part) if isinstance(part, str) else part for part in runs]
    inlines = [part for part in inlines if part["text"]]
    if not "".join(part["text"] for part in inlines).strip():
        return []
    return [{"type": "RichTextBlock", "inlines": inlines, **form}]


def heading(text: str, size: str = "medium") -> list[Element]:
    """A heading, announced as one by screen readers where its text allows it."""
    if PLAIN.fullmatch(text):
        block = {"type": "TextBlock", "text": text, "style": "heading", "wrap": True}
        return [{**block, "weight": "bolder", "size": size}]
    return line(run(text, weight="bolder", size=size))


def container(items: Sequence[Element], **form: Any) -> list[Element]:
    """Elements that belong together, or nothing if there are none; `form` is such as `style`."""
    return [{"type": "Container", "items": list(items), **form}] if items else []


def fold(name: str, title: str, items: Sequence[Element]) -> list[Element]:
    """Elements that a button shows and hides, or nothing; `name` is new in the card."""
    if not items:
        return []
    toggle = {"type": "Action.ToggleVisibility", "title": title, "targetElements": [name]}
    return container([actions([toggle]), *container(items, id=name, isVisible=False)])


def actions(given: Iterable[Element]) -> Element:
    """A row of buttons."""
    return {"type": "ActionSet", "actions": list(given)}


def link(text: str, url: str | None) -> Element:
    """A text that opens an address on the web, if that is what it is."""
    if url and WEB.fullmatch(url) and size(url) <= LONGEST_SEND:
        return run(text, selectAction={"type": "Action.OpenUrl", "url": url})
    return run(text)


def controls(choices: Sequence[Choice], mark: str) -> list[list[Element]]:
    """The choices as buttons or, if they are many or long, as lists; each list wants a card without another list."""
    offered = [choice for choice in choices if sendable(choice.send)]
    if not offered:
        return []
    if len(offered) <= BUTTONS and all(len(choice.label) <= BUTTON for choice in offered):
        return [[actions(submit(choice, mark) for choice in offered)]]
    return [_list(part, mark) for part in _portions(offered)]


def sendable(message: str | None) -> bool:
    """Whether a message can stand behind a button."""
    return bool(message) and size(message) <= LONGEST_SEND


def submit(choice: Choice, mark: str) -> Element:
    """A button that sends a message and the mark of what it was offered for."""
    data = {"send": choice.send, "mark": mark}
    # Without associatedInputs a list on the same card would overwrite what the button sends.
    return {"type": "Action.Submit", "title": _title(choice.label), "data": data, "associatedInputs": "none"}


def _list(offered: Sequence[Choice], mark: str) -> list[Element]:
    picker = {
        "type": "Input.ChoiceSet",
        "id": "send",
        "label": word("choose"),
        "errorMessage": word("choose"),
        "isRequired": True,
        "wrap": True,
        "style": "expanded" if len(offered) <= EXPANDED else "compact",
        "choices": [{"title": _title(choice.label, LISTED), "value": choice.send} for choice in offered],
    }
    button = {"type": "Action.Submit", "title": word("send"), "data": {"mark": mark}}
    return container([picker, actions([button])])


def _portions(offered: Sequence[Choice], most: int = 8000) -> list[list[Choice]]:
    """The choices in lists of about `most` bytes."""
    portions: list[list[Choice]] = [[]]
    room = most
    for choice in offered:
        needed = size(choice.send) + LISTED
        if portions[-1] and needed > room:
            portions.append([])
            room = most
        portions[-1].append(choice)
        room -= needed
    return portions


def _title(label: str, most: int = 2 * BUTTON) -> str:
    text = " ".join(clean(label).split()) or "…"
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _harmless(sign: str) -> str:
    """A character as it may stand in a card: no direction, and a blank for what controls."""
    if "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069":
        return ""
    return " " if unicodedata.category(sign) in ("Cc", "Cs") else sign
