"""Judgments of the classifier, kept until what they were made from changes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from content.check.project import CONFIG, DIALOGUE, ROOT, Project
from content.report.confusions import HELD_OUT, Confusions, Example, Matrix, Mistake, Pull, Tell, confusions
from nlu.rules import load_rules

CODE = ("content/report/classifier.py", "content/report/confusions.py", "nlu/intents.py")


def kept_confusions(project: Project, folder: Path, tell: Tell) -> Confusions:
    """The judgment of the examples as they are, from `folder` if it was made before."""
    path = folder / f"intents-{_version(project)}.json"
    if path.exists():
        return _read(json.loads(path.read_text(encoding="utf-8")))
    found = confusions(project, tell)
    folder.mkdir(parents=True, exist_ok=True)
    for outdated in folder.glob("intents-*.json"):
        outdated.unlink()
    path.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return found


def _version(project: Project) -> str:
    digest = hashlib.sha256()
    for path in project.paths(DIALOGUE, CONFIG, HELD_OUT):
        digest.update(path.encode() + b"\0" + (project.root / path).read_bytes())
    for name in CODE:
        digest.update((ROOT / name).read_bytes())
    digest.update(load_rules().learned_from.encode())
    return digest.hexdigest()[:12]


def _read(data: dict[str, Any]) -> Confusions:
    return Confusions(
        _matrix(data["examples"]),
        _matrix(data["held_out"]) if data["held_out"] else None,
        tuple(_mistake(item) for item in data["mistakes"]),
    )


def _matrix(data: dict[str, Any]) -> Matrix:
    return Matrix(tuple(data["intents"]), tuple(tuple(row) for row in data["counts"]))


def _mistake(data: dict[str, Any]) -> Mistake:
    pulls = tuple(Pull(Example(**pull["example"]), pull["share"]) for pull in data["pulls"])
    rest = {"read_as": data["read_as"], "confidence": data["confidence"], "words": tuple(data["words"])}
    return Mistake(Example(**data["example"]), pulls=pulls, **rest)
