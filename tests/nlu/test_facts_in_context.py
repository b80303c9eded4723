"""What words around a fact make of it: only asked about, over by now, denied, told in passing."""

from __future__ import annotations

import pytest

from tests.nlu.test_facts import read


@pytest.mark.parametrize(
    "text",
    [
        "Reason for consult: vertebroplasty",
        "Kyphoplasty consult",
        "Her GP mentioned vertebroplasty",
        "ortho already wants kypho",
        "The chest film before her cataract operation was clear.",
    ],
)
def test_a_procedure_that_is_named_was_not_done(text: str) -> None:
    """Only what is said to have been done to the spine is an earlier procedure."""
    assert read(text).get("prior_procedure") in (None, "none")


def test_no_film_says_nothing_of_mri() -> None:
    """That nobody took an x-ray leaves open whether there was an MRI."""
    facts = read("Back pain since Monday, tender at L2, not x-rayed yet.")
    assert facts["fracture_status"] == "suspected"
    assert "marrow_edema" not in facts


@pytest.mark.parametrize(
    "text",
    [
        "Kyphoplasty of L2 in May, pain gone for a month, now the pain is back.",
        "T10 fracture 2021, pain settled by Christmas; now new lumbar pain.",
    ],
)
def test_relief_that_is_over_is_no_control(text: str) -> None:
    """How the pain went before it came back is not how it goes now."""
    assert read(text).get("clinical_course") != "controlled"


@pytest.mark.parametrize("text", ["The fracture is not painless.", "She isn't asymptomatic.", "far from silent"])
def test_denied_freedom_from_pain_is_pain(text: str) -> None:
    """Two denials make a symptom."""
    assert read(text)["symptoms"] == "symptomatic"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if she were 15?", "no"),
        ("sorry typo, she is 16 not 61", "no"),
        ("make her 14", "no"),
        ("he turned 70", "yes"),
        ("she is sixteen not sixty", "no"),
    ],
)
def test_age_in_passing(text: str, expected: str) -> None:
    """An age is read where it is supposed or corrected."""
    assert read(text)["adult"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pain-free since October after an L1 fracture last summer", "controlled"),
        ("L1 fracture last summer, pain gone since April", "controlled"),
        ("incidental T8 fracture, no back pain", None),
        ("the pain has gone from 4 to 8", "worsening"),
        ("her pain has gone up week by week", "worsening"),
    ],
)
def test_pain_that_is_over_has_been_controlled(text: str, expected: str | None) -> None:
    """Only a pain that there was has run a course; one that has "gone up" is not gone."""
    assert read(text).get("clinical_course") == expected


@pytest.mark.parametrize(
    "text",
    [
        "T12 wedge that last year's chest CT does not show",
        "a compression of L2 that the CT from 2021 does not show",
    ],
)
def test_the_date_of_a_study_to_compare_with_is_none_of_the_fracture(text: str) -> None:
    """A fracture that an older study does not show is new, however the study is dated."""
    assert read(text)["fracture_status"] == "new"


@pytest.mark.parametrize(
    "text",
    [
        "a", "any of it", "and so it is", "on the", "with a", "at the time", "to be", "it was not", "there is no more",
        "this is the one", "we will see", "she has it", "he had been there", "reached", "moved", "went", "the level",
        "the films", "the same", "last week", "back", "spine", "L1", "the report says so",
    ],
)  # fmt: skip
def test_words_that_say_nothing_state_nothing(text: str) -> None:
    """A phrase of the rules whose parts are all optional would match anything; none of them does."""
    assert not read(text).keys() - {"sex", "level"}


@pytest.mark.parametrize(
    "text",
    [
        "her daughter just arrived: breast cancer 2011",
        "I finally got the daughter on the line and she says mom had a lumpectomy for breast cancer in 2009",
        "the son tells me his father was treated for myeloma",
        "the wife says her husband had kidney cancer",
        "Husband adds lymphoma in 2003.",
        "the niece brought a list, myeloma on it",
        "spoke to her sister: thyroid cancer 2009",
        "son on the phone - had bladder cancer in 2012",
        "collateral from the daughter: lung cancer resected two years ago",
        "his wife is here now, prostate cancer in 2015",
    ],
)
def test_what_a_relative_tells_is_of_the_patient(text: str) -> None:
    assert read(text).get("cancer_history") == "present"


@pytest.mark.parametrize(
    "text",
    [
        "her daughter had breast cancer in 2011",
        "the daughter says her sister had breast cancer",
        "the son says his wife has myeloma",
        "Her mother has myeloma.",
        "the sister died of lung cancer last year",
        "his brother, who had a lymphoma in 2003",
    ],
)
def test_what_is_told_of_a_relative_is_not(text: str) -> None:
    assert read(text).get("cancer_history") != "present"


def test_a_deficit_that_a_relative_tells_of_is_the_patients() -> None:
    for text in (
        "daughter arrived: she can't move her legs since this morning",
        "wife phones, he is newly incontinent",
    ):
        assert read(text).get("neuro_status") == "deficit", text


def test_a_case_that_is_to_stay_says_nothing_of_the_pain() -> None:
    assert not read("keep it as it was")
    assert read("the pain is just as it was").get("clinical_course") == "persistent"
