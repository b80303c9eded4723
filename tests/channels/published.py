"""What Microsoft and Slack publish of their formats, asked about messages: tests/tools/published.js, kept running."""

from __future__ import annotations

import json
import subprocess
import threading
from functools import lru_cache
from typing import Any, Literal

from service.settings import ROOT

TOOLS = ROOT / "tests" / "tools"
Kind = Literal["card", "blocks", "app_mention", "message"]
"""An Adaptive Card, the blocks of a message in Slack, or one of Slack's events."""
_one_at_a_time = threading.Lock()


def published_problems(kind: Kind, given: Any) -> list[str]:
    """What the platform's own reader or types find wrong with `given`.

    Raises RuntimeError if it cannot be asked, which says how to install it.
    """
    with _one_at_a_time:
        reader = _reader()
        assert reader.stdin and reader.stdout
        # Escaped to ASCII, so that half a character does not stop it.
        reader.stdin.write(json.dumps({"as": kind, "given": given}) + "\n")
        reader.stdin.flush()
        line = reader.stdout.readline()
    if not line:
        raise RuntimeError("tests/tools/published.js ended; what it wrote last stands above.")
    found: list[str] = json.loads(line)
    return found


@lru_cache(maxsize=1)
def _reader() -> subprocess.Popen[str]:
    """The running program; it ends with its input, when this process does."""
    node = TOOLS / ".venv" / "bin" / "node"
    if not node.exists() or not (TOOLS / "node_modules").exists():
        raise RuntimeError("The tools of the tests are not installed: run `make test-tools`.")
    command = [str(node), str(TOOLS / "published.js")]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
