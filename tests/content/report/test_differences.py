"""python -m content differences: what it tells, and what it says where there is nothing to compare with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from content.__main__ import main
from content.check.project import ROOT
from tests.content.report.conftest import EDITION, commit, git
from tests.content.report.test_cases import SURGERY, V6

Change = Callable[[str, str, str], None]
Capture = pytest.CaptureFixture[str]


def told(copy: Path, capsys: Capture, *against: str) -> str:
    """What the command prints."""
    assert main(["differences", *against, "--project", str(copy)]) == 0
    return capsys.readouterr().out


def test_every_kind_of_change_is_told(copy: Path, change: Change, capsys: Capture) -> None:
    """Ratings, cases, statements, examples by intent and stories by file, each with its number."""
    change(V6, SURGERY, SURGERY.replace("May be", "Usually"))
    change(V6, "text: Pain usually eases in 2 to 12 weeks, most often by 6 to 8.", "text: Pain usually eases in weeks.")
    change(f"{EDITION}/decisions.yml", "because: the criteria are for adults", "because: they are for adults")
    change(f"{EDITION}/facts.yml", "question: Is the patient 18 or older?", "question: Is the patient an adult?")
    change("data/nlu.yml", "    - and treatment?\n", "    - and cement?\n    - then cement?\n")
    change("tests/stories/variants.yml", "- story: v1 short, ", "- story: v1 very short, ")
    change("data/rules.yml", "  - action: action_undo\n", "  - action: action_reply\n")
    out = told(copy, capsys)
    for line in (
        "Ratings: 1 changed\n  v6, Surgical consultation: May be appropriate → Usually appropriate\n",
        "Outcomes: 0 of 259,200 cases changed; 120 more have another rating\n",
        "Statements: 1 added, 1 removed, 0 changed\n  v6: 1 added, 1 removed\n",
        "  facts: 1 changed\n  rows of the decision table: 1 changed\n",
        "Examples of messages: 2 added, 1 removed, 0 changed\n  describe_case: 2 added, 1 removed\n",
        "Rules and training stories: 0 added, 0 removed, 1 changed\n  data/rules.yml: 1 changed\n",
        "Test stories: 1 added, 1 removed, 0 changed\n  tests/stories/variants.yml: 1 added, 1 removed\n",
        "Examples of facts: none changed\n",
    ):
        assert line in out


def test_a_branch_is_compared_with_where_it_began(copy: Path, change: Change, capsys: Capture) -> None:
    """All commits of a branch and what is not committed yet count, what the main branch did since does not."""
    git(copy, "branch", "idea")
    change("data/nlu.yml", "    - now the therapy\n", "")
    commit(copy, "Meanwhile, on the main branch")
    git(copy, "checkout", "idea")
    change(V6, SURGERY, SURGERY.replace("May be", "Usually"))
    commit(copy, "First")
    change("data/nlu.yml", "    - and treatment?\n", "")
    commit(copy, "Second")
    change("data/nlu.yml", "    - and the treatment?\n", "")
    out = told(copy, capsys)
    assert "(The content) → the files as they are now" in out
    assert "Ratings: 1 changed" in out and "describe_case: 2 removed" in out


def test_the_main_branch_is_compared_with_the_commit_before(copy: Path, change: Change, capsys: Capture) -> None:
    """Once a change has landed, its differences are still told; not those of the change before."""
    for text, message in (("    - and treatment?\n", "First"), ("    - and the treatment?\n", "Second")):
        change("data/nlu.yml", text, "")
        commit(copy, message)
    out = told(copy, capsys)
    assert "(First) → the files as they are now" in out and "describe_case: 1 removed" in out


def test_any_two_states(copy: Path, change: Change, capsys: Capture) -> None:
    """Two commits, and two editions, are compared with each other."""
    change(V6, SURGERY, SURGERY.replace("May be", "Usually"))
    commit(copy, "Second")
    change(V6, SURGERY.replace("May be", "Usually"), SURGERY)
    assert "Ratings: 1 changed" in told(copy, capsys, "HEAD~1..HEAD")
    assert "Ratings: none changed" in told(copy, capsys, "HEAD~1")
    toy = Path(__file__).parents[2] / "knowledge" / "toy"
    assert "decide by different facts" in told(copy, capsys, f"acr-vcf-2022..{toy}")


def test_the_first_commit(copy: Path, capsys: Capture) -> None:
    """Nobody is told to mend anything where there is no earlier state."""
    assert told(copy, capsys) == "This is the first commit, so there is no earlier state to compare with.\n"


def test_a_shallow_clone(copy: Path, change: Change, capsys: Capture, tmp_path: Path) -> None:
    """A clone without the earlier commits says so, and how to get them."""
    change("data/nlu.yml", "    - and treatment?\n", "")
    commit(copy, "Second")
    git(tmp_path, "clone", "--depth", "1", f"file://{copy}", "shallow")
    out = told(tmp_path / "shallow", capsys)
    assert out == (
        "This clone does not go back to the commit before this one; `git fetch --unshallow` gets the rest of its "
        "history.\n"
    )


def test_nothing_heavy_is_loaded() -> None:
    """The command starts in a moment: what only the report needs is not loaded for it."""
    heavy = ("rasa", "tensorflow", "sklearn", "jinja2")
    code = f"import sys, content.__main__; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_that_is_not_under_git(copy: Path, capsys: Capture) -> None:
    """An unpacked archive has no history."""
    (copy / ".git").rename(copy / "not-git")
    assert told(copy, capsys).startswith("This folder is not under git")


def test_a_commit_that_does_not_exist(copy: Path, capsys: Capture) -> None:
    """What was named and cannot be found is an error."""
    assert main(["differences", "no-such-branch", "--project", str(copy)]) == 1
    assert "git knows no commit 'no-such-branch'" in capsys.readouterr().err


def test_content_that_cannot_be_read(copy: Path, change: Change, capsys: Capture) -> None:
    """A mistake in the content is told with file and line, not as a crash."""
    change(V6, "category: Usually appropriate", "category: Usualy appropriate")
    assert main(["differences", "HEAD", "--project", str(copy)]) == 1
    err = capsys.readouterr().err
    assert "of the files as they are now cannot be compared" in err
    assert f"{EDITION}/variants/v6.yml:9: " in err and str(copy) not in err
