"""What a message takes back is not stated any more, and nothing takes an emergency back in passing."""

from __future__ import annotations

import pytest

from nlu.reader import default_reader
from tests.nlu.test_facts import read


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("take back the no-cancer bit, nobody ever asked her", "cancer_history"),
        ("undo the no-tumor part", "cancer_history"),
        ("I would not vouch for the no-malignancy line", "cancer_history"),
        ("Please disregard what I said about malignancy, I have to ask him first.", "cancer_history"),
        ("The absence of malignancy was my inference. He has yet to be asked.", "cancer_history"),
        ('"Getting worse" was my error.', "clinical_course"),
        ("the kyphoplasty was a misunderstanding on my part", "prior_procedure"),
        ('neuro not examined yet, I just copied triage\'s "intact"', "neuro_status"),
        ('I wrote "never a malignancy" without a source, nobody has asked him', "cancer_history"),
        ("re 'never any cancer' - take it back, she has no records", "cancer_history"),
        ("I never touched his legs, so nobody here knows what his power is", "neuro_status"),
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
        (
            "the fall from the ladder is the bed next door, mine took a false step off the curb",
            "mechanism",
            "low_energy",
        ),
        ("the fusion spans L2 to L4, not L5", "procedure_level", "L2, L3, L4"),
        ("Core is back: that is myeloma, not osteoporosis", "etiology", "pathologic"),
        ('Radiology: "acute L1 fracture with edema" with no evidence of retropulsion', "marrow_edema", "present"),
        ('Report says "marrow edema at L1" without any evidence of malignancy', "marrow_edema", "present"),
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


@pytest.mark.parametrize(
    "text",
    [
        'It was not "no trauma" nor surgery, cement two below',
        'pain was not "new" and not mechanical but constant at rest all night long',
    ],
)
def test_the_words_of_a_fact_are_those_that_were_typed(text: str) -> None:
    """Also where a part that is taken back stands among them."""
    facts = default_reader().read(text).facts
    assert facts and all(text[fact.start : fact.end] == fact.words for fact in facts)


def test_a_question_takes_nothing_back() -> None:
    """ "Was the kyphoplasty a mistake of mine?" """
    assert read("fell at home, had a kyphoplasty in 2019, was that my mistake?")["prior_procedure"] == "augmentation"


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, T11 not T12, neuro otherwise normal.",
        "Actually it is T11, otherwise neuro intact.",
        "Sorry, T11, otherwise no focal deficit",
        "typo: T11, neurologically otherwise intact",
        "scratch the bit about the age, neuro otherwise intact",
        "I was wrong about the age, neuro otherwise intact",
        "neuro otherwise normal, sorry, T11 not T12",
        "neuro exam normal, sorry, T11 not T12",
        "My mistake, the fracture is at T11, rest of the neuro exam is normal.",
        "Correction: T11, no new neuro symptoms since the foot drop.",
        "Sorry, level T11, neuro exam before the fall was normal",
        "Sorry, she is 72 not 27, neuro intact",
        "Sorry, she did have breast cancer, neuro intact",
        "Correction: T11, no fever before yesterday",
        "Actually T11, no infection last year",
        "My mistake, T11, no history of infection",
        "Sorry, T11 not T12, no signs of infection at the wound on her shin",
    ],
)
def test_a_correction_of_something_else_takes_no_emergency_back(text: str) -> None:
    """Nor does a calm finding of a part, or of another time, beside words that correct."""
    assert not default_reader().read(text).corrections & {"neuro_status", "infection_signs"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("correction: no new neurologic deficit", "neuro_status"),
        ("sorry, no new deficit", "neuro_status"),
        ("I was wrong, neuro is intact", "neuro_status"),
        ("no wait, weakness is old and stable", "neuro_status"),
        ("sorry, the foot drop is old, since a stroke in 2015", "neuro_status"),
        ("actually the weakness is from her stroke years before, unchanged", "neuro_status"),
        ("my mistake, the numbness has been there since 2012", "neuro_status"),
        ("no new deficit, sorry", "neuro_status"),
        ("actually no infection", "infection_signs"),
    ],
)
def test_a_plain_correction_does(text: str, fact: str) -> None:
    assert fact in default_reader().read(text).corrections


@pytest.mark.parametrize(
    "text",
    [
        "the weakness is old and stable",
        "sorry, T11. Her foot drop is old, since 2015",
        "sorry, the weakness is old but the numbness began today",
        "no wait, it is her sister whose weakness is old and stable",
        "actually, is the weakness old and stable?",
    ],
)
def test_an_old_deficit_takes_no_alarm_back_unless_it_is_what_is_corrected(text: str) -> None:
    """It excludes no new one; and where a new one is told, that alarms."""
    reading = default_reader().read(text)
    assert "neuro_status" not in reading.corrections or read(text)["neuro_status"] == "deficit"
