"""Short replies: what they answer to each question, and what they must not be taken for."""

from __future__ import annotations

import pytest

from nlu.answers import ReplyReader
from nlu.rules import load_rules
from nlu.text import read_text


def read(message: str, states_facts: bool = False) -> dict[str, str]:
    """What a reply would answer to each fact."""
    rules = load_rules()
    return ReplyReader(rules).read(read_text(message, rules.spelling), states_facts)


@pytest.mark.parametrize(
    ("message", "fact", "value"),
    [
        ("no", "neuro_status", "intact"),
        ("No.", "cancer_history", "absent"),
        ("nope", "prior_fracture", "absent"),
        ("none", "prior_procedure", "none"),
        ("yes", "neuro_status", "deficit"),
        ("yep", "cancer_history", "present"),
        ("not done", "marrow_edema", "not_assessed"),
        ("no MRI yet", "marrow_edema", "not_assessed"),
        ("don't know", "cancer_history", "unknown"),
        ("not known", "neuro_status", "unknown"),
        ("no idea", "etiology", "unknown"),
        ("not settled", "etiology", "undetermined"),
        ("benign", "etiology", "osteoporotic"),
        ("tumour", "etiology", "pathologic"),
        ("same level", "prior_procedure_level", "same"),
        ("an adjacent one", "prior_procedure_level", "different"),
        ("getting worse", "clinical_course", "worsening"),
        ("treatment", "decision", "treatment"),
        ("the next scan", "decision", "imaging"),
        ("mechanical", "pain_character", "mechanical"),
        ("at night", "pain_character", "non_mechanical"),
        ("kyphoplasty", "prior_procedure", "augmentation"),
        ("no, but she is frail", "prior_fracture", "absent"),
    ],
)
def test_reply_answers_the_question(message: str, fact: str, value: str) -> None:
    """A short reply gives the value that a clinician means by it."""
    assert read(message).get(fact) == value


@pytest.mark.parametrize(
    ("message", "fact"),
    [
        ("no weakness", "neuro_status"),
        ("not a tumor", "etiology"),
        ("banana", "cancer_history"),
        ("???", "neuro_status"),
        ("maybe", "cancer_history"),
        ("she had a long and complicated stay on three different wards before she came here", "neuro_status"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(message: str, fact: str) -> None:
    """One denied sign, a denied word, nonsense or a story is not an answer to the question."""
    assert fact not in read(message)


@pytest.mark.parametrize(
    ("message", "fact"), [("never had cancer", "etiology"), ("her legs feel weak", "pain_character")]
)
def test_words_of_another_fact_answer_nothing_else(message: str, fact: str) -> None:
    """What a message states about one fact is not also the answer to a question about another."""
    assert fact not in read(message, states_facts=True)


def test_a_no_set_off_still_answers_beside_a_fact() -> None:
    """ "No, but she has a fever" answers the question and states the fever."""
    assert read("no, but she has a fever", states_facts=True)["prior_fracture"] == "absent"
