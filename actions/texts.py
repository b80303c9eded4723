"""The fixed texts of wording.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@lru_cache
def wording() -> dict[str, Any]:
    """The texts of wording.yml."""
    texts: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("wording.yml"))
    return texts


def say(name: str, /, **values: object) -> str:
    """One text of wording.yml, filled in, on one line."""
    return " ".join(str(wording()[name]).format(**values).split())


def reply(intent: str) -> str:
    """The fixed reply to an intent."""
    return " ".join(str(wording()["replies"].get(intent, wording()["replies"]["default"])).split())


def requests() -> dict[str, str]:
    """The label of every request that needs no further words, by intent."""
    return {intent: str(label) for intent, label in wording()["requests"].items()}
