"""The dialogue model that may be loaded: the one that this project built, unchanged, from a folder of its owner, and
of data alone: one with pickled parts would run code."""

from __future__ import annotations

import tarfile
from pathlib import Path, PurePosixPath

from storage.built import NotAsBuilt, check

DATA = frozenset((".json", ".npz", ".yml"))
"""Of these a model consists: data that is read, and nothing that runs when it is loaded; arrays are not unpickled."""
AGAIN = "make train"
"""The command that builds a model anew."""


def make_folder(folder: Path) -> None:
    """Make the folder of the models, which its owner alone may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def check_model(model: Path, folder: Path) -> None:
    """Check that `model` lies in `folder`, that nobody else can write there, that it is as it was built, and data.

    Raises storage.built.NotAsBuilt.
    """
    check(model, folder, AGAIN)
    with tarfile.open(model, "r:gz") as archive:
        for member in archive:
            _check_member(member, model)


def _check_member(member: tarfile.TarInfo, model: Path) -> None:
    """Raises NotAsBuilt if unpacking would write anywhere but into its own folder, or something is not data."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
        told = "leads out of its folder"
    elif member.isfile() and path.suffix not in DATA:
        told = "may be code"
    else:
        return
    raise NotAsBuilt(f"The model {model} holds {member.name!r}, which {told}. Delete it and run `{AGAIN}`.")
