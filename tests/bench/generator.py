"""The load generator (tests.bench.load) as the benchmark commands it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import IO

from service.settings import ROOT

PYTHON = ROOT / "tests" / "tools" / ".venv" / "bin" / "python"


@dataclass(frozen=True)
class Held:
    """What the turns of a job took (milliseconds), how long the job (seconds), and what failed."""

    milliseconds: list[float]
    seconds: float
    failures: list[str]

    @property
    def median(self) -> float:
        """Milliseconds that half of the turns took at most."""
        return percentile(self.milliseconds, 50)

    @property
    def p95(self) -> float:
        """Milliseconds that 95 of 100 turns took at most."""
        return percentile(self.milliseconds, 95)

    @property
    def rate(self) -> float:
        """Turns a second."""
        return len(self.milliseconds) / self.seconds


def percentile(values: list[float], percent: int) -> float:
    """The value that `percent` of 100 values do not exceed; not a number where there is none."""
    if not values:
        return float("nan")
    return values[0] if len(values) == 1 else quantiles(values, n=100, method="inclusive")[percent - 1]


@dataclass
class Generator:
    """A running load generator; `environment` has the servers take it for Slack and Teams."""

    environment: dict[str, str]
    _out: IO[str]
    _in: IO[str]

    def run(self, url: str, channel: str, users: int, seconds: float, **more: float) -> Held:
        """Hold conversations over `channel` (rest, web, slack or teams) at the server's `url`.

        `more` may give `pause` (seconds from one message of a user to the next), `turns` of a conversation, and `most`
        turns in all. Raises RuntimeError if the generator has died.
        """
        job = {"url": url, "channel": channel, "users": users, "seconds": seconds, **more}
        self._out.write(json.dumps(job) + "\n")
        self._out.flush()
        if not (line := self._in.readline()):
            raise RuntimeError("the load generator died; its last words stand above")
        return Held(**json.loads(line))


@contextmanager
def generator() -> Iterator[Generator]:
    """A load generator, ended when the block is left. Raises RuntimeError if it cannot be started."""
    if not PYTHON.exists():
        raise RuntimeError("The load generator is not installed; run: make test-tools")
    command = [str(PYTHON), "-m", "tests.bench.load"]
    with subprocess.Popen(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        first = process.stdout.readline()
        if not first:
            raise RuntimeError("the load generator did not start; its last words stand above")
        try:
            # What is said to the servers is no clinician's, and theirs is not to be taken over by others.
            with TemporaryDirectory() as run:
                yield Generator({**json.loads(first), "RUN_DIRECTORY": run}, process.stdin, process.stdout)
        finally:
            process.terminate()
