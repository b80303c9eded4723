"""What the capacity plan starts from, measured: python -m tests.scale.measure writes deploy/measured.yml.

Two workers on a PostgreSQL and a Redis of their own, and clinicians who send as fast as they are answered. Processor
time is counted for each process by itself, so that neither the clinicians, who run on the same machine, nor its other
work changes the figures much.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML
from sqlalchemy import create_engine, text

from service.settings import ROOT
from tests.databases import postgres, redis
from tests.scale.clinicians import Clinic, Clinician
from tests.scale.conftest import WORKERS, Scaled
from tests.served import start

FILE = ROOT / "deploy" / "measured.yml"
CLINICIANS = 8
SECONDS = 30.0
HEAD = "# Written by `python -m tests.scale.measure`; docs/operations.md has the plan that follows from it.\n"


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
    with FILE.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        YAML().dump(measured, file)
    print(FILE.read_text(encoding="utf-8"))


def _measured(scaled: Scaled) -> dict[str, object]:
    clinic = Clinic([Clinician(scaled.served.web_url, number) for number in range(CLINICIANS)])
    clinic.open()
    clinic.answered(3)
    parts = {
        "worker": scaled.workers(),
        "action_server": scaled.action_servers(),
        "postgresql": [scaled.postgres.pid],
        "redis": [scaled.redis.pid],
    }
    size, began = _database_size(scaled), time.monotonic()
    turns = -sum(len(each.sent) for each in clinic.clinicians)
    spent = {name: -_processor_seconds(pids) for name, pids in parts.items()}
    time.sleep(SECONDS)
    turns += sum(len(each.sent) for each in clinic.clinicians)
    took = time.monotonic() - began
    cost = {name: (spent[name] + _processor_seconds(pids)) / turns for name, pids in parts.items()}
    memory = {name: max(map(_memory, parts[name])) for name in ("worker", "action_server")}
    connections = _connections(scaled)
    clinic.close()
    return {
        "measured": date.today(),
        "turns": turns,
        "turns_per_second": round(turns / took, 1),
        "processor_milliseconds_per_turn": {name: round(1000 * seconds, 2) for name, seconds in cost.items()},
        "memory_megabytes": {name: round(size / 1e6) for name, size in memory.items()},
        "database_bytes_per_turn": round((_database_size(scaled) - size) / turns),
        "connections_per_worker": round(connections / WORKERS),
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


def _database_size(scaled: Scaled) -> int:
    return int(_asked(scaled, "SELECT pg_database_size(current_database())"))


def _connections(scaled: Scaled) -> int:
    return int(_asked(scaled, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")) - 1


def _asked(scaled: Scaled, question: str) -> int:
    engine = create_engine(scaled.postgres.url)
    with engine.connect() as connection:
        found: int = connection.execute(text(question)).scalar_one()
    engine.dispose()
    return found


if __name__ == "__main__":
    main()
