"""A command that runs once a day beside the servers, for a bounded time."""

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
PURGE = (sys.executable, "-m", "service", "purge")


class Daily:
    """Runs `command` when it is made and every `every` seconds from then on; what it prints goes to `log`."""

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

    def tick(self) -> None:
        """Begin or end a run if it is time to; returns at once."""
        now = time.monotonic()
        if self._run is not None and self._run.poll() is None:
            if now - self._begun > LONGEST:
                self.stop()
            return
        self._run = None
        if now >= self._due:
            self._due, self._begun = now + self._every, now
            self._run = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log, umask=0o077
            )

    def stop(self) -> None:
        """End a run that is under way."""
        if self._run is not None:
            self._run.kill()
            self._run.wait()
            self._run = None
