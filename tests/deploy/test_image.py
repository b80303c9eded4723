"""The file of the image: sound by its linter, and what it copies is enough for what its pods run."""

from __future__ import annotations

import fnmatch
import shutil
import subprocess
import sys
from pathlib import Path

from service.settings import ROOT

FILE = ROOT / "deploy" / "Containerfile"
LINTER = ROOT / "tests" / "tools" / ".venv" / "bin" / "hadolint"
LEFT_OUT = (ROOT / "deploy" / "Containerfile.containerignore").read_text(encoding="utf-8").split()
STARTS = ("service.worker", "service.rasa_server", "service.action_server", "service.supervisor", "service.retention")
"""What a pod and the nightly job run, from the first import on."""


def linted(text: str) -> str:
    """What the linter says against a Containerfile."""
    assert LINTER.exists(), "the tools of the tests are not installed: run `make test-tools`"
    done = subprocess.run([str(LINTER), "--no-color", "-"], input=text, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def test_the_containerfile_is_sound() -> None:
    """Nothing against it; something against one that is not."""
    text = FILE.read_text(encoding="utf-8")
    assert not linted(text)
    assert linted(text.replace(":3.11-slim-bookworm\nCOPY", "\nCOPY"))


def test_what_is_copied_is_enough(tmp_path: Path) -> None:
    """Every module that a pod begins with is found among the files of the image, with all that it imports."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    for name in filter(None, tracked):
        if not any(fnmatch.fnmatch(name.split("/")[0], pattern) for pattern in LEFT_OUT) and (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    assert not (tmp_path / "tests").exists()
    program = f"import importlib\nfor name in {STARTS!r}: importlib.import_module(name)"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
