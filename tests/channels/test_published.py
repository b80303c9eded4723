"""What is posted, and what the tests send, is of the form that Slack and Microsoft publish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.channels.published import Kind, published_problems
from tests.channels.slack.block_kit import problems
from tests.channels.slack.person import Person
from tests.channels.slack.stand_in import StandIn
from tests.channels.teams.client import Thread
from tests.channels.teams.contract import check_activity, check_model
from tests.channels.teams.platform import running_platform

HERE = Path(__file__).parent
SLACK, TEAMS = (sorted((HERE / channel / "snapshots").glob("*.json")) for channel in ("slack", "teams"))
TEXT = {"type": "mrkdwn", "text": "x"}
PLAIN = {"type": "plain_text", "text": "x"}
LINE = {"type": "TextBlock", "text": "x"}


def read(path: Path) -> list[dict[str, Any]]:
    """The messages of a snapshot."""
    messages: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    assert messages
    return messages


def card(*body: dict[str, Any], version: str = "1.5") -> dict[str, Any]:
    """A card with these elements."""
    return {"type": "AdaptiveCard", "version": version, "body": list(body)}


def row(count: int, **action: Any) -> dict[str, Any]:
    """A row of buttons."""
    return {"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": "x", **action}] * count}


@pytest.mark.parametrize("path", SLACK, ids=lambda path: path.stem)
def test_every_answer_in_slack_is_what_slack_publishes(path: Path) -> None:
    """By its types, its models and its limits."""
    assert [problems(message["blocks"]) for message in read(path)] == [[] for _ in read(path)]


@pytest.mark.parametrize("path", TEAMS, ids=lambda path: path.stem)
def test_every_answer_in_teams_is_what_microsoft_publishes(path: Path) -> None:
    """By its reader of cards, its models and its limits."""
    for activity in read(path):
        check_activity(activity)


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ({"type": "sectoin", "text": TEXT}, '"sectoin"'),
        ({"type": "section", "text": TEXT, "colour": "red"}, '"colour"'),
        ({"type": "section", "text": {**TEXT, "text": 7}}, "number"),
        ({"type": "section", "text": {"type": "mrkdwn"}}, "'text' is missing"),
        ({"type": "header", "text": TEXT}, '"mrkdwn"'),
        ({"type": "header", "text": {**PLAIN, "verbatim": True}}, '"verbatim"'),
        ({"type": "context", "elements": [{"type": "button", "text": PLAIN}]}, '"button"'),
        ({"type": "actions", "elements": [{"type": "button", "text": TEXT}]}, '"mrkdwn"'),
        (
            {"type": "actions", "elements": [{"type": "static_select", "options": [{"text": PLAIN, "valu": "x"}]}]},
            "valu",
        ),
    ],
)
def test_slacks_types_refuse_a_mistake(mistake: dict[str, Any], said: str) -> None:
    """A block that the types do not have is refused among others that are right."""
    right = {"type": "section", "text": TEXT}
    assert not published_problems("blocks", [right])
    found = published_problems("blocks", [right, mistake])
    assert found and said in " ".join(found)


@pytest.mark.parametrize(
    "mistake",
    [
        {"type": "section"},
        {"type": "header", "text": {**PLAIN, "text": "x" * 151}},
        {"type": "actions", "elements": [{"type": "button", "text": PLAIN, "value": "x" * 2001, "action_id": "a"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [], "lang": "x"}]},
    ],
)
def test_what_slacks_types_cannot_say_is_refused_too(mistake: dict[str, Any]) -> None:
    """Lengths, and what has to be there."""
    assert problems([mistake])


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (card({"type": "TextBlok", "text": "x"}), 'element type "TextBlok"'),
        (card(row(1, type="Action.Send")), 'action type "Action.Send"'),
        (card({**LINE, "colour": "good"}), "colour is unknown"),
        (card({**LINE, "color": "purple"}), '"purple"'),
        (
            card({"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "x", "bold": True}]}),
            "bold is unknown",
        ),
        (card({"type": "Container", "items": [{**LINE, "maxWidth": 7}]}), "maxWidth is unknown"),
        (card(row(7)), "Maximum number of actions"),
        (card(row(1, associatedInputs="none"), version="1.2"), "associatedInputs"),
        (card({"type": "ColumnSet", "columns": [{"type": "Colum", "items": []}]}), '"Colum"'),
    ],
)
def test_microsofts_reader_of_cards_refuses_a_mistake(mistake: dict[str, Any], said: str) -> None:
    """What it does not know, what is newer than the card's version, and more buttons than Teams shows."""
    assert not published_problems("card", card(LINE, row(6, associatedInputs="none")))
    assert said in " ".join(published_problems("card", mistake))


@pytest.mark.parametrize(
    "mistake",
    [{"replyToID": "x"}, {"text": ["x"]}, {"attachments": [{"contenttype": "x"}]}, {"from": {"id": "x", "names": "y"}}],
)
def test_bot_frameworks_model_refuses_a_mistake(mistake: dict[str, Any]) -> None:
    """A name that it does not have, and a value of another form."""
    right = {"type": "message", "text": "x", "from": {"id": "x"}}
    check_model(right)
    with pytest.raises(AssertionError, match="in the model"):
        check_model(right | mistake)


@pytest.mark.parametrize(("kind", "thread"), [("message", None), ("message", "1.2"), ("app_mention", "1.2")])
def test_the_tests_send_events_as_slack_does(kind: Kind, thread: str | None) -> None:
    """The events of tests are of the types that Slack publishes."""
    sent = Person("", StandIn()).envelope("x", "1.3", thread, type=kind)["event"]
    assert not published_problems(kind, sent)
    assert published_problems(kind, {**sent, "ts": 7}) and published_problems(kind, {**sent, "thread": "1"})


def test_the_tests_send_activities_as_bot_framework_does() -> None:
    """The messages and clicks of tests are of the form of its model."""
    with running_platform() as platform:
        chat = Thread(platform, "")
    for activity in (chat.activity(text="x"), chat.activity(value={"send": "x", "mark": "y"}, replyToId="z")):
        where = dict(activity["conversation"])
        where["tenantID"] = where.pop("tenantId")  # the model alone spells it so
        check_model(activity | {"conversation": where})
