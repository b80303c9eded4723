"""What Teams asks of an activity, checked as the platform would: Microsoft's own reader of cards and models of
activities, the cards' schema, their size, unique names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from botbuilder.schema import Activity
from jsonschema import Draft202012Validator

from tests.channels.published import published_problems

LARGEST = 28_000
"""Bytes of a message."""


def check_activity(activity: dict[str, Any]) -> None:
    """Fails if Teams would refuse a message or could not show it."""
    assert len(json.dumps(activity, ensure_ascii=False, separators=(",", ":")).encode()) <= LARGEST
    check_model(activity)
    for attachment in activity.get("attachments", ()):
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        check_card(attachment["content"])


def check_model(activity: dict[str, Any]) -> None:
    """Fails if Bot Framework's model of an activity does not hold all that this one says, as it says it."""
    held = Activity().deserialize(activity).serialize()
    assert held == activity, f"in the model it is {held}"


def check_card(card: dict[str, Any]) -> None:
    """Fails if a card is not valid by the schema, names two things alike or toggles what is not there."""
    _validator().validate(card)
    assert not (problems := published_problems("card", card)), problems
    names = [element["id"] for element in elements(card) if "id" in element]
    assert len(names) == len(set(names)), f"two elements have one id: {names}"
    for element in elements(card):
        assert len(element.get("actions", ())) <= 6, "Teams shows six buttons in a row"
        assert set(element.get("targetElements", ())) <= set(names)


def elements(card: Any) -> Iterator[dict[str, Any]]:
    """Every object of a card with a type: elements, runs and actions, in order."""
    if isinstance(card, dict):
        if "type" in card:
            yield card
        for name, value in card.items():
            if name != "data":
                yield from elements(value)
    elif isinstance(card, list):
        for value in card:
            yield from elements(value)


def card_of(activity: dict[str, Any]) -> dict[str, Any]:
    """The card of an activity."""
    (attachment,) = activity["attachments"]
    content: dict[str, Any] = attachment["content"]
    return content


def words(activities: list[dict[str, Any]]) -> str:
    """Everything that the cards of activities or their texts say, folded or not, a line an element."""
    lines: list[str] = []
    for activity in activities:
        lines.append(activity.get("text", ""))
        for element in elements(activity.get("attachments", [])):
            lines.append(element.get("text", "") if element["type"] == "TextBlock" else "")
            lines.append("".join(run["text"] for run in element.get("inlines", ())))
    return "\n".join(line for line in lines if line)


def submits(activities: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What each button and each line of a list sends, by its title."""
    found: dict[str, dict[str, Any]] = {}
    for activity in activities:
        for element in elements(activity.get("attachments", [])):
            if element["type"] == "Action.Submit" and "send" in element["data"]:
                found[element["title"]] = element["data"]
            if element["type"] == "Container" and element["items"][0]["type"] == "Input.ChoiceSet":
                picker, row = element["items"]
                mark = row["actions"][0]["data"]["mark"]
                found |= {line["title"]: {"send": line["value"], "mark": mark} for line in picker["choices"]}
    return found


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(
        json.loads(Path(__file__).with_name("adaptive_card.schema.json").read_text(encoding="utf-8"))
    )
