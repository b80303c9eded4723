"""Only the model that was built here is loaded, and it is data."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

from nlu.rules import load_rules
from nlu.second_training import EXAMPLES, second_reader, weights_file
from service.build import BuildFailed, build_all, train
from service.models import check_model, make_folder
from service.settings import ROOT, settings
from storage.built import NotAsBuilt, record


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the model, recorded as if it was built in a folder of its own."""
    folder = tmp_path / "models"
    make_folder(folder)
    copy = folder / "assistant.tar.gz"
    shutil.copy(build_all(settings()), copy)
    record(copy)
    return copy


def archive(path: Path, *members: tarfile.TarInfo) -> None:
    """Write a model of these members, and record it."""
    with tarfile.open(path, "w:gz") as made:
        for member in members:
            made.addfile(member, io.BytesIO(b"x" * member.size))
    record(path)


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    """A member of an archive."""
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


def test_the_model_as_it_was_built_is_taken(model: Path) -> None:
    """The project's own, and a copy that was recorded."""
    check_model(model, model.parent)
    check_model(build_all(settings()), settings().models)


def test_one_changed_byte_is_refused(model: Path) -> None:
    """And so is a model without its record."""
    content = bytearray(model.read_bytes())
    content[1000] ^= 1
    model.write_bytes(content)
    with pytest.raises(NotAsBuilt, match="not as it was built"):
        check_model(model, model.parent)
    model.with_name(f"{model.name}.sha256").unlink()
    with pytest.raises(NotAsBuilt, match="is missing"):
        check_model(model, model.parent)


def test_a_model_from_elsewhere_is_refused(model: Path, tmp_path: Path) -> None:
    """By its path, by a link in the folder, or by a path that climbs out."""
    elsewhere = tmp_path / "other.tar.gz"
    shutil.copy(model, elsewhere)
    record(elsewhere)
    link = model.with_name("link.tar.gz")
    link.symlink_to(elsewhere)
    for path in (elsewhere, link, model.parent / ".." / "other.tar.gz"):
        with pytest.raises(NotAsBuilt, match="does not lie in"):
            check_model(path, model.parent)


def test_a_folder_that_others_may_change_is_refused(model: Path) -> None:
    """The folder, the model and its record: each for its owner alone to write."""
    for path in (model.parent, model, model.with_name(f"{model.name}.sha256")):
        kept = path.stat().st_mode
        path.chmod(kept | 0o020)
        with pytest.raises(NotAsBuilt, match="chmod go-w"):
            check_model(model, model.parent)
        path.chmod(kept)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (member("/etc/cron.d/x"), "leads out"),
        (member("components/../../x.json"), "leads out"),
        (member("components/x.json", tarfile.SYMTYPE, "/etc/passwd"), "leads out"),
        (member("components/x.json", tarfile.LNKTYPE, "/etc/passwd"), "leads out"),
        (member("components/x", tarfile.CHRTYPE), "leads out"),
        (member("components/x.pkl"), "may be code"),
        (member("components/x.joblib"), "may be code"),
        (member("components/x.skops"), "may be code"),
    ],
    ids=lambda value: value.name if isinstance(value, tarfile.TarInfo) else "",
)
def test_an_archive_that_leads_out_or_holds_code_is_refused(model: Path, found: tarfile.TarInfo, told: str) -> None:
    """Even if it is recorded."""
    archive(model, member("metadata.json"), found)
    with pytest.raises(NotAsBuilt, match=told):
        check_model(model, model.parent)


def test_neither_server_starts_with_a_changed_model(model: Path) -> None:
    """Rasa's server looks for itself, whoever starts it: it ends before it listens."""
    command = [sys.executable, "-m", "service.worker", "--socket", "0", "--ready", "1", "--model", str(model)]
    environment = {**settings().environment(), "PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode and "does not lie in" in done.stderr


def test_weights_of_the_second_reader_are_numbers_and_nothing_else(tmp_path: Path) -> None:
    """A file in their place that holds a pickled object is refused, and what it would run does not run."""
    rules = load_rules()
    weights = weights_file(rules, EXAMPLES, tmp_path)

    class Runs:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "ran"),)

    np.savez(weights, features=np.array([Runs()], dtype=object))
    record(weights)
    with pytest.raises(ValueError, match="allow_pickle"):
        second_reader(rules, EXAMPLES, tmp_path)
    assert not (tmp_path / "ran").exists()


def test_weights_that_were_not_trained_here_are_refused(tmp_path: Path) -> None:
    """Others in their place are not read, however well formed; nor where somebody else may put them."""
    rules = load_rules()
    mine = weights_file(rules)
    weights = weights_file(rules, EXAMPLES, tmp_path)
    second_reader(rules)
    shutil.copy(mine, weights)
    record(weights)
    assert second_reader(rules, EXAMPLES, tmp_path).outputs
    with np.load(weights) as trained:
        others = {**trained, "weights": -trained["weights"]}
    np.savez(weights, **others)
    with pytest.raises(NotAsBuilt, match="not as it was built"):
        second_reader(rules, EXAMPLES, tmp_path)
    shutil.copy(mine, weights)
    tmp_path.chmod(0o777)
    with pytest.raises(NotAsBuilt, match="chmod go-w"):
        second_reader(rules, EXAMPLES, tmp_path)


def test_training_that_fails_says_why_and_leaves_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Rasa's own words about what is wrong reach whoever started the training; nothing is recorded."""
    second_reader(load_rules())
    monkeypatch.setattr("service.build.ROOT", tmp_path)  # where there is nothing to learn from
    with pytest.raises(BuildFailed, match=r"Training failed:\n(.|\n)*config.yml"):
        train(settings(), tmp_path / "models" / "assistant.tar.gz")
    assert "Training the dialogue model" in capfd.readouterr().err
    assert not list((tmp_path / "models").iterdir())
