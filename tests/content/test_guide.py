"""The guide for content staff: its commands run as printed, in their order, in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.build import build_all
from service.settings import ROOT, settings
from tests.content.conftest import contents

GUIDE = (ROOT / "docs" / "content-guide.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
SECTIONS = re.split(r"^## ", GUIDE, flags=re.M)[1:]


def blocks(section: str) -> Iterator[tuple[str, str]]:
    """The kind and text of each block of a section, in their order."""
    return ((block["kind"], block["text"]) for block in BLOCK.finditer(section))


def project_files() -> list[str]:
    """The files of the project, those not yet committed included."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if (ROOT / name).exists()]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with what is built of it, copied; each section of the guide goes on where the one before ended."""
    model = build_all(settings())
    folder = tmp_path_factory.mktemp("guide")
    for name in project_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    built = folder / ".build"
    (built / "models").mkdir(parents=True)
    shutil.copy(model, built / "models")
    for path in [settings().build / "knowledge.sqlite", *settings().build.glob("second-reader-*.npz")]:
        shutil.copy(path, built)
    return folder


def run(command: str, folder: Path) -> str:
    """What a command prints in `folder`; fails if it does."""
    environment = {**os.environ, "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}", "NO_COLOR": "1"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        command, shell=True, executable="/bin/bash", cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.mark.parametrize("section", SECTIONS[:-1], ids=lambda section: section.partition("\n")[0])
def test_commands_run_as_printed(section: str, copy: Path) -> None:
    """Every command of a section succeeds, every change fits, and what is shown of the output is printed."""
    program = contents(copy / "knowledge", "*.py") | contents(copy / "actions", "*.py")
    printed = ""
    for kind, text in blocks(section):
        if kind == "sh":
            printed = "".join(run(command, copy) for command in text.splitlines())
        elif kind == "diff":
            subprocess.run(["patch", "-p1", "--fuzz=0"], cwd=copy, input=text, text=True, check=True)
        elif kind == "text":
            # Columns are as wide as what stands in them.
            missing = [line for line in text.splitlines() if line not in " ".join(printed.split())]
            assert not missing, f"not printed: {missing}\n{printed}"
    assert contents(copy / "knowledge", "*.py") | contents(copy / "actions", "*.py") == program


def test_review_is_a_command(copy: Path) -> None:
    """The last section's command runs where conversations were held, and says so where none were."""
    ((kind, command),) = blocks(SECTIONS[-1])
    assert kind == "sh"
    done = subprocess.run([".venv/bin/python", *command.split()[1:]], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 1 and "no conversation was held here yet" in done.stderr


def test_files_shown_are_those_of_the_topic() -> None:
    """What the guide shows of a file stands in it."""
    shown = [(block["file"], block["text"]) for block in BLOCK.finditer(GUIDE) if block["file"]]
    assert len(shown) == 2
    assert all(text in (ROOT / file).read_text(encoding="utf-8") for file, text in shown)


def test_every_kind_of_start_and_every_command_is_told() -> None:
    """The guide names each command of the workshop and each kind of new file."""
    from content.__main__ import COMMANDS

    for command in (*COMMANDS, "new phrase", "new story", "new faq", "new edition"):
        assert re.search(rf"`?\b{command}\b", GUIDE), command
