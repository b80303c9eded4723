"""How often a channel may be used."""

from __future__ import annotations

import math
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class TooMany(Exception):
    """A limit is used up; `retry_after` says in how many seconds there is room again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests. Try again in {retry_after} s.")
        self.retry_after = retry_after


class Limit:
    """One limit, counted in this process for each key by itself."""

    def __init__(self, rate: str) -> None:
        """`rate` is written as the `limits` library does: "60/minute". Raises ValueError if it cannot be read."""
        self._rate = parse(rate)
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def count(self, key: str) -> None:
        """Count one use by `key`. Raises TooMany if there were too many."""
        if not self._window.hit(self._rate, key):
            room_at = self._window.get_window_stats(self._rate, key).reset_time
            raise TooMany(max(1, math.ceil(room_at - time.time())))
