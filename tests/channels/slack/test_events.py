"""Wire formats of Slack read into one kind of thing, whatever arrives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.slack.events import Incoming, Malformed, command, event, interaction

EVENT = {"type": "message", "channel": "C1", "user": "U1", "text": "pain", "ts": "1.2", "thread_ts": "1.1"}
ENVELOPE = {"team_id": "T1", "event": EVENT}
CLICK = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "channel": {"id": "C1"},
    "user": {"id": "U1"},
    "message": {"ts": "1.2", "thread_ts": "1.1", "text": "Which?", "blocks": []},
    "actions": [
        {
            "type": "button",
            "action_id": "choice.0",
            "block_id": "choice.0123456789ab.0",
            "action_ts": "1.3",
            "value": "/inform",
            "text": {"type": "plain_text", "text": "A &amp; B"},
        }
    ],
}
SHORTCUT = {
    **{name: CLICK[name] for name in ("team", "channel", "user")},
    **{"type": "message_action", "callback_id": "ask_about_case", "api_app_id": "A1", "response_url": "https://x"},
    "message": {"ts": "1.2", "text": "pain", "bot_id": "B1", "app_id": "A2", "blocks": [{"block_id": "f" * 32}]},
}
COMMAND = {"command": "/vcf", "team_id": "T1", "channel_id": "C1", "user_id": "U1", "text": "pain &lt; 5"}
COMMAND |= {"trigger_id": "1.2.abc", "response_url": "https://hooks.slack.com/x"}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["C1", "1.2", "message"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths(value: Any) -> list[tuple[Any, ...]]:
    """Every place in a structure."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for step, inner in steps for path in [(step,), *((step, *rest) for rest in paths(inner))]]


def changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    """The structure with another value at a place."""
    if not path:
        return to
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], to)
    return copy


@pytest.mark.parametrize(
    ("read", "whole"), [(event, ENVELOPE), (interaction, CLICK), (interaction, SHORTCUT), (command, COMMAND)]
)
def test_any_change_is_read_or_refused(read: Any, whole: dict[str, Any]) -> None:
    """Whatever stands in any place: something is read, nothing is, or the form is refused; nothing else is raised."""

    @given(st.sampled_from(paths(whole)), json_values)
    def check(path: tuple[Any, ...], value: Any) -> None:
        if read is command and not isinstance(value, str):
            return  # a form holds strings only
        try:
            found = read(changed(whole, path, value))
        except Malformed:
            return
        assert found is None or isinstance(found, Incoming)

    check()


def test_one_thread_is_one_conversation() -> None:
    """An event, a click and a shortcut in a thread belong to the same conversation; another thread is another."""
    first, click = event(ENVELOPE), interaction(CLICK)
    assert first and click and first.conversation == click.conversation == "slack-T1-C1-1.1"
    other = event(changed(ENVELOPE, ("event", "thread_ts"), "9.9"))
    assert other and other.conversation != first.conversation


def test_a_click_sends_its_value_and_keeps_its_label() -> None:
    """The value goes to the assistant, the label to the thread; the key is the question's."""
    click = interaction(CLICK)
    assert click and (click.text, click.label, click.key) == ("/inform", "A & B", "choice-T1-C1-1.2")
    request = changed(CLICK, ("actions", 0, "action_id"), "request.0")
    request = interaction(changed(request, ("actions", 0, "block_id"), "request.0123456789ab.0"))
    assert request and request.key == "request-T1-C1-1.2-U1-1.3"


def test_the_installed_workspace_counts() -> None:
    """In a channel shared with another workspace the event names the sender's; the conversation stays one."""
    shared = {**ENVELOPE, "team_id": "T9", "authorizations": [{"team_id": "T1"}]}
    assert (first := event(ENVELOPE)) and (second := event(shared)) and first.conversation == second.conversation
