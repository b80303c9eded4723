"""The versions that stand with each recorded answer: another where anything is that answers depend on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from service import versions
from service.settings import ROOT

OF_OTHERS = (
    "*/__init__.py",
    "audit/*",
    "channels/limits.py",
    "channels/locks.py",
    "channels/outages.py",
    "measures/*",
    "service/calls.py",
    "service/in_process.py",
    "service/logs.py",
    "service/secrets.py",
    "service/settings.py",
    "storage/*",
)
"""What holds conversations again, carries, counts and keeps, and decides nothing of an answer."""
LOADED = """
import json, sys
import audit.replay, channels.redaction
print(json.dumps([module.__file__ for module in sys.modules.values() if getattr(module, "__file__", None)]))
"""


def looked_at(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The files whose content makes the versions."""
    seen: set[str] = set()
    hashed = versions._hash

    def noted(paths: Iterable[Path]) -> str:
        every = list(paths)
        seen.update(str(path.relative_to(ROOT)) for path in every)
        return hashed(every)

    monkeypatch.setattr(versions, "_hash", noted)
    versions.versions()
    return seen


def test_all_that_an_answer_depends_on_is_in_a_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every module of the project that is loaded to hold conversations again is, or is known to decide nothing."""
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, timeout=120)
    own = [name.removeprefix(f"{ROOT}/") for name in json.loads(done.stdout.splitlines()[-1]) if str(ROOT) in name]
    deciding = {name for name in own if name[0] != "." and not any(fnmatch(name, other) for other in OF_OTHERS)}
    assert {"knowledge/engine.py", "service/tracker.py", "actions/record.py"} <= deciding
    assert deciding <= looked_at(monkeypatch)
