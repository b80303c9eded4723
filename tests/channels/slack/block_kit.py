"""Checks blocks as Slack would: its own types (@slack/types) and models (slack_sdk), and the limits that its reference
names beside them (block_kit.schema.json)."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.channels.published import published_problems

SCHEMA = Path(__file__).with_name("block_kit.schema.json")


@lru_cache(maxsize=1)
def validator() -> Draft202012Validator:
    """The validator of a message's blocks."""
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def problems(blocks: Any) -> list[str]:
    """Every place where `blocks` break the reference, and identifiers that are there twice."""
    found = [f"{'.'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator().iter_errors(blocks)]
    if not isinstance(blocks, list):
        return found
    found += [*published_problems("blocks", blocks), *(fault for block in blocks for fault in _faults(block))]
    for name, every in (("block_id", blocks), ("action_id", list(elements(blocks)))):
        given = [one[name] for one in every if name in one]
        found += [f"{name} {twice} is there twice" for twice in {one for one in given if given.count(one) > 1}]
    return found


def _faults(block: Any) -> list[str]:
    """What slack_sdk's model of a block refuses, or does not know."""
    model = Block.parse(block)
    if model is None:
        return [f"{block!r:.200} is no block"]
    try:
        said = model.to_dict()
    except SlackObjectFormationError as fault:
        return [str(fault)]
    return [] if said == block else [f"{block['type']}: its model has no place for all that it says"]


def elements(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every button and menu of a message."""
    offered = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return offered + [block["accessory"] for block in blocks if "accessory" in block]


def options(blocks: list[dict[str, Any]]) -> dict[str, str]:
    """What can be clicked in a message: label and value."""
    found: dict[str, str] = {}
    for element in elements(blocks):
        for option in element.get("options", [element]):
            found[option["text"]["text"]] = option["value"]
    return found


def words(blocks: list[dict[str, Any]]) -> str:
    """All that a message shows."""
    if isinstance(blocks, dict):
        shown = [blocks["text"]] if isinstance(blocks.get("text"), str) else []
        return "\n".join([*shown, *(words(value) for value in blocks.values() if isinstance(value, dict | list))])
    return "\n".join(words(one) for one in blocks if isinstance(one, dict | list))
