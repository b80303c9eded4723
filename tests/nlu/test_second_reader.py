"""The learned second reader: it generalizes, and only ever raises the alarm or the question."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.reader import default_reader
from nlu.rules import load_rules
from nlu.second_reader import DEFICIT, RESTATES, Output, words_of
from nlu.second_training import second_reader
from nlu.text import read_text


def probability(message: str, output: Output = DEFICIT) -> float:
    """The second reader's probability that a whole message states an output, a deficit unless another is given."""
    rules = load_rules()
    text = read_text(message, rules.spelling)
    reader = second_reader(rules)
    return float(reader.probabilities(words_of(text, 0, len(text.tokens)))[reader.outputs.index(output)])


def test_it_tells_deficits_from_ordinary_remarks() -> None:
    """A deficit in plain words is more probable than any ordinary remark."""
    deficits = ("her legs will not carry her any more since last night", "he cannot tell when his bladder is full now")
    ordinary = (
        "the pain is worse since last night",
        "she had a kyphoplasty two years ago",
        "no idea, she cannot tell us",
    )
    assert min(map(probability, deficits)) > 0.5 > max(map(probability, ordinary))


def test_it_tells_what_replaces_earlier_words_from_what_only_differs() -> None:
    """A message that knowingly changes what was told before is more probable to do so than a plain statement."""
    replacing = (
        "it was the L4 that had the screws, I counted from the wrong end",
        "T7 was never cemented, I had the chart of another lady open",
    )
    stating = ("The MRI of this morning shows edema in L2", "She has a history of breast cancer from 2009")
    assert min(probability(m, RESTATES) for m in replacing) > 0.5 > max(probability(m, RESTATES) for m in stating)


def test_a_dated_examination_is_not_made_one_of_today() -> None:
    """Where the rules read that an examination is of an earlier day, the second reader does not state it either."""
    for message in ("New L2 fracture. Neuro exam was normal last month.", "Neurologically intact before the fall."):
        assert "neuro_status" not in {fact.fact for fact in default_reader().read(message).facts if fact.value}


def test_it_never_lowers_what_the_rules_say() -> None:
    """An alarm of the rules stands however the rest of the message sounds."""
    message = "Foot drop since Monday. She is cheerful, eats well, and the family says it is nothing at all."
    read = {fact.fact: fact.value for fact in default_reader().read(message).facts}
    assert read["neuro_status"] == "deficit"


def test_without_examples_it_says_what_is_missing(tmp_path: Path) -> None:
    """An empty folder of examples is a clear error."""
    with pytest.raises(ValueError, match="No example"):
        second_reader(load_rules(), tmp_path, tmp_path)
