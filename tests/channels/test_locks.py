"""One at a time in a conversation, among all processes, and what becomes of that when one of them or Redis dies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

import pytest

from channels import locks
from channels.locks import Busy, Locks
from tests import databases
from tests.databases import Redis


class Work:
    """Notes who works at the same time."""

    def __init__(self) -> None:
        self.at_once = self.most = self.done = 0

    async def under(self, lock: Locks, name: str) -> None:
        """A piece of work that holds the lock."""
        async with lock.hold(name):
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            await asyncio.sleep(0.01)
            self.at_once -= 1
            self.done += 1


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scenario in a loop of its own."""
    asyncio.run(scenario())


def test_processes_that_share_a_redis_take_turns(redis: Redis) -> None:
    """Two processes with five pieces of work each never do two at once in one conversation."""
    work = Work()

    async def scenario() -> None:
        here, there, name = Locks(redis.url), Locks(redis.url), uuid4().hex
        await asyncio.gather(*(work.under(lock, name) for lock in (here, there) for _ in range(5)))

    run(scenario)
    assert (work.most, work.done) == (1, 10)


def test_other_conversations_do_not_wait(redis: Redis) -> None:
    """Twenty conversations are worked on side by side."""
    work = Work()

    async def scenario() -> None:
        lock = Locks(redis.url)
        await asyncio.gather(*(work.under(lock, uuid4().hex) for _ in range(20)))

    run(scenario)
    assert work.most > 1 and work.done == 20


def test_a_long_piece_of_work_keeps_its_lock(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease is renewed while its holder works, and another waits no longer than it may."""
    monkeypatch.setattr(locks, "LEASE", 0.3)
    monkeypatch.setattr(locks, "WAIT", 1.0)

    async def scenario() -> None:
        here, there, name = Locks(redis.url), Locks(redis.url), uuid4().hex
        async with here.hold(name):
            with pytest.raises(Busy):
                async with there.hold(name):
                    pass

    run(scenario)


def test_the_lock_of_a_process_that_died_is_free_after_its_lease(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that died renews nothing: the next has the lock when the lease is over, and not before."""
    monkeypatch.setattr(locks, "LEASE", 0.5)

    async def scenario() -> None:
        name, began = uuid4().hex, time.monotonic()
        assert await Locks(redis.url)._acquired(name)
        async with Locks(redis.url).hold(name):
            assert 0.4 < time.monotonic() - began < 2

    run(scenario)


def test_work_goes_on_without_redis() -> None:
    """While Redis is away the lock holds within the process, at once and not after a wait; then among all again."""
    with databases.redis() as own:
        work = Work()

        async def scenario() -> None:
            here, there, name = Locks(own.url), Locks(own.url), uuid4().hex
            await work.under(here, name)
            own.kill()
            began = time.monotonic()
            await asyncio.gather(*(work.under(here, name) for _ in range(5)))
            assert time.monotonic() - began < 1 and work.most == 1
            own.start()
            here._away_until = 0.0
            await asyncio.gather(*(work.under(lock, name) for lock in (here, there) for _ in range(5)))

        run(scenario)
        assert (work.most, work.done) == (1, 16)


def test_a_lock_that_redis_forgot_disturbs_nobody() -> None:
    """Redis dies and comes back empty while the lock is held: its holder releases nothing that is another's by then."""
    with databases.redis() as own:

        async def scenario() -> None:
            here, there, name = Locks(own.url), Locks(own.url), uuid4().hex
            async with here.hold(name):
                own.kill()
                own.start()
                taken = await there._acquired(name)
                assert taken
            assert await taken.owned()

        run(scenario)
