"""A minute of fuzzing the reader with coverage (tests/fuzz/extractor.py), and that it would notice."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from service.settings import ROOT
from tests.fuzz.extractor import keeps_its_promises

SECONDS = 60


def test_the_reader_keeps_its_promises_under_fuzzing() -> None:
    """No input is found that it fails at, takes long over, places wrongly, or reads in two ways."""
    command = [sys.executable, "-m", "tests.fuzz.extractor", str(SECONDS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS + 240)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr


@pytest.mark.parametrize(
    "fact",
    [
        {"fact": "age", "start": 0, "end": 3, "words": "no"},
        {"fact": "age", "start": -1, "end": 2, "words": ""},
        {"fact": "age", "start": 0, "end": 99, "words": "none of it"},
    ],
)
def test_a_broken_promise_is_noticed(fact: dict[str, Any]) -> None:
    """A fact that does not stand where it says."""
    with pytest.raises(AssertionError):
        keeps_its_promises("none of it", lambda _text: SimpleNamespace(facts=(SimpleNamespace(**fact),)))
