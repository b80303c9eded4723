"""The choice of the intent classifier, measured on messages that neither has seen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from service.settings import ROOT
from tests.evaluation.baselines.rasa_run import RasaRun

HELD_OUT = Path(__file__).parent / "intents.jsonl"
_PIPELINES = Path(__file__).parent / "baselines"
CLASSIFIERS = {
    "the assistant's own": _PIPELINES / "own.yml",
    "Rasa's logistic regression over counts": _PIPELINES / "counts.yml",
    "DIET": _PIPELINES / "diet.yml",
}


@dataclass(frozen=True)
class IntentFigures:
    """Shares of held-out messages: classified rightly, and rightly or with so little confidence that one asks."""

    messages: int
    accuracy: float
    safe: float
    training_seconds: float
    milliseconds: float
    megabytes: float


def held_out() -> list[tuple[str, str]]:
    """Messages and their intents."""
    lines = HELD_OUT.read_text(encoding="utf-8").splitlines()
    return [(data["text"], data["intent"]) for data in map(json.loads, lines)]


def intent_figures(run: RasaRun) -> IntentFigures:
    """How a pipeline's run did on the held-out messages."""
    messages = held_out()
    threshold = _fallback_threshold()
    found = [(run.parses[text]["intent"], intent) for text, intent in messages]
    right = sum(guess["name"] == intent for guess, intent in found)
    safe = sum(guess["name"] == intent or guess["confidence"] < threshold for guess, intent in found)
    return IntentFigures(
        len(messages),
        right / len(messages),
        safe / len(messages),
        run.training_seconds,
        run.milliseconds,
        run.megabytes,
    )


def _fallback_threshold() -> float:
    pipeline = YAML(typ="safe").load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return float(next(part["threshold"] for part in pipeline if part["name"] == "FallbackClassifier"))
