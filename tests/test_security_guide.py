"""docs/security.md: every threat has its tests, and they are there."""

from __future__ import annotations

import ast
import re

import pytest

from channels.web.channel import LIFETIME, LONGEST
from service.http_server import ANSWERED_WITHIN, HEADER_WITHIN, LARGEST
from service.settings import ROOT
from tests.dependencies.audit import REVIEWED

GUIDE = (ROOT / "docs/security.md").read_text(encoding="utf-8")


def threats() -> dict[str, tuple[str, list[str]]]:
    """Each threat of the table, with what counters it and its tests."""
    table = GUIDE.split("<!-- threats -->")[1].split("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.strip().splitlines()[2:]]
    return {threat: (counter, re.findall(r"`([^`]+)`", tests)) for threat, counter, tests in rows}


@pytest.mark.parametrize("threat", threats())
def test_every_threat_has_a_counter_and_tests_that_exist(threat: str) -> None:
    """The files are there, and so is every test that is named in them, or one at least where a whole file is named."""
    counter, tests = threats()[threat]
    assert counter and tests
    for named in tests:
        path, _, name = named.partition("::")
        source = ROOT / path
        files = sorted(source.glob("test_*.py")) if source.is_dir() else [source]
        found = {
            node.name
            for file in files
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        }
        assert found and (not name or name in found), named


def test_every_entrance_is_among_those_of_the_guide() -> None:
    """Each channel in credentials.yml has its line in the table of entrances."""
    credentials = (ROOT / "credentials.yml").read_text(encoding="utf-8")
    channels = re.findall(r"^channels\.(\w+)\.", credentials, re.M)
    assert len(channels) >= 4
    for channel in channels:
        assert f"| `/webhooks/{channel}/" in GUIDE


def test_the_limits_of_the_guide_are_those_of_the_code() -> None:
    """The numbers that are printed there."""
    assert f"{LARGEST / 1e6} MB" in GUIDE and f"{HEADER_WITHIN} seconds" in GUIDE
    assert f"{ANSWERED_WITHIN} seconds" in GUIDE and f"{LONGEST:,} characters" in GUIDE
    assert LIFETIME == 12 * 3600 and "twelve hours" in GUIDE


def test_what_the_guide_names_is_there() -> None:
    """Files, and targets of make."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert set(re.findall(r"`make ([a-z-]+)", GUIDE)) <= set(targets)
    assert str(REVIEWED.relative_to(ROOT)) in GUIDE
    for path in re.findall(r"\]\(([a-z./-]+\.md)\)", GUIDE):
        assert (ROOT / "docs" / path).exists()
