"""python -m content check: what it prints, and the exit status that continuous integration goes by."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from content.__main__ import main
from content.check.project import ROOT
from tests.content.check.mistake import STORY

HEAVY = ("rasa", "tensorflow", "spacy", "medspacy", "sklearn")


def break_story(copy: Path) -> None:
    path = copy / STORY
    path.write_text(path.read_text(encoding="utf-8").replace("outcome: v7", "outcome: variant7"), encoding="utf-8")


def test_place_mistake_and_advice(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A problem is one plain line, the summary another, and the command fails."""
    break_story(copy)
    assert main(["check", "--project", str(copy)]) == 1
    problem, summary = capsys.readouterr().out.splitlines()
    assert re.fullmatch(rf"{STORY}:\d+: The outcome 'variant7' is not among .*\. There are: .*\.", problem)
    assert re.fullmatch(r"1 problem in \d+\.\d s\.", summary)


def test_only_what_was_asked_for(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Problems of other files are not told."""
    break_story(copy)
    assert main(["check", "--project", str(copy), str(copy / "data")]) == 0
    assert capsys.readouterr().out.startswith("0 problems")
    assert main(["check", "--project", str(copy), str(copy / "tests")]) == 1


def test_unreadable_files_come_first(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a file cannot be read, nothing is said of names that might stand in it."""
    break_story(copy)
    (copy / "domain.yml").write_text("intents: [\n", encoding="utf-8")
    assert main(["check", "--project", str(copy)]) == 1
    out = capsys.readouterr().out
    assert "domain.yml:1: " in out and STORY not in out
    assert "mend these first, then the other checks can run" in out


def test_a_folder_that_is_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder is not taken for a project without mistakes."""
    assert main(["check", "--project", str(tmp_path)]) == 1
    assert "run the command in the project's folder" in capsys.readouterr().out.casefold()


def test_nothing_heavy_is_loaded() -> None:
    """The command starts in a moment, because it loads neither Rasa nor what reads clinical text."""
    code = f"import sys, content.check.checks; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
