"""A command that runs once a day beside the servers, for a bounded time, and again soon where it failed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from service.settings import ROOT

DAY = 86_400.0
LONGEST = 1800.0
"""Seconds after which a run is ended."""
SOON = 600.0
"""Seconds after which it is run again where it failed: a database may have been away."""
PURGE = (sys.executable, "-m", "service", "purge")


class Daily:
    """Runs `command` when it is made and every `every` seconds from then on, or sooner after a run that failed; what it
    prints goes to `log`."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: BinaryIO, every: float = DAY
    ) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._log = log
        self._every = every
        self._due = time.monotonic()
        self._run: subprocess.Popen[bytes] | None = None
        self._begun = 0.0

    def tick(self) -> str | None:
        """Begin or end a run if it is time to; returns at once, with what there is to tell of one that failed."""
        now = time.monotonic()
        if self._run is None:
            return self._begin(now) if now >= self._due else None
        status = self._run.poll()
        if status is None and now - self._begun > LONGEST:
            self.stop()
            return self._told("took too long and was ended", now)
        if status is not None:
            self._run = None
        return self._failed(f"ended with status {status}", now) if status else None

    def _begin(self, now: float) -> str | None:
        self._due, self._begun = now + self._every, now
        try:
            self._run = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log, umask=0o077
            )
        except OSError as fault:  # no memory, or no process, is left for one more
            return self._failed(f"could not be started ({fault.strerror})", now)
        return None

    def _failed(self, how: str, now: float) -> str:
        self._due = min(self._due, now + SOON)
        return self._told(how, now)

    def _told(self, how: str, now: float) -> str:
        return f"`{' '.join(self._command[1:])}` {how}; it is run again in {(self._due - now) / 60:.0f} minutes."

    def stop(self) -> None:
        """End a run that is under way."""
        if self._run is not None:
            self._run.kill()
            self._run.wait()
            self._run = None
