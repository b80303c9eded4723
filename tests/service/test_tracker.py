"""The tracker of long conversations: what Rasa's own tells, from fewer events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from actions.session import message_count
from service.settings import ROOT
from service.tracker import KeptTracker

BEGIN = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
LISTEN = ActionExecuted("action_listen")
LONGEST_RULE, REMEMBERED = 3, 6
"""States that the longest rule of the dialogue has, and that MemoizationPolicy remembers (config.yml)."""


def _said(intent: str, number: int) -> UserUttered:
    return UserUttered(f"message {number}", {"name": intent, "confidence": 1.0}, parse_data={"text": f"{number}"})


def _turn(kind: str, number: int, in_form: bool) -> list[Event]:
    """The events of one turn, as Rasa logs them."""
    case = SlotSet("case", {"turn": number})
    asked = SlotSet("requested_slot", "neuro_status")
    if kind == "aside":
        turn: list[Event] = [_said("ask_why", number)]
        turn += [ActionExecutionRejected("case_form")] if in_form else []
        turn += [ActionExecuted("action_tell_more"), BotUttered("because")]
        return [*turn, *([ActionExecuted("case_form"), BotUttered("question"), asked] if in_form else []), LISTEN]
    form = [
        _said("describe_case", number),
        ActionExecuted("case_form"),
        *([] if in_form else [ActiveLoop("case_form")]),
    ]
    if kind == "question":
        return [*form, case, asked, BotUttered("question"), LISTEN]
    ended = [case, SlotSet("requested_slot", None), ActiveLoop(None)]
    return [*form, *ended, ActionExecuted("action_answer"), BotUttered("answer"), LISTEN]


def _conversation(kinds: Iterable[str]) -> list[list[Event]]:
    turns, in_form = [], False
    for number, kind in enumerate(kinds, 1):
        turns.append(_turn(kind, number, in_form))
        in_form = kind == "question" or (kind == "aside" and in_form)
    return turns


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The assistant's own."""
    return Domain.load(str(ROOT / "domain.yml"))


def _trackers(domain: Domain, events: Iterable[Event]) -> tuple[KeptTracker, DialogueStateTracker]:
    told = list(events)
    return KeptTracker.from_events("x", told, domain.slots), DialogueStateTracker.from_events("x", told, domain.slots)


def _flat(turns: Iterable[Iterable[Event]]) -> list[Event]:
    return [event for turn in turns for event in turn]


KINDS = st.lists(st.sampled_from(["answer", "question", "aside", "aside"]), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(kinds=KINDS, cut=st.integers(0, 8))
def test_policies_are_told_the_same_of_a_long_conversation(domain: Domain, kinds: list[str], cut: int) -> None:
    """In the middle of a turn as well as at its end."""
    events = [*BEGIN, *_flat(_conversation(kinds))]
    kept, plain = _trackers(domain, events[: len(events) - cut])
    ours, theirs = kept.past_states(domain), plain.past_states(domain)
    assert ours[-REMEMBERED:] == theirs[-REMEMBERED:]
    assert len(ours) == len(theirs) or len(ours) >= 2 * REMEMBERED
    assert len(ours) <= len(theirs)


@settings(max_examples=60, deadline=None)
@given(kinds=KINDS)
def test_an_action_is_told_the_state_the_latest_turn_and_how_many_there_were(domain: Domain, kinds: list[str]) -> None:
    turns = _conversation(kinds)
    unfinished = [*BEGIN, *_flat(turns[:-1]), *turns[-1][:-1]]
    kept, plain = (tracker.current_state(EventVerbosity.ALL) for tracker in _trackers(domain, unfinished))
    told, everything = kept.pop("events"), plain.pop("events")
    # Nothing reads what began the form; it would be told with every call as long as the form runs.
    loop = {**plain["active_loop"], "trigger_message": None} if plain["active_loop"] else {}
    assert kept == plain | {"active_loop": loop}
    assert message_count(told) == message_count(everything)
    latest = max(place for place, event in enumerate(everything) if event["event"] == "user")
    assert told[-len(everything[latest:]) :] == everything[latest:]


def test_a_copy_goes_on_apart(domain: Domain) -> None:
    kept, _ = _trackers(domain, [*BEGIN, *_flat(_conversation(["question"]))])
    twin = kept.copy()
    for event in _flat(_conversation(["answer"])):
        twin.update(event)
    assert kept.active_loop_name == "case_form" and twin.active_loop_name is None
    assert kept.get_slot("requested_slot") == "neuro_status" and twin.get_slot("requested_slot") is None
    assert len(twin.events) > len(kept.events)
    assert kept.copy() == kept
    assert kept.init_copy().get_slot("requested_slot") is None and not kept.init_copy().events
    assert kept.get_slot("requested_slot") == "neuro_status"


def test_the_first_turn_of_a_session_is_told_with_the_session_before(domain: Domain) -> None:
    """Its case may stand open, which the first answer says."""
    before = [*BEGIN, *_flat(_conversation(["answer", *["aside"] * 30]))]
    kept, plain = _trackers(domain, [*before, *BEGIN, _said("greet", 1)])
    assert kept.current_state(EventVerbosity.ALL) == plain.current_state(EventVerbosity.ALL)


def _bytes(state: dict[str, Any]) -> int:
    return len(str(state))


def test_what_an_action_is_told_hardly_grows(domain: Domain) -> None:
    kept, plain = _trackers(domain, [*BEGIN, *_flat(_conversation(["answer", "aside"] * 100))])
    short, _ = _trackers(domain, [*BEGIN, *_flat(_conversation(["answer", "aside"] * 5))])
    late, early = _bytes(kept.current_state(EventVerbosity.ALL)), _bytes(short.current_state(EventVerbosity.ALL))
    assert late < 2 * early + 20 * 200
    assert late < _bytes(plain.current_state(EventVerbosity.ALL)) / 5
