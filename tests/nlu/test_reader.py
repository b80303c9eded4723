"""The reader on any text: it never fails, and what it reads stands where it says."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.reader import default_reader
from service.settings import ROOT

FRAGMENTS = (
    "72F", "new T12 VCF", "no", "cancer", "weak legs", "since yesterday", "?", ".", "\n", "T11-12", "kyphoplasty", "L2",
    "denies", "5/5", "MRI", "edema", "h/o", "'17", "(", "#", "½", "腰痛", "😀", "\x00", "pain", "PMH:", "father",
    "if", "§", "¶",
)  # fmt: skip


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_spans_index_it(text: str) -> None:
    """Arbitrary text never fails, and every fact's span is the words it claims."""
    for fact in default_reader().read(text).facts:
        assert text[fact.start : fact.end] == fact.words


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(" ".join))
@settings(max_examples=400, deadline=None)
def test_clinical_fragments_in_any_order_are_read(text: str) -> None:
    """Clinical words in any order never fail, and give each fact once with a true span."""
    facts = default_reader().read(text).facts
    assert len({fact.fact for fact in facts}) == len(facts)
    for fact in facts:
        assert text[fact.start : fact.end] == fact.words


@given(st.text(alphabet="abc xyz.,?\n", max_size=80))
@settings(max_examples=100, deadline=None)
def test_reading_is_the_same_every_time(text: str) -> None:
    """The same text gives the same facts."""
    assert default_reader().read(text).facts == default_reader().read(text).facts


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "😀😀😀", "<script>alert(1)</script>", "SELECT * FROM patients; --", "IMG_2041.jpg"]
)
def test_texts_without_a_case_give_no_fact(text: str) -> None:
    """Nothing is read from what says nothing."""
    assert not default_reader().read(text).facts


def test_case_of_letters_changes_nothing() -> None:
    """Upper case and lower case read alike."""
    text = "new t12 compression fracture on xray, no cancer, neuro intact"
    read = {fact.fact: fact.value for fact in default_reader().read(text).facts}
    assert read == {fact.fact: fact.value for fact in default_reader().read(text.upper()).facts}


@pytest.mark.parametrize("piece", ["\n", "a", "weak legs ", "72F ", "(", "no weakness. ", "T12 "])
def test_the_longest_message_takes_no_longer_than_it_must(piece: str) -> None:
    """Twenty thousand characters of one thing take seconds: twice as much takes twice as long, not four times."""
    default_reader().read(piece)

    def seconds(length: int) -> float:
        begun = time.process_time()
        default_reader().read((piece * length)[:length])
        return time.process_time() - begun

    assert seconds(20_000) < max(4.0, 3.0 * seconds(10_000))


FIRST_TWICE = """
import sys, time
from nlu.reader import default_reader
read = default_reader().read
read("hello")
for _ in range(2):
    begun = time.process_time()
    read(sys.argv[1])
    print(time.process_time() - begun)
"""


def test_the_first_case_after_a_start_is_read_as_fast_as_any() -> None:
    """Nothing is prepared only when a message first needs it: a clinician would wait for that."""
    case = (
        "81F, osteoporosis on denosumab, breast cancer 2009. Fell two weeks ago; x-ray shows a new L1 compression "
        "fracture, 40% height loss. Pain on standing, eased by lying down. No weakness, sphincters normal. MRI: edema."
    )
    done = subprocess.run(
        [sys.executable, "-c", FIRST_TWICE, case], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, again = map(float, done.stdout.split())
    assert first < 0.2 + 5 * again
