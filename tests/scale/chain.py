"""How many answers a second the one chain of the audit takes from several writers: python -m tests.scale.chain.

Each writer is a process with a connection of its own, as an action server is, and records as fast as it can in a real
PostgreSQL that writes to its disk before it confirms.
"""

from __future__ import annotations

import subprocess
import sys
import time

from audit.store import Audit
from audit.verify import verify
from service.settings import ROOT
from tests.databases import postgres

WRITERS = (1, 4, 16)
SECONDS = 10.0
WRITER = """
import sys, time
from tests.audit.entries import made
from audit.store import Audit
audit, number = Audit(sys.argv[1]), 0
audit.head()
print("ready", flush=True)
sys.stdin.readline()
until = time.monotonic() + float(sys.argv[2])
while time.monotonic() < until:
    audit.record(made(number))
    number += 1
print(number)
"""


def main() -> None:
    """Measure with each number of writers, and print."""
    with postgres() as server:
        for writers in WRITERS:
            print(f"{writers:2} writers: {answers_per_second(server.url, writers):6.0f} answers a second", flush=True)
        assert not verify(Audit(server.url).rows()).problem


def answers_per_second(url: str, writers: int, seconds: float = SECONDS) -> float:
    """What so many writers record together in the database at `url`."""
    Audit(url).head()
    command = [sys.executable, "-c", WRITER, url, str(seconds)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(writers)
    ]
    for writer in started:
        assert writer.stdout and writer.stdout.readline() == "ready\n"
    began = time.monotonic()
    told = [writer.communicate("go\n", timeout=seconds + 60)[0] for writer in started]
    return sum(map(int, told)) / (time.monotonic() - began)


if __name__ == "__main__":
    main()
