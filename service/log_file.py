"""The file that several processes write their log into: the one before is kept beside it, and neither grows on."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

LARGEST = 20_000_000
"""Bytes after which a log begins anew: some hundred thousand turns."""


def begun(log: Path) -> BinaryIO:
    """An empty log, open for processes that write after one another; what an earlier start left is kept beside it."""
    if log.exists() and log.stat().st_size:
        _set_aside(log)
    return log.open("ab")


def keep_small(log: Path) -> None:
    """Begin a log anew that has grown large; a line of that moment may be lost."""
    with suppress(OSError):  # what cannot be done now, is tried again
        if log.exists() and log.stat().st_size > LARGEST:
            _set_aside(log)


def _set_aside(log: Path) -> None:
    """Copied, not renamed: other processes write into this very file, and go on doing so."""
    with suppress(OSError):  # a full disk, where room is needed more than what was logged
        shutil.copyfile(log, earlier(log))
    os.truncate(log, 0)


def earlier(log: Path) -> Path:
    """Where the log before this one is kept."""
    return log.with_name(f"{log.name}.1")
