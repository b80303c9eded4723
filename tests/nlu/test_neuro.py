"""Neurologic red flags: what reads as a deficit, what as intact, and what raises no alarm."""

from __future__ import annotations

import pytest

from nlu.reader import facts_of

NOTHING = "nothing"


def status(text: str) -> str | None:
    """The neuro_status read from `text`: a value, None if only possible, NOTHING if not mentioned."""
    return next((fact.value for fact in facts_of(text) if fact.fact == "neuro_status"), NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "Both thighs feel weaker each morning since the collapse.",
        "His right ankle dorsiflexion has dropped to 3/5.",
        "EHL 2/5 today, 5/5 on admission",
        "She can no longer lift her left foot off the floor.",
        "Her legs no longer hold her.",
        "his knees no longer hold",
        "legs like jelly since the weekend",
        "Her knees keep buckling on the stairs this week.",
        "He can't kick his legs any more in bed.",
        "new bilateral leg weakness",
        "The soles of both feet are numb since Tuesday.",
        "can't feel the floor under my feet anymore",
        "He scalded his foot in the bath and did not notice.",
        "sensory level at T8, new",
        "Saddle area feels dead, L1 fracture",
        "does not feel the toilet paper when wiping",
        "hasn't passed urine for 14 hours, bladder scan 820 ml",
        "PVR 350, previously 20",
        "She wets herself without noticing since Thursday.",
        "anal tone lax on rectal exam",
        "soiled himself twice without feeling it",
        "walks like drunk since three days",
        "now on a frame, was hillwalking in August",
        "gait wide-based and unsteady, new",
        "TUG 12 → 30 s within a week",
        "upgoing plantars and sustained clonus, T7 fracture",
        "Hoffmann positive bilaterally, hands clumsy for 3 weeks",
        "MSCC confirmed on MRI, legs going",
    ],
)
def test_a_deficit_is_read(text: str) -> None:
    """Minimum functionality: each domain, in clinical and everyday words."""
    assert status(text) == "deficit"


@pytest.mark.parametrize(
    "text",
    [
        "Normal neuro exam.",
        "Normal neurology.",
        "neurologically she is fine",
        "neuro: intact",
        "nonfocal exam",
        "motor 5/5, SILT",
        "No weakness, numbness or sphincter disturbance.",
        "ROS: denies fever, saddle anesthesia, urinary retention, leg weakness or numbness.",
        "no weakness/numbness, continent",
        "Limb weakness: none. Numbness: none.",
    ],
)
def test_an_intact_examination_is_read(text: str) -> None:
    """Minimum functionality: overall statements, lists under one denial, form entries."""
    assert status(text) == "intact"


@pytest.mark.parametrize("text", ["Legs strong.", "Pain at L1 on standing up.", "T12 wedge fracture, osteoporosis."])
def test_one_normal_domain_or_none_is_not_intact(text: str) -> None:
    """Strong legs alone say nothing of sensation or sphincters."""
    assert status(text) == NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "If she develops leg weakness or incontinence she should come straight back.",
        "Consent covers paralysis and incontinence.",
        "Would new foot drop change the plan?",
        "What is the definition of myelopathy?",
        "How common is urinary retention after vertebroplasty?",
        "Is there literature on foot drop after kyphoplasty?",
        "Brother paralysed after a spinal metastasis. Patient: no deficit.",
        "Her husband has a foot drop. She herself has no symptoms in the legs.",
        "Transient leg weakness in 2011, fully recovered.",
        "Had urinary retention after a hip replacement in 2015, resolved. Voids normally now.",
        "Foot drop since 1998, unchanged.",
        "Left arm weak since the stroke in 2009, no different now.",
        "urge incontinence for a decade, same as ever",
        "The evidence for bracing is weak.",
        "bladder cancer 2014, in remission",
        "numbing patch helps a little",
        "Weak opioid tried without benefit.",
        "Cement leakage into the disc, asymptomatic.",
        "Fluid retention on prednisolone.",
        "walks slowly because of pain, power full",
        "Cord not compressed, conus normal.",
        "An incidental T7 fracture; she does not feel it at all, zero pain.",
    ],
)
def test_no_false_alarm(text: str) -> None:
    """Hypothetical, asked in general, another person's, over, unchanged, or another meaning of the word."""
    assert status(text) in ("intact", NOTHING)


@pytest.mark.parametrize(
    "flag", ["She cannot feel her left foot since yesterday.", "New left foot drop.", "In retention since last night."]
)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "Neuro exam normal last week. {}",
        "No incontinence before. {}",
        "{} Pain 4/10, afebrile.",
        "Film in 2019 normal. {}",
    ],
)
def test_what_stands_beside_changes_nothing(flag: str, around: str) -> None:
    """Invariance: a deficit is read whatever else the message tells."""
    assert status(around.format(flag)) == "deficit"


@pytest.mark.parametrize(
    ("calm", "alarm"),
    [
        ("No leg weakness.", "No incontinence, but the right leg gives way since Monday."),
        ("Neuro intact.", "Neuro intact apart from a new left foot drop."),
        (
            "Left arm weak since the stroke in 2009, unchanged.",
            "old stroke with a weak left arm, now both legs newly weak",
        ),
        ("PVR 30 ml, no retention.", "PVR 430 ml"),
        ("Power 5/5 throughout, sensation intact.", "Power 3/5 in the left leg, sensation intact."),
        ("Denies numbness and weakness.", "Denies weakness but cannot feel her left foot since yesterday."),
        ("Babinski negative, no clonus.", "Babinski positive, clonus."),
    ],
)
def test_a_change_of_words_turns_the_reading(calm: str, alarm: str) -> None:
    """Directional: the second message adds a deficit to the first."""
    assert status(calm) != "deficit"
    assert status(alarm) == "deficit"


@pytest.mark.parametrize("text", ["possible foot drop", "?saddle numbness"])
def test_a_possible_deficit_is_asked_for(text: str) -> None:
    """Only possible: neither deficit nor intact."""
    assert status(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "If she cannot pass water after the injection, whom do we call?",
        "Discharge precautions: new weakness, numbness, incontinence.",
        "In case his legs give way, the wheelchair stands by.",
        "Could I become paralysed from this?",
        "I am preparing a lecture on cauda equina syndrome.",
        "My last patient today had a foot drop, this one does not.",
        "Her dog dragged its hind leg for days.",
        "(-) weakness (-) numbness (-) incontinence",
        "Foot drop? Refuted on examination.",
        "Left leg gave way once at work. Never again.",
        "Perianal numbness since the rectal operation in 2012, not changing.",
        "The left knee gave way from a stab of back pain, power 5/5.",
        "Holds on to furniture because standing hurts; gait normal.",
        "The dressing leaks.",
        "legs do not buckle, feet do not tingle",
    ],
)
def test_no_false_alarm_from_what_surrounds(text: str) -> None:
    """Conditions, lessons, others, after-thoughts, pain with full power, and negated verbs."""
    assert status(text) not in ("deficit",)


@pytest.mark.parametrize(
    "text",
    [
        "My mum's legs have gone to jelly, she can't get up from the chair.",
        "Carried in by his two sons, legs 2/5.",
        "Power in the legs: right leg has dropped from 5 to 3.",
        "Left hip flexion lost one grade since Monday.",
        "Clonus 4 beats on the left, none at baseline.",
        "Residual 90, 240, 410 over three days.",
        "Legs normal, saddle normal, but no urge to pass urine any more.",
        "heaviness of both legs, 4/5, not pain inhibited",
        "Strength normal, but he staggers since Tuesday.",
        "Denies weakness, admits to a numb groin since yesterday.",
    ],
)
def test_a_deficit_is_read_in_spite_of_what_surrounds(text: str) -> None:
    """Reported by the family, measured, or beside normal findings of another domain."""
    assert status(text) == "deficit"


def test_a_failing_beside_a_normal_examination_is_asked_for() -> None:
    """Words of everyday failing and an examination against them: neither deficit nor intact."""
    assert status("His leg gives way at times. Power 5/5.") is None


@pytest.mark.parametrize(
    "text",
    [
        "She has never lost control of bladder or bowel.",
        "Neither knee has given way.",
        "Legs have not given way so far.",
        "He has never wet himself.",
        "ROS: neg fever, wt loss, bowel/bladder change.",
        "No one saw her drag a foot, neither foot drags.",
        "'Ongoing' no longer holds: since Friday the pain is well under control.",
    ],
)
def test_what_the_body_does_not_do_is_no_deficit(text: str) -> None:
    """A verb that is denied reports nothing."""
    assert status(text) != "deficit"


@pytest.mark.parametrize(
    "text",
    ["Can no longer lift the foot.", "No, she has wet herself twice today.", "He never feels the stool pass anymore."],
)
def test_a_denial_that_is_the_deficit_counts(text: str) -> None:
    """A "no" or "never" beside a failing does not take it away."""
    assert status(text) == "deficit"
