"""What every kind of start has in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from content.edits import Edit
from knowledge.meant import meant
from knowledge.model import Guideline
from knowledge.store import current
from knowledge.yaml_source import BadContent
from terminal.questions import Check, Refused

EDITIONS = Path("knowledge") / "content"


@dataclass(frozen=True)
class Started:
    """What will be written, what to look at, what is left `to_do`, and the `names` that the check command needs."""

    edits: Sequence[Edit]
    names: Mapping[str, str]
    remarks: Sequence[str] = field(default_factory=tuple)
    to_do: Sequence[str] = field(default_factory=tuple)


def edition_of(project: Path, name: str) -> Path:
    """The folder of an edition. Raises Refused, with the editions there are, if it is none."""
    folder = project / EDITIONS / name
    if not (folder / "guideline.yml").exists():
        there = sorted(path.parent.name for path in (project / EDITIONS).glob("*/guideline.yml"))
        raise Refused(f"No edition is called {name!r}; {meant(name, there)}")
    return folder


def guideline_of(folder: Path) -> Guideline:
    """The guideline in `folder`. Raises Refused if its content has errors."""
    try:
        return current(folder)
    except BadContent as error:
        raise Refused(f"The edition has errors; mend them first:\n{error}") from None


def one_of(known: Iterable[str], what: str) -> Check:
    """A check that takes one of the `known` words, however they are capitalized."""
    by_name = {word.casefold(): word for word in known}

    def check(answer: str) -> str:
        if answer.casefold() not in by_name:
            raise Refused(f"No {what} is called {answer!r}; {meant(answer, by_name.values())}")
        return by_name[answer.casefold()]

    return check


def identifier(answer: str) -> str:
    """A name of small letters, digits and hyphens."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", answer):
        raise Refused(f"{answer!r} will not do; use small letters, digits and hyphens, such as cement-in-tumor.")
    return answer
