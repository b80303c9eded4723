"""What has to exist before the assistant can run: the knowledge store, the second reader, a dialogue model.

Each is rebuilt only when what it is made from has changed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

from knowledge.store import STORE, build, is_current
from knowledge.topics import build_topics
from nlu.rules import load_rules
from nlu.second_training import second_reader, weights_file
from service.models import make_folder
from service.settings import ROOT, Settings
from service.versions import model_sources
from storage.built import is_recorded, record


class BuildFailed(Exception):
    """A part could not be built; the message says which and why."""


def build_all(settings: Settings) -> Path:
    """Build what is stale, telling what is done; returns the path of the current model.

    Raises BuildFailed if training fails, knowledge.yaml_source.BadContent if the content is wrong,
    nlu.rules.BadRules if a rule file is.
    """
    if not is_current(store=STORE):
        _tell("Building the knowledge store …")
        build(store=STORE)
    for topic in build_topics():
        _tell(f"Building the knowledge store of {topic} …")
    rules = load_rules()
    if not is_recorded(weights_file(rules)):
        _tell("Training the second reader (half a minute) …")
        second_reader(rules)
    model = settings.models / f"assistant-{model_version()}.tar.gz"
    if not is_recorded(model):
        make_folder(settings.models)
        _train(settings, model)
        record(model)
    return model


def model_version() -> str:
    """A hash of everything that a model is trained from."""
    return hashlib.sha256(f"{load_rules().learned_from}{model_sources()}".encode()).hexdigest()[:12]


def _train(settings: Settings, model: Path) -> None:
    _tell("Training the dialogue model (some seconds) …")
    started = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "rasa",
        "train",
        # Rasa's cache knows neither the rules' words nor our code, of which its components learn.
        "--force",
        "--out",
        str(model.parent),
        "--fixed-model-name",
        model.stem.removesuffix(".tar"),
    ]
    done = subprocess.run(command, cwd=ROOT, env=settings.environment(), capture_output=True, text=True)
    if done.returncode or not model.exists():
        raise BuildFailed(f"Training failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    _tell(f"Trained in {time.monotonic() - started:.0f} s.")


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
