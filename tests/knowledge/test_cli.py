"""The command line: python -m knowledge build | check | show ID."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.content import content_version
from tests.knowledge.breakages import BREAKAGES, Breakage
from tests.knowledge.conftest import TOY

Output = pytest.CaptureFixture[str]
SAMPLE = [b for b in BREAKAGES if b.name in ("missing source", "duplicate key", "overlapped row")]


def run(*arguments: object) -> int:
    """Run the command line in this process; returns its exit status."""
    return main([str(argument) for argument in arguments])


@pytest.mark.parametrize("breakage", SAMPLE, ids=lambda breakage: breakage.name)
def test_build_of_bad_content(breakage: Breakage, content: Path, built: Path, tmp_path: Path, capsys: Output) -> None:
    """Exit status 1, the error with file and line on the error output, the store's bytes unchanged."""
    store = tmp_path / "knowledge.sqlite"
    store.write_bytes(built.read_bytes())
    file, line = breakage.apply(content)
    assert run("--content", content, "--store", store, "build") == 1
    errors = capsys.readouterr().err
    assert f"{file}:{line}: " in errors
    assert "error(s) in the content; the store was left as it is." in errors
    assert store.read_bytes() == built.read_bytes()


def test_build_of_good_content(tmp_path: Path, capsys: Output) -> None:
    """A build tells version and figures, and replaces the store."""
    store = tmp_path / "toy.sqlite"
    store.write_bytes(b"old")
    assert run("--content", TOY, "--store", store, "build") == 0
    assert (
        f"Knowledge version {content_version(TOY)}: 1 variants, 2 ratings, 6 sourced statements."
        in capsys.readouterr().out
    )
    assert store.read_bytes().startswith(b"SQLite format 3")


def test_build_if_stale(toy_content: Path, tmp_path: Path, capsys: Output) -> None:
    """With --if-stale a current store is left alone, a stale one is built again."""
    command = ("--content", toy_content, "--store", tmp_path / "toy.sqlite", "build", "--if-stale")
    assert run(*command) == 0
    capsys.readouterr()
    assert run(*command) == 0
    assert capsys.readouterr().out == "Knowledge store is current.\n"
    with (toy_content / "guideline.yml").open("a") as file:
        file.write("# changed\n")
    assert run(*command) == 0
    assert "Building the knowledge store" in capsys.readouterr().out


def test_check_prints_its_figures(capsys: Output) -> None:
    """Cases, cases per row, reference cases, partial cases and questions."""
    assert run("--content", TOY, "check") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Checking toy-ankle, first edition, knowledge version ")
    assert lines[1].split()[0] == "8"
    assert [line.split()[0] for line in lines[2:6]] == ["4", "2", "1", "1"]
    assert lines[6].strip() == "4 reference cases, all in agreement"
    assert "none of them useless" in lines[7]
    assert lines[8].strip() == "3 questions at most in one dialogue"


def test_check_of_bad_content(toy_content: Path, capsys: Output) -> None:
    """A table with a hole does not pass the check."""
    path = toy_content / "decisions.yml"
    path.write_text(path.read_text().replace("when: {}", "when: {bone_tenderness: present}"))
    assert run("--content", toy_content, "check") == 1
    assert "match no row" in capsys.readouterr().err


def test_show_a_variant(built: Path, capsys: Output) -> None:
    """Title, every rating with radiation, panel disagreement and source, and the statements."""
    assert run("--store", built, "show", "v2") == 0
    shown = capsys.readouterr().out
    assert "ACR Appropriateness Criteria, 2022 update" in shown
    assert "Variant 2: New symptomatic VCF" in shown
    assert "MRI spine area of interest with IV contrast (radiation O, panel disagreement) [ACR]" in shown
    assert "because: " in shown


def test_show_an_unknown_outcome(built: Path, capsys: Output) -> None:
    """An unknown id is answered with the known ones."""
    assert run("--store", built, "show", "v10") == 1
    errors = capsys.readouterr().err
    assert "No outcome 'v10'" in errors
    assert "v9" in errors
    assert "not-covered/pediatric" in errors


def test_show_without_a_store(tmp_path: Path, capsys: Output) -> None:
    """Without a store the command says how to make one."""
    assert run("--store", tmp_path / "none.sqlite", "show", "v1") == 1
    assert "Run: python -m knowledge build" in capsys.readouterr().err


def test_module_runs_as_a_program(tmp_path: Path) -> None:
    """The documented command works, and its exit status reaches the shell."""
    command = [sys.executable, "-m", "knowledge", "--content", str(tmp_path), "--store", str(tmp_path / "s"), "build"]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent.parent, capture_output=True, text=True)
    assert done.returncode == 1
    assert "guideline.yml:1: the file is missing" in done.stderr
    assert "5 error(s) in the content" in done.stderr
    assert "Traceback" not in done.stderr
