"""What the benchmark says while it works."""

from __future__ import annotations

import sys
import time

BEGUN = time.monotonic()


def tell(text: str) -> None:
    """Say what is being done, and how long all has taken so far."""
    print(f"[{time.monotonic() - BEGUN:4.0f} s] {text}", file=sys.stderr, flush=True)
