"""Schemathesis at every entrance, by a description of each; that of the web channel is in tests/channels/web."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from service.settings import ROOT
from tests.channels.slack.person import SECRET, Person
from tests.channels.teams.client import Thread
from tests.fuzz.chance import SEED
from tests.fuzz.test_entrances import person, rest, thread
from tests.fuzz.test_inside import WORKER, actions, operations

__all__ = ["actions", "operations", "person", "rest", "thread"]

SCHEMATHESIS = ROOT / "tests/tools/.venv/bin/schemathesis"
DESCRIBED = Path(__file__).with_name("described")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def finds_nothing(
    name: str, url: str, headers: Mapping[str, str], more: Mapping[str, str] | None = None, but: str = ""
) -> None:
    """Fails unless every answer of the entrance at `url` is one that its description has; `but` is left unchecked."""
    command = [str(SCHEMATHESIS), "run", str(DESCRIBED / f"{name}.yml"), "--url", url.rstrip("/"), "--no-color"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", "40", "--seed", str(SEED)]
    command += ["--checks", CHECKS]
    command += [word for header, value in headers.items() for word in ("--header", f"{header}: {value}")]
    command += ["--exclude-checks", but] if but else []
    done = subprocess.run(command, env={**os.environ, **(more or {})}, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_rest(rest: str) -> None:
    """The REST channel."""
    finds_nothing("rest", rest.removesuffix("webhook"), {})


def test_slack(person: Person) -> None:
    """The Slack channel, everything signed."""
    more = {"SCHEMATHESIS_HOOKS": "signing", "PYTHONPATH": str(DESCRIBED), "SLACK_SIGNING_SECRET": SECRET}
    finds_nothing("slack", person.url.removesuffix("webhook"), {}, more)


def test_teams(thread: Thread) -> None:
    """The Teams channel, with a valid token."""
    token = {"Authorization": f"Bearer {thread.platform.token()}"}
    finds_nothing("teams", thread.url.removesuffix("messages"), token)


def test_operations(operations: str) -> None:
    """Health, readiness and figures; a part that is away is said with 503, which is no fault."""
    finds_nothing("operations", operations, {}, but="not_a_server_error")


def test_actions(actions: str) -> None:
    """The action server, as a worker: what none would send is a fault, of which nothing is told."""
    finds_nothing("actions", actions, WORKER, but="not_a_server_error")


def test_every_entrance_is_described() -> None:
    """Whatever has its line among the entrances of docs/security.md."""
    guide = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    table = guide.split("**Entrances.**")[1].split("\n\n")[1]
    described = {file.stem for file in DESCRIBED.glob("*.yml")} | {"web"}
    channels = {line.split("/webhooks/")[1].split("/")[0] for line in table.splitlines() if "/webhooks/" in line}
    assert described == channels | {"actions"}
