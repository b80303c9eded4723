"""The channel's own words, which stand in wording.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.yaml_source import read_document


def say(name: str, /, **values: object) -> str:
    """The text `name` with its {…} filled in."""
    return str(_words()[name]).format(**values)


def icon(name: str) -> str:
    """The sign that stands before a word, such as that of a category; a dash for what has none."""
    return str(_words()["icons"].get(name, "–"))


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    words: dict[str, Any] = read_document(Path(__file__).with_name("wording.yml")).data
    return words
