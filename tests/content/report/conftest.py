"""What the tests of the report share: a copy of the content, under git, that a test may change."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from content.check.project import CONFIG, ROOT, Project
from content.report.confusions import HELD_OUT, Confusions, confusions

EDITION = "knowledge/content/acr-vcf-2022"
FOLDERS = (EDITION, "data", "tests/stories")
FILES = ("config.yml", "domain.yml", "nlu/examples/restatements.jsonl")


EXAMPLES = {
    "thank": """thanks a lot; thank you so much; thanks for that; many thanks; thank you; thanks, that helps;
    much obliged; thank you kindly; cheers, <b>mate</b>; ok thanks; thanks again""",
    "goodbye": """bye; goodbye now; see you later; bye bye; talk to you later; see you tomorrow; good bye; bye for now;
    cheers mate; until next time; see you""",
    "ask_why": """why; why is that; why this one; why do you say so; what is the reason; why that variant;
    give me the reason; why so; tell me why; for what reason; but why""",
}
"""Few enough to learn in a moment; one example stands under goodbye and means thank."""


def written_examples() -> str:
    """The examples in Rasa's format."""
    lines = ['version: "3.1"', "nlu:"]
    for intent, examples in EXAMPLES.items():
        lines += [f"- intent: {intent}", "  examples: |"]
        lines += [f"    - {' '.join(example.split())}" for example in examples.split(";")]
    return "\n".join(lines) + "\n"


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder`; returns what it prints."""
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path, message: str) -> None:
    """Commit everything in `folder`."""
    git(folder, "add", "--all")
    git(folder, "commit", "--message", message)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The content, committed once on the branch main."""
    root = tmp_path / "project"
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, root / file)
    git(root, "init", "--initial-branch", "main")
    commit(root, "The content")
    return root


@pytest.fixture
def change(copy: Path) -> Callable[[str, str, str], None]:
    """Replaces the first occurrence of a text in a file of the copy."""

    def replace(file: str, old: str, new: str) -> None:
        path = copy / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is no longer in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Confusions:
    """The few examples judged with the pipeline of the project, and two held-out messages."""
    root = tmp_path_factory.mktemp("judged")
    (root / "data").mkdir()
    (root / "data" / "nlu.yml").write_text(written_examples(), encoding="utf-8")
    # So few examples leave the classifier unsure of everything.
    config = (ROOT / CONFIG).read_text(encoding="utf-8")
    assert "\n  threshold: 0.45\n" in config
    (root / CONFIG).write_text(config.replace("\n  threshold: 0.45\n", "\n  threshold: 0.34\n"), encoding="utf-8")
    held_out = root / HELD_OUT
    held_out.parent.mkdir(parents=True)
    held_out.write_text(
        '{"text": "thanks, secretly", "intent": "thank"}\n{"text": "why, secretly", "intent": "ask_why"}\n',
        encoding="utf-8",
    )
    return confusions(Project(root), lambda progress: None)
