"""What a message only supposes is read as such."""

from __future__ import annotations

import pytest

from nlu.reader import default_reader
from nlu.suppositions import alarms, asks_throughout, supposed_facts, supposes


@pytest.mark.parametrize(
    ("message", "fact", "value"),
    [
        ("and if the MRI showed no edema?", "marrow_edema", "absent"),
        ("same patient without cancer", "cancer_history", "absent"),
        ("what would change with a prior kyphoplasty", "prior_procedure", "augmentation"),
        ("what if it was an MVC", "mechanism", "high_energy"),
        ("if the pain was only at night?", "pain_character", "non_mechanical"),
        ("now imagine the fracture is pathologic", "etiology", "pathologic"),
        ("and if there were new leg weakness?", "neuro_status", "deficit"),
        ("assume no prior procedure", "prior_procedure", "none"),
        ("would a lymphoma in her past change anything?", "cancer_history", "present"),
        ("how would spiking temps and a CRP of 160 alter the picture", "infection_signs", "present"),
        ("take her lymphoma away - same answer?", "cancer_history", "absent"),
        ("cleft on the repeat MRI, what then", "marrow_edema", "present"),
        ("what would an MRI without edema do to her category", "marrow_edema", "absent"),
        ("would it be any different without that cement", "prior_procedure", "none"),
        ("were the biopsy to say metastasis, which options would I have", "etiology", "pathologic"),
        ("imagine that his pain had remained stable", "clinical_course", "persistent"),
        ("and had T12 been cemented before?", "procedure_level", "T12"),
        ("forget the old fusion, what would you say then", "prior_procedure", "none"),
        ("does it matter if he had cancer", "cancer_history", "present"),
        ("does it make a difference whether she'd had cement at L4", "prior_procedure", "augmentation"),
        ("say T8 and T9 had never been broken", "prior_fracture", "absent"),
        ("what if the film was clean", "fracture_status", "suspected"),
        ("and w/o the kypho?", "prior_procedure", "none"),
        ("I wonder what you would suggest if an MRI then showed marrow edema", "marrow_edema", "present"),
        ("Should T8 start to hurt in the meantime, would another list apply?", "symptoms", "symptomatic"),
        ("suppose path on L1 = adeno and we're past imaging", "etiology", "pathologic"),
        ("What if she had neither the fusion nor any edema on the MRI?", "prior_procedure", "none"),
    ],
)
def test_a_supposition_is_read(message: str, fact: str, value: str) -> None:
    """The words that open it are no condition any more, and the rest is read."""
    reader = default_reader()
    assert supposed_facts(reader, reader.read(message))[fact] == value


def test_a_mere_guess_at_an_emergency_supposes_none() -> None:
    """What only the learned reader hardly believes possible is not made the outcome of a supposition."""
    reader = default_reader()
    supposed = supposed_facts(reader, reader.read("say the fracture was 3 months old and deteriorating"))
    assert supposed["clinical_course"] == "worsening"
    assert "neuro_status" not in supposed


def test_a_long_message_supposes_nothing() -> None:
    """A message that tells a case is more than a supposition."""
    reader = default_reader()
    assert supposed_facts(reader, reader.read("what if she has cancer " + "and pain in her back " * 10)) == {}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("would a fever change anything?", True),
        ("staph in the blood cultures, hypothetically speaking", True),
        ("she has had lymphoma", False),
        ("72F, new L1 fracture, no cancer. Would you scan her?", False),
    ],
)
def test_words_around_a_message_make_it_a_supposition(message: str, expected: bool) -> None:
    """At its beginning or its end; a question about the plan is none."""
    assert supposes(default_reader().read(message)) is expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("how would a fever of 39 alter the picture", False),
        ("staph in the blood cultures, hypothetically speaking", False),
        ("fever of 39 since this morning, what then?", True),
        ("what about her new leg weakness?", True),
        ("does it matter that she has new leg weakness", True),
        ("ignore the fusion, but what about the new foot drop", True),
        ("she has a fever of 39 and back pain, would that change anything?", True),
    ],
)
def test_an_emergency_alarms_unless_it_is_plainly_supposed(message: str, expected: bool) -> None:
    """Words that merely end a message do not make a told fever an imagined one."""
    assert alarms(default_reader().read(message)) is expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("and a painful T9 without edema on MRI?", True),
        ("She had lymphoma in 2014, does it matter?", False),
        ("No edema on MRI. And now?", False),
    ],
)
def test_facts_that_stand_only_in_questions_are_told_apart(message: str, expected: bool) -> None:
    """A sentence that begins by telling of the patient tells, whatever its end."""
    assert asks_throughout(default_reader().read(message)) is expected
