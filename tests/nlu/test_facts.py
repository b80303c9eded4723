"""What the reader makes of short messages: plain cases, rewordings that must not matter, changes that must."""

from __future__ import annotations

import pytest

from nlu.reader import facts_of


def read(text: str) -> dict[str, str | None]:
    """The facts of a message by name."""
    return {mention.fact: mention.value for mention in facts_of(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hx of renal cell carcinoma s/p nephrectomy 2018", "present"),
        ("DLBCL in CR", "present"),
        ("he is on enzalutamide and has bony metastases", "present"),
        ("no fever, breast ca 2010 treated with mastectomy", "present"),
        ("breast cancer survivor", "present"),
        ("She has never been diagnosed with cancer", "absent"),
        ("cancer hx negative", "absent"),
        ("Not known to have any malignancy", "absent"),
        ("Sister with myeloma, patient herself no malignancy", "absent"),
        ("Her brother has prostate cancer; no cancer of her own", "absent"),
        ("uterine fibroids and a meningioma, otherwise well", None),
        ("worried about occult malignancy", None),
        ("Her mum had breast cancer.", None),
        ("FH: father colon ca, aunt melanoma.", None),
    ],
)
def test_cancer_history(text: str, expected: str | None) -> None:
    """A cancer counts if it is the patient's own; relatives, benign tumors and worries do not."""
    assert read(text).get("cancer_history") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CT shows an acute L1 compression fracture", "new"),
        ("Radiographs: T6 collapse, not seen on prior CT", "new"),
        ("incidentally noted T12 compression deformity", "new"),
        ("she was diagnosed with a T12 compression fracture in June", "known"),
        ("Known T12 compression fracture, follow-up", "known"),
        ("T12 VCF diagnosed 3 months ago, still in brace", "known"),
        ("back pain after a fall, ?fracture, no x-rays yet", "suspected"),
        ("No imaging has been performed", "suspected"),
        ("no new fracture", None),
    ],
)
def test_fracture_status(text: str, expected: str | None) -> None:
    """New on imaging, known before, or only suspected."""
    assert read(text).get("fracture_status") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("previous VCF at T8 five years ago", "present"),
        ("This is her second vertebral fracture", "present"),
        ("multiple old osteoporotic fractures T7-T9, new L2 fracture", "present"),
        ("no history of vertebral fractures", "absent"),
        ("first ever vertebral fracture", "absent"),
        ("No previous spinal intervention", None),
    ],
)
def test_prior_fracture(text: str, expected: str | None) -> None:
    """An earlier fracture beside the present one."""
    assert read(text).get("prior_fracture") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L2 fragility fracture", "osteoporotic"),
        ("steroid-induced T9 crush fracture", "osteoporotic"),
        ("Biopsy was negative for malignancy, osteoporotic", "osteoporotic"),
        ("malignant vertebral compression fracture at T5", "pathologic"),
        ("vertebra infiltrated by lymphoma with collapse", "pathologic"),
        ("Biopsy confirmed metastatic adenocarcinoma at L2 with collapse", "pathologic"),
        ("L3 fracture, cause unclear", "undetermined"),
        ("Radiology could not differentiate benign from malignant collapse", "undetermined"),
        ("Likely osteoporotic fracture of L1 but mets not excluded", "undetermined"),
        ("CT: compression fractures of T11 and T12 of indeterminate age", None),
    ],
)
def test_etiology(text: str, expected: str | None) -> None:
    """The cause as the workup shows it; a hedge leaves it open, an uncertain age is no uncertain cause."""
    assert read(text).get("etiology") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("does not have any back pain", "asymptomatic"),
        ("Completely asymptomatic.", "asymptomatic"),
        ("complains of severe mid back pain", "symptomatic"),
        ("No longer in pain since June", "asymptomatic"),
    ],
)
def test_symptoms(text: str, expected: str) -> None:
    """Pain now, or none."""
    assert read(text).get("symptoms") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pain is worse on standing and walking, eased by lying", "mechanical"),
        ("standing makes it worse", "mechanical"),
        ("no night pain, worse with activity", "mechanical"),
        ("The pain is constant, worse at night, wakes him from sleep", "non_mechanical"),
        ("Pain is not related to movement", "non_mechanical"),
        ("Shooting pain down the left leg only, no back pain", "radicular"),
    ],
)
def test_pain_character(text: str, expected: str) -> None:
    """What the pain depends on."""
    assert read(text).get("pain_character") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pain is getting worse every week", "worsening"),
        ("VAS was 5 now 9", "worsening"),
        ("increasing kyphosis and further loss of height", "worsening"),
        ("pain unchanged since diagnosis", "persistent"),
        ("Her pain is well controlled with simple analgesia", "controlled"),
        ("pain from 9/10 down to 3/10 with tablets", "controlled"),
        ("Pain is worse on standing", None),
        ("Paracetamol in triage, pain 8 → 5", None),
        ("left arm weakness from a stroke, unchanged", None),
    ],
)
def test_clinical_course(text: str, expected: str | None) -> None:
    """How pain and deformity go on, not what provokes them and not how other things go."""
    assert read(text).get("clinical_course") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bone oedema T12 and L1", "present"),
        ("MRI L1: high signal on STIR within the body", "present"),
        ("fluid-filled vacuum cleft in L1", "present"),
        ("No bone marrow oedema on MRI", "absent"),
        ("STIR negative", "absent"),
        ("MRI not done yet because of pacemaker", "not_assessed"),
        ("has not had MRI", "not_assessed"),
        ("ankle oedema", None),
    ],
)
def test_marrow_edema(text: str, expected: str | None) -> None:
    """Edema or a cleft on MRI, none, or no MRI."""
    assert read(text).get("marrow_edema") == expected


@pytest.mark.parametrize(
    ("text", "procedure", "level"),
    [
        ("s/p L1 vertebroplasty 3 months ago, recurrent pain at L1", "augmentation", "same"),
        ("Previous kyphoplasty at L2 in 2019, now new L1 fracture", "augmentation", "different"),
        ("s/p T11-L1 fusion, new T12 fracture", "surgery", "same"),
        ("new fracture adjacent to the cemented vertebra", "augmentation", "different"),
        ("Vertebroplasty L2 2019 and L3 2020. Now recurrent pain at L3.", "augmentation", "same"),
        ("no prior back surgery or cement augmentation", "none", None),
        ("the cement went into T11 and not into L4", "augmentation", None),
        ("there is cement in T11 rather than in L4", "augmentation", None),
        ("Her husband had a kyphoplasty last year.", None, None),
        ("Would she be a candidate for kyphoplasty?", None, None),
        ("We plan to do a vertebroplasty of L2 next week", None, None),
    ],
)
def test_prior_procedure(text: str, procedure: str | None, level: str | None) -> None:
    """What was done to this spine, and whether at the level in question."""
    facts = read(text)
    assert (facts.get("prior_procedure"), facts.get("prior_procedure_level")) == (procedure, level)


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        ("fell 5 metres from scaffolding", "mechanism", "high_energy"),
        ("high-speed road traffic collision", "mechanism", "high_energy"),
        ("tripped over the cat", "mechanism", "low_energy"),
        ("no antecedent trauma", "mechanism", "low_energy"),
        ("CT chest for cough", "mechanism", None),
        ("T 38.9, CRP 150", "infection_signs", "present"),
        ("ROS: denies fever, chills, weight loss", "infection_signs", "absent"),
        ("82-year-old with fever of 38.5", "infection_signs", "present"),
        ("Return if fever develops.", "infection_signs", None),
        ("seventy-two-year-old woman", "adult", "yes"),
        ("girl aged 12", "adult", "no"),
        ("fracture found 3 yrs ago", "adult", None),
        ("her father died at 65", "age", None),
        ("6 week history of low back pain", "duration", "42"),
        ("compression fracture at L2 with instability", "level", "L2"),
        ("5 mm retropulsion, INR 2.3", "augmentation_contraindication", "present"),
        ("5 mm retropulsion, INR 2.3", "retropulsion", "present"),
        ("pain persists despite bracing", "conservative_failure", "present"),
        ("severe back pain", "pain_severity", "severe"),
        ("back pain 2 weeks", "pain_severity", None),
        ("back pain 8 days", "pain_severity", None),
        ("pain 8 on standing", "pain_severity", "severe"),
        ("known osteoporosis", "osteoporosis", "present"),
    ],
)
def test_other_facts(text: str, fact: str, expected: str | None) -> None:
    """Mechanism, infection, age and what words the next steps."""
    assert read(text).get(fact) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Does she need MRI?", "imaging"),
        ("Which investigation would you recommend?", "imaging"),
        ("Please advise on management.", "treatment"),
        ("treat with kypho or brace?", "treatment"),
        ("new L3 fracture on CT, kyphoplasty?", "treatment"),
    ],
)
def test_decision(text: str, expected: str) -> None:
    """Whether a study or a treatment is asked for; where a finding was made does not count."""
    assert read(text).get("decision") == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "New T9 fracture with marrow edema, no tumor history.",
            "New T9 fracture with marrow oedema, no tumour history.",
        ),
        ("72F, new osteoporotic VCF L1, no cancer", "72F, NEW OSTEOPOROTIC VCF L1, NO CANCER"),
        ("72F. New L1 fracture. No cancer. Pain on standing.", "72F\nNew L1 fracture\nNo cancer\nPain on standing"),
        ("new L1 compression fracture, h/o breast cancer", "new L1 comp fx, h/o breast ca"),
    ],
)
def test_same_facts(one: str, other: str) -> None:
    """Spelling, case, line breaks and shorthand change no fact."""
    worded = {"cancer_type", "neuro_status"}
    first, second = read(one), read(other)
    assert {k: v for k, v in first.items() if k not in worded} == {k: v for k, v in second.items() if k not in worded}


@pytest.mark.parametrize(
    ("text", "added", "fact", "value"),
    [
        ("New T9 fracture.", " History of breast cancer.", "cancer_history", "present"),
        ("New T9 fracture.", " She has no pain from it.", "symptoms", "asymptomatic"),
        ("New T9 fracture.", " No MRI yet.", "marrow_edema", "not_assessed"),
        ("L1 vertebroplasty in 2019.", " Now pain at L1 again.", "prior_procedure_level", "same"),
        ("Osteoporotic T9 fracture.", " Actually, biopsy showed myeloma.", "etiology", "pathologic"),
    ],
)
def test_added_words(text: str, added: str, fact: str, value: str) -> None:
    """A sentence more states a fact more, or corrects it."""
    assert read(text).get(fact) != value
    assert read(text + added).get(fact) == value


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("The fusion was mislabeled. It runs T10 to L2, so the T12 sits inside the construct.", "same"),
        (
            "Prior L1 kyphoplasty. New T12 compression fracture, edema on MRI, it extends to the T12 pedicle.",
            "different",
        ),
        ("78F, kyphoplasty L1 2020. New fracture at T12. Pain in the back, it goes from T12 to L2.", "different"),
        ("vertebroplasty L3 in 2018. New T8 fracture on MRI with edema that extends from T8 to T9", "different"),
    ],
)
def test_only_hardware_and_cement_reach_where_they_treat(text: str, relation: str) -> None:
    """What is said of a fracture, of edema or of pain treats no level."""
    read = {fact.fact: fact.value for fact in facts_of(text)}
    assert read["prior_procedure_level"] == relation and read.get("fracture_status") != "known"
