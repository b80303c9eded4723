"""The learned second reader: it generalizes, and only ever raises the alarm or the question."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from nlu.note import FactMention
from nlu.reader import ClinicalReader, default_reader
from nlu.rules import load_rules
from nlu.second_reader import DEFICIT, INTACT, RESTATES, Features, Judgment, Output, SecondReader, words_of
from nlu.second_training import second_reader
from nlu.text import Text, read_text


def probability(message: str, output: Output = DEFICIT) -> float:
    """The second reader's probability that a whole message states an output, a deficit unless another is given."""
    rules = load_rules()
    text = read_text(message, rules.spelling)
    reader = second_reader(rules)
    return float(reader.probabilities(words_of(text, 0, len(text.tokens)))[reader.outputs.index(output)])


class Opinionated(SecondReader):
    """Finds each of its outputs as probable as it is told, whatever the message."""

    def __init__(self, opinions: dict[Output, float]) -> None:
        super().__init__(Features({}), {}, np.zeros((0, 0), np.float32), np.zeros(0, np.float32), tuple(opinions))
        self._opinions = opinions

    def judge(self, text: Text, parts: Iterable[tuple[int, int]]) -> dict[Output, Judgment]:
        """The given probabilities, of the whole message."""
        return {output: Judgment(given, 0, len(text.tokens)) for output, given in self._opinions.items()}


def read_with(opinions: dict[Output, float], message: str, fact: str) -> FactMention | None:
    """What is read of a fact beside a second reader of these opinions."""
    reading = ClinicalReader(load_rules(), Opinionated({DEFICIT: 0.0, INTACT: 0.0} | opinions)).read(message)
    return next((mention for mention in reading.facts if mention.fact == fact), None)


NEW, KNOWN = ("fracture_status", "new"), ("fracture_status", "known")


@pytest.mark.parametrize(
    ("of_new", "of_known", "value", "doubted"),
    [
        (0.05, 0.9, "known", False),  # hardly what the rules read, almost surely another
        (0.45, 0.6, "new", True),
        (0.3, 0.3, "new", True),
        (0.9, 0.9, "new", False),
        (0.05, 0.1, "new", False),  # it knows no better
    ],
)
def test_plain_disagreement_overrules_and_some_is_a_doubt(
    of_new: float, of_known: float, value: str, doubted: bool
) -> None:
    """A value that it finds unlikely beside a likely one gives way, a questionable one is to be confirmed."""
    mention = read_with({NEW: of_new, KNOWN: of_known}, "There is a new fracture of L2 on the film.", "fracture_status")
    assert mention is not None and (mention.value, mention.doubted) == (value, doubted)


def test_disagreement_never_cancels_nor_raises_an_alarm_by_itself() -> None:
    """An infection that was read stands; one that it finds likely where it was read as absent is asked about."""
    present, absent = ("infection_signs", "present"), ("infection_signs", "absent")
    mention = read_with({present: 0.05, absent: 0.9}, "L2 fracture, fever of 39 and a CRP of 220.", "infection_signs")
    assert mention is not None and (mention.value, mention.doubted) == ("present", False)
    mention = read_with(
        {present: 0.9, absent: 0.05}, "L2 fracture, afebrile, no signs of infection.", "infection_signs"
    )
    assert mention is not None and (mention.value, mention.doubted) == ("absent", True)


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
