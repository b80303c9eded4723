"""The test command: checks that need no model beside each other, then the tests. python -m tests.run [lint]."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from service.build import build_all
from service.settings import ROOT, settings

BIN = ROOT / ".venv" / "bin"
LINT = {
    "ruff": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "mypy": [str(BIN / "mypy")],
    "imports": [str(BIN / "lint-imports")],
}
CONTENT = {"content": [sys.executable, "-m", "content", "check"]}
PROOF = {"proof": [sys.executable, "-m", "knowledge", "check"]}
TESTS = {"tests": [sys.executable, "-m", "pytest", "-q"]}
SOAK = {"soak": [sys.executable, "-m", "tests.bench.soak", "--minutes", "10"]}
"""Beside the tests, which leave it some of the machine: what it asserts needs no quiet."""


def main(arguments: list[str]) -> int:
    """Build what is stale, then run the checks, some beside each other; returns 1 if one failed."""
    if arguments != ["lint"]:
        build_all(settings())
    checks = LINT if arguments == ["lint"] else {**TESTS, **SOAK, **PROOF, **CONTENT, **LINT}
    with ThreadPoolExecutor(max_workers=3) as pool:
        failed = [
            name
            for name, passed in zip(checks, pool.map(lambda name: _run(name, checks[name]), checks), strict=True)
            if not passed
        ]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def _run(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    print(f"… {name}", flush=True)
    done = subprocess.run(
        command, cwd=ROOT, env=settings().environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    print(f"--- {name} ({time.monotonic() - started:.0f} s)\n{done.stdout}", end="", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
