"""Normal forms of words."""

from __future__ import annotations

import pytest

from nlu.rules import load_rules


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("oedema", "edema"),
        ("tumours", "tumor"),
        ("legs", "leg"),
        ("fx", "fracture"),
        ("osteoperotic", "osteoporotic"),
        ("compresion", "compression"),
        ("kyphoplastied", "kyphoplasty"),
        ("Haemangioma", "hemangioma"),
    ],
)
def test_spellings_of_one_word_are_the_same(one: str, other: str) -> None:
    """British, abbreviated, inflected and misspelled words read like the usual one."""
    norm = load_rules().spelling.norm
    assert norm(one) == norm(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("prednisone", "prednisolone"),
        ("myeloma", "melanoma"),
        ("continent", "incontinent"),
        ("stable", "unstable"),
        ("vertebroplasty", "kyphoplasty"),
        ("retention", "attention"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    """Correction never turns one drug, tumor or state into another."""
    norm = load_rules().spelling.norm
    assert norm(one) != norm(other)
