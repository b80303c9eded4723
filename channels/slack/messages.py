"""An answer as messages of a thread: as many as Slack's limits ask for, nothing cut off."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from channels.offers import SUPPOSED
from channels.slack.blocks import SECTION, Block, context, is_shortened, part_blocks, section
from channels.slack.choices import block_id, choice_blocks
from channels.slack.markup import escaped, packed
from channels.slack.wording import say
from knowledge.document.parts import Document, Part, Statements

BLOCKS = 50
"""Blocks of a message at most."""
LONGEST = 8_000
"""Characters of a message at most; Slack names no number, but refuses some of 11,000 as msg_blocks_too_long."""
Message = dict[str, Any]
"""`text`, which notifications and screen readers take, and `blocks`, which are shown."""


def messages(document: Document, mark: str) -> list[Message]:
    """The messages of an answer; `mark` is that of what its buttons offer (channels.offers)."""
    blocks: list[Block] = []
    for number, part in enumerate(_loud_first(document)):
        blocks += part_blocks(part, block_id("request", mark, f"rest{number}"))
    blocks += choice_blocks("choice", document.choices, mark)
    shown = {part.request for part in document.parts if isinstance(part, Statements) and is_shortened(part)}
    blocks += choice_blocks("request", [one for one in document.requests if one.send not in shown], mark)
    return paged(blocks)


def paged(blocks: Iterable[Block]) -> list[Message]:
    """Messages of these blocks, none of them too long for Slack."""
    return [message(page) for page in _pages(blocks)]


def message(blocks: list[Block]) -> Message:
    """A message of these blocks, with all their words as its text."""
    if all("block_id" in block for block in blocks):
        blocks = [section(escaped(say("choose"))), *blocks]
    return {"text": "\n".join(filter(None, map(_words, blocks))), "blocks": blocks}


def unformed(given: Message) -> list[Message]:
    """The words of a message that Slack refuses, with what could be chosen in it as what can be written."""
    offered = [element for block in given["blocks"] if block["type"] == "actions" for element in block["elements"]]
    labels = [one["text"]["text"] for element in offered for one in element.get("options", [element])]
    also = [say("also", labels=escaped(", ".join(labels)))] if labels else []
    return [message([section(text, loud=True)]) for text in packed([*given["text"].splitlines(), *also], SECTION)]


def marked(given: Message, key: str) -> tuple[Message, str]:
    """The message with a mark that is the same whenever it is posted for `key`, and the mark.

    It is the block_id of the first block that has none: by it a message is found again in its thread.
    """
    mark = hashlib.sha256(f"{key}\n{given}".encode(errors="replace")).hexdigest()[:32]
    at = next(place for place, block in enumerate(given["blocks"]) if "block_id" not in block)
    blocks = [{**block, "block_id": mark} if place == at else block for place, block in enumerate(given["blocks"])]
    return {**given, "blocks": blocks}, mark


def settled(given: Message, label: str, user: str) -> Message:
    """A question's message after a click: instead of its buttons, what was chosen and by whom."""
    chosen = say("chosen", label=escaped(label), user=f"<@{user}>")
    kept = [block for block in given["blocks"] if not str(block.get("block_id", "")).startswith("choice.")]
    return {"text": f"{given['text']}\n{chosen}", "blocks": [*kept, *context([chosen])]}


def _loud_first(document: Document) -> list[Part]:
    """An emergency stands above everything else, also where it was not put first; but not one that is supposed."""
    if document.kind == SUPPOSED:
        return list(document.parts)
    return sorted(document.parts, key=lambda part: getattr(part, "tone", "plain") != "emergency")


def _pages(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    page: list[Block] = []
    length = 0
    for block in blocks:
        words = len(_words(block))
        # One place stays free for the text that a page of buttons alone begins with.
        if page and (len(page) >= BLOCKS - 1 or length + words > LONGEST):
            yield page
            page, length = [], 0
        page.append(block)
        length += words
    if page:
        yield page


def _words(block: Block) -> str:
    """The words of a block, as mrkdwn."""
    texts = [block.get("text"), *block.get("fields", ())]
    if block["type"] == "context":
        texts += block["elements"]
    if block["type"] == "rich_text":
        pieces = [piece for part in block["elements"] for piece in part["elements"]]
        texts += [{"type": "plain_text", "text": piece["text"]} for piece in pieces]
    return "\n".join(text["text"] if text["type"] == "mrkdwn" else escaped(text["text"]) for text in texts if text)
