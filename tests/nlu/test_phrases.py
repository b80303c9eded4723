"""The language of phrases."""

from __future__ import annotations

import pytest

from nlu.phrase_language import PhraseError
from nlu.phrases import Phrase, PhraseSet, places
from nlu.rules import load_rules
from nlu.text import read_text


def found(phrase: str, message: str, sets: dict[str, list[str]] | None = None) -> bool:
    """Whether `phrase` occurs in `message`."""
    spelling = load_rules().spelling
    phrases = PhraseSet([("label", Phrase(phrase, "test.yml", 7))], sets or {}, spelling.plain)
    normal = read_text(message, spelling).normal
    return any(True for _ in phrases.find(normal, places(normal)))


@pytest.mark.parametrize(
    ("phrase", "message", "expected"),
    [
        ("weak|feeble leg", "feeble legs", True),
        ("weak|feeble leg", "weak arm", False),
        ("[loss of|less] power", "less power", True),
        ("pain (only) at night", "pain at night", True),
        ("pain (only) at night", "pain only at night", True),
        ("numb*", "numbness", True),
        ("leg ..2 numb", "leg is quite numb", True),
        ("leg ..2 numb", "leg is really quite numb", False),
        ("leg ..2 numb", "leg, numb", False),
        ("leg ...2 numb", "leg, numb", True),
        ("leg ..2 numb", "My leg. Numb", False),
        ("pvr #100-900", "PVR 450", True),
        ("pvr #100-900", "PVR 40", False),
        ("at §", "at T12", True),
        ("!no pain", "no pain", False),
        ("!no pain", "the pain", True),
        ("^ is there", "Is there pain", True),
        ("^ is there", "She hurts. Is there more", True),
        ("^ is there", "he says pain is there", False),
    ],
)
def test_phrase_matches(phrase: str, message: str, expected: bool) -> None:
    """Each construct of the language matches what it says and nothing else."""
    assert found(phrase, message) is expected


def test_a_named_set_stands_for_its_items() -> None:
    """A set is written once and used by name."""
    assert found("weak <limb>", "weak lower limb", {"limb": ["leg", "lower limb"]})


@pytest.mark.parametrize("phrase", ["<nothing>", "[a|b", "a)", "(only optional)"])
def test_a_bad_phrase_names_file_and_line(phrase: str) -> None:
    """What cannot be read is reported with its place."""
    with pytest.raises(PhraseError, match=r"test\.yml:7"):
        PhraseSet([("label", Phrase(phrase, "test.yml", 7))], {}, str)
