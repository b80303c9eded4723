"""The list of parts is whole and well formed, and the audit says what has to be done."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from datetime import date, timedelta
from typing import Any

import pytest

from knowledge.yaml_source import read_document
from service.settings import ROOT
from tests.dependencies.audit import NOT_AUDITED, REVIEW_LASTS, REVIEWED, judge, main

TOOLS = ROOT / "tests/tools/.venv/bin/python"
TODAY = date(2026, 11, 22)
VALIDATES = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(str(error) if error else 0)
"""


@pytest.fixture(scope="module")
def sbom() -> dict[str, Any]:
    """The list of parts, made anew and checked against CycloneDX's own schema."""
    subprocess.run(["make", "sbom"], cwd=ROOT, check=True, capture_output=True)
    path = ROOT / ".build/sbom.json"
    done = subprocess.run([str(TOOLS), "-c", VALIDATES, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_every_package_that_runs_is_listed_with_its_version(sbom: dict[str, Any]) -> None:
    """The list holds what is locked, without the tools of development, each with version, address and hashes."""
    locked = {(p["name"], p["version"]) for p in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    listed = {(part["name"].lower(), part["version"]) for part in sbom["components"]}
    assert len(listed) > 150 and listed <= locked
    names = {name for name, _ in listed}
    assert {"rasa", "sanic", "spacy", "sqlalchemy", "pyjwt", "limits"} <= names and "hypothesis" not in names
    for part in sbom["components"]:
        assert part["purl"].startswith(f"pkg:pypi/{part['name'].lower()}@")
        assert any(reference.get("hashes") for reference in part["externalReferences"])


def package(name: str = "sanic", **more: Any) -> dict[str, Any]:
    """What pip-audit says of a package."""
    return {"name": name, "version": "1", "vulns": [], **more}


def test_what_is_new_is_named_and_what_was_reviewed_is_not() -> None:
    """By its own id or by another of its names; a review that is old is asked for again."""
    flaw = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2"]}
    (problem,) = judge([package(vulns=[flaw])], [], TODAY)
    assert "PYSEC-1 is new (mended in 2)" in problem
    reviewed = {"id": "CVE-1", "package": "sanic", "date": TODAY - REVIEW_LASTS, "why": "not used"}
    assert judge([package(vulns=[flaw])], [reviewed], TODAY) == []
    old = {**reviewed, "date": TODAY - REVIEW_LASTS - timedelta(days=1)}
    assert "review it again" in judge([package(vulns=[flaw])], [old], TODAY)[0]


def test_a_package_that_could_not_be_looked_up_is_no_pass() -> None:
    """One that is skipped among others is a problem; all of them are an index that tells nothing."""
    assert "could not be audited" in judge([package(), package("x", skip_reason="not found")], [], TODAY)[0]


def test_an_index_that_tells_nothing_is_said_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The run passes, and nobody takes it for an audit; where one is required, it fails."""
    monkeypatch.setattr("tests.dependencies.audit._pip_audit", lambda: [package(skip_reason="not found")])
    for arguments, status in (([], 0), (["--required"], 1)):
        assert main(arguments) == status
        assert NOT_AUDITED in capsys.readouterr().err


def test_every_exception_has_its_reason_and_its_day() -> None:
    """The reviews are complete, about packages that are here, and none is of the future."""
    names = {package["name"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    for entry in read_document(REVIEWED).data["reviewed"]:
        assert set(entry) == {"id", "package", "affects", "date", "why"} and len(entry["why"]) > 10
        assert re.fullmatch(r"(?:CVE-\d{4}-\d+|GHSA(?:-\w{4}){3}|PYSEC-\d{4}-\d+)", entry["id"])
        assert entry["package"] in names and entry["date"] <= date.today()
