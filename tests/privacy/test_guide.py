"""The guide to privacy says what is so: every table and file, the figures, the periods; and telemetry is off."""

from __future__ import annotations

import re

from rasa.core.tracker_store import SQLTrackerStore

import audit.store
import channels.deliveries
from service.settings import ROOT, Retention, settings
from tests.privacy.measure import measured, table

GUIDE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
STORED = GUIDE.split("## What is stored where")[1].split("\n## ")[0]


def test_every_table_of_the_code_is_listed() -> None:
    """Whatever table the programs make stands in the guide."""
    made = [SQLTrackerStore.Base.metadata, channels.deliveries.metadata, audit.store.metadata]
    for name in {name for metadata in made for name in metadata.tables}:
        assert f"`{name}`" in STORED, name


def test_every_database_file_and_log_is_listed() -> None:
    """Each file that is written while the servers run, by its name in the code."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "service").glob("*.py"))
    kept = {f"{name}.sqlite" for name in re.findall(r'kept\("(\w+)"\)', code)}
    logs = set(re.findall(r'/ "(\w+\.log)"', code))
    for name in kept | logs:
        assert name in STORED, name
    assert len(kept) == 3 and len(logs) == 2


def test_the_periods_are_those_of_the_settings() -> None:
    """How long things are kept by default, and what changes it."""
    for days, name in (
        (Retention.conversations, "KEEP_CONVERSATIONS_DAYS"),
        (Retention.deliveries, "KEEP_DELIVERIES_DAYS"),
        (Retention.audit_texts, "KEEP_AUDIT_TEXTS_DAYS"),
    ):
        row = next(line for line in STORED.splitlines() if name in line)
        assert re.search(rf"\b{days} days?\b", row), name


def test_the_figures_are_those_measured() -> None:
    """The table is what python -m tests.privacy prints."""
    shown = GUIDE.split("tests/privacy/test_guide.py -->\n")[1].split("\n<!--")[0]
    assert shown.splitlines() == list(table(measured("seen"), measured("apart")))


def test_rasa_tells_nobody_of_us() -> None:
    """Its telemetry is off in the environment of every process that is started, whatever it was before."""
    assert settings().environment()["RASA_TELEMETRY_ENABLED"] == "false"
