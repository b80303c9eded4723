"""The benchmark runs and tells what it measured, and with which content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.store import load
from nlu.rules import load_rules
from tests.evaluation.__main__ import main

CASE = {
    "id": "one",
    "style": "shorthand",
    "text": "72F, new painful L2 compression fracture on x-ray, no cancer, neuro intact. Which imaging next?",
    "facts": {
        "decision": "imaging",
        "fracture_status": "new",
        "symptoms": "symptomatic",
        "cancer_history": "absent",
        "neuro_status": "intact",
        "adult": "yes",
    },
    "stated": ["decision", "fracture_status", "symptoms", "cancer_history", "neuro_status", "adult"],
    "outcome": "v1",
}
FLAGS = (
    {"id": "two", "text": "Her legs went numb this morning.", "flag": True, "class": "sensory"},
    {"id": "three", "text": "No numbness, no weakness.", "flag": False, "class": "negated"},
)


def test_a_set_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case read whole counts as right, a flag as caught, and the versions stand above."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "vignettes.jsonl").write_text(json.dumps(CASE), encoding="utf-8")
    (folder / "red_flags.jsonl").write_text("\n".join(map(json.dumps, FLAGS)), encoding="utf-8")
    assert main([str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "| mine | 1 | 100.0% | 0.0% | 100.0% |" in printed and "1 (100.0%)" in printed
    assert load().version in printed and load_rules().version in printed


def test_a_set_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that was named and is missing fails the run."""
    assert main([str(tmp_path / "nowhere")]) == 1
    assert "nowhere" in capsys.readouterr().err
