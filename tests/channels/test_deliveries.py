"""Who has a message when several processes share the table: one of them, in the order of its conversation."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from channels import deliveries
from channels.deliveries import LEASE, Deliveries, NotOurs
from tests import databases


@pytest.fixture
def channel() -> str:
    """A channel that no other test uses."""
    return uuid4().hex[:12]


def pair(url: str, channel: str) -> tuple[Deliveries, Deliveries]:
    """The table as two workers open it."""
    return Deliveries(url, channel, "one"), Deliveries(url, channel, "two")


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let time pass."""
    now = deliveries._now
    monkeypatch.setattr(deliveries, "_now", lambda: now() + by)


def test_of_workers_that_reach_for_a_message_at_once_one_has_it(url: str, channel: str) -> None:
    """The same event at eight workers is taken once, and claimed by one."""
    workers = [Deliveries(url, channel, str(number)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda worker: worker.take("key", {"conversation": "a", "text": "hi"}), workers))
        claimed = list(pool.map(lambda worker: worker.claim("key"), workers))
    assert taken.count(True) == 1
    (got,) = filter(None, claimed)
    assert got.message["text"] == "hi"


def test_a_message_waits_for_the_one_before_it(url: str, channel: str) -> None:
    """Whichever worker has it; another conversation does not wait."""
    one, two = pair(url, channel)
    for key, conversation in (("first", "a"), ("second", "a"), ("other", "b")):
        one.take(key, {"conversation": conversation})
    assert two.claim("second") is None and two.claim("other")
    assert one.claim("first")
    assert two.claim("second") is None
    one.done("first")
    assert two.claim("second") and two.is_busy("a")
    two.done("second")
    assert not two.is_busy("a")


def test_what_a_dead_worker_left_is_another_s_after_the_lease(
    url: str, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before; and the first, should it only have stood still, can note nothing any more."""
    one, two = pair(url, channel)
    one.take("key", {"conversation": "a"})
    assert one.claim("key")
    one.posted("key", 1)
    later(monkeypatch, LEASE / 2)
    assert two.claim("key") is None and two.waiting() == []
    later(monkeypatch, LEASE)
    assert two.waiting() == ["key"]
    taken_over = two.claim("key")
    assert taken_over and taken_over.posted == 1
    for note in (
        lambda: one.posted("key", 2),
        lambda: one.done("key"),
        lambda: one.amend("key", {"conversation": "a"}),
    ):
        with pytest.raises(NotOurs):
            note()
    two.done("key")


def test_a_worker_that_is_alive_keeps_what_it_has(url: str, channel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A renewed claim outlasts its first lease."""
    one, two = pair(url, channel)
    one.take("key", {"conversation": "a"})
    assert one.claim("key")
    later(monkeypatch, LEASE / 2)
    one.renew(["key"])
    later(monkeypatch, LEASE / 1.5)
    assert two.claim("key") is None and two.waiting() == []


def test_a_worker_that_was_started_again_goes_on_at_once(url: str, channel: str) -> None:
    """It has the name of the one that died, and need not wait for its lease."""
    one, _ = pair(url, channel)
    one.take("key", {"conversation": "a"})
    assert one.claim("key")
    again = Deliveries(url, channel, "one")
    assert again.waiting() == ["key"] and again.claim("key")


def test_a_message_that_comes_twice_stands_in_no_log_of_the_server(channel: str) -> None:
    """PostgreSQL writes the statement of every error to its log, with the values in it."""
    with databases.postgres() as server:
        worker = Deliveries(server.url, channel, "one")
        message = {"conversation": "a", "text": "78F quackenbush, leg weakness"}
        assert [worker.take("key", message) for _ in range(3)] == [True, False, False]
        log = server.folder.parent / f"{server.program}.log"
        assert log.read_text(errors="replace") and "quackenbush" not in log.read_text(errors="replace")
