"""What the reader makes of everyday wording, of requests and of numbers."""

from __future__ import annotations

import pytest

from tests.nlu.test_facts import read


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        ("XR tonight: L3 squashed", "fracture_status", "new"),
        ("T9 collapse, absent on the spring film", "fracture_status", "new"),
        ("MRI this week: L2 has freshly collapsed", "fracture_status", "new"),
        ("six weeks out from her L1 compression fracture", "fracture_status", "known"),
        ("We have known about the T8 collapse for two months", "fracture_status", "known"),
        ("Bad back since Sunday, no pictures taken so far", "fracture_status", "suspected"),
        ("? compression fracture, no XR done", "fracture_status", "suspected"),
        ("New L1 fracture on XR today; T6 wedge known since 2016", "prior_fracture", "present"),
        ("onc background negative", "cancer_history", "absent"),
        ("biopsy negative for tumor in a woman with treated colon cancer", "cancer_history", "present"),
        ("L1 collapse ? pathological fracture", "etiology", "undetermined"),
        ("tumor-driven collapse of T11 on CT", "etiology", "pathologic"),
        ("The panel judged the L3 fracture purely osteoporotic", "etiology", "osteoporotic"),
        ("her back catches when she rolls over, quiet when motionless", "pain_character", "mechanical"),
        ("no position gives any relief of the ache", "pain_character", "non_mechanical"),
        ("Pain for a month, increasing", "clinical_course", "worsening"),
        ("L2 has sunk from 30 to 55 percent", "clinical_course", "worsening"),
        ("pain no better after two months", "clinical_course", "persistent"),
        ("she copes on simple analgesia, pain nearly gone", "clinical_course", "controlled"),
        ("Her back gives her no bother", "symptoms", "asymptomatic"),
        ("cannot stand due to pain", "symptoms", "symptomatic"),
        ("MRI scanner out of service", "marrow_edema", "not_assessed"),
        ("Nobody has ever done anything to her spine", "prior_procedure", "none"),
        ("lumbar fracture, no prior surgery", "prior_procedure", "none"),
        ("plopped down hard on the toilet seat", "mechanism", "low_energy"),
        ("heaved a crate into the trunk", "mechanism", "low_energy"),
        ("knocked off her bicycle by a truck", "mechanism", "high_energy"),
        ("positive blood cultures", "infection_signs", "present"),
        ("blood cultures growing MSSA", "infection_signs", "present"),
        ("71F BACK PAIN NO CANCER NEURO INTACT WHAT IMAGING NEXT", "cancer_history", "absent"),
    ],
)
def test_everyday_wording(text: str, fact: str, expected: str) -> None:
    """What clinicians write beside the words of the books."""
    assert read(text).get(fact) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("When should I escalate?", None),
        ("What are the red flags?", None),
        ("Why?", None),
        ("What comes next?", None),
        ("How fast does radiation work?", None),
        ("What is the evidence for vertebroplasty?", None),
        ("L1 fracture, pain 8/10. brace vs cement", "treatment"),
        ("New L1 fracture on XR. next study", "imaging"),
    ],
)
def test_only_a_request_is_a_decision(text: str, expected: str | None) -> None:
    """A question about the matter decides nothing; a closing catchword does without a question mark."""
    assert read(text).get("decision") == expected


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        ("temp 102 F", "age", None),
        ("71F lumbar fracture", "duration", None),
        ("71F, 3 weeks of back pain", "duration", "21"),
        ("roofer of 46, sore back", "age", "46"),
        ("9y boy, sore back", "adult", "no"),
        ("67 y female", "age", "67"),
    ],
)
def test_numbers_of_the_patient(text: str, fact: str, expected: str | None) -> None:
    """Ages, temperatures and durations are told apart."""
    assert read(text).get(fact) == expected


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        (
            "New L1 fracture. The scheduled vertebroplasty was carried out at L3 in May.",
            "prior_procedure",
            "augmentation",
        ),
        ("New L1 fracture. The scheduled vertebroplasty was carried out at L3 in May.", "neuro_status", None),
        ("Scheduled kyphoplasty for L1 was cancelled. New L4 fracture.", "prior_procedure", None),
        ("She had vertebroplasty before her hip replacement. Now new T9 fracture.", "prior_procedure", "augmentation"),
        ("She had cement in her hip. New L4 fracture.", "prior_procedure", None),
        ("Film: cement in L2, fuzzy lower endplate. Power 5/5, sensation normal.", "neuro_status", "intact"),
        ("The neighbor vertebra has a new fracture on the film.", "fracture_status", "new"),
        ("Neighbor has cancer. New L2 fracture.", "cancer_history", None),
        ("L3 insuff frax 2021, treated conservatively.", "prior_fracture", "present"),
        ("New L2 fracture, ∅ weakness, ∅ numbness.", "neuro_status", "intact"),
        ("New L2 fracture. The lymphoma came from the wrong chart.", "cancer_history", "absent"),
        ("Wedge fracture T10, new since 2020.", "prior_fracture", None),
        ("New L2 fracture. Power 5/5, sensation normal, bowel bladder not affected.", "neuro_status", "intact"),
        ("New L2 fracture. I can't say which of the two is to blame.", "neuro_status", None),
        ("New L2 fracture, brace. RTC 6 weeks.", "mechanism", None),
        ("New L2 fracture after an RTC yesterday.", "mechanism", "high_energy"),
        ("New L2 fracture, possibly a car crash.", "mechanism", None),
        ("8-year-old girl on maintenance for ALL, new T7 wedge.", "cancer_history", "present"),
        ("Old T9 fracture. Patient requesting the cement.", "prior_procedure", None),
        ("L2 fracture. Movement hurts, in lying she is free of pain.", "symptoms", "symptomatic"),
        ("Known T7 fracture. SOB sitting.", "pain_character", None),
        ("L2 fracture on film. Sphincter tone: diminished. Baseline: normal.", "neuro_status", "deficit"),
        ("Lost power in the ward, no PACS. Painful L3 fracture.", "neuro_status", None),
        ("Polio in her 20s with weak legs, got over it entirely.", "neuro_status", None),
        ("Painful T12 fracture on x-ray, may we go straight to kyphoplasty", "decision", "treatment"),
        ("Dreadful back pain, nothing has been done yet.", "fracture_status", "suspected"),
    ],
)
def test_what_words_are_about(text: str, fact: str, expected: str | None) -> None:
    """What was planned may have been done; a word for another thing, or from another's chart, is not the patient's."""
    assert read(text).get(fact) == expected


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        ("L2 fracture, pain only standing, no edema.", "pain_character", "mechanical"),
        ("Turning over and sitting up are agony, stillness is painless.", "pain_character", "mechanical"),
        ("Turning over and sitting up are agony, stillness is painless.", "symptoms", "symptomatic"),
        ("T11 OP fx Feb, pain fully gone since May.", "symptoms", "asymptomatic"),
        ("T11 fracture in May. Back pain, leg pain: denied.", "symptoms", "asymptomatic"),
        ("Bad back since Friday, no x-ray.", "symptoms", "symptomatic"),
        ("T12 fracture from May. Her pain has gone from bearable to miserable.", "clinical_course", "worsening"),
        ("T12 fracture from May. Her pain has gone from severe to mild.", "clinical_course", "controlled"),
        ("T12 fracture from May. Not a step forward, not a step back.", "clinical_course", "persistent"),
        (
            "It hurts on standing and it is still rising despite opioids. Flat it is gone.",
            "clinical_course",
            "worsening",
        ),
        ("Stooping to tie her shoes cracked L2.", "mechanism", "low_energy"),
    ],
)
def test_pain_and_its_course(text: str, fact: str, expected: str) -> None:
    """Load, rest and the way a pain goes, in words of everyday."""
    assert read(text).get(fact) == expected


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        ("make that 15, not 51", "age", "15"),
        ("make that 3, not 6 weeks", "age", None),
        ("the core came back as lymphoma after all", "etiology", "pathologic"),
        ("T7 was a renal metastasis all along", "etiology", "pathologic"),
        ("walking and lifting do nothing to it", "pain_character", "non_mechanical"),
        ("STIR bright in T8", "decision", None),
        ("the edema was on another patient's MRI", "marrow_edema", "absent"),
    ],
)
def test_corrections_in_everyday_words(text: str, fact: str, expected: str | None) -> None:
    """What is put right later, as it is said in passing."""
    assert read(text).get(fact) == expected
