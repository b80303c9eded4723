"""Server processes under the supervisor: started again when they die, whatever the machine has left for them."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from service import servers
from service.servers import Server

DIES = (sys.executable, "-c", "")
STAYS = (sys.executable, "-c", "import time; time.sleep(600)")


def told(server: Server, within: float = 20.0) -> str:
    """What the supervisor next has to tell of a server."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if what := server.watch():
            return what
        time.sleep(0.02)
    raise AssertionError("nothing was told")


def test_a_server_that_cannot_be_started_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for one more process is no reason to end the others."""
    monkeypatch.setattr(servers, "PAUSES", (0.1, 0.1, 0.1))
    with (tmp_path / "log").open("wb") as log:
        server = Server("The server", DIES, os.environ, log)
        server.start()
        assert "stopped by itself (status 0)" in told(server)
        server.command = ("/no/such/program",)
        for _ in range(2):
            assert "cannot be started (No such file or directory)" in told(server)
        server.command = STAYS
        until = time.monotonic() + 20
        while server.status is not None and time.monotonic() < until:
            assert server.watch() is None
            time.sleep(0.02)
        assert server.status is None
        server.end()
        server.ended(time.monotonic() + 10)
