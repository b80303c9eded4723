"""The clinical reader in the pipeline: a described case is taken for one, whatever it asks or sounds like."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.evaluation.cases import OWN, vignettes

if TYPE_CHECKING:
    from rasa.core.agent import Agent

DESCRIBED = "describe_case"
LEAST = 0.99
"""Share of first messages that have to be taken for a description; the classifier alone manages less."""


def parse(agent: Agent, *texts: str) -> list[dict[str, Any]]:
    """What the pipeline makes of each message."""

    async def parse_all() -> list[dict[str, Any]]:
        return [await agent.parse_message(text) for text in texts]

    return asyncio.run(parse_all())


def test_described_cases_are_taken_for_descriptions(agent: Agent) -> None:
    """Cases of the development sets, many of which end in a question, lose nothing to a request or a supposition."""
    texts = [case.text for folder in sorted(OWN.glob("development*")) for case in vignettes(folder)]
    taken = [parsed["intent"]["name"] == DESCRIBED for parsed in parse(agent, *texts)]
    assert len(taken) > 400
    assert sum(taken) / len(taken) >= LEAST


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("is cement safe in a painful lytic fracture?", "ask_knowledge"),
        ("what if she had no cancer?", "what_if"),
        ("picture him with a fever and positive cultures, would you still say that?", "what_if"),
        ("why not variant 9? she has cancer and mechanical pain", "ask_why_not"),
        ("SINS please: L2, mechanical pain, lytic, alignment normal", "ask_sins"),
        ("hang on, old letter: colon cancer resected in 2009", DESCRIBED),
        (
            "Say in two months it has sunk further and the pain gets worse. What then? I get asked this a lot.",
            "what_if",
        ),
        ("The board will ask me, hence this: what if the MRI showed no edema?", "what_if"),
        ("which findings should make me think of osteomyelitis after a cement procedure?", "ask_knowledge"),
        ("for a sclerotic met, which ablation modality", "ask_knowledge"),
        ("The board will ask me. What if the MRI showed no edema? Her legs gave way this morning.", DESCRIBED),
        ("which findings suggest osteomyelitis? she has had rigors since Monday", DESCRIBED),
    ],
)
def test_requests_and_suppositions_stay_what_they_are(agent: Agent, text: str, intent: str) -> None:
    """Facts that are only asked about or supposed make no description; a correction does."""
    assert parse(agent, text)[0]["intent"]["name"] == intent


def test_a_supposed_emergency_is_no_fact(agent: Agent) -> None:
    """What is plainly supposed is carried as supposed; behind a "but" it is the patient's again."""
    supposed, told = parse(
        agent,
        "what if he had a fever and a CRP of 200?",
        "suppose the MRI is normal, but he has had a fever of 39 since yesterday",
    )
    assert "infection_signs" not in {entity["entity"] for entity in supposed["entities"]}
    assert "infection_signs" in {entity["entity"] for entity in told["entities"]}


def test_a_patient_who_asks_tells_no_case(agent: Agent) -> None:
    """Nor does a clinician who speaks of a patient ask for advice; a deficit alarms, whoever tells it."""
    asking = parse(
        agent,
        "I am 68 and broke my T12 last week, which exercises can I do?",
        "my back hurts and I am 45, what should I take",
        "I fell and I am scared of the cement my doctor wants to put in",
    )
    assert [(read["intent"]["name"], read["entities"]) for read in asking] == [("patient_advice", [])] * 3
    telling = parse(
        agent,
        "I have a 68F with a T12 fracture since last week, which treatment can I offer her?",
        "my patient is 45, back hurts, new L1 fracture on film, what should I order",
        "I am 68, broke my back, and since yesterday my legs are weak and I can't pee",
    )
    assert all(read["intent"]["name"] == "describe_case" for read in telling)
    assert ("neuro_status", "deficit") in {(found["entity"], found["value"]) for found in telling[2]["entities"]}
