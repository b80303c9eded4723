"""How often the web channel may be used, by session and by address."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class TooMany(Exception):
    """A limit is used up; `retry_after` says in how many seconds there is room again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests. Try again in {retry_after} s.")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Rates:
    """Limits as the `limits` library writes them: "60/minute"."""

    requests_of_address: str
    messages_of_session: str


class Limiter:
    """Counts requests in this process."""

    def __init__(self, rates: Rates) -> None:
        """Raises ValueError if a rate cannot be read."""
        self._requests_of_address = parse(rates.requests_of_address)
        self._messages_of_session = parse(rates.messages_of_session)
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def request(self, address: str) -> None:
        """Count a request from `address`. Raises TooMany if there were too many."""
        self._count(self._requests_of_address, "address", address)

    def message(self, conversation: str) -> None:
        """Count a message in `conversation`. Raises TooMany if there were too many."""
        self._count(self._messages_of_session, "conversation", conversation)

    def _count(self, limit: RateLimitItem, kind: str, key: str) -> None:
        if not self._window.hit(limit, kind, key):
            room_at = self._window.get_window_stats(limit, kind, key).reset_time
            raise TooMany(max(1, math.ceil(room_at - time.time())))
