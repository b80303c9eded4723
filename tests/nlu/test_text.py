"""Tokens, sentences and levels."""

from __future__ import annotations

import pytest

from nlu.rules import load_rules
from nlu.text import Text, level_names, read_text


def text_of(raw: str) -> Text:
    """A message, tokenized with the project's spelling."""
    return read_text(raw, load_rules().spelling)


@pytest.mark.parametrize(
    ("raw", "levels"),
    [
        ("T8", ["T8"]),
        ("T11-12", ["T11", "T12"]),
        ("L1/2", ["L1", "L2"]),
        ("L4-S1", ["L4", "L5", "S1"]),
        ("T7+T8", ["T7", "T8"]),
        ("Th12", ["T12"]),
        ("D12", ["T12"]),
    ],
)
def test_levels_are_named_one_by_one(raw: str, levels: list[str]) -> None:
    """Ranges, adjacent levels and other names of the same region give every level."""
    assert list(level_names(raw)) == levels


@pytest.mark.parametrize("raw", ["T1 dark and STIR bright", "T 38.4", "T2DM", "T2 weighted images"])
def test_what_only_looks_like_a_level_is_none(raw: str) -> None:
    """MRI sequences, temperatures and diabetes are not vertebrae."""
    assert all(token.kind != "level" for token in text_of(raw).tokens)


@pytest.mark.parametrize(
    ("raw", "sentences"),
    [
        ("No pain. No fever.", 2),
        ("Mr. Smith is well.", 1),
        ("MRI\nno edema", 2),
        ("cancer? no", 2),
        ("T 38.4 today", 1),
    ],
)
def test_sentences_end_where_they_should(raw: str, sentences: int) -> None:
    """Full stops, line breaks and question marks end sentences; titles and decimals do not."""
    assert len(set(text_of(raw).sentence)) == sentences


def test_negations_written_together_are_two_words() -> None:
    """A contraction reads like its long form."""
    assert text_of("can't walk").normal == text_of("cannot walk").normal
