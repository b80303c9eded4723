"""Replies and follow-ups as buttons and menus, any number of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from channels.slack.blocks import LABEL, VALUE, Block, button, context, plain, sections, shortened
from channels.slack.markup import escaped
from channels.slack.wording import say
from knowledge.document.parts import Choice

Kind = Literal["choice", "request"]
"""A reply to a question, which is given once, or a follow-up, which may be asked again."""
BUTTONS, OPTIONS, OPTION_VALUE = 25, 100, 150
"""At most: elements of an actions block, options of a menu, characters of an option's value."""
FEW = 5
"""More than so many are a menu."""


def block_id(kind: Kind, mark: str, row: object) -> str:
    """What a click brings back beside its value: `mark` says what it was offered for (channels.offers)."""
    return f"{kind}.{mark}.{row}"


def choice_blocks(kind: Kind, offered: Sequence[Choice], mark: str) -> list[Block]:
    """Buttons or, if they are many, menus that send what was chosen."""
    usable = [choice for choice in offered if choice.send.strip() and len(choice.send) <= VALUE]
    labels = [_label(choice) for choice in usable]
    blocks: list[Block] = []
    if any(len(label) > LABEL for label in labels):
        labels = [f"{number}. {label}" for number, label in enumerate(labels, start=1)]
        blocks += sections(map(escaped, labels))
    rows = _menus if len(usable) > FEW and all(len(choice.send) <= OPTION_VALUE for choice in usable) else _buttons
    for row, elements in enumerate(rows(kind, list(zip(labels, usable, strict=True)))):
        blocks.append({"type": "actions", "block_id": block_id(kind, mark, row), "elements": elements})
    unusable = [_label(choice) for choice in offered if choice not in usable and choice.label.strip()]
    return [*blocks, *(context(map(escaped, unusable), head=say("also", labels="")) if unusable else [])]


def _buttons(kind: Kind, offered: Sequence[tuple[str, Choice]]) -> Iterator[list[Block]]:
    for start in range(0, len(offered), BUTTONS):
        row = offered[start : start + BUTTONS]
        yield [button(label, f"{kind}.{start + place}", choice.send) for place, (label, choice) in enumerate(row)]


def _menus(kind: Kind, offered: Sequence[tuple[str, Choice]]) -> Iterator[list[Block]]:
    for start in range(0, len(offered), OPTIONS):
        options = [
            {"text": plain(shortened(label, LABEL)), "value": choice.send}
            for label, choice in offered[start : start + OPTIONS]
        ]
        select = {"type": "static_select", "placeholder": plain(say("choose")), "options": options}
        yield [{**select, "action_id": f"{kind}.menu.{start}"}]


def _label(choice: Choice) -> str:
    return " ".join(choice.label.split()) or " ".join(choice.send.split())
