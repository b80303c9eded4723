"""Every mistake is found, with its file, its line and advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.check.checks import STAGES
from content.check.command import problems
from content.check.overlooked import other_endings
from content.check.project import Project
from tests.content.check import mistakes_in_dialogue, mistakes_in_names, mistakes_in_texts
from tests.content.check.mistake import Mistake

MISTAKES = (*mistakes_in_names.MISTAKES, *mistakes_in_dialogue.MISTAKES, *mistakes_in_texts.MISTAKES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.breakage.name)
def test_mistake_is_found(mistake: Mistake, copy: Path) -> None:
    """The check names the file and the line of the mistake, says what it is and how to mend it."""
    file, line = mistake.breakage.apply(copy)
    found = list(mistake.check(Project(copy)))
    path = Path(file).relative_to(copy).as_posix()
    assert any(
        (problem.path, problem.line) == (path, line)
        and mistake.breakage.says in problem.what
        and mistake.advice in problem.how_to_mend
        for problem in found
    ), "\n".join(map(str, found)) or "nothing was found"


def test_every_check_has_a_mistake() -> None:
    """No check goes untested."""
    tried = {mistake.check.__name__ for mistake in MISTAKES} | {"folders", "other_endings"}
    assert {check.__name__ for stage in STAGES for check in stage} == tried


def test_a_file_with_another_ending_is_told_of(copy: Path) -> None:
    """Training would take it in, everything else would overlook it."""
    (copy / "data" / "stories" / "mine.yaml").write_text("stories: []\n", encoding="utf-8")
    (found,) = other_endings(Project(copy))
    assert (found.path, found.how_to_mend) == ("data/stories/mine.yaml", "name it data/stories/mine.yml")


def test_the_project_itself_has_no_problem() -> None:
    """What content staff wrote so far passes."""
    assert problems(Project()) == ([], False)
