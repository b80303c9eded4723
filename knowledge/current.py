"""The engine over the built store, one for each process."""

from __future__ import annotations

from functools import lru_cache

from knowledge.engine import Engine
from knowledge.store import load


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The decision engine over the knowledge store, loaded at the first use."""
    return Engine(load())
