"""What processes of this machine take, as Linux tells it."""

from __future__ import annotations

import os
import platform
from pathlib import Path

SERVERS = {"action server": "service.action_server", "Rasa": "service.worker"}
"""What serves, by the module that each process runs; beside them one may purge."""
MEGABYTE = 1024
"""Kilobytes, in which Linux counts."""


def children(process: int) -> list[int]:
    """The processes that a process has started, oldest first."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def memory(process: int) -> tuple[float, float]:
    """Megabytes that a process holds: all (RSS), and with what it shares divided among those who share it (PSS)."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in told[1:]}
    return kilobytes["Rss"] / MEGABYTE, kilobytes["Pss"] / MEGABYTE


def processor_seconds(process: int) -> float:
    """Seconds of a processor that a process has used."""
    after_name = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def machine() -> str:
    """The machine in a line: cores, memory, Python."""
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    gigabytes = int(total.split()[1]) / MEGABYTE**2
    return f"{len(os.sched_getaffinity(0))} cores, {gigabytes:.0f} GB of memory, Python {platform.python_version()}"
