"""What the conversations of the benchmark say. Each is a patient of an age and a level of their own, so that a fact of
one in another would be seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

CASES = (
    "{age}F with severe osteoporosis, L2 vertebroplasty two years ago. New {level} compression fracture on x-ray "
    "after a minor fall, three weeks of disabling back pain. How should I treat it?",
    "{age}-year-old woman, breast cancer 2014, new {level} compression fracture on x-ray, pain on standing. Neuro "
    "intact. Which imaging next?",
    "{age}M, no trauma, {level} wedge fracture found on a chest CT for cough. No back pain, no cancer, never had spine "
    "surgery. What next?",
    "Patient is {age}, known {level} fracture from a fall five months ago on XR, brace and calcitonin, kyphosis and "
    "pain getting worse. MRI never done, neuro intact, no cancer, no prior spine procedure. Treatment options?",
    "{age} yo woman with myeloma, painful lytic {level} collapse, no weakness, sphincters fine. Is radiation or "
    "cement the better choice?",
    "{age}M fell off a ladder ten days ago, {level} burst fracture on CT, MRI with edema, opioids no help, no deficit, "
    "no cancer. How do I treat?",
)
REPLIES = (
    "no weakness or numbness, bladder and bowels fine",
    "never had cancer",
    "why",
    "is ablation reasonable here?",
    "next steps",
    "what about PET",
    "show variant 6",
    "and if the MRI showed no edema?",
    "what did you assume",
    "pitfalls",
    "she now tells me her legs feel weak since this morning",
    "correction: no new deficit",
    "why not variant 6",
    "summarize for the chart",
)
LEVELS = ("T7", "T8", "T9", "T10", "T11", "T12", "L1", "L3", "L4", "L5")
YOUNGEST, OLDEST = 52, 95
"""Years."""


def patient(number: int) -> tuple[int, str]:
    """Age and level of the patient of the conversation `number`; the same for no other within hundreds."""
    return YOUNGEST + number % (OLDEST - YOUNGEST), LEVELS[number % len(LEVELS)]


def messages(number: int, turns: int) -> Iterator[str]:
    """The messages of the conversation `number`."""
    age, level = patient(number)
    yield CASES[number % len(CASES)].format(age=age, level=level)
    start = number % 3
    replies = [*REPLIES[:2], *REPLIES[2 + start :], *REPLIES[2 : 2 + start]]
    yield from islice(cycle(replies), turns - 1)
