"""What becomes of a message that was taken in, whatever fails on the way."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from channels import courier, deliveries
from channels.courier import Courier, Passing, Untaken
from channels.deliveries import Deliveries
from channels.redaction import Redacted
from tests import databases

STORE: Any = None
"""The courier hands the tracker store on and does not look at it."""


class Answers:
    """Answers every message with its own words, after the faults that it is given; with None nothing answers."""

    def __init__(self, *faults: Exception | None) -> None:
        self.faults = list(faults)
        self.asked: list[str] = []

    async def answered(self, store: Any, conversation: str, number: str, message: Redacted, mark: str | None) -> Any:
        """A turn as channels.turns has it."""
        self.asked.append(message.text)
        if self.faults:
            if (fault := self.faults.pop(0)) is None:
                return None
            raise fault
        return {"answers": [{"text": message.text, "payload": None, "choices": []}]}


class Platform:
    """Keeps what is posted."""

    def __init__(self) -> None:
        self.posted: list[str] = []

    async def post(self, message: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """As channels.courier.Post."""
        await asyncio.sleep(0.01)
        self.posted.append(answer["text"])


class CutOff(Platform):
    """Has the database killed with everything that reaches it, which comes back a moment later."""

    def __init__(self, server: databases.Postgres) -> None:
        super().__init__()
        self._server = server

    async def prepare(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """As channels.courier.Prepare."""
        await self.post(message, {"text": "opened"})
        return {**message, "conversation": "two"}

    async def post(self, message: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """As channels.courier.Post."""
        await super().post(message, answer)
        self._server.interrupt()


class StandingStill(Answers):
    """Stands still with its whole process, for longer than a lease, before it answers."""

    def __init__(self, still: float) -> None:
        super().__init__()
        self._still = still

    async def answered(self, store: Any, conversation: str, number: str, message: Redacted, mark: str | None) -> Any:
        """A turn as channels.turns has it."""
        time.sleep(self._still)
        return await super().answered(store, conversation, number, message, mark)


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A database of its own."""
    return f"sqlite:///{tmp_path / 'deliveries.sqlite'}"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow each other at once."""
    monkeypatch.setattr(courier, "FAULTS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(courier, "PAUSES", (0.0,))
    monkeypatch.setattr(courier, "NOTED_AGAIN", 0.1)


def message(text: str, conversation: str = "one") -> dict[str, Any]:
    """A message as a channel hands it over."""
    return {"conversation": conversation, "text": text}


def run(scenario: Callable[[], Any]) -> None:
    """Run a scenario and everything that it started."""

    async def whole() -> None:
        await scenario()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)  # type: ignore[type-var]

    asyncio.run(whole())


def test_what_is_taken_while_the_rest_is_resumed_is_answered_once(database: str) -> None:
    """A message that arrives during the start is in the database already when what was left is looked through."""
    platform, kept = Platform(), Deliveries(database, "test", "worker")
    couriers = Courier(kept, Answers(), platform.post)  # type: ignore[arg-type]

    async def scenario() -> None:
        kept.take("left", message("from before"))
        await asyncio.gather(
            couriers.resume(STORE), couriers.take(STORE, "new", message("now", "two")), couriers.resume(STORE)
        )
        await couriers.resume(STORE)

    run(scenario)
    assert sorted(platform.posted) == ["from before", "now"]


def test_a_fault_is_tried_again_and_the_answer_comes(database: str) -> None:
    """A database that is locked for a moment costs no answer."""
    platform, answers = Platform(), Answers(RuntimeError("locked"), Passing())
    couriers = Courier(Deliveries(database, "test", "worker"), answers, platform.post)  # type: ignore[arg-type]
    run(lambda: couriers.take(STORE, "key", message("hello")))
    assert platform.posted == ["hello"] and len(answers.asked) == 3


def test_who_gets_no_answer_is_told(database: str, caplog: pytest.LogCaptureFixture) -> None:
    """After faults without end the author is told, the message is done, and no log has its words."""
    platform, kept = Platform(), Deliveries(database, "test", "worker")
    couriers = Courier(kept, Answers(*[ValueError("Zephyrina")] * 9), platform.post)  # type: ignore[arg-type]
    run(lambda: couriers.take(STORE, "key", message("Zephyrina")))
    (told,) = platform.posted
    assert "not answered" in told
    assert kept.waiting() == [] and "Zephyrina" not in caplog.text and "ValueError" in caplog.text


def test_what_is_too_old_is_not_taken_in_late(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message of hours ago would change a case that has moved on: its author is told instead."""
    platform, answers, kept = Platform(), Answers(), Deliveries(database, "test", "worker")
    now = deliveries._now()
    monkeypatch.setattr(deliveries, "_now", lambda: now - timedelta(hours=2))
    kept.take("old", message("no cancer"))
    monkeypatch.undo()
    couriers = Courier(kept, answers, platform.post)  # type: ignore[arg-type]
    run(lambda: couriers.resume(STORE))
    assert answers.asked == [] and "not answered" in platform.posted[0]
    assert kept.waiting() == []


def test_messages_of_a_conversation_are_answered_in_their_order(database: str) -> None:
    """A slow answer is not overtaken by the next in its thread."""
    platform = Platform()
    couriers = Courier(Deliveries(database, "test", "worker"), Answers(Passing()), platform.post)  # type: ignore[arg-type]

    async def scenario() -> None:
        for number in range(4):
            await couriers.take(STORE, f"key-{number}", message(str(number)))

    run(scenario)
    assert platform.posted == ["0", "1", "2", "3"]


def test_an_answer_that_takes_longer_is_announced_once(database: str) -> None:
    """While a part is away its author is told that the answer follows, and it does."""
    platform, answers = Platform(), Answers(*[None] * 6)
    couriers = Courier(Deliveries(database, "test", "worker"), answers, platform.post)  # type: ignore[arg-type]
    run(lambda: couriers.take(STORE, "key", message("hello")))
    announced, answer = platform.posted
    assert "answer follows by itself" in announced and answer == "hello"


def test_another_worker_goes_on_where_one_died(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first had posted is not posted again, and what it had not is."""
    there = Platform()
    one, two = Deliveries(database, "test", "one"), Deliveries(database, "test", "two")
    one.take("key", message("hello"))
    one.take("next", message("and then"))

    async def scenario() -> None:
        assert one.claim("key")
        one.posted("key", 1)
        second = Courier(two, Answers(), there.post)  # type: ignore[arg-type]
        await second.resume(STORE)
        await asyncio.sleep(0.1)
        assert there.posted == [], "the first may be alive"
        now = deliveries._now
        monkeypatch.setattr(deliveries, "_now", lambda: now() + deliveries.LEASE)
        await second.resume(STORE)

    run(scenario)
    assert there.posted == ["and then"]
    assert two.waiting() == []


def test_what_cannot_be_kept_is_not_taken_and_what_was_taken_waits() -> None:
    """The database dies between two messages, and comes back: the first is answered then, the second is refused."""
    with databases.postgres() as server:
        platform = Platform()
        kept = Deliveries(server.url, "test", "worker")
        kept.take("first", message("first"))
        couriers = Courier(kept, Answers(), platform.post)  # type: ignore[arg-type]

        async def scenario() -> None:
            server.kill()
            with pytest.raises(Untaken):
                await couriers.take(STORE, "second", message("second"))
            with pytest.raises(SQLAlchemyError):
                await couriers.resume(STORE)
            assert platform.posted == []
            server.start()
            await couriers.resume(STORE)

        run(scenario)
        assert platform.posted == ["first"]


def test_what_was_posted_is_not_posted_again_when_the_database_dies_before_it_is_noted() -> None:
    """An opening and two answers, each with the database gone before it can be noted; what waits is looked for all the
    time."""
    with databases.postgres() as server:
        platform, kept = CutOff(server), Deliveries(server.url, "test", "worker")
        twice = Courier(kept, Answers(), platform.post, lambda _, answers: [*answers, *answers], platform.prepare)  # type: ignore[arg-type]

        async def scenario() -> None:
            kept.take("key", message("hello"))
            until = time.monotonic() + 20
            while time.monotonic() < until:
                with suppress(SQLAlchemyError):
                    await twice.resume(STORE)
                    if not kept.is_busy("one") and not kept.is_busy("two"):  # it goes from one to two
                        break
                await asyncio.sleep(0.05)
            assert kept.waiting() == []

        run(scenario)
        assert platform.posted == ["opened", "hello", "hello"]


@pytest.mark.parametrize("another", [True, False])
def test_a_worker_that_stood_still_posts_only_what_nobody_took_over(
    database: str, monkeypatch: pytest.MonkeyPatch, another: bool
) -> None:
    """Another answers meanwhile, or there is none: one answer comes."""
    monkeypatch.setattr(deliveries, "LEASE", timedelta(seconds=0.3))
    there = Platform()
    first = Courier(Deliveries(database, "test", "one"), StandingStill(1.5), there.post)  # type: ignore[arg-type]
    second = Courier(Deliveries(database, "test", "two"), Answers(), there.post)  # type: ignore[arg-type]
    still = threading.Thread(target=run, args=(lambda: first.take(STORE, "key", message("hello")),))

    async def takes_over() -> None:
        await second.resume(STORE)

    still.start()
    if another:
        time.sleep(0.9)
        run(takes_over)
        assert there.posted == ["hello"] and still.is_alive()
    still.join()
    assert there.posted == ["hello"]
    assert Deliveries(database, "test", "two").waiting() == []
