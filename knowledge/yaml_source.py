"""YAML that remembers where each value stands, so that an error can name file and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from knowledge.meant import meant
from knowledge.yaml_slips import slip


@dataclass(frozen=True, order=True)
class ContentError:
    """One thing wrong with the content: where it stands and how to mend it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class BadContent(Exception):
    """The content cannot be used; `errors` lists everything that is wrong with it."""

    def __init__(self, errors: Sequence[ContentError]) -> None:
        self.errors = tuple(sorted(set(errors)))
        super().__init__("\n".join(map(str, self.errors)))


@dataclass(frozen=True)
class Document:
    """A parsed YAML file with the line of every value."""

    path: Path
    data: Any

    def line(self, path: Sequence[str | int] = ()) -> int:
        """The 1-based line of the value at `path` (keys and list positions from the top)."""
        node, line = self.data, 1
        for step in path:
            line = _line_of(node, step) or line
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return line

    def error(self, path: Sequence[str | int], message: str) -> ContentError:
        """An error about the value at `path`."""
        return ContentError(str(self.path), self.line(path), message)


def read_document(path: Path) -> Document:
    """Parse the YAML file at `path` (safe types only; a key given twice is an error).

    Raises BadContent with file and line if it is missing or not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadContent([ContentError(str(path), 1, "the file is missing; a guideline folder needs it")]) from None
    except UnicodeDecodeError as error:
        raise BadContent([ContentError(str(path), 1, f"not UTF-8 text ({error.reason}); save it as UTF-8")]) from None
    try:
        return Document(path, _parsed(text))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        wrong = f"not valid YAML: {error.reason} (character {error.character!r}); take that character out"
    except MarkedYAMLError as error:
        line, meant = slip(text, error)
        wrong = f"not valid YAML: {_first_line(error.problem)}; {meant}"
    raise BadContent([ContentError(str(path), line, wrong)])


@lru_cache(maxsize=256)
def _parsed(text: str) -> Any:
    # Kept, because one command may look at the same file several times; nobody changes what was read.
    return YAML(typ="rt").load(text)


def schema_errors(document: Document, schema: dict[str, Any]) -> Iterator[ContentError]:
    """What in `document` does not fit the JSON `schema`."""
    for error in Draft202012Validator(schema).iter_errors(document.data):
        path = list(error.absolute_path)
        where = ".".join(map(str, path)) or "the file"
        advice = ""
        if error.validator == "additionalProperties" and isinstance(error.schema, dict):
            known = error.schema.get("properties", {})
            unknown = next((key for key in error.instance if key not in known), "")
            advice = f"; {meant(unknown, known)}"
        yield document.error(path, f"{where}: {error.message}{advice}")


def _first_line(problem: object) -> str:
    return str(problem or "unreadable").strip().splitlines()[0]


def _line_of(node: Any, step: str | int) -> int | None:
    position = getattr(node, "lc", None)
    if position is None or not position.data:
        return None
    entry = position.data.get(step) if hasattr(position.data, "get") else None
    return int(entry[0]) + 1 if entry else None
