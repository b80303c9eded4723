"""A log holds what happened since the start, the one before is kept, and neither fills the disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service import log_file
from service.log_file import begun, earlier, keep_small

WRITES = """
import sys
for line in sys.stdin:
    print(line, end="", flush=True)
    print("written", file=sys.stderr, flush=True)
"""


def test_what_the_servers_told_before_they_were_started_again_is_kept(tmp_path: Path) -> None:
    """One start back; an empty log pushes nothing out."""
    log = tmp_path / "servers.log"
    for told in (b"first", b"", b"third"):
        with begun(log) as file:
            file.write(told)
    assert (log.read_bytes(), earlier(log).read_bytes()) == (b"third", b"first")


def test_a_full_disk_keeps_no_log_from_being_shortened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it stop who looks after it: what was logged is given up."""
    monkeypatch.setattr(log_file, "LARGEST", 10)
    log = tmp_path / "servers.log"
    log.write_bytes(b"x" * 11)
    earlier(log).mkdir()  # nothing can be written there
    keep_small(log)
    assert log.stat().st_size == 0


def test_a_log_that_grows_begins_anew_under_who_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes go on writing into the file they were given; what it held is beside it."""
    monkeypatch.setattr(log_file, "LARGEST", 10)
    log = tmp_path / "servers.log"
    with begun(log) as file:
        servers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITES], stdin=subprocess.PIPE, stdout=file, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
    for number, server in enumerate([*servers, *servers]):
        assert server.stdin and server.stderr
        print(f"line {number}", file=server.stdin, flush=True)
        server.stderr.readline()
        if number == 1:
            keep_small(log)
    for server in servers:
        server.communicate()
    assert earlier(log).read_text(encoding="ascii") == "line 0\nline 1\n"
    assert log.read_text(encoding="ascii") == "line 2\nline 3\n"
