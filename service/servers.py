"""The server processes: how each is started, and started again when it dies."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from service.secrets import CHANNEL_SECRETS
from service.settings import ROOT, Settings

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds until a server that died is started again, the more often it died; the last is repeated."""
STEADY = 60.0
"""Seconds after which a server that runs is taken to have mended."""
STOP_WITHIN = 10.0
"""Seconds that workers have to end the turns they are at, and then the action server to record what it owes."""


@dataclass
class Server:
    """One server process, `name` as people call it; `handed` are the files that it gets from us, open."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: IO[bytes]
    handed: tuple[int, ...] = ()
    deaths: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _again_at: float | None = None

    def start(self) -> None:
        """Start the process."""
        self._process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=dict(self.environment),
            stdout=self.log,
            stderr=self.log,
            pass_fds=self.handed,
            umask=0o077,
        )
        self._started, self._again_at = time.monotonic(), None

    @property
    def status(self) -> int | None:
        """The exit status of a process that has ended by itself; None while it runs."""
        return self._process.poll() if self._process else None

    def watch(self) -> str | None:
        """Start the process again if it died and its pause is over; returns what there is to tell of it."""
        if self.status is None:
            return None
        now = time.monotonic()
        if self._again_at is None:
            self.deaths = 1 if now - self._started > STEADY else self.deaths + 1
            return f"{self.name} stopped by itself (status {self.status}); {self._paused()}"
        if now >= self._again_at:
            try:
                self.start()
            except OSError as fault:  # no memory, or no process, is left for one more
                self.deaths += 1
                return f"{self.name} cannot be started ({fault.strerror}); {self._paused()}"
        return None

    def _paused(self) -> str:
        """Begin the pause before the next start; returns what there is to tell of it."""
        pause = PAUSES[min(self.deaths, len(PAUSES)) - 1]
        self._again_at = time.monotonic() + pause
        return f"it is started again in {pause:.0f} s."

    def end(self) -> None:
        """Ask the process to stop."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def ended(self, until: float) -> None:
        """Wait until it has, to the moment `until` (of time.monotonic) at most, and end it in any case."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def action_server(settings: Settings, log: IO[bytes]) -> Server:
    """The action server, which is not told the secrets of the channels."""
    known = {name: value for name, value in environment(settings).items() if name not in CHANNEL_SECRETS}
    return Server("The action server", [sys.executable, "-m", "service.action_server"], known, log)


def rasa_server(settings: Settings, model: Path, worker: int, listening: int, ready: int, log: IO[bytes]) -> Server:
    """A worker of Rasa that takes requests from the socket `listening` and says to the pipe `ready` that it does."""
    options = ["--socket", str(listening), "--ready", str(ready), "--model", str(model)]
    command = [sys.executable, "-m", "service.worker", *options]
    return Server(f"Rasa worker {worker + 1}", command, environment(settings, worker), log, (listening, ready))


def environment(settings: Settings, worker: int = 0) -> dict[str, str]:
    """The environment of a server, which keeps its figures where the others of this machine do."""
    return {**settings.environment(worker), "PROMETHEUS_MULTIPROC_DIR": str(settings.figures)}


def forget_figures(settings: Settings) -> None:
    """Begin to count anew; figures of processes that died are kept until then."""
    settings.figures.mkdir(parents=True, exist_ok=True)
    for file in settings.figures.glob("*.db"):
        file.unlink()
