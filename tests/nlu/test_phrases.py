"""The language of phrases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.marks import SENTENCE_END
from nlu.phrase_elements import Words
from nlu.phrase_language import PhraseError
from nlu.phrases import Phrase, PhraseSet
from nlu.rules import load_rules
from nlu.text import read_text


def found(phrase: str, message: str, sets: dict[str, list[str]] | None = None) -> bool:
    """Whether `phrase` occurs in `message`."""
    spelling = load_rules().spelling
    phrases = PhraseSet([("label", Phrase(phrase, "test.yml", 7))], sets or {}, spelling.plain)
    normal = read_text(message, spelling).normal
    return any(True for _ in phrases.find(Words(normal)))


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


@pytest.mark.parametrize(
    ("phrase", "message", "words"),
    [
        ("leg (is) numb", "leg is numb", "leg is numb"),
        ("leg ..3 [numb|dead]", "leg is numb and dead", "leg is numb"),
        ("<pain_at_night>", "wakes at night with pain", "wakes at night with pain"),
        ("pvr ..3 #100-900", "PVR 450 then 80", "PVR 450"),
        ("pain ..2 <pain_at_night> now", "pain wakes at night now", "pain wakes at night now"),
        ("yes [.|!]", "Yes! She walks", "Yes!"),
    ],
)
def test_a_phrase_ends_where_it_should(phrase: str, message: str, words: str) -> None:
    """Gaps are as short as they can be, items of sets as long; what follows may ask for another end of either."""
    spelling = load_rules().spelling
    sets = {"pain_at_night": ["wakes at night", "wakes at night with pain", "wakes"]}
    text = read_text(message, spelling)
    (match, *_) = PhraseSet([("label", Phrase(phrase, "test.yml", 7))], sets, spelling.plain).find(Words(text.normal))
    start, end = text.span(text.token_at(match.start), text.token_at(match.end - 1) + 1)
    assert message[start:end] == words


@pytest.mark.parametrize("beside", [[], ["pain at rest"]])
def test_an_item_of_a_set_ends_where_it_does_alone(beside: list[str]) -> None:
    """Whatever else the set holds: what content staff add to it changes nothing about the others."""
    spelling = load_rules().spelling
    text = Words(read_text("pain at night every night", spelling).normal)
    phrase = ("label", Phrase("<night>", "test.yml", 7))
    (match,) = PhraseSet([phrase], {"night": ["pain ..4 night", *beside]}, spelling.plain).find(text)
    assert match.end == text.offsets[text.words.index(SENTENCE_END, 1)]


@pytest.mark.parametrize("message", ["PVR 80 then 450", "PVR 1.2.3", "PVR 80, 90 and 450"])
def test_the_first_number_decides(message: str) -> None:
    """A later one within the limits is the number of something else."""
    assert not found("pvr ..3 #100-900", message)


@given(st.text(alphabet="ab ,.:1", max_size=60))
def test_no_text_breaks_a_phrase(message: str) -> None:
    """Whatever a text is made of, a match lies within it."""
    spelling = load_rules().spelling
    text = Words(read_text(message, spelling).normal)
    phrases = ["a ...3 b", "(a) (b) a", "[a|b] ~~2 #1-11", "^ a", "!b a", "a* ..2 <end>"]
    ready = PhraseSet(
        [("label", Phrase(one, "test.yml", 1)) for one in phrases], {"end": ["b", "b a", "1"]}, spelling.plain
    )
    for match in ready.find(text):
        assert 0 < match.start < match.end <= text.offsets[-2]


def test_a_named_set_stands_for_its_items() -> None:
    """A set is written once and used by name."""
    assert found("weak <limb>", "weak lower limb", {"limb": ["leg", "lower limb"]})


@pytest.mark.parametrize("phrase", ["<nothing>", "[a|b", "a)", "(only optional)"])
def test_a_bad_phrase_names_file_and_line(phrase: str) -> None:
    """What cannot be read is reported with its place."""
    with pytest.raises(PhraseError, match=r"test\.yml:7"):
        PhraseSet([("label", Phrase(phrase, "test.yml", 7))], {}, str)
