"""Changes to content files, prepared and checked before anything is written.

Files are never written anew from their data: what is added is put between the lines that are there, so that comments
and formatting stay as they are, and the result is read back to see that it says what it should.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from terminal.questions import Refused

WIDTH = 116


@dataclass(frozen=True)
class Edit:
    """A file as it will be: its whole `text`, the lines that are `new`, and the number of the first of them."""

    path: Path
    text: str
    new: str
    line: int = 1

    def write(self) -> None:
        """Write the file in one step; it then either has the whole change or nothing of it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.draft")
        draft.write_text(self.text, encoding="utf-8")
        os.replace(draft, self.path)


def parser() -> YAML:
    """A YAML parser that remembers lines, comments and quotes, and writes as the content files are written."""
    yaml = YAML(typ="rt")
    yaml.width = WIDTH
    yaml.preserve_quotes = True
    return yaml


def load(path: Path) -> Any:
    """The data of a YAML file with its lines. Raises Refused with the place if it is missing or not YAML."""
    try:
        return parser().load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(f"There is no {path}.") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise Refused(f"{place}: not valid YAML; mend that first.") from None


def dumped(data: Any) -> str:
    """`data` as YAML text."""
    stream = StringIO()
    parser().dump(data, stream)
    return stream.getvalue()


def created(path: Path, text: str) -> Edit:
    """A new file. Raises Refused if there is one."""
    if path.exists():
        raise Refused(f"{path} is there already; nothing is overwritten. Choose another name, or edit that file.")
    parser().load(text)
    return Edit(path, text, text)


def appended(path: Path, item: Any) -> Edit:
    """The file, which is a list, with `item` at its end; a new file if there is none."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    items = load(path) or [] if before else []
    text = before if not before or before.endswith("\n") else f"{before}\n"
    new = dumped([item])
    return _checked(Edit(path, text + new, new, text.count("\n") + 1), [*items, item])


def inserted(path: Path, added: Mapping[int, Sequence[str]], expected: Any) -> Edit:
    """The file with lines before each line number (from 1) in `added`, which must then have the data `expected`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for line in sorted(added, reverse=True):
        lines[line - 1 : line - 1] = added[line]
    new = "".join(f"{text}\n" for line in sorted(added) for text in added[line])
    return _checked(Edit(path, "".join(f"{text}\n" for text in lines), new, min(added)), expected)


def item_end(path: Path, data: Any, position: int) -> int:
    """The number of the line after item `position` of the block list `data`, which stands in the file at `path`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    line, column = data.lc.item(position)
    line += 1
    # Whatever is indented further than the dash still belongs to the item.
    while line < len(lines) and lines[line].strip() and len(lines[line]) - len(lines[line].lstrip()) >= column:
        line += 1
    return int(line) + 1


def _checked(edit: Edit, expected: Any) -> Edit:
    try:
        found = parser().load(edit.text)
    except YAMLError:
        found = None
    if found != expected:
        raise Refused(
            f"{edit.path}:{edit.line}: this does not fit the file as it is written; add it by hand:\n{edit.new}"
        )
    return edit
