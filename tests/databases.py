"""Real PostgreSQL and Redis servers on the loopback interface, which tests start, kill and start again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import create_engine, text

from tests.bench.processes import children
from tests.served import free_port

UP_WITHIN = 90.0
"""Seconds that a server may take to answer, however busy the machine."""
LONGEST_DEATH = 10.0
"""Seconds to wait for the processes of a server that was killed."""


Kind = TypeVar("Kind", bound="Server")


class Server:
    """A server process with its data in `folder`, on a port that stays its own while it is down."""

    program = ""
    package = ""
    host = "127.0.0.1"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._interrupting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._command = [*_unprivileged(folder), *self.command(_program(self.program, self.package))]

    @property
    def pid(self) -> int:
        """The process of the running server."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> Path:
        """What the server itself logs."""
        return self.folder.parent / f"{self.program}.log"

    def command(self, program: str) -> list[str]:
        """How the server is started."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether the server takes requests."""
        try:
            with socket.create_connection((self.host, self.port), timeout=1):
                return True
        except OSError:
            return False

    def start(self) -> None:
        """Start the server and wait until it answers. Raises RuntimeError with what it printed if it does not."""
        until = time.monotonic() + UP_WITHIN
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                with self.log.open("ab") as output:
                    self._process = subprocess.Popen(self._command, stdout=output, stderr=output)
            if self.answers():
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.program} did not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def kill(self) -> None:
        """End the server as a power cut would: SIGKILL, nothing written, nobody told."""
        if self._process is not None:
            # PostgreSQL's own processes see that it is gone a moment later, and still write until then.
            own = [Path(f"/proc/{child}") for child in children(self._process.pid)]
            self._process.kill()
            self._process.wait()
            self._process = None
            until = time.monotonic() + LONGEST_DEATH
            while any(child.exists() for child in own) and time.monotonic() < until:
                time.sleep(0.01)

    def interrupt(self, seconds: float = 0.3) -> None:
        """Kill the server, and have it started again that much later; one interruption follows another."""
        with self._interrupting:
            self.kill()

        def resume() -> None:
            with self._interrupting:
                self.start()

        threading.Timer(seconds, resume).start()

    def stop(self) -> None:
        """End the server in good order, whoever is still connected."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(UP_WITHIN)
            self._process = None


class Redis(Server):
    """A Redis that keeps everything in memory: killed, it has forgotten every lock and every count."""

    program = "redis-server"
    package = "redis-server"

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"redis://{self.host}:{self.port}/0"

    def command(self, program: str) -> list[str]:
        options = {"bind": self.host, "port": str(self.port), "dir": str(self.folder), "appendonly": "no"}
        return [program, *(word for name, value in options.items() for word in (f"--{name}", value)), "--save", ""]


class Postgres(Server):
    """A PostgreSQL with one empty database, which it keeps when it is killed."""

    program = "postgres"
    package = "postgresql"

    @property
    def url(self) -> str:
        """Where clients find the database."""
        return f"postgresql://postgres@{self.host}:{self.port}/postgres"

    def command(self, program: str) -> list[str]:
        data = self.folder / "data"
        made = [*_unprivileged(self.folder), _program("initdb", self.package), "-D", str(data), "-U", "postgres"]
        subprocess.run([*made, "--auth=trust", "--no-sync", "--encoding=UTF8"], check=True, capture_output=True)
        settings = {"listen_addresses": self.host, "unix_socket_directories": "", "timezone": "UTC"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [program, "-D", str(data), "-p", str(self.port), *options]

    def quiet(self) -> None:
        """Have statements kept out of its log, as production demands (service.shared)."""
        admin = create_engine(self.url, isolation_level="AUTOCOMMIT", future=True)
        with admin.connect() as connection:
            connection.execute(text("ALTER ROLE postgres SET log_min_error_statement = 'panic'"))
        admin.dispose()

    def answers(self) -> bool:
        ready = [_program("pg_isready", self.package), "-q", "-h", self.host, "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0


@contextmanager
def redis() -> Iterator[Redis]:
    """A running Redis, stopped when the block is left."""
    with _folder() as folder:
        yield from _running(Redis(folder))


@contextmanager
def database(server: Postgres) -> Iterator[str]:
    """The URL of an empty database of a running server, dropped when the block is left."""
    name = f"made_{uuid4().hex}"
    admin = create_engine(server.url, isolation_level="AUTOCOMMIT", future=True)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.url.removesuffix("postgres") + name
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL, stopped when the block is left."""
    with _folder() as folder:
        yield from _running(Postgres(folder))


def _running(server: Kind) -> Iterator[Kind]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that the server may write into; where tests run as root, it belongs to the server's own user."""
    with tempfile.TemporaryDirectory(prefix="vcf-tests-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        folder = Path(made) / "server"
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        yield folder


def _unprivileged(folder: Path) -> list[str]:
    """What begins a command that must not run as root: PostgreSQL refuses to."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={folder.stat().st_uid}", f"--regid={folder.stat().st_gid}", "--clear-groups"]


def _program(name: str, package: str) -> str:
    """The path of a server's program, which is installed from Debian's packages if it is missing and that can be done.

    Raises RuntimeError saying how to get it.
    """
    if not _found(name) and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
        # Its own server is not to run: the tests start theirs.
        subprocess.run(install, check=False, capture_output=True, env={**os.environ, "RUNLEVEL": "1"})
    if path := _found(name):
        return path
    raise RuntimeError(f"These tests need {name} and found none. Install it (Debian: apt-get install {package}).")


def _found(name: str) -> str | None:
    # Debian keeps PostgreSQL's own programs off the PATH, in a folder of their version.
    folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(folders))
