"""What has to exist before the assistant can run: the knowledge store, the second reader, a dialogue model.

Each is rebuilt only when what it is made from has changed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from knowledge.store import STORE, build, is_current
from knowledge.topics import build_topics
from nlu.rules import load_rules
from nlu.second_training import BUILT, second_reader, weights_file
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
    model = settings.models / f"assistant-{model_version()}.tar.gz"
    train(settings, model)
    return model


def train(settings: Settings, model: Path, weights: Path = BUILT) -> None:
    """Train what is stale of the second reader, whose weights are kept in the folder `weights`, and of the dialogue
    model, into the file `model`: side by side, since neither learns from the other.

    Raises BuildFailed if training of the model fails.
    """
    rules, started = load_rules(), time.monotonic()
    with ExitStack() as under_way:
        learning = None if is_recorded(model) else under_way.enter_context(_training(settings, model))
        if not is_recorded(weights_file(rules, built=weights)):
            _tell("Training the second reader (half a minute) …")
            second_reader(rules, built=weights)
        if learning is not None:
            learning()
            record(model)
            _tell(f"Trained in {time.monotonic() - started:.0f} s.")


def model_version() -> str:
    """A hash of everything that a model is trained from."""
    return hashlib.sha256(f"{load_rules().learned_from}{model_sources()}".encode()).hexdigest()[:12]


@contextmanager
def _training(settings: Settings, model: Path) -> Iterator[Callable[[], None]]:
    """Rasa's training, in a process of its own; what is given waits for its end. Leaving ends it."""
    _tell("Training the dialogue model (half a minute) …")
    make_folder(model.parent)
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
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        run = subprocess.Popen(command, cwd=ROOT, env=settings.environment(), stdout=told, stderr=subprocess.STDOUT)

        def ended() -> None:
            if run.wait() or not model.exists():
                told.seek(0)
                raise BuildFailed(f"Training failed:\n{told.read()[-6000:]}")

        try:
            yield ended
        finally:
            run.kill()
            run.wait()


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
