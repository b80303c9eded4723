"""Limits are counted together where a Redis is shared, and in each process where it is away."""

from __future__ import annotations

import socket
import threading
import time
from uuid import uuid4

import pytest

from channels.limits import AWAY, PATIENCE, Limit, TooMany
from tests import databases
from tests.databases import Redis


def uses(limit: Limit, key: str, times: int) -> int:
    """How many of that many uses are let through."""
    let_through = 0
    for _ in range(times):
        try:
            limit.count(key)
            let_through += 1
        except TooMany as refusal:
            assert 1 <= refusal.retry_after <= 60
    return let_through


def test_processes_that_share_a_redis_count_together(redis: Redis) -> None:
    """Two of them let through what one may; another key, and another limit, are counted by themselves."""
    key = uuid4().hex
    one, two = Limit("5/minute", "web-session", redis.url), Limit("5/minute", "web-session", redis.url)
    assert uses(one, key, 3) + uses(two, key, 4) == 5
    assert uses(two, uuid4().hex, 1) == 1
    assert uses(Limit("5/minute", "slack-user", redis.url), key, 1) == 1


def test_nobody_is_refused_because_the_store_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """While Redis is down each process counts for itself; when it is back, they count together again."""
    with databases.redis() as server:
        limit, other = Limit("5/minute", "x", server.url), Limit("5/minute", "x", server.url)
        assert uses(limit, "key", 5) == 5
        server.kill()
        started = time.monotonic()
        assert uses(limit, "key", 6) == uses(other, "key", 6) == 5
        assert time.monotonic() - started < 2
        server.start()
        moment = time.monotonic() + AWAY + 1
        monkeypatch.setattr(time, "monotonic", lambda: moment)
        assert uses(limit, "another", 3) + uses(other, "another", 4) == 5


def test_a_long_message_counts_as_several(redis: Redis) -> None:
    """As many as it takes time to read, counted here or together; the longest one may always be sent once."""
    for shared in ("", redis.url):
        limit, key = Limit("12/minute", "long", shared), uuid4().hex
        limit.count(key, 20_000)
        assert uses(limit, key, 3) == 1
        small = Limit("5/minute", "small", shared)
        small.count(key, 20_000)
        assert uses(small, key, 1) == 0


def test_a_store_that_hangs_holds_nobody_up() -> None:
    """One that takes connections and never answers costs a moment once, not at every message, nor once a limit."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(100)
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        limits = [Limit("5/minute", name, address) for name in ("address", "session", "person", "channel")]
        started = time.monotonic()
        assert [uses(limit, "key", 6) for limit in limits] == [5, 5, 5, 5]
        assert time.monotonic() - started < 3 * PATIENCE


def test_an_address_of_another_form_is_refused_without_quoting_it() -> None:
    """It may hold a password."""
    with pytest.raises(ValueError, match="REDIS_URL") as refusal:
        Limit("5/minute", "x", "mysql://user:pa55@host")
    assert "pa55" not in str(refusal.value)


def test_counting_takes_no_thread_and_forgets_who_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand uses of hundreds of keys leave as many threads as there were; a minute later they count no more."""
    limit = Limit("2/minute", "x")
    time.sleep(0.1)  # in which the library's own first thread ends
    threads = threading.active_count()
    assert sum(uses(limit, str(number % 500), 1) for number in range(1500)) == 1000
    assert threading.active_count() == threads
    moment = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: moment)
    assert uses(limit, "another", 3) == 2
    memory = limit._here.storage
    assert len(memory.events) == 1 and uses(limit, "0", 3) == 2
