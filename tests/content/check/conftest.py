"""What the tests of the checks share: a copy of the project that a test may break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from content.check.project import CODE, CONFIG, DOMAIN, ROOT

FOLDERS = (*CODE, "content", "data", "tests/stories", "widget")
MANY = shutil.ignore_patterns("__pycache__", "facts_*.jsonl", "neurologic_?.jsonl", "*.csv")
"""Examples by the thousand, which no test needs, and what no check reads."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the content that a test may break."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=MANY)
    for file in (DOMAIN, CONFIG):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path
