"""What nobody knows is neither there nor not there."""

from __future__ import annotations

import pytest

from tests.nlu.test_facts import read


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("I don't know whether she had cancer", "cancer_history"),
        ("not sure if she ever had cancer", "cancer_history"),
        ("72F, new L1 fracture on x-ray. No idea if there was a malignancy.", "cancer_history"),
        ("unclear whether the MRI showed edema", "marrow_edema"),
        ("can't say if the fracture is new", "fracture_status"),
        ("not sure whether the pain is mechanical", "pain_character"),
        ("do not know if she had a kyphoplasty before", "prior_procedure"),
        ("can't vouch for the neuro exam", "neuro_status"),
        ("I haven't examined his neuro status yet", "neuro_status"),
        ("nobody has ever asked about cancer", "cancer_history"),
        ("none of us has tested her reflexes, so do not log the neuro exam as normal", "neuro_status"),
        ("neurologically we cannot say, his legs nobody has looked at", "neuro_status"),
    ],
)
def test_what_nobody_knows_is_only_possible(text: str, fact: str) -> None:
    assert read(text).get(fact, "not read") is None


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("not sure if it matters, but she had breast cancer in 2014", "cancer_history", "present"),
        ("I don't know whether it counts, MRI showed edema", "marrow_edema", "present"),
        ("MRI showed edema. Not sure if she had cancer.", "marrow_edema", "present"),
        ("not sure whether to do kyphoplasty", "prior_procedure", None),
        ("do not log the neuro exam as normal, she has new foot drop", "neuro_status", "deficit"),
    ],
)
def test_what_is_told_beside_it_stands(text: str, fact: str, value: str | None) -> None:
    facts = read(text)
    assert facts.get(fact) == value and (value is not None or fact not in facts)


@pytest.mark.parametrize(
    "text",
    [
        "not sure if it matters but she has new leg weakness",
        "I don't know whether it is related, she cannot feel her legs since this morning",
        "no idea if that helps: he is incontinent since yesterday",
    ],
)
def test_a_deficit_that_is_told_beside_it_alarms(text: str) -> None:
    assert read(text)["neuro_status"] == "deficit"
