"""Documents of answers: what every channel draws."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest

from knowledge.answer import answer
from knowledge.case import Case, Reading
from knowledge.current import engine
from knowledge.document import explanations
from knowledge.document.build import CASES, DECIDES, document
from knowledge.document.data import to_data
from knowledge.document.parts import Heading, Paragraph, Part, Ratings, Sources, Statements
from knowledge.document.text import plain_text
from knowledge.lookup import rating
from knowledge.what_if import what_if
from knowledge.yaml_source import read_document
from service.settings import ROOT
from tests.knowledge.document.test_text import CASES as OUTCOMES
from tests.knowledge.document.test_text import payload_of

KINDS = {kind.__name__.lower() for kind in get_args(Part)}


def emphasized(outcome: str) -> list[str]:
    """The tones of an answer's parts, in order."""
    return [getattr(part, "tone", "plain") for part in document("", payload_of(outcome)).parts]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_answer_ends_with_edition_and_version(outcome: str) -> None:
    """The last part names guideline, edition and knowledge version, and every key that is cited."""
    parts = document("", payload_of(outcome)).parts
    last = parts[-1]
    assert isinstance(last, Sources)
    assert engine().guideline.edition in last.line and engine().guideline.version in last.line
    cited = {item.source for part in parts if isinstance(part, Statements) for item in part.items if item.source}
    assert cited <= {source.key for source in last.items}


@pytest.mark.parametrize("outcome", ["neurologic-emergency", "infection-workup"])
def test_an_emergency_stands_first_and_whole(outcome: str) -> None:
    """Title, what raised it, and all that is to be done come before everything else, and are never shortened."""
    parts = document("", payload_of(outcome)).parts
    title, raised, actions = parts[:3]
    assert isinstance(title, Heading) and isinstance(raised, Paragraph) and isinstance(actions, Statements)
    assert emphasized(outcome)[:3] == ["emergency"] * 3
    assert actions.shown is None
    assert [item.text for item in actions.items] == [item["text"] for item in payload_of(outcome)["actions"]]


def test_ratings_are_grouped_best_category_first() -> None:
    """A recommendation has one table with every procedure once, in the guideline's order of categories."""
    (table,) = [part for part in document("", payload_of("v9")).parts if isinstance(part, Ratings)]
    categories = [group.category for group in table.groups]
    assert categories == [name for name in engine().guideline.categories if name in categories]
    procedures = [rated.procedure for group in table.groups for rated in group.rated]
    assert sorted(procedures) == sorted(rating.procedure for rating in engine().guideline.outcome["v9"].ratings)


def test_a_rating_names_its_sources_once_for_whatever_reason_it_is_shown() -> None:
    """Looked up, or given as the explanation that was asked for."""
    looked_up = rating(engine(), Case(), engine().guideline.procedures[0])
    for payload in (looked_up, looked_up | {"type": "explanation", "about": "rating"}):
        assert sum(isinstance(part, Sources) for part in document("", payload).parts) == 1


def test_what_is_shortened_can_be_asked_for() -> None:
    """Every list that a short form cuts names the message that brings the rest."""
    for outcome in OUTCOMES:
        for part in document("", payload_of(outcome)).parts:
            if isinstance(part, Statements) and part.shown is not None:
                assert part.title
                assert part.request and part.request.removeprefix("/") in explanations.REQUESTS


def test_more_may_be_asked_of_answers_to_a_case_alone() -> None:
    """A question offers its choices, an answer what can be asked of it."""
    case = Case().with_readings([Reading("infection_signs", "present", evidence="T 39")], engine().guideline)
    asked = document("", answer(engine(), case), [{"label": "Yes", "send": "yes"}])
    assert asked.kind == "question" and not asked.requests and [choice.label for choice in asked.choices] == ["Yes"]
    assert {choice.send for choice in document("", payload_of("v1")).requests} >= {"/ask_why", "/ask_pitfalls"}
    assert set(CASES) > DECIDES


def test_a_text_without_a_payload_is_its_paragraphs() -> None:
    """What has no form of its own stays what it says."""
    plain = document("One.\nTwo.", {"type": "social"})
    assert plain.parts == (Paragraph("One."), Paragraph("Two."))
    assert plain_text(document("One.", None)) == "One."


def test_a_red_flag_comes_before_the_ratings() -> None:
    """Flags short of an emergency stand above the table and are said in the plain text."""
    flag = {"label": "Fever", "facts": [], "actions": [{"text": "Take cultures.", "source": "S-V9"}]}
    flagged = document("", payload_of("v1") | {"flags": [flag]})
    tones = [getattr(part, "tone", None) for part in flagged.parts]
    tables = [isinstance(part, Ratings) for part in flagged.parts]
    assert tones.index("flag") < tables.index(True)
    assert plain_text(flagged).splitlines()[0] == "Red flag: Fever: Take cultures. [S-V9]"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_document_is_plain_json(outcome: str) -> None:
    """What the web is sent is JSON, and each part says what it is."""
    data = json.loads(json.dumps(to_data(document("", payload_of(outcome)))))
    assert {part["part"] for part in data["parts"]} <= KINDS
    assert data["parts"][-1]["line"] in plain_text(document("", payload_of(outcome)))


def test_every_kind_of_part_is_drawn_and_documented() -> None:
    """The widget and the OpenAPI file know every part that there is, and no other."""
    drawn = (ROOT / "widget" / "answer.js").read_text(encoding="utf-8")
    table = drawn[drawn.index("const DRAWN") : drawn.index("};", drawn.index("const DRAWN"))]
    assert set(re.findall(r"^  (\w+)[:,]", table, re.MULTILINE)) == KINDS
    schemas = read_document(ROOT / "channels" / "web" / "openapi.yml").data["components"]["schemas"]
    assert set(schemas["Document"]["properties"]["parts"]["items"]["properties"]["part"]["enum"]) == KINDS


def test_a_supposed_emergency_is_no_alarm() -> None:
    """What would be an emergency says that it is supposed, first, and nothing of it looks like a real one."""
    case = Case().with_readings([Reading("neuro_status", "intact", evidence="neuro ok")], engine().guideline)
    supposed = document("", what_if(engine(), case, {"neuro_status": "deficit"}))
    first, heading, *_ = supposed.parts
    assert isinstance(first, Paragraph) and first.label == "Supposed"
    assert isinstance(heading, Heading) and heading.text.startswith("If so, STOP")
    assert "emergency" not in [getattr(part, "tone", None) for part in supposed.parts]
    assert plain_text(supposed).startswith("Supposed")
