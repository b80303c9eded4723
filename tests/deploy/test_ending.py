"""A pod that ends: nothing is sent to it any more, its worker ends its turns, and then its action server."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from service import supervisor
from service.servers import STOP_WITHIN, Server
from tests.deploy.test_kubernetes import manifest

ENDS = """
import os, pathlib, signal, sys, time
told, needs, takes = pathlib.Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
def end(*_):
    time.sleep(takes)
    alone = needs and pathlib.Path(f"{needs}.ended").exists()
    pathlib.Path(f"{told}.ended").write_text("alone" if alone else "in time")
    os._exit(0)
signal.signal(signal.SIGTERM, end)
told.touch()
while True: time.sleep(60)
"""
"""A server that takes a while to end, and then says whether the one that it needs has ended before."""


def server(told: Path, needs: str = "", takes: float = 0.0) -> Server:
    """Such a server, which stands."""
    process = [sys.executable, "-c", ENDS, str(told), needs, str(takes)]
    made = Server(told.name, process, {}, subprocess.DEVNULL)  # type: ignore[arg-type]
    made.start()
    while not told.exists():
        time.sleep(0.01)
    return made


def test_workers_end_before_the_action_server(tmp_path: Path) -> None:
    """Each has its action server until its last turn is over."""
    actions = server(tmp_path / "actions")
    workers = [server(tmp_path / f"worker-{number}", str(tmp_path / "actions"), 0.3) for number in range(2)]
    supervisor._stop(actions, workers)
    assert [ended.read_text() for ended in sorted(tmp_path.glob("*.ended"))] == ["in time"] * 3
    assert [each.status for each in (actions, *workers)] == [0, 0, 0]


def test_a_worker_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The action server has its time all the same."""
    monkeypatch.setattr(supervisor, "STOP_WITHIN", 0.5)
    actions, worker = server(tmp_path / "actions", takes=0.2), server(tmp_path / "worker", takes=60)
    began = time.monotonic()
    supervisor._stop(actions, [worker])
    assert time.monotonic() - began < 5
    assert (tmp_path / "actions.ended").exists() and not (tmp_path / "worker.ended").exists()


def test_a_pod_has_the_time_that_its_end_takes() -> None:
    """A pause while ingresses hear of it, then workers and action server, each as long as the supervisor waits."""
    pod: dict[str, Any] = manifest("deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    command, seconds = container["lifecycle"]["preStop"]["exec"]["command"]
    assert command == "sleep" and int(seconds) >= 5
    assert pod["terminationGracePeriodSeconds"] > int(seconds) + 2 * STOP_WITHIN
