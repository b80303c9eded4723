"""How often a channel may be used."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

REMEMBERED = 10_000
"""Messages that are known to have been counted."""


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


@dataclass(frozen=True)
class Rates:
    """Limits as the `limits` library writes them: "60/minute"."""

    requests_of_address: str
    messages_of_session: str


class Limiter:
    """The limits of a channel: requests of an address, messages of a conversation."""

    def __init__(self, rates: Rates) -> None:
        """Raises ValueError if a rate cannot be read."""
        self._requests_of_address = Limit(rates.requests_of_address)
        self._messages_of_session = Limit(rates.messages_of_session)

    def request(self, address: str) -> None:
        """Count a request from `address`. Raises TooMany if there were too many."""
        self._requests_of_address.count(address)

    def message(self, conversation: str) -> None:
        """Count a message in `conversation`. Raises TooMany if there were too many."""
        self._messages_of_session.count(conversation)


class Counted:
    """The keys of messages that were counted, so that what a platform sends again counts no more."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def add(self, key: str) -> None:
        """Remember a key; the oldest is forgotten for it where there are too many."""
        self._keys[key] = None
        if len(self._keys) > REMEMBERED:
            self._keys.popitem(last=False)
