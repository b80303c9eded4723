"""What the capacity plan starts from, measured: python -m tests.scale.measure writes deploy/measured.yml.

Two workers on a PostgreSQL and a Redis of their own, and more conversations than they keep in memory, each a case and
what is said about one, ten messages long: whoever sends goes on with another conversation each time, as fast as they
are answered. Processor time is counted for each process by itself, so that neither the senders, who run on the same
machine, nor its other work changes the figures much; what one chain of the record takes is measured by the clock.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count, islice
from pathlib import Path

from ruamel.yaml import YAML
from sqlalchemy import create_engine, text

from service.settings import ROOT
from tests.bench.talk import messages
from tests.databases import postgres, redis
from tests.scale.chain import answers_per_second
from tests.scale.clinicians import Clinician
from tests.scale.conftest import WORKERS, Scaled
from tests.served import start

FILE = ROOT / "deploy" / "measured.yml"
SENDERS, EACH = 8, 80
"""Who sends at the same time, and the conversations of each: together twice what the workers keep in memory."""
TURNS = 10
"""Messages of a conversation; another begins in its place."""
WRITERS = 16
"""Action servers that write the chain of the record."""
WARM, SECONDS = 40.0, 60.0
KEPT = {
    "conversations": "SELECT pg_total_relation_size('events')",
    "record": "SELECT pg_total_relation_size('answers')",
    "answers": "SELECT count(*) FROM answers",
}
HEAD = "# Written by `python -m tests.scale.measure`; docs/operations.md has the plan that follows from it.\n"


@dataclass
class Talk:
    """A conversation and what is still to be said in it."""

    clinician: Clinician
    rest: Iterator[str]


class Sender:
    """Goes from one conversation to the next, until it is told to stop."""

    def __init__(self, url: str, numbers: Iterator[int]) -> None:
        self._url, self._numbers = url, numbers
        self.turns = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the message that is under way. Raises AssertionError if this one had failed before."""
        failed = not self._thread.is_alive()
        self._stopped.set()
        self._thread.join()
        assert not failed, "a sender was not answered"

    def _work(self) -> None:
        # At the beginning of each another part is over, so that cases and what follows come in an even mixture.
        talks = deque(self._talk(place % TURNS) for place in range(EACH))
        while not self._stopped.is_set():
            talk = talks.popleft()
            text = next(talk.rest, None)
            if text is None:
                talk = self._talk()
                text = next(talk.rest)
            talk.clinician.say(text)
            self.turns += 1
            talks.append(talk)

    def _talk(self, over: int = 0) -> Talk:
        number = next(self._numbers)
        return Talk(Clinician(self._url, number), islice(messages(number, TURNS), 0, TURNS - over))


def main() -> None:
    """Measure, write the file, print it."""
    with postgres() as database, redis() as locks:
        shared = {"DATABASE_URL": database.url, "REDIS_URL": locks.url, "RASA_WORKERS": str(WORKERS)}
        served = start(more=shared)
        try:
            scaled = Scaled(served, database, locks, None, None)  # type: ignore[arg-type]
            measured = _measured(scaled)
        finally:
            served.stop()
    with postgres() as database:
        measured["recorded_answers_per_second"] = round(answers_per_second(database.url, WRITERS))
    with FILE.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        YAML().dump(measured, file)
    print(FILE.read_text(encoding="utf-8"))


def _measured(scaled: Scaled) -> dict[str, object]:
    numbers = count()
    senders = [Sender(scaled.served.web_url, numbers) for _ in range(SENDERS)]
    time.sleep(WARM)
    parts = {
        "worker": scaled.workers(),
        "action_server": scaled.action_servers(),
        "postgresql": [scaled.postgres.pid],
        "redis": [scaled.redis.pid],
    }
    began, turns = time.monotonic(), -sum(each.turns for each in senders)
    kept = {name: -_asked(scaled, question) for name, question in KEPT.items()}
    spent = {name: -_processor_seconds(pids) for name, pids in parts.items()}
    time.sleep(SECONDS)
    turns += sum(each.turns for each in senders)
    took = time.monotonic() - began
    cost = {name: (spent[name] + _processor_seconds(pids)) / turns for name, pids in parts.items()}
    kept = {name: (kept[name] + _asked(scaled, question)) / turns for name, question in KEPT.items()}
    memory = {name: max(map(_memory, parts[name])) for name in ("worker", "action_server")}
    for sender in senders:
        sender.stop()
    return {
        "measured": date.today(),
        "turns": turns,
        "turns_per_second": round(turns / took, 1),
        "processor_milliseconds_per_turn": {name: round(1000 * seconds, 2) for name, seconds in cost.items()},
        "memory_megabytes": {name: round(size / 1e6) for name, size in memory.items()},
        "conversation_bytes_per_turn": round(kept["conversations"]),
        "record_bytes_per_turn": round(kept["record"]),
        "recorded_answers_per_turn": round(kept["answers"], 2),
    }


def _tree(pids: Iterable[int]) -> set[int]:
    """Processes and all that they started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it has ended meanwhile
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _processor_seconds(pids: Iterable[int]) -> float:
    """Processor time of processes and of what they started, also of what has ended since."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in _tree(pids)]
    own = sum(int(values[11]) + int(values[12]) for values in fields)
    ended = sum(int(values[13]) + int(values[14]) for values in fields)
    return (own + ended) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """Bytes of memory that a process has to itself or its part of (proportional set size)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _asked(scaled: Scaled, question: str) -> int:
    engine = create_engine(scaled.postgres.url)
    with engine.connect() as connection:
        found: int = connection.execute(text(question)).scalar_one()
    engine.dispose()
    return found


if __name__ == "__main__":
    main()
