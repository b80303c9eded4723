"""Files that were built here and may be loaded: unchanged, and for nobody else to change.

Whoever can put another in place of a model or its weights decides what the assistant understands.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


class NotAsBuilt(Exception):
    """A file may not be loaded; the message says which, why, and how to mend it."""


def record(built: Path, draft: Path | None = None) -> None:
    """Write down, beside it, the SHA-256 of a file that was just built (as sha256sum does), or of its `draft`, which
    takes its place then; its owner alone may change the two and their folder from now on."""
    content, manifest = draft or built, _manifest(built)
    told = manifest.with_name(f"{manifest.name}.{os.getpid()}")
    with _alone_in(built.parent):
        told.write_text(f"{_digest(content)}  {built.name}\n", encoding="ascii")
        for path in (built.parent, content, told):
            path.chmod(path.stat().st_mode & ~OTHERS_MAY_WRITE)
        # Each is whole at every moment: another process may be looking for the very same.
        told.replace(manifest)
        content.replace(built)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """While no other process records in the folder: two that built one name would leave the file of one of them with
    the hash of the other."""
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def is_recorded(built: Path) -> bool:
    """Whether a file was built here to its end."""
    return built.exists() and _manifest(built).exists()


def check(built: Path, folder: Path, again: str) -> None:
    """Check that a file lies in `folder`, that nobody else can write there, and that it is as it was built.

    Raises NotAsBuilt, which tells the command `again` that builds it anew.
    """
    mend = f"Delete it and run `{again}`."
    if built.is_symlink() or built.resolve().parent != folder.resolve():
        raise NotAsBuilt(f"{built} does not lie in {folder}; only what was built there is loaded. Run `{again}`.")
    for path in (folder, built, _manifest(built)):
        _check_owner(path, again, mend)
    if _manifest(built).read_text(encoding="ascii").split()[:1] != [_digest(built)]:
        raise NotAsBuilt(f"{built} is not as it was built. {mend}")


def _check_owner(path: Path, again: str, mend: str) -> None:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise NotAsBuilt(f"{path} is missing. {mend}") from None
    if found.st_uid not in (0, os.getuid()):
        raise NotAsBuilt(f"{path} belongs to another user of this machine. {mend}")
    if found.st_mode & OTHERS_MAY_WRITE:
        raise NotAsBuilt(f"Other users of this machine may change {path}. Run `chmod go-w {path}`, then `{again}`.")


def _manifest(built: Path) -> Path:
    return built.with_name(f"{built.name}.sha256")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
