"""What the tests of the workshop share: a copy of the project's content that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
PARTS = ("knowledge/content", "nlu/rules", "tests/stories", "tests/evaluation/development", "data")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The real content files, copied."""
    for part in PARTS:
        shutil.copytree(PROJECT / part, tmp_path / part)
    return tmp_path


def contents(folder: Path, pattern: str = "*") -> dict[Path, bytes]:
    """Every file of a folder whose name fits `pattern`, with its bytes."""
    return {path: path.read_bytes() for path in sorted(folder.rglob(pattern)) if path.is_file()}
