"""The action server and Rasa under one supervisor, in the foreground."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from service.client import Session
from service.models import check_model
from service.production import admitted
from service.settings import HOST, ROOT, Settings

READY_WITHIN = 120.0
"""Seconds that a server may take to answer before the start is given up."""
STOP_WITHIN = 10.0


class StartFailed(Exception):
    """A server did not come up; the message says which and what it printed last."""


@contextmanager
def running(settings: Settings, model: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Both servers, up and warm; stopped when the block is left.

    Raises StartFailed if a port is taken or a server does not answer within READY_WITHIN seconds, and
    service.production.Unsafe or service.models.BadModel if it may not start like this.
    """
    admitted(settings, os.environ)
    check_model(model, settings.models)
    _check_free(HOST, settings.action_port)
    _check_free(settings.interface, settings.rasa_port)
    log = (settings.build / "servers.log").open("wb")
    servers: list[subprocess.Popen[bytes]] = []
    try:
        for command in (_action_command(), _rasa_command(settings, model)):
            servers.append(
                subprocess.Popen(command, cwd=ROOT, env=settings.environment(), stdout=log, stderr=log, umask=0o077)
            )
        _wait(servers[0], f"http://{HOST}:{settings.action_port}/health", "The action server", settings)
        _wait(servers[1], settings.rasa_url, "Rasa", settings)
        _warm_up(settings)
        yield servers
    finally:
        _stop(servers)
        log.close()


def serve(settings: Settings, model: Path) -> int:
    """Run both servers until SIGTERM or SIGINT; returns the exit status (1 if a server died by itself)."""
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with running(settings, model) as servers:
        rest = "" if settings.production else f" (REST channel: {settings.rest_url})"
        print(f"Ready: open {settings.page_url} in a browser{rest}", flush=True)
        while not stopping:
            dead = [server for server in servers if server.poll() is not None]
            if dead:
                print(
                    f"A server stopped by itself (status {dead[0].returncode}); see {settings.build / 'servers.log'}",
                    file=sys.stderr,
                )
                return 1
            time.sleep(0.2)
    print("Stopped.", flush=True)
    return 0


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise StartFailed(
                f"Port {port} is in use. Stop what listens there, or set RASA_PORT and ACTION_PORT to free ports."
            ) from None


def _action_command() -> list[str]:
    return [sys.executable, "-m", "actions"]


def _rasa_command(settings: Settings, model: Path) -> list[str]:
    options = ["--port", str(settings.rasa_port), "--model", str(model)]
    return [sys.executable, "-m", "service.rasa_server", *options]


def _wait(server: subprocess.Popen[bytes], url: str, name: str, settings: Settings) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise StartFailed(f"{name} did not come up at {url}. Is the port in use? It printed last:\n{_log_tail(settings)}")


def _warm_up(settings: Settings) -> None:
    """Have a first conversation: the first prediction is slow, and a Rasa without a model answers nothing."""
    if not Session(settings.page_url).say("hello"):
        raise StartFailed(f"Rasa is up but answers nothing. It printed last:\n{_log_tail(settings)}")


def _log_tail(settings: Settings) -> str:
    return (settings.build / "servers.log").read_text(encoding="utf-8", errors="replace")[-2000:]


def _stop(servers: list[subprocess.Popen[bytes]]) -> None:
    for server in reversed(servers):
        if server.poll() is None:
            server.terminate()
    for server in servers:
        try:
            server.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
