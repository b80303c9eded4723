"""The app manifest asks for what the code uses, and for no more."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from channels.slack.events import COMMAND, EVENTS, SHORTCUT
from knowledge.yaml_source import read_document
from service.settings import ROOT
from tests.channels.slack.stand_in import METHODS

NEEDED = {
    "app_mention": {"app_mentions:read"},
    "message.im": {"im:history"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    # In the channels whose messages it gets as events, and with the same scopes.
    "conversations.replies": {"im:history", "channels:history", "groups:history"},
    "conversations.history": {"im:history", "channels:history", "groups:history"},
    COMMAND: {"commands"},
    SHORTCUT: {"commands"},
}
"""The scopes that Slack asks for (docs.slack.dev/reference/events, /methods, /scopes)."""
DOCS = (ROOT / "docs/slack.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The manifest as Slack reads it."""
    found: dict[str, Any] = read_document(ROOT / "channels/slack/manifest.yml").data
    return found


def test_events_are_those_that_the_code_reads(manifest: dict[str, Any]) -> None:
    """Each subscription is of a kind that is read, and each kind is subscribed to."""
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {name.split(".")[0] for name in subscribed} == set(EVENTS)


def test_scopes_are_those_that_are_needed(manifest: dict[str, Any]) -> None:
    """No scope is missing, and none is there that nothing needs; docs/slack.md explains every one."""
    used = {*manifest["settings"]["event_subscriptions"]["bot_events"], *METHODS, COMMAND, SHORTCUT}
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert set(scopes) == set().union(*(NEEDED[name] for name in used))
    assert all(f"| `{scope}` |" in DOCS for scope in scopes)


def test_the_code_calls_no_other_method() -> None:
    """The methods that the stand-in checks are all that the code calls."""
    called = re.findall(r"self\._\w+\.((?:chat|conversations)_\w+)\(", (ROOT / "channels/slack/api.py").read_text())
    assert {name.replace("_", ".", 1) for name in called} == METHODS.keys()


def test_command_and_shortcut_are_those_that_the_code_knows(manifest: dict[str, Any]) -> None:
    """The command and the shortcut have the names that the code listens to."""
    features = manifest["features"]
    assert [command["command"] for command in features["slash_commands"]] == [COMMAND]
    assert [(one["type"], one["callback_id"]) for one in features["shortcuts"]] == [("message", SHORTCUT)]
    assert 174 <= len(manifest["display_information"]["long_description"]) <= 4000


def test_every_address_is_the_channels(manifest: dict[str, Any]) -> None:
    """All requests go to the one route of the channel."""
    addresses = re.findall(r'"(https://[^"]*)"', json.dumps(manifest))
    assert len(addresses) == 3 and {address.split("/", 3)[3] for address in addresses} == {"webhooks/slack/webhook"}
