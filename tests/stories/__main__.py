"""The test stories that something changed for since they passed last: python -m tests.stories [--all]."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from service.settings import ROOT
from tests.stories.changed import Changed, version

MEMORY = ROOT / ".build" / "stories-passed.json"
EVERY = "--all"


def main(arguments: list[str]) -> int:
    """Hold the stories; returns 0 if all pass or nothing changed for any, else pytest's status."""
    if EVERY in arguments:
        MEMORY.unlink(missing_ok=True)
    file = Path(__file__).with_name("test_stories.py")
    status = pytest.main(["-q", str(file)], plugins=[Changed(MEMORY, version())])
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        print(f"Nothing changed since every story passed; {EVERY} holds them all again.")
        return 0
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
