"""Earlier states of the content, out of git."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

BEFORE = "HEAD~1"
MAIN_BRANCHES = ("origin/main", "main")
CONTENT_FOLDERS = ("actions", "channels", "content", "data", "knowledge", "nlu", "tests/stories")
CONTENT_FILES = ("config.yml", "domain.yml")
WRITTEN_BY_STAFF = ("*.yml", "*.jsonl")


class NoHistory(Exception):
    """There is no such state to compare with; the message says why and what to do."""


@dataclass(frozen=True)
class Commit:
    """A commit: its full name and the first line of its message."""

    name: str
    subject: str

    def __str__(self) -> str:
        return f"{self.name[:7]} ({self.subject})" if self.subject else self.name[:7]


def commit(root: Path, name: str) -> Commit:
    """The commit that `name` (branch, tag, HEAD~1, …) stands for.

    Raises NoHistory if there is none, or if `root` is not under git.
    """
    found = _git(root, "log", "-1", "--format=%H %s", f"{name}^{{commit}}", "--")
    if found is None:
        raise NoHistory(_missing(root, name))
    full, _, subject = found.strip().partition(" ")
    return Commit(full, subject)


def base(root: Path) -> Commit:
    """The commit that a change is compared with when nobody names one.

    That is the last one in common with the main branch; on the main branch itself the latest commit if files of the
    content were changed since, otherwise the one before it. Raises NoHistory if the clone does not hold it.
    """
    head = commit(root, "HEAD")
    common = next(filter(None, (_git(root, "merge-base", "HEAD", branch) for branch in MAIN_BRANCHES)), "").strip()
    if common and common != head.name:
        return commit(root, common)
    if _git(root, "status", "--porcelain", "--", *WRITTEN_BY_STAFF):
        return head
    return commit(root, BEFORE)


@contextmanager
def checked_out(root: Path, at: Commit) -> Iterator[Path]:
    """A folder with the files of the content as they were at a commit, for as long as the block lasts."""
    wanted = (_git(root, "ls-tree", "--name-only", "-z", at.name, *CONTENT_FOLDERS, *CONTENT_FILES) or "").split("\0")
    archive = _run(root, "archive", at.name, "--", *filter(None, wanted)).stdout
    with TemporaryDirectory(prefix="content-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)


def _missing(root: Path, name: str) -> str:
    if _git(root, "rev-parse", "--git-dir") is None:
        return "This folder is not under git, so there is no earlier state to compare with."
    if (_git(root, "rev-parse", "--is-shallow-repository") or "").strip() == "true":
        earlier = "the commit before this one" if name == BEFORE else name
        return f"This clone does not go back to {earlier}; `git fetch --unshallow` gets the rest of its history."
    if name == BEFORE:
        return "This is the first commit, so there is no earlier state to compare with."
    return f"git knows no commit {name!r}; `git log --oneline` and `git branch --all` list what there is."


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints, None if it fails or is not installed."""
    try:
        done = _run(root, *arguments)
    except FileNotFoundError:
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _run(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True)
