"""The two states of the content that a comparison is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from content.check.project import EDITIONS, Project
from content.report.history import base, checked_out, commit
from knowledge.content import CONTENT, read_content
from knowledge.model import Guideline
from knowledge.yaml_source import BadContent

HERE = "the files as they are now"
RANGE = ".."
HEAD_FILE = "guideline.yml"


class Unreadable(Exception):
    """A state of the content cannot be read any more; the message says which, and the first thing wrong with it."""


@dataclass(frozen=True)
class State:
    """The content at one time: how to name it, the project's files then, and the guideline to compare."""

    name: str
    project: Project
    guideline: Guideline


@contextmanager
def opened(root: Path, against: str | None = None) -> Iterator[tuple[State, State]]:
    """The states to compare, the earlier one first, for as long as the block lasts.

    `against` names an edition (a folder of knowledge/content, or any other folder with a guideline) or a commit, to be
    compared with the files in `root`; or two with ".." between them; None stands for the commit that the work in
    `root` began from. Raises NoHistory if there is no such commit, Unreadable if its content does not fit this
    program.
    """
    # The path of an edition may go up through "..", too.
    is_folder = against and (Path(against) / HEAD_FILE).exists()
    earlier, _, later = (against, "", "") if against and is_folder else (against or "").partition(RANGE)
    with ExitStack() as stack:
        before = _state(stack, root, earlier) if earlier else _at(stack, root, str(base(root).name))
        yield before, _state(stack, root, later) if later else _read(HERE, root, _answered(root))


def _state(stack: ExitStack, root: Path, name: str) -> State:
    for folder in (root / EDITIONS / name, Path(name)):
        if (folder / HEAD_FILE).exists():
            return _read(f"the edition {folder.name}", root, folder)
    return _at(stack, root, name)


def _at(stack: ExitStack, root: Path, name: str) -> State:
    found = commit(root, name)
    then = stack.enter_context(checked_out(root, found))
    return _read(f"commit {found}", then, _answered(then))


def _answered(root: Path) -> Path:
    return root / EDITIONS / CONTENT.name


def _read(name: str, root: Path, edition: Path) -> State:
    try:
        return State(name, Project(root), read_content(edition))
    except BadContent as error:
        first = str(error.errors[0]).replace(f"{root}/", "")
        raise Unreadable(f"The guideline of {name} cannot be compared, because it cannot be read: {first}") from None
