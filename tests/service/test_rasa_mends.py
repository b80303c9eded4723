"""What Rasa is spared changes none of its decisions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from service.rasa_mends import active_state, find_from_rules, possible_rules
from tests.assistant import Conversation
from tests.bench.talk import messages


@pytest.fixture(scope="session")
def policy(agent: Agent) -> RulePolicy:
    """The policy with the project's rules."""
    nodes = agent.processor.graph_runner._nodes.values()  # type: ignore[union-attr]
    (found,) = (node._component for node in nodes if isinstance(node._component, RulePolicy))
    assert len(found.lookup[RULES]) > 50
    return found


@settings(max_examples=150, deadline=None)
@given(data=st.data(), which=st.sampled_from([RULES, RULES_FOR_LOOP_UNHAPPY_PATH]))
def test_the_same_rules_are_possible(policy: RulePolicy, data: st.DataObject, which: str) -> None:
    """In the states that rules begin with, in those of others mixed with them, and with parts left out."""
    rules = policy.lookup[which]
    known = st.sampled_from(sorted(policy.lookup[RULES])).map(policy._rule_key_to_state)
    states: list[dict[str, Any]] = [dict(state) for state in data.draw(known)]
    for part, value in data.draw(known)[-1].items():
        if data.draw(st.booleans()):
            states[-1][part] = value
    for part in data.draw(st.sets(st.sampled_from(sorted(states[-1])))) if states[-1] else ():
        del states[-1][part]
    assert policy._get_possible_keys(rules, states) == possible_rules(policy, rules, states)


def test_the_same_action_is_found_by_text(policy: RulePolicy, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule goes by a message's very words, so that looking for one finds nothing that counts."""
    sought: list[tuple[Any, Any]] = []
    spared = RulePolicy._find_action_from_rules

    def both(rules: RulePolicy, tracker: DialogueStateTracker, domain: Any, use_text_for_last_user_input: bool) -> Any:
        found = spared(rules, tracker, domain, use_text_for_last_user_input)
        if use_text_for_last_user_input:
            sought.append((found[0], find_from_rules(rules, tracker, domain, use_text_for_last_user_input)[0]))
        return found

    monkeypatch.setattr(RulePolicy, "_find_action_from_rules", both)
    talk = Conversation(agent)
    for text in messages(2, 8):
        assert talk.say(text).text
    assert len(sought) > len(list(messages(2, 8)))
    assert all(ours == theirs for ours, theirs in sought)


def test_moments_that_have_passed_keep_their_states(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are kept are the ones that Rasa's own makes anew, whatever was taken out of earlier copies."""
    made: list[tuple[Any, Any]] = []
    spared = Domain.get_active_state

    def both(domain: Domain, tracker: DialogueStateTracker, omit_unset_slots: bool = False) -> Any:
        own = active_state(domain, tracker, omit_unset_slots)
        found = spared(domain, tracker, omit_unset_slots)
        made.append(({part: dict(values) for part, values in found.items()}, own))
        return found

    monkeypatch.setattr(Domain, "get_active_state", both)
    talk = Conversation(agent)
    for text in messages(2, 8):
        assert talk.say(text).text
    assert len(made) > 50
    assert all(ours == theirs for ours, theirs in made)
