"""The channel's own wording, read from wording.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.yaml_source import read_document


@lru_cache(maxsize=1)
def wording() -> dict[str, Any]:
    """What the cards and notices say around the words of the answers."""
    read: dict[str, Any] = read_document(Path(__file__).with_name("wording.yml")).data
    return read


def word(name: str, **filled: object) -> str:
    """A text of wording.yml with its {…} filled in."""
    return str(wording()[name]).format(**filled)
