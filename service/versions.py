"""What answers depend on, as hashes of files: the dialogue model, the reader, the code. Found without loading any."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from audit.rows import Versions

ROOT = Path(__file__).parent.parent
MODEL = ("config.yml", "domain.yml", "uv.lock", "nlu/component.py", "nlu/intent_component.py", "nlu/intents.py")
"""Files that a model depends on, beside everything in data/ and the words that the rules know."""
TURNS = (
    "channels/redaction.py",
    "service/assistant.py",
    "service/graph.py",
    "service/long_messages.py",
    "service/rasa_mends.py",
    "service/tracker.py",
    "service/tracker_store.py",
)
"""Files that decide with the actions, the knowledge and privacy/ what a message is answered with."""
LENGTH = 12


def versions() -> Versions:
    """The versions of the files as they are now; that of the knowledge stands with every answer."""
    reader = _files("nlu", ".py", ".yml", ".jsonl")
    folders = [path for folder in ("actions", "knowledge", "privacy") for path in _files(folder, ".py", ".yml")]
    code = [*folders, *(ROOT / name for name in TURNS)]
    content = ROOT / "knowledge" / "content"  # has a version of its own, that of the knowledge
    own = [path for path in code if content not in path.parents]
    return Versions(model=model_sources(), rules=_hash(reader), code=_hash(own))


def model_sources() -> str:
    """A hash of the files that a model is trained from; what the rules add to it, the rules' own version tells."""
    return _hash([*(ROOT / name for name in MODEL), *_files("data", ".yml")])


def _files(folder: str, *suffixes: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in suffixes)


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:LENGTH]
