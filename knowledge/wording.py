"""Fixed texts that content staff edit: YAML files of templates, filled in on one line."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.yaml_source import read_document


class Wording:
    """The texts of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def texts(self) -> dict[str, Any]:
        """Everything in the file."""
        return _texts(self._path)

    def say(self, name: str, /, **values: object) -> str:
        """One text, filled in, on one line. Raises KeyError if the file has no such text."""
        return " ".join(str(self.texts[name]).format(**values).split())


@lru_cache
def _texts(path: Path) -> dict[str, Any]:
    texts: dict[str, Any] = read_document(path).data
    return texts
