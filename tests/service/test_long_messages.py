"""A message of a whole chart, or one that was made to take long, holds nobody else up."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import pytest

from channels.outages import OUTAGES
from service.long_messages import MOST, LongMessages
from tests.channels.web.client import CASE, Client, payloads
from tests.served import Served

SLOW = "no "
"""Takes long to read: every word of it may modify every other of its sentence."""


@pytest.mark.parametrize(("senders", "times"), [(1, 6_600), (3, 2_000)])
def test_others_are_answered_meanwhile(served: Served, senders: int, times: int) -> None:
    """While long messages are read, short ones of others take their usual time and some more; all are answered."""
    hurried = Client(served.web_url)
    hurried.say(CASE)
    with ThreadPoolExecutor(senders) as pool:
        slow = [pool.submit(Client(served.web_url).say, f"{CASE} {SLOW * times}") for _ in range(senders)]
        time.sleep(0.5)
        took = []
        while not all(one.done() for one in slow):
            begun = time.monotonic()
            assert payloads(hurried.say("why"), "explanation")
            took.append(time.monotonic() - begun)
        assert len(took) > 3 and median(took) < 1.0
        assert all(payloads(one.result(), "recommendation") for one in slow)


def test_a_long_message_is_read_as_a_short_one(served: Served) -> None:
    """The same case, with what else a chart holds around it, has the same answer."""
    rest = "Social history: lives with her son. " * 100
    short, long = (payloads(Client(served.web_url).say(text), "recommendation") for text in (CASE, f"{CASE} {rest}"))
    assert [one["outcome"] for one in short] == [one["outcome"] for one in long]


def test_more_than_can_be_read_soon_are_refused() -> None:
    """Whoever is refused is told to send it again; who waits is read in turn."""

    async def read(number: int) -> dict[str, Any]:
        time.sleep(0.01)
        return {"number": number}

    async def many() -> list[Any]:
        messages = LongMessages()
        return await asyncio.gather(*(messages.read(read(n)) for n in range(MOST + 2)), return_exceptions=True)

    found = asyncio.run(many())
    assert found[:MOST] == [{"number": number} for number in range(MOST)]
    assert all(isinstance(one, OUTAGES) for one in found[MOST:])
