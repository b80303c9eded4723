"""The servers as an operator runs them: `python -m service serve` on free ports of the loopback interface."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from service.settings import ROOT


@dataclass
class Served:
    """Running servers; `other_origin` is that of another page which may embed the widget."""

    process: subprocess.Popen[str]
    ports: tuple[int, int]
    other_origin: str

    @property
    def rest_url(self) -> str:
        """Where the REST channel takes messages."""
        return f"http://127.0.0.1:{self.ports[0]}/webhooks/rest/webhook"

    def url(self, channel: str) -> str:
        """Where a channel has its routes."""
        return f"http://127.0.0.1:{self.ports[0]}/webhooks/{channel}/"

    @property
    def web_url(self) -> str:
        """Where the page with the widget is."""
        return f"http://127.0.0.1:{self.ports[0]}/webhooks/web/"

    def say(self, sender: str, message: str) -> list[dict[str, Any]]:
        """Send a message over the REST channel; returns what the assistant sent back, in order."""
        reply = requests.post(self.rest_url, json={"sender": sender, "message": message}, timeout=60)
        assert reply.status_code == 200, reply.text
        answered: list[dict[str, Any]] = reply.json()
        return answered

    def children(self, module: str) -> list[int]:
        """The processes that run a module: `service.worker`, `service.action_server`."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                words = (folder / "cmdline").read_text().split("\0")
            except OSError:
                continue  # it has ended meanwhile
            if parent == self.process.pid and module in words:
                found.append(int(folder.name))
        return sorted(found)

    def stop(self) -> int:
        """Stop the servers; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(
    ports: tuple[int, int] | None = None,
    message_rate: str = "100000/minute",
    more: Mapping[str, str] | None = None,
) -> Served:
    """Start the servers, on free ports if none are given, with `more` environment, and wait for the ready line."""
    ports = ports or (free_port(), free_port())
    other_origin = f"http://localhost:{free_port()}"
    environment = {
        **os.environ,
        "RASA_PORT": str(ports[0]),
        "ACTION_PORT": str(ports[1]),
        "PYTHONPATH": str(ROOT),
        "WEB_ORIGINS": other_origin,
        "WEB_MESSAGE_RATE": message_rate,
        "WEB_ADDRESS_RATE": "100000/minute",
        **(more or {}),
    }
    command = [sys.executable, "-m", "service", "serve"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("Ready:"), line + (process.stderr.read() if process.stderr else "")
    return Served(process, ports, other_origin)
