"""What the README says is so: its commands exist, its lists are complete, its conversation runs as shown."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator

import pytest

from service.settings import ROOT
from service.shell import lines
from tests.assistant import Conversation

README = (ROOT / "README.md").read_text(encoding="utf-8")


def sample() -> Iterator[tuple[str, str]]:
    """Messages of the README's conversation with the answers printed there."""
    block = re.search(r"<!-- sample.*?-->\n```text\n(.*?)```", README, re.S)
    assert block, "the README has no sample conversation"
    for part in block[1].split("you> ")[1:]:
        message, _, answer = part.partition("\n")
        yield message.strip(), answer.strip()


def test_sample_conversation_runs_as_shown(conversation: Callable[[], Conversation]) -> None:
    """Holding the README's conversation again gives word for word what the README shows."""
    talk = conversation()
    turns = list(sample())
    assert len(turns) >= 3
    for message, shown in turns:
        answer = "\n".join(
            line
            for part in talk.say(message).messages
            for line in lines(part.get("text") or "", [button["title"] for button in part.get("buttons") or ()])
        )
        assert re.sub(r"\b[0-9a-f]{12}\b", "…", answer.strip()) == re.sub(r"\b[0-9a-f]{12}\b", "…", shown)


def test_every_make_target_named_exists() -> None:
    """Each `make …` of the README is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.M))
    assert named and named <= targets


def test_layout_lists_every_folder() -> None:
    """The layout table names every folder of the project, and only those."""
    listed = set(re.findall(r"^\| `([a-z]+)/` \|", README, re.M))
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    folders = {path.split("/")[0] for path in tracked if "/" in path and not path.startswith(".")}
    assert listed == folders


@pytest.mark.parametrize("command", re.findall(r"^python -m ((?:knowledge|nlu|content) .*?)(?:\s+#.*)?$", README, re.M))
def test_commands_of_the_readme_are_understood(command: str) -> None:
    """Each Python command of the README is one that its program offers."""
    module, *words = command.split()
    text = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    option = next((word for word in words if not word.startswith('"')), "")
    assert option in text


def test_the_pictures_of_the_readme_are_there() -> None:
    """The README shows two pictures, both in git."""
    pictures = [line.split("](")[1].rstrip(")") for line in README.splitlines() if line.startswith("![")]
    assert len(pictures) == 2 and all((ROOT / picture).is_file() for picture in pictures)
