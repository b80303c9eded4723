"""The dialogue model that may be loaded: the one that this project built, unchanged, from a folder of its owner.

Whoever can put another in its place decides what the assistant understands; one with pickled parts would even run code.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
from pathlib import Path, PurePosixPath

DATA = frozenset((".json", ".npz", ".yml"))
"""Of these a model consists: data that is read, and nothing that runs when it is loaded; arrays are not unpickled."""
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
AGAIN = "Delete it and run `make train`."


class BadModel(Exception):
    """A model may not be loaded; the message says which, why, and how to mend it."""


def make_folder(folder: Path) -> None:
    """Make the folder of the models, which its owner alone may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def record(model: Path) -> None:
    """Write down, beside it, the SHA-256 of a `model` that was just built (as sha256sum does)."""
    _manifest(model).write_text(f"{_digest(model)}  {model.name}\n", encoding="ascii")


def is_recorded(model: Path) -> bool:
    """Whether a model was built here to its end."""
    return model.exists() and _manifest(model).exists()


def check_model(model: Path, folder: Path) -> None:
    """Check that `model` lies in `folder`, that nobody else can write there, and that it is as it was built.

    Raises BadModel.
    """
    if model.is_symlink() or model.resolve().parent != folder.resolve():
        raise BadModel(f"The model {model} does not lie in {folder}; only models that were built there are loaded.")
    for path in (folder, model, _manifest(model)):
        _check_owner(path)
    if _manifest(model).read_text(encoding="ascii").split()[:1] != [_digest(model)]:
        raise BadModel(f"The model {model} is not as it was built. {AGAIN}")
    _check_members(model)


def _check_owner(path: Path) -> None:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise BadModel(f"{path} is missing. {AGAIN}") from None
    if found.st_uid not in (0, os.getuid()):
        raise BadModel(f"{path} belongs to another user of this machine. {AGAIN}")
    if found.st_mode & OTHERS_MAY_WRITE:
        raise BadModel(f"Other users of this machine may change {path}. Run `chmod go-w {path}`, then `make train`.")


def _check_members(model: Path) -> None:
    """Raises BadModel if unpacking would write anywhere but into its own folder, or something is not data."""
    with tarfile.open(model, "r:gz") as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
                raise BadModel(f"The model {model} holds {member.name!r}, which leads out of its folder. {AGAIN}")
            if member.isfile() and path.suffix not in DATA:
                raise BadModel(f"The model {model} holds {member.name!r}, which may be code. {AGAIN}")


def _manifest(model: Path) -> Path:
    return model.with_name(f"{model.name}.sha256")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
