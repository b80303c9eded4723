"""How often a channel may be used."""

from __future__ import annotations

import logging
import math
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, ip_address, ip_network

from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.storage.memory import Entry
from limits.strategies import MovingWindowRateLimiter
from sanic.request import Request

REMEMBERED = 10_000
"""Messages that are known to have been counted."""
AWAY = 10.0
"""Seconds for which a store that failed is left alone."""
SWEPT_EVERY = 60.0
"""Seconds after which uses that count no more are forgotten."""
LONG = 2_000
"""Characters that count as one message more: a pasted chart takes ten times as long to read as what is typed."""
NETWORK = 64
"""Bits of an IPv6 address that tell its network; the rest each client chooses (RFC 4291, 2.5.4)."""
PATIENCE = 0.25
"""Seconds that a store may take: a count must not hold up an answer."""
logger = logging.getLogger(__name__)


class TooMany(Exception):
    """A limit is used up; `retry_after` says in how many seconds there is room again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests. Try again in {retry_after} s.")
        self.retry_after = retry_after


class _Memory(MemoryStorage):  # type: ignore[misc]
    """The library's store in memory, which looks through all uses of everybody in a new thread at nearly every use.
    Here they are swept now and then (docs/performance.md)."""

    def __init__(self) -> None:
        self._swept_at = time.time()
        super().__init__()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether `amount` more uses of `key` are within `limit` in `expiry` seconds; they are counted then."""
        now = time.time()
        if now - self._swept_at >= SWEPT_EVERY:
            self._sweep(now)
        newest_first = self.events.setdefault(key, [])
        place = limit - amount
        if place < 0 or (place < len(newest_first) and newest_first[place].atime >= now - expiry):
            return False
        newest_first[:0] = [Entry(expiry)] * amount
        return True

    def _sweep(self, now: float) -> None:
        self._swept_at = now
        counting = {key: [use for use in uses if use.expiry > now] for key, uses in self.events.items()}
        self.events = {key: uses for key, uses in counting.items() if uses}


class _Shared:
    """The window in which processes count together, in a Redis. One that failed or hangs is left alone for a while, so
    that it holds a process up once, and not once for each limit."""

    def __init__(self, url: str) -> None:
        # Its client connects when it is first used.
        store = storage_from_string(url, wrap_exceptions=True, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._window = MovingWindowRateLimiter(store)
        self._away_until = 0.0

    @property
    def window(self) -> MovingWindowRateLimiter | None:
        """None while it is left alone."""
        return self._window if time.monotonic() >= self._away_until else None

    def leave(self, fault: Exception) -> None:
        """Leave it alone from now on, because of a fault."""
        self._away_until = time.monotonic() + AWAY
        logger.error("Limits are counted in this process alone for now: %s", type(fault).__name__)


class Limit:
    """One limit, counted for each key by itself.

    Processes that share a Redis count together. While it cannot be reached each counts by itself: nobody is refused
    because a store is away.
    """

    def __init__(self, rate: str, name: str = "", shared_in: str = "") -> None:
        """`rate` is written as the `limits` library does ("60/minute"), `shared_in` is a Redis URL or empty.

        `name` tells the limit from others in the same store. Raises ValueError if the rate or the URL cannot be read.
        """
        self._rate = parse(rate)
        self._name = name
        self._here = MovingWindowRateLimiter(_Memory())
        self._shared = _shared(shared_in) if shared_in else None

    def count(self, key: str, characters: int = 0) -> None:
        """Count one use by `key`, of a message of so many characters as many as it takes time to read.

        Raises TooMany if there were too many.
        """
        uses = min(1 + characters // LONG, self._rate.amount)
        if self._shared and (window := self._shared.window):
            try:
                return self._counted(window, key, uses)
            except (StorageError, OSError) as fault:
                self._shared.leave(fault)
        return self._counted(self._here, key, uses)

    def _counted(self, window: MovingWindowRateLimiter, key: str, uses: int) -> None:
        rate: RateLimitItem = self._rate
        if not window.hit(rate, self._name, key, cost=uses):
            # The window tells when there is room for one use.
            room_at = window.get_window_stats(rate, self._name, key).reset_time
            raise TooMany(max(1, math.ceil(room_at - time.time())) if uses == 1 else rate.get_expiry())


@dataclass(frozen=True)
class Rates:
    """Limits as the `limits` library writes them ("60/minute"), and the Redis in which processes count together."""

    requests_of_address: str
    messages_of_session: str
    messages_of_person: str = ""
    """Where a person may have several conversations at once."""
    shared_in: str = ""


class Limiter:
    """The limits of a channel: requests of an address, messages of a conversation and of a person."""

    def __init__(self, rates: Rates, channel: str = "") -> None:
        """Raises ValueError if a rate cannot be read."""
        self._requests_of_address = Limit(rates.requests_of_address, f"{channel}-address", rates.shared_in)
        self._messages_of_session = Limit(rates.messages_of_session, f"{channel}-session", rates.shared_in)
        of_person = rates.messages_of_person
        self._messages_of_person = Limit(of_person, f"{channel}-person", rates.shared_in) if of_person else None

    def request(self, address: str) -> None:
        """Count a request from `address`. Raises TooMany if there were too many."""
        self._requests_of_address.count(address)

    def long(self, address: str, text: str) -> None:
        """Count what a long message from `address` is more than a request: whoever sends it may begin as many
        conversations as he likes. Raises TooMany if there were too many."""
        if len(text) > LONG:
            self._requests_of_address.count(address, len(text))

    def message(self, conversation: str, text: str, person: str = "") -> None:
        """Count a message of `person` in `conversation`. Raises TooMany if there were too many."""
        if self._messages_of_person:
            self._messages_of_person.count(person, len(text))
        self._messages_of_session.count(conversation, len(text))


def client_address(request: Request) -> str:
    """The address that a request came from: what the trusted proxies tell, if there are any, else the other end.

    Of IPv6 its network: whoever has one address there has all of them.
    """
    told = str(request.remote_addr or request.ip)
    try:
        address = ip_address(told.strip("[]"))  # as Sanic writes one of IPv6
    except ValueError:
        return told
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((int(address), NETWORK), strict=False))


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


@cache
def _shared(url: str) -> _Shared:
    try:
        return _Shared(url)
    except ConfigurationError:
        # Without its own words: they quote the URL, which may hold a password.
        raise ValueError("REDIS_URL has no form that is known; write redis://HOST:PORT or rediss://HOST:PORT") from None
