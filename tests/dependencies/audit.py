"""The audit of the locked packages: known vulnerabilities but those that were reviewed. make audit-dependencies."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from knowledge.yaml_source import read_document
from service.settings import ROOT

REVIEWED = Path(__file__).with_name("reviewed.yml")
REVIEW_LASTS = timedelta(days=180)
PIP_AUDIT = ROOT / "tests/tools/.venv/bin/pip-audit"
REQUIREMENTS = ROOT / ".build/requirements.txt"
NOT_AUDITED = (
    "NOT AUDITED: no package was looked up, because the index tells nothing of vulnerabilities or cannot be reached. "
    "Run this again where pypi.org answers."
)


def main(arguments: list[str] | None = None) -> int:
    """Audit the packages that `make sbom` listed; returns 1 if something has to be done."""
    parser = argparse.ArgumentParser(prog="python -m tests.dependencies.audit", description=__doc__)
    parser.add_argument("--required", action="store_true", help="fail if nothing can be looked up, too")
    required = parser.parse_args(arguments).required
    found = _pip_audit()
    if found is None or all("skip_reason" in package for package in found):
        print(NOT_AUDITED, file=sys.stderr)
        return int(required)
    problems = judge(found, read_document(REVIEWED).data["reviewed"], date.today())
    print("\n".join(problems) if problems else f"{len(found)} packages: nothing known but what was reviewed.")
    return 1 if problems else 0


def judge(found: Iterable[Mapping[str, Any]], reviewed: Iterable[Mapping[str, Any]], today: date) -> list[str]:
    """What has to be done about what pip-audit `found`, in words; `reviewed` are the entries of reviewed.yml."""
    known = {entry["id"]: entry for entry in reviewed}
    problems, met = [], set()
    for package in found:
        what = f"{package['name']} {package.get('version', '')}"
        if "skip_reason" in package:
            problems.append(f"{what} could not be audited: {package['skip_reason']}")
        for advisory in package.get("vulns", ()):
            names = {advisory["id"], *advisory.get("aliases", ())}
            entries = [known[name] for name in names if name in known]
            met |= {entry["id"] for entry in entries}
            if not entries:
                better = ", ".join(advisory.get("fix_versions") or ()) or "no version yet"
                problems.append(
                    f"{what}: {advisory['id']} is new (mended in {better}). Raise the package by override in "
                    f"pyproject.toml, or review it and write it into {REVIEWED.name}."
                )
    for entry in known.values():
        if today - entry["date"] > REVIEW_LASTS:
            problems.append(f"{entry['id']} ({entry['package']}) was reviewed on {entry['date']}: review it again.")
    gone = [entry["id"] for entry in known.values() if entry["id"] not in met]
    if gone:
        print(f"Reviewed and no longer found: {', '.join(gone)}. Take them out of {REVIEWED.name}.", file=sys.stderr)
    return problems


def _pip_audit() -> list[dict[str, Any]] | None:
    """What pip-audit says of every package; None if it could not ask."""
    command = [str(PIP_AUDIT), "--requirement", str(REQUIREMENTS), "--no-deps", "--disable-pip", "--format", "json"]
    command += ["--vulnerability-service", "pypi", "--progress-spinner", "off"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(done.stderr[-1000:], file=sys.stderr)
        return None
    return packages


if __name__ == "__main__":
    sys.exit(main())
