"""python -m knowledge ask: what a case would be asked or answered, and clear words about what is mistyped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.__main__ import main

Output = pytest.CaptureFixture[str]
PROJECT = Path(__file__).parent.parent.parent
COMPLETE = (
    "decision=imaging",
    "cancer_history=yes",
    "neuro_status=intact",
    "fracture_status=new",
    "symptoms=symptomatic",
)


@pytest.fixture
def ask(built: Path) -> object:
    """Runs python -m knowledge ask on a store of the real edition."""
    return lambda *facts: main(["--store", str(built), "ask", *facts])


def test_question_with_its_reason(ask: object, capsys: Output) -> None:
    """An open case shows what is asked next, why, the choices, and what is still possible."""
    assert ask("cancer_history=present", "decision=imaging") == 0  # type: ignore[operator]
    shown = capsys.readouterr().out
    assert "Asked next  neuro_status" in shown
    assert "Why: A new deficit is an emergency" in shown
    assert "deficit: New or worsening deficit" in shown
    assert "neurologic-emergency: " in shown


def test_answer_in_plain_text(ask: object, capsys: Output) -> None:
    """A complete case shows the answer as every channel gives it; a label does for a value."""
    assert ask(*COMPLETE, "age=72") == 0  # type: ignore[operator]
    shown = capsys.readouterr().out
    assert "Variant 2: New symptomatic VCF" in shown
    assert "Usually appropriate: MRI spine area of interest" in shown
    assert "Source: ACR Appropriateness Criteria" in shown


def test_explain_names_the_row(ask: object, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deciding row of the decision table is named by path and line."""
    monkeypatch.chdir(PROJECT)
    assert ask(*COMPLETE, "--explain") == 0  # type: ignore[operator]
    place = re.search(r"(\S+decisions\.yml):(\d+)  v2: decides", capsys.readouterr().out)
    assert place
    assert (PROJECT / place[1]).read_text().splitlines()[int(place[2]) - 1] == "- outcome: v2"


@pytest.mark.parametrize(
    ("fact", "advice"),
    [
        ("cancer_histroy=present", "no fact is named 'cancer_histroy'; did you mean 'cancer_history'?"),
        ("decision=imagin", "decision has no value 'imagin'; did you mean 'imaging'?"),
        ("cancer_history=maybe", "there are: absent, present, unknown"),
        ("age=old", "age is a number of years, not 'old'"),
        ("age", "'age' is not fact=value, such as neuro_status=intact"),
    ],
)
def test_what_cannot_be(fact: str, advice: str, ask: object, capsys: Output) -> None:
    """Unknown facts and impossible values get a clear message, and no answer."""
    assert ask(fact) == 2  # type: ignore[operator]
    printed = capsys.readouterr()
    assert advice in printed.err
    assert not printed.out


def test_facts_given_twice(ask: object, capsys: Output) -> None:
    """Two values of one fact are refused."""
    assert ask("sex=male", "sex=female") == 2  # type: ignore[operator]
    assert "sex is given twice; keep one" in capsys.readouterr().err


def test_content_newer_than_the_store(toy_content: Path, built: Path, capsys: Output) -> None:
    """What stands in the YAML counts, also before the store is built from it."""
    assert main(["--content", str(toy_content), "--store", str(built), "ask", "pulse=lost"]) == 0
    assert "STOP" in capsys.readouterr().out
