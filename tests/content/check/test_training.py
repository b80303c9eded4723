"""The simulated training dies of the same rules and stories as Rasa's own RulePolicy, and only of those."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ruamel.yaml import YAML

from content.check.checks import Check
from content.check.contradictions import contradictions, incomplete_rules, long_rules
from content.check.project import Project

DOMAIN = """
version: "3.1"
intents: [greet, ask, thank, tell]
entities: []
slots:
  mood: {type: text, influence_conversation: true, mappings: [{type: custom}]}
  note: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  side: {type: text, mappings: [{type: custom}]}
forms: {fill: {required_slots: [side]}}
actions: [hello, answer, done, fallback]
"""
CONFIG = """
policies:
- {name: RulePolicy, core_fallback_action_name: fallback}
"""
GREET = "{rule: Greet, steps: [{intent: greet}, {action: hello}]}"
FILL = "{rule: Fill, steps: [{intent: tell}, {action: fill}, {active_loop: fill}]}"
END = (
    "{rule: End, condition: [{active_loop: fill}], steps: [{action: fill}, {active_loop: null}, "
    "{slot_was_set: [{requested_slot: null}]}, {action: done}]}"
)
ASIDE = (
    "{rule: Aside, condition: [{active_loop: fill}], steps: [{intent: ask}, {action: answer}, {action: fill}, "
    "{active_loop: fill}]}"
)
STARTED = "{intent: tell}, {action: fill}, {active_loop: fill}"
ENDED = "{active_loop: null}, {slot_was_set: [{requested_slot: null}]}, {action: done}"

TALKS: dict[str, tuple[list[str], list[str], bool]] = {
    "in agreement": ([GREET], ["{intent: greet}, {action: hello}, {intent: thank}, {action: done}"], False),
    "another action": ([GREET], ["{intent: greet}, {action: done}"], True),
    "the fallback action": ([GREET], ["{intent: greet}, {action: fallback}"], True),
    "an action more": ([GREET], ["{intent: greet}, {action: hello}, {action: done}"], True),
    "two rules": ([GREET, GREET.replace("hello", "done").replace("Greet", "Other")], [], True),
    "a rule that is more exact": (
        [GREET, "{rule: Sad, condition: [{slot_was_set: [{mood: sad}]}], steps: [{intent: greet}, {action: done}]}"],
        ["{slot_was_set: [{mood: sad}]}, {intent: greet}, {action: done}"],
        False,
    ),
    "against the more exact rule": (
        [GREET, "{rule: Sad, condition: [{slot_was_set: [{mood: sad}]}], steps: [{intent: greet}, {action: done}]}"],
        ["{slot_was_set: [{mood: sad}]}, {intent: greet}, {action: hello}"],
        True,
    ),
    "a slot that nobody sees": (
        [GREET, "{rule: Same, condition: [{slot_was_set: [{note: x}]}], steps: [{intent: greet}, {action: done}]}"],
        [],
        True,
    ),
    "a form": ([FILL, END], [f"{STARTED}, {ENDED}"], False),
    "a form that ends otherwise": ([FILL, END], [f"{STARTED}, {ENDED.replace('done', 'hello')}"], True),
    "a form with an aside": (
        [FILL, END, ASIDE],
        [f"{STARTED}, {{intent: ask}}, {{action: answer}}, {{action: fill}}, {{active_loop: fill}}, {ENDED}"],
        False,
    ),
    "an aside that does not come back": (
        [FILL, END, ASIDE],
        [f"{STARTED}, {{intent: ask}}, {{action: answer}}, {{action: done}}"],
        True,
    ),
    "a form without its loop": ([FILL, FILL.replace("Fill", "Half").replace(", {active_loop: fill}", "")], [], True),
    "alternatives": (
        ["{rule: Or, steps: [{or: [{intent: greet}, {intent: thank}]}, {action: hello}]}"],
        ["{intent: thank}, {action: done}"],
        True,
    ),
    "checkpoints": (
        [GREET],
        ["{intent: thank}, {action: done}, {checkpoint: on}", "{checkpoint: on}, {intent: greet}, {action: done}"],
        True,
    ),
    "a long rule": (
        ["{rule: Long, steps: [{intent: greet}, {action: hello}, {intent: ask}, {action: answer}]}"],
        [],
        True,
    ),
    "an answer without waiting": (
        [GREET.replace("]}", "], wait_for_user_input: false}")],
        ["{intent: greet}, {action: hello}, {action: done}"],
        False,
    ),
}
CHECKS: tuple[Check, ...] = (contradictions, incomplete_rules, long_rules)


def written(rules: list[str], stories: list[str]) -> str:
    """The rules and stories as a file."""
    lines = ['version: "3.1"', "rules:", *(f"- {rule}" for rule in rules), "stories:"]
    return "\n".join(lines + [f"- {{story: Story {i}, steps: [{steps}]}}" for i, steps in enumerate(stories)])


@pytest.mark.parametrize("name", TALKS)
def test_training_dies_as_expected(name: str, tmp_path: Path) -> None:
    """Contradictions are found where they are, and nowhere else."""
    rules, stories, dies = TALKS[name]
    for file, text in (("domain.yml", DOMAIN), ("config.yml", CONFIG), ("data/talk.yml", written(rules, stories))):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    found = [problem for check in CHECKS for problem in check(Project(tmp_path))]
    assert bool(found) == dies, "\n".join(map(str, found))


@pytest.mark.parametrize("name", TALKS)
def test_rasa_agrees(name: str) -> None:
    """Rasa's own policy dies of the same."""
    rules, stories, dies = TALKS[name]
    assert _rasa_dies(written(rules, stories)) == dies


def _rasa_dies(talks: str) -> bool:
    # Imported here, because Rasa takes seconds to load and the other tests of the checks need none of it.
    from rasa.core.policies.rule_policy import InvalidRule, RulePolicy
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.generator import TrainingDataGenerator
    from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
    from rasa.shared.core.training_data.structures import StoryGraph

    domain = Domain.from_yaml(DOMAIN)
    steps = YAMLStoryReader(domain).read_from_parsed_yaml(YAML(typ="safe").load(talks))
    trackers = TrainingDataGenerator(StoryGraph(steps), domain, augmentation_factor=0).generate()
    context: Any = SimpleNamespace(is_finetuning=False, node_name="rules")
    config = {**RulePolicy.get_default_config(), "core_fallback_action_name": "fallback"}
    storage: Any = None
    policy = RulePolicy(config, storage, storage, context)
    policy.persist = lambda: None
    try:
        policy.train(trackers, domain)
    except InvalidRule:
        return True
    return False
