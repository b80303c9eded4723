"""What Rasa is told agrees with the guideline: facts, questions and intents have one list each."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

from knowledge.content import read_content
from service.settings import ROOT

OWN_SLOTS = {"case", "attempts", "notice_shown", "topic", "steps_back", "supposed", "shown", "changes", "aside", "sins"}
REMARKS = {"reply", "supposed", "general_question", "new_patient", "truncated"}


def domain() -> Any:
    """The domain file."""
    return YAML(typ="safe").load(ROOT / "domain.yml")


def test_every_fact_is_an_entity_and_a_slot() -> None:
    """Entities and slots of the domain are the guideline's facts, and the few of the conversation itself."""
    facts = {fact.name for fact in read_content().facts}
    assert set(domain()["entities"]) == facts | REMARKS
    assert set(domain()["slots"]) == facts | OWN_SLOTS


def test_the_form_can_ask_every_deciding_fact() -> None:
    """case_form names the facts that decide, in the guideline's order."""
    assert domain()["forms"]["case_form"]["required_slots"] == [fact.name for fact in read_content().deciding_facts]


def test_every_intent_has_examples_and_an_answer() -> None:
    """Each intent of the domain has at least five examples, and a rule that answers it."""
    examples = {
        item["intent"]: item["examples"].count("\n") for item in YAML(typ="safe").load(ROOT / "data/nlu.yml")["nlu"]
    }
    assert set(domain()["intents"]) == set(examples)
    assert min(examples.values()) >= 5
    rules = (ROOT / "data/rules.yml").read_text(encoding="utf-8")
    # Rasa itself answers restart.
    assert [intent for intent in examples if f"intent: {intent}\n" not in rules] == ["restart"]


def test_what_is_said_of_the_end_of_a_case_is_so() -> None:
    """The hours in the wording and in the guides are those after which Rasa begins a new session."""
    hours = f"{domain()['session_config']['session_expiration_time'] // 60} hours"
    for path in ("actions/wording.yml", "docs/slack.md", "docs/teams.md"):
        assert hours in " ".join((ROOT / path).read_text(encoding="utf-8").split()), path


def test_more_test_stories_than_training_stories() -> None:
    """The dialogue is tested by more stories than it is trained on."""
    stories = YAML(typ="safe").load(ROOT / "data/stories/cases.yml")["stories"]
    tests = [story for path in (ROOT / "tests/stories").glob("*.yml") for story in YAML(typ="safe").load(path)]
    assert len(tests) > 3 * len(stories)


def test_every_outcome_has_a_test_story() -> None:
    """Each variant, escalation and not-covered outcome is reached by a test story."""
    reached = {
        step.get("outcome")
        for path in (ROOT / "tests/stories").glob("*.yml")
        for story in YAML(typ="safe").load(path)
        for step in story["steps"]
    }
    assert {outcome.id for outcome in read_content().outcomes} <= reached
