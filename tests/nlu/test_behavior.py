"""CheckList-style tests of reading, by capability: minimum functionality, invariance, direction.

After Ribeiro et al., "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList" (ACL 2020).
"""

from __future__ import annotations

import random
import re

import pytest

from tests.nlu.test_facts import read

MINIMUM = {
    ("decision", "imaging"): ["Which scan next?", "MRI or CT first?", "What imaging would you order now?"],
    ("decision", "treatment"): ["How should we treat this?", "Cement or brace?", "Is she a candidate for kyphoplasty?"],
    ("fracture_status", "new"): ["New L1 compression fracture on today's CT.", "X-ray: acute T12 wedge fracture."],
    ("fracture_status", "known"): ["L1 fracture diagnosed 3 months ago.", "Known T12 VCF, followed since March."],
    ("fracture_status", "suspected"): [
        "Back pain after a fall, no films yet, ?fracture.",
        "I suspect a vertebral fracture.",
    ],
    ("symptoms", "symptomatic"): [
        "Severe low back pain.",
        "Her back is killing her.",
        "Tender over L1, hurts on standing.",
    ],
    ("symptoms", "asymptomatic"): [
        "No back pain at all.",
        "He has no symptoms from his spine.",
        "Asymptomatic L1 VCF.",
    ],
    ("cancer_history", "present"): ["h/o breast ca 2015.", "Known multiple myeloma.", "Prostate cancer, on ADT."],
    ("cancer_history", "absent"): ["No history of cancer.", "Malignancy: none.", "ca -ve"],
    ("etiology", "osteoporotic"): [
        "Osteoporotic L1 fracture.",
        "Biopsy: osteoporotic bone, no tumor.",
        "Insufficiency fracture T9.",
    ],
    ("etiology", "pathologic"): [
        "Pathologic fracture of T8.",
        "Biopsy of L2 shows metastasis.",
        "Lytic metastatic L3 fracture.",
    ],
    ("etiology", "undetermined"): ["Cause of the fracture unclear.", "Benign or malignant cannot be told on CT."],
    ("pain_character", "mechanical"): ["Pain worse on standing, better lying down.", "Hurts only with movement."],
    ("pain_character", "non_mechanical"): ["Constant pain, worst at night, not changed by position."],
    ("pain_character", "radicular"): ["Pain shooting down the leg in an L4 dermatome only."],
    ("clinical_course", "worsening"): [
        "Pain getting worse every day.",
        "Kyphosis has increased from 15 to 30 degrees.",
    ],
    ("clinical_course", "persistent"): ["Pain unchanged for six weeks.", "Back pain persists despite a brace."],
    ("clinical_course", "controlled"): ["Pain well controlled on paracetamol.", "Back pain is improving week by week."],
    ("marrow_edema", "present"): ["MRI: marrow edema in L1.", "STIR bright at T12.", "Fluid-filled cleft on MRI."],
    ("marrow_edema", "absent"): ["MRI shows no edema.", "STIR negative, no cleft."],
    ("marrow_edema", "not_assessed"): ["No MRI so far.", "MRI not done."],
    ("prior_procedure", "none"): ["No previous cement or spinal surgery.", "Never had a spine procedure."],
    ("prior_procedure", "augmentation"): ["Kyphoplasty of L2 in 2021.", "s/p vertebroplasty T12."],
    ("prior_procedure", "surgery"): ["Lumbar fusion L4-S1 in 2015.", "Previous laminectomy."],
    ("prior_fracture", "present"): ["Old healed fracture of T9.", "Third vertebral fracture for her."],
    ("prior_fracture", "absent"): ["No previous vertebral fracture.", "Her first vertebral fracture."],
    ("neuro_status", "intact"): [
        "Neuro intact.",
        "Motor 5/5, SILT, reflexes 2+, no incontinence.",
        "No neurologic deficit.",
    ],
    ("neuro_status", "deficit"): [
        "New leg weakness since Tuesday.",
        "Cannot feel herself wipe.",
        "PVR 450 ml, new retention.",
    ],
    ("mechanism", "low_energy"): ["Fell from standing height.", "Pain after lifting a laundry basket."],
    ("mechanism", "high_energy"): ["Thrown from a motorcycle at speed.", "Fell 5 meters off a roof."],
    ("infection_signs", "present"): ["Fever 39 with back pain.", "CRP 180, blood cultures grew staph aureus."],
    ("infection_signs", "absent"): ["No fever, CRP normal.", "Afebrile, no sign of infection."],
    ("adult", "yes"): ["72F.", "A 45-year-old man."],
    ("adult", "no"): ["A 14-year-old girl.", "12 yo boy."],
}


@pytest.mark.parametrize(
    ("fact", "value", "text"), [(*key, text) for key, texts in MINIMUM.items() for text in texts], ids=lambda item: item
)
def test_every_value_is_read_in_its_plainest_words(fact: str, value: str, text: str) -> None:
    """Minimum functionality: every value of every deciding fact, said as plainly as can be."""
    assert read(text).get(fact) == value


CASES = [
    "72F with severe low back pain after a fall from standing height. New T8 compression fracture on x-ray today. "
    "No history of cancer. No neurologic deficit. Which imaging next?",
    "81M, osteoporotic T8 fracture diagnosed 3 months ago. Pain getting worse every day, worse on standing. "
    "MRI shows marrow edema. No previous spinal surgery or vertebroplasty. How should we treat this?",
    "64F with metastatic breast cancer. Pathologic fracture of T8 on CT. Pain on standing, unchanged for six weeks. "
    "Strength and sensation are normal, bladder and bowel normal. What treatment do you recommend?",
    "77M with a kyphoplasty of L2 in 2021. New osteoporotic fracture of T8 on MRI with edema. "
    "He has back pain. No cancer. Neurologically intact. Treatment?",
    "58F, lymphoma in remission. Incidental T8 compression fracture on CT, new since 2020. No back pain at all. "
    "No neurologic deficit. Is further imaging needed?",
]
SYNONYMS = (
    ("fracture", "fx"),
    ("compression fracture", "VCF"),
    ("x-ray", "plain film"),
    ("kyphoplasty", "balloon kyphoplasty"),
    ("edema", "oedema"),
    ("back pain", "backache"),
    ("cancer", "malignancy"),
    ("72F", "72-year-old woman"),
    ("surgery", "operation"),
    ("treat this", "manage this"),
)
PARTICULARS = frozenset(("level", "procedure_level", "age", "sex", "cancer_type", "duration"))
"""What a change of words may change."""


def deciding(text: str) -> dict[str, str]:
    """What `text` states, without the level and other particulars."""
    return {fact: value for fact, value in read(text).items() if fact not in PARTICULARS}


@pytest.mark.parametrize(
    ("text", "word", "other"), [(text, *pair) for text in CASES for pair in SYNONYMS if pair[0] in text]
)
def test_a_synonym_changes_nothing(text: str, word: str, other: str) -> None:
    """Invariance: another word for the same."""
    assert deciding(text.replace(word, other)) == deciding(text)


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("level", ["T9", "T12", "L1", "L4", "D8", "th 8"])
def test_another_level_changes_nothing_else(text: str, level: str) -> None:
    """Invariance: the same at another level."""
    assert deciding(text.replace("T8", level)) == deciding(text)


@pytest.mark.parametrize("text", CASES)
def test_casing_changes_nothing(text: str) -> None:
    """Invariance: all capitals, as dictation systems write."""
    assert deciding(text.upper()) == deciding(text)


@pytest.mark.parametrize("text", CASES)
def test_order_of_sentences_changes_nothing(text: str) -> None:
    """Invariance: what is told first may be told last; the question stays at the end."""
    *told, question = re.split(r"(?<=[.?]) ", text)
    rest = told[1:]
    assert deciding(" ".join([told[0], *reversed(rest), question])) == deciding(text)


@pytest.mark.parametrize("text", CASES)
def test_lines_change_nothing(text: str) -> None:
    """Invariance: a sentence a line, as pasted notes have it."""
    assert deciding(re.sub(r"(?<=[.?]) ", "\n", text)) == deciding(text)


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("seed", range(5))
def test_a_typo_changes_nothing(text: str, seed: int) -> None:
    """Invariance: two letters swapped within a long word."""
    generator = random.Random(seed)
    words = list(re.finditer(r"[a-z]{8,}", text))
    word = generator.choice(words)
    place = word.start() + generator.randrange(2, 5)
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assert deciding(swapped) == deciding(text)


@pytest.mark.parametrize(
    ("said", "denied", "fact", "values"),
    [
        ("There is edema on MRI.", "There is no edema on MRI.", "marrow_edema", ("present", "absent")),
        (
            "She has cancer in her history.",
            "She has no cancer in her history.",
            "cancer_history",
            ("present", "absent"),
        ),
        ("New leg weakness.", "No leg weakness, sensation and gait normal.", "neuro_status", ("deficit", "intact")),
        ("Fever with the back pain.", "No fever with the back pain.", "infection_signs", ("present", "absent")),
        ("She has back pain.", "She has no back pain.", "symptoms", ("symptomatic", "asymptomatic")),
        ("Had a vertebral fracture before.", "No vertebral fracture before.", "prior_fracture", ("present", "absent")),
        ("Had a vertebroplasty before.", "Had no vertebroplasty before.", "prior_procedure", ("augmentation", "none")),
    ],
)
def test_a_no_turns_the_reading(said: str, denied: str, fact: str, values: tuple[str, str]) -> None:
    """Direction: the denial of a fact is its other value."""
    assert (read(said)[fact], read(denied)[fact]) == values


@pytest.mark.parametrize(
    "remark",
    [
        "Family says it is nothing.",
        "She thinks it is her age.",
        "Probably anxious.",
        "The nurse is not worried.",
        "GP says wait and see.",
        "No fever, no cancer.",
        "She walks to the shop every day otherwise.",
        "Physio blames the arthritis.",
    ],
)
@pytest.mark.parametrize(
    "flag",
    [
        "Both legs have been weak since yesterday.",
        "She has not passed urine since last night.",
        "Numb between the legs.",
    ],
)
def test_playing_it_down_never_lowers_the_urgency(flag: str, remark: str) -> None:
    """Direction: no remark beside a deficit makes it less, before it or after it."""
    assert read(f"{flag} {remark}")["neuro_status"] == "deficit"
    assert read(f"{remark} {flag}")["neuro_status"] == "deficit"
