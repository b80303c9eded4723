"""What a message takes back is not stated any more, and nothing takes an emergency back in passing."""

from __future__ import annotations

import pytest

from tests.nlu.test_facts import read


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("take back the no-cancer bit, nobody ever asked her", "cancer_history"),
        ("Please disregard what I said about malignancy, I have to ask him first.", "cancer_history"),
        ("The absence of malignancy was my inference. He has yet to be asked.", "cancer_history"),
        ('"Getting worse" was my error.', "clinical_course"),
        ("the kyphoplasty was a misunderstanding on my part", "prior_procedure"),
        ('neuro not examined yet, I just copied triage\'s "intact"', "neuro_status"),
    ],
)
def test_what_is_taken_back_is_open_again(text: str, fact: str) -> None:
    assert read(text).get(fact, "not read") is None


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ('it wasn\'t "no trauma": he was struck by a car at 50 mph', "mechanism", "high_energy"),
        ("prostate cancer was the man in bed 6. Mine never had cancer.", "cancer_history", "absent"),
        ("op note says L4-S1 fusion in 2016, so no procedures was wrong from me", "prior_procedure", "surgery"),
        ('Scratch "no back pain". It hurts on standing.', "symptoms", "symptomatic"),
    ],
)
def test_what_is_told_in_its_place_stands(text: str, fact: str, value: str) -> None:
    assert read(text)[fact] == value


@pytest.mark.parametrize(
    "text",
    [
        'it was not "fine": she cannot feel her legs since this morning',
        "no cancer was wrong from me, and she has new weakness in both legs",
        "the leg weakness that began today was my mistake to leave out",
        'she is incontinent since yesterday, "all normal" was my error',
    ],
)
def test_a_deficit_beside_it_alarms(text: str) -> None:
    assert read(text)["neuro_status"] == "deficit"


def test_a_question_takes_nothing_back() -> None:
    """ "Was the kyphoplasty a mistake of mine?" """
    assert read("fell at home, had a kyphoplasty in 2019, was that my mistake?")["prior_procedure"] == "augmentation"
