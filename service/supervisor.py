"""The action server and the workers of Rasa under one supervisor, in the foreground.

The workers take requests from one socket, which is the supervisor's: whichever has time takes the next. So no request
is refused while one of them is away, and a request that a dead worker had not taken yet is another's.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from service.client import Session
from service.daily import PURGE, Daily
from service.log_file import begun, keep_small
from service.models import check_model
from service.production import admitted
from service.servers import STOP_WITHIN, Server, action_server, environment, forget_figures, rasa_server
from service.settings import HOST, Settings

READY_WITHIN = 120.0
"""Seconds that a server may take to answer before the start is given up."""
BACKLOG = 1024
"""Connections that wait for a worker; the kernel refuses more."""


class StartFailed(Exception):
    """A server did not come up; the message says which and what it printed last."""


@contextmanager
def running(settings: Settings, model: Path) -> Iterator[Sequence[Server]]:
    """All servers, up and warm; stopped when the block is left.

    Raises StartFailed if a port is taken or a server does not answer within READY_WITHIN seconds, and
    service.production.Unsafe or storage.built.NotAsBuilt if it may not start like this.
    """
    admitted(settings, os.environ)
    check_model(model, settings.models)
    _listening(HOST, settings.action_port).close()
    forget_figures(settings)
    with ExitStack() as open_files:
        listening = open_files.enter_context(_listening(settings.interface, settings.rasa_port))
        ready, tell = (open_files.enter_context(os.fdopen(end)) for end in os.pipe())
        log = sys.stderr.buffer if settings.log_to_stderr else open_files.enter_context(begun(settings.log))
        actions = action_server(settings, log)
        workers = [
            rasa_server(settings, model, worker, listening.fileno(), tell.fileno(), log)
            for worker in range(settings.workers)
        ]
        servers = [actions, *workers]
        try:
            for server in servers:
                server.start()
            _wait(actions, f"http://{HOST}:{settings.action_port}/health", settings)
            _wait_for_all(workers, ready.fileno(), settings)
            _warm_up(settings)
            yield servers
        finally:
            _stop(actions, workers)


def serve(settings: Settings, model: Path) -> int:
    """Run all servers until SIGTERM or SIGINT, starting again what dies; returns the exit status."""
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with running(settings, model) as servers, _housekeeping(settings) as purging:
        rest = "" if settings.production else f" (REST channel: {settings.rest_url})"
        print(f"Ready: open {settings.page_url} in a browser{rest}", flush=True)
        while not stopping:
            for server in servers:
                _tell(server.watch(), settings, settings.log)
            if settings.purges:
                _tell(purging.tick(), settings, settings.purge_log)
            keep_small(settings.log)
            keep_small(settings.purge_log)
            time.sleep(0.2)
    print("Stopped.", flush=True)
    return 0


@contextmanager
def _housekeeping(settings: Settings) -> Iterator[Daily]:
    """What removes old conversations day by day, ended when the block is left."""
    with ExitStack() as open_files:
        log = sys.stderr.buffer if settings.log_to_stderr else open_files.enter_context(begun(settings.purge_log))
        daily = Daily(PURGE, environment(settings), log)
        try:
            yield daily
        finally:
            daily.stop()


def _listening(address: str, port: int) -> socket.socket:
    """A socket that listens at `port`. Raises StartFailed if that is taken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError:
        listening.close()
        raise StartFailed(
            f"Port {port} is in use. Stop what listens there, or set RASA_PORT and ACTION_PORT to free ports."
        ) from None
    listening.listen(BACKLOG)
    return listening


def _wait(server: Server, url: str, settings: Settings) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and server.status is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise StartFailed(f"{server.name} did not come up at {url}. It printed last:\n{_log_tail(settings)}")


def _wait_for_all(workers: Sequence[Server], ready: int, settings: Settings) -> None:
    """Until each worker has said that it takes requests."""
    until, up = time.monotonic() + READY_WITHIN, 0
    while up < len(workers):
        dead = [worker for worker in workers if worker.status is not None]
        if dead or time.monotonic() > until:
            name = dead[0].name if dead else "Rasa"
            raise StartFailed(f"{name} did not come up. It printed last:\n{_log_tail(settings)}")
        if select.select([ready], [], [], 0.2)[0]:
            up += len(os.read(ready, len(workers)))


def _warm_up(settings: Settings) -> None:
    """Have a first conversation: the first prediction is slow, and a Rasa without a model answers nothing."""
    if not Session(settings.page_url).say("hello"):
        raise StartFailed(f"Rasa is up but answers nothing. It printed last:\n{_log_tail(settings)}")


def _tell(what: str | None, settings: Settings, log: Path) -> None:
    """Say what happened, if anything did, and where more of it is logged."""
    if what:
        print(what if settings.log_to_stderr else f"{what} See {log}.", file=sys.stderr, flush=True)


def _log_tail(settings: Settings) -> str:
    """What the servers printed last, if that is not on the screen already."""
    return "" if settings.log_to_stderr else settings.log.read_text(encoding="utf-8", errors="replace")[-2000:]


def _stop(actions: Server, workers: Sequence[Server]) -> None:
    """End the workers, and only then the action server: the turns that they are at need it."""
    for servers in (workers, (actions,)):
        for server in servers:
            server.end()
        until = time.monotonic() + STOP_WITHIN
        for server in servers:
            server.ended(until)
