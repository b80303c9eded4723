"""Only stories that something changed for are held again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.stories.changed import Changed, version

STORIES = """
import pytest

@pytest.mark.parametrize("steps", [pytest.param([{{"user": "{first}"}}], id="one"), pytest.param([2], id="two")])
def test_story(steps):
    assert {passes}
"""


class Counted:
    """Which tests were held."""

    def __init__(self) -> None:
        self.held: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes a test that was held."""
        if report.when == "call":
            self.held.append(report.nodeid.partition("[")[2].rstrip("]"))


def held(folder: Path, first: str = "72F", passes: str = "True", answering: str = "1") -> list[str]:
    """The stories held with these steps and this version of what answers."""
    (folder / "test_made.py").write_text(STORIES.format(first=first, passes=passes), encoding="utf-8")
    sys.modules.pop("test_made", None)  # what an earlier run imported is not what stands there now
    counted = Counted()
    arguments = ["-q", "-p", "no:cacheprovider", "--rootdir", str(folder), "-c", "/dev/null", str(folder)]
    pytest.main(arguments, plugins=[Changed(folder / "memory.json", answering), counted])
    return counted.held


def test_what_passed_is_not_held_again_until_something_changes(tmp_path: Path) -> None:
    """Another wording of a story holds that story, another answerer all of them."""
    assert held(tmp_path) == ["one", "two"]
    assert held(tmp_path) == []
    assert held(tmp_path, first="84M") == ["one"]
    assert held(tmp_path, first="84M", answering="2") == ["one", "two"]


def test_what_failed_is_held_again(tmp_path: Path) -> None:
    """Only a pass is remembered."""
    assert held(tmp_path, passes="False") == ["one", "two"]
    assert held(tmp_path, passes="False") == ["one", "two"]


def test_what_answers_is_all_that_counts(tmp_path: Path) -> None:
    """A phrase more is another version, compiled code is not."""
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "pain.yml").write_text("- pain", encoding="utf-8")
    before = version(tmp_path)
    (tmp_path / "nlu" / "pain.pyc").write_bytes(b"0")
    assert version(tmp_path) == before
    (tmp_path / "nlu" / "pain.yml").write_text("- ache", encoding="utf-8")
    assert version(tmp_path) != before
