"""python -m content try: a message's way through the assistant."""

from __future__ import annotations

import statistics
import time
from itertools import pairwise

import pytest

from content.__main__ import main

Output = pytest.CaptureFixture[str]
MESSAGE = "66M, prostate ca, new painful T10 compression fracture on x-ray, legs perhaps weak. Imaging?"
COMPLETE = "66M, prostate ca, new painful T10 compression fracture on x-ray, neuro intact. Which imaging next?"


def test_reading_question_and_reason(capsys: Output) -> None:
    """What was read, what is asked next and why; the words that only raised a fact are shown as such."""
    assert main(["try", MESSAGE]) == 0
    shown = capsys.readouterr().out
    assert "[prostate ca]" in shown
    assert "neuro_status" in shown and "possible, to be asked" in shown
    assert "Asked next  neuro_status" in shown
    assert "Why: A new deficit is an emergency" in shown


def test_answer_and_rules(capsys: Output) -> None:
    """A complete case is answered; --explain names the rules of the reading and the row of the table."""
    assert main(["try", COMPLETE, "--explain"]) == 0
    shown = capsys.readouterr().out
    assert "Variant 2: New symptomatic VCF" in shown
    assert "nlu/rules/cancer.yml:" in shown
    assert "decisions.yml:" in shown and "v2: decides" in shown


def test_under_a_second_once_loaded(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """Median time between the messages of one run."""
    times: list[float] = []

    def typed(prompt: str) -> str:
        times.append(time.process_time())
        return f"{60 + len(times)}F, {COMPLETE}" if len(times) < 9 else ""

    monkeypatch.setattr("builtins.input", typed)
    assert main(["try"]) == 0
    assert statistics.median(after - before for before, after in pairwise(times)) < 1


def test_help_does_not_load_the_reader(capsys: Output) -> None:
    """Every command is listed with what it does."""
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert all(command in shown for command in ("try", "new", "story-from"))
