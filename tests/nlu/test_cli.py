"""python -m nlu: the marked text, its facts, and on request the rules behind them."""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path

import pytest

from nlu.__main__ import main
from nlu.display import marked, shown
from nlu.reader import default_reader
from terminal.color import colored, plain

Output = pytest.CaptureFixture[str]
PROJECT = Path(__file__).parent.parent.parent
MESSAGE = "72F, breast ca, no weakness"


def test_facts_with_their_words(capsys: Output) -> None:
    """The text with its spans marked, and each fact with value, assertion, words and rule."""
    assert main([MESSAGE]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[72F], [breast ca], no weakness"
    cancer = next(line for line in lines if line.startswith("  cancer_history"))
    assert re.search(r"present +affirmed +“breast ca” +nlu/rules/cancer\.yml:\d+$", cancer)
    assert "\033" not in "".join(lines)


def test_explain_names_every_rule_by_path_and_line(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """Phrases, the items of sets and the context are named by places that hold what is shown."""
    monkeypatch.chdir(PROJECT)
    assert main([MESSAGE, "--explain"]) == 0
    printed = capsys.readouterr().out
    places = re.findall(r"^    (\S+):(\d+)  (.*?): (.*?)…?$", printed, re.M)
    assert {what for _, _, what, _ in places} >= {"phrase", "set <organ>", "context negated"}
    for path, line, _, text in places:
        assert text.split()[0] in (PROJECT / path).read_text().splitlines()[int(line) - 1]


def test_what_is_denied_is_shown_too(capsys: Output) -> None:
    """Denied words from which no fact follows are told, so that nobody thinks them overlooked."""
    assert main([MESSAGE + "; if weakness develops she will call"]) == 0
    printed = capsys.readouterr().out
    assert "  negated, but by itself no fact of a case: “weakness”\n" in printed
    assert "  hypothetical, but by itself no fact of a case: “weakness”\n" in printed
    assert "“if”" not in printed


def test_facts_read_by_code_name_its_line(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no rule file reads a fact, the line of the code that does is named."""
    monkeypatch.chdir(PROJECT)
    assert main(["72F, L1 fracture", "--explain"]) == 0
    places = re.findall(r"(nlu/facts/\w+\.py):(\d+)$", capsys.readouterr().out, re.M)
    assert {path for path, _ in places} == {"nlu/facts/patient.py", "nlu/facts/fracture.py"}
    assert all("FactMention" in (PROJECT / path).read_text().splitlines()[int(line) - 1] for path, line in places)


def test_empty_message_is_refused(capsys: Output) -> None:
    """Nothing said is a slip of the command line, not a message."""
    with pytest.raises(SystemExit):
        main(["  "])
    assert "write what a clinician would" in capsys.readouterr().err


def test_learned_reader_tells_its_score() -> None:
    """What only the learned reader reads carries its score instead of a rule."""
    reader = default_reader()
    message = "ever since sunrise the lady keeps folding up at the knees whenever she leaves her chair"
    reading = reader.read(message)
    scores = [fact.score for fact in reading.facts if fact.score is not None]
    assert all(0 <= score <= 1 for score in scores)
    printed = "\n".join(shown(reading, plain))
    assert printed.count("learned reader") == len(scores)


def test_messages_one_after_another(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a message, each line is read until an empty one."""
    lines = iter([MESSAGE, "80M", ""])
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert "[72F]" in printed and "[80M]" in printed


def test_color_marks_the_words() -> None:
    """In color the marked words stand in an escape sequence; overlapping spans are marked once."""
    assert marked("no breast ca", [(3, 9), (5, 12)], colored) == "no \033[1;4m[breast ca]\033[0m"


def test_a_message_is_shown_well_under_a_second(capsys: Output) -> None:
    """Once the reader is loaded: median of seven messages."""
    main([MESSAGE])
    taken = []
    for age in range(60, 67):
        started = time.process_time()
        main([f"{age}F, breast ca, new T{age - 58} fracture on x-ray, no weakness, what next?", "--explain"])
        taken.append(time.process_time() - started)
    assert statistics.median(taken) < 1
