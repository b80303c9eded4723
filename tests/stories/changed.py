"""Which test stories something changed for since they passed last: the story itself, or what answers it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from service.settings import ROOT

ANSWERING = ("actions", "knowledge", "nlu", "data", "config.yml", "domain.yml", "uv.lock", "service/in_process.py")
"""What a story's answers depend on."""
KEPT = frozenset((".py", ".yml", ".yaml", ".jsonl", ".csv", ".json", ".lock"))
"""Endings of files that count; byte code and the like do not."""


def version(root: Path = ROOT) -> str:
    """A hash of everything that answers stories."""
    digest = hashlib.sha256()
    for path in sorted(file for name in ANSWERING for file in _files(root / name)):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> Iterable[Path]:
    return [path] if path.is_file() else (file for file in path.rglob("*") if file.suffix in KEPT)


class Changed:
    """A pytest plugin: leaves out the stories that passed with the same steps and answers, and keeps which did.

    `memory` is the file in which it keeps them, `answering` the version of what answers.
    """

    def __init__(self, memory: Path, answering: str) -> None:
        self._memory = memory
        self._answering = answering
        self._passed: set[str] = set(json.loads(memory.read_text(encoding="utf-8"))) if memory.exists() else set()
        self._keys: dict[str, str] = {}
        self._now: set[str] = set()

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Deselects what passed before."""
        self._keys = {item.nodeid: self._key(item) for item in items}
        known = [item for item in items if self._keys[item.nodeid] in self._passed]
        self._now = {self._keys[item.nodeid] for item in known}
        items[:] = [item for item in items if self._keys[item.nodeid] not in self._passed]
        config.hook.pytest_deselected(items=known)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remembers a story that passed."""
        if report.when == "call" and report.passed:
            self._now.add(self._keys[report.nodeid])

    def pytest_sessionfinish(self) -> None:
        """Keeps what passed; what no story says any more is forgotten."""
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        self._memory.write_text(json.dumps(sorted(self._now)), encoding="utf-8")

    def _key(self, item: pytest.Item) -> str:
        steps: Any = getattr(getattr(item, "callspec", None), "params", {})
        text = f"{self._answering}\0{item.nodeid}\0{json.dumps(steps, sort_keys=True, default=str)}"
        return hashlib.sha256(text.encode()).hexdigest()
