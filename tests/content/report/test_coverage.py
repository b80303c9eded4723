"""Coverage: what no story tries stands first and is called a gap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from content.check.project import TEST_STORIES, Project
from content.report.coverage import Coverage, coverage

Change = Callable[[str, str, str], None]


def covered(copy: Path) -> Coverage:
    """The coverage of the copy."""
    project = Project(copy)
    assert project.answered is not None
    return coverage(project, project.answered)


def without(copy: Path, is_wanted: Callable[[dict[str, object]], bool]) -> None:
    """Take the stories out of which a step is `is_wanted`."""
    for path in copy.glob(TEST_STORIES):
        stories = YAML(typ="safe").load(path)
        left = [story for story in stories if not any(map(is_wanted, story["steps"]))]
        YAML().dump(left, path)


@pytest.mark.parametrize(
    ("key", "name", "part"),
    [("outcome", "v5", "outcomes"), ("slot", "prior_procedure_level", "questions")],
)
def test_what_no_story_comes_to(copy: Path, key: str, name: str, part: str) -> None:
    """A variant or a question without a story is a gap at the top; with its stories it was none."""
    before = {thing.name: thing for thing in getattr(covered(copy), part)}
    assert not before[name].is_gap
    without(copy, lambda step: step.get(key) == name)
    after = covered(copy)
    gaps = [thing.name for thing in getattr(after, part) if thing.is_gap]
    assert name in gaps
    assert [thing.name for thing in getattr(after, part)][: len(gaps)] == gaps
    assert after.gaps > sum(thing.is_gap for thing in before.values())


def test_a_value_that_no_story_understands(copy: Path) -> None:
    """Each value counts for itself; one that decides nothing may go without a story."""
    without(copy, lambda step: "surgery" in str(step.get("facts")) or "severe" in str(step.get("facts")))
    values = {thing.name: thing for thing in covered(copy).values}
    assert values["prior_procedure: surgery"].is_gap and not values["prior_procedure: none"].is_gap
    assert not values["pain_severity: severe"].tests and not values["pain_severity: severe"].is_gap


def test_where_the_stories_stand(copy: Path) -> None:
    """A place leads to the first line of the story."""
    found = next(thing for thing in covered(copy).outcomes if thing.name == "v5")
    for place in found.tests:
        path, _, line = place.partition(":")
        text = (copy / path).read_text(encoding="utf-8").splitlines()
        assert text[int(line) - 1].startswith("- story: ")


def test_training_stories_count_for_themselves(copy: Path, change: Change) -> None:
    """What only a training story names has no test all the same."""
    change("data/stories/cases.yml", "requested_slot: neuro_status", "requested_slot: mechanism")
    change("tests/stories/questions.yml", "    slot: mechanism\n", "")
    question = next(thing for thing in covered(copy).questions if thing.name == "mechanism")
    assert question.training and question.is_gap
