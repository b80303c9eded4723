"""Rasa's own starter assistant, and this assistant with Rasa's neural classifier and policy, trained and served."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import requests
from ruamel.yaml import YAML

from service.settings import ROOT, settings
from tests.bench.progress import tell
from tests.served import free_port

KEPT = ROOT / ".build" / "bench"
DIET = ROOT / "tests" / "evaluation" / "baselines" / "diet.yml"
TED = {"name": "TEDPolicy", "max_history": 6, "epochs": 30, "constrain_similarities": True, "random_seed": 1}
READY_WITHIN = 300.0
"""Seconds that a server may take to answer."""
GREETING = "hello"


@dataclass(frozen=True)
class Other:
    """Another assistant: where its project lies, its model, how long training took (seconds), and what it needs."""

    name: str
    project: Path
    model: Path
    training_seconds: float
    actions: bool


def starter() -> Other:
    """Rasa's starter assistant, as `rasa init` makes it."""
    project = KEPT / "starter"
    if not (project / "domain.yml").exists():
        from rasa.cli.scaffold import create_initial_project

        project.mkdir(parents=True, exist_ok=True)
        create_initial_project(str(project))
    return _trained("Rasa's starter assistant", project, actions=False)


def neural() -> Other:
    """This assistant with DIET in place of the linear classifier, and TED beside the rules."""
    project = KEPT / "neural"
    shutil.rmtree(project / "data", ignore_errors=True)
    shutil.copytree(ROOT / "data", project / "data")
    shutil.copy(ROOT / "domain.yml", project)
    read = YAML(typ="safe").load
    ours, diet = (read(path.read_text(encoding="utf-8")) for path in (ROOT / "config.yml", DIET))
    kept = [
        part for part in ours["pipeline"] if part["name"] in ("FallbackClassifier", "nlu.component.ClinicalExtractor")
    ]
    config = ours | {"pipeline": [*diet["pipeline"], *kept], "policies": [*ours["policies"], TED]}
    (project / "config.yml").write_text(json.dumps(config), encoding="utf-8")
    return _trained("this assistant with DIET and TED", project, actions=True)


@contextmanager
def serving(other: Other) -> Iterator[tuple[str, float, list[int]]]:
    """The other assistant behind Rasa's own server: its address, seconds until it answered, and its processes.

    Raises RuntimeError if it does not come up.
    """
    port, action_port = free_port(), free_port()
    environment = settings().environment() | {"ACTION_PORT": str(action_port), "RASA_PORT": str(port)}
    (other.project / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    url, headers = f"http://127.0.0.1:{action_port}/webhook", {"Authorization": f"Bearer {environment['ACTION_KEY']}"}
    action = f"action_endpoint: {{url: '{url}', headers: {headers}, enable_selective_domain: true}}\n"
    database = f"tracker_store: {{type: SQL, dialect: sqlite, db: {other.project / 'conversations.sqlite'}}}\n"
    (other.project / "endpoints.yml").write_text(database + (action if other.actions else ""), encoding="utf-8")
    run = ["-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port), "--model", str(other.model)]
    commands = [(["-m", "service.action_server"], ROOT)] if other.actions else []
    begun = time.perf_counter()
    with ExitStack() as stack:
        started = [
            stack.enter_context(_process([sys.executable, *command], folder, environment))
            for command, folder in [*commands, (run, other.project)]
        ]
        url = f"http://127.0.0.1:{port}"
        _first_answer(url, begun + READY_WITHIN - time.perf_counter())
        yield url, time.perf_counter() - begun, [process.pid for process in started]


@contextmanager
def _process(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _first_answer(url: str, within: float) -> None:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            said = {"sender": "first", "message": GREETING}
            if requests.post(f"{url}/webhooks/rest/webhook", json=said, timeout=60).json():
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} gave no answer")


def _trained(name: str, project: Path, actions: bool) -> Other:
    digest = hashlib.sha256(f"{version('rasa')} {(ROOT / 'nlu' / 'component.py').read_bytes()!r}".encode())
    # What it says, not how: training writes what it filled in into the file, as comments.
    digest.update(json.dumps(YAML(typ="safe").load(project / "config.yml")).encode())
    for path in [project / "domain.yml", *sorted((project / "data").rglob("*.yml"))]:
        digest.update(path.read_bytes())
    model = project / "models" / f"{digest.hexdigest()[:12]}.tar.gz"
    took = model.with_suffix(".json")
    if not took.exists():
        tell(f"Training {name} (some minutes) …")
        begun = time.perf_counter()
        _train(project, model)
        took.write_text(json.dumps({"seconds": time.perf_counter() - begun}), encoding="utf-8")
    told: dict[str, Any] = json.loads(took.read_text(encoding="utf-8"))
    return Other(name, project, model, told["seconds"], actions)


def _train(project: Path, model: Path) -> None:
    command = [sys.executable, "-m", "rasa", "train", "--force", "--fixed-model-name", model.name.split(".")[0]]
    # Deterministic, so that a repeat differs by the machine only.
    environment = {**os.environ, **settings().environment(), "TF_DETERMINISTIC_OPS": "1"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    if done.returncode or not model.exists():
        raise RuntimeError(f"{project.name} could not be trained:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
