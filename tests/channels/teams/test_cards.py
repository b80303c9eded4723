"""Documents as Adaptive Cards: by eye once (snapshots), by rule always."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from channels.teams.cards import activities
from channels.teams.wording import WORDING
from knowledge.case import Case, Reading
from knowledge.current import engine
from knowledge.document.build import document
from knowledge.document.parts import (
    Choice,
    Document,
    Facts,
    Given,
    Heading,
    Paragraph,
    Ratings,
    Source,
    Sources,
    Statement,
    Statements,
    Verbatim,
)
from knowledge.what_if import what_if
from tests.channels import payloads
from tests.channels.documents import ACTIONS, DOCUMENTS, ESCALATION, RATINGS, STEPS, documents
from tests.channels.payloads import TALKS
from tests.channels.teams.contract import card_of, check_activity, elements, submits, words
from tests.knowledge.document.test_text import CASES, payload_of
from tests.snapshots import as_json, check_snapshot

if TYPE_CHECKING:
    from rasa.core.agent import Agent

SNAPSHOTS = Path(__file__).with_name("snapshots")

HOSTILE = (
    "**b** _i_ [evil](http://evil.test) <at>everyone</at> {{DATE(2020-01-01T00:00:00Z)}} &lt;b&gt; # h\n- item 1. x"
)


def drawn(document: Document) -> list[dict[str, Any]]:
    """The activities of a document, each taken by Teams."""
    found = activities(document, "mark-1")
    for activity in found:
        check_activity(activity)
    return found


@pytest.mark.parametrize("name", TALKS)
def test_every_type_of_answer_looks_as_it_did(agent: Agent, name: str) -> None:
    """The cards of each type are those of its snapshot."""
    cards = [activity for answer in payloads.drawn(agent, name) for activity in drawn(answer)]
    check_snapshot(SNAPSHOTS / f"{name}.json", as_json(cards))


def test_every_type_has_its_snapshot() -> None:
    """No type of answer is left out, and no snapshot is left over."""
    assert payloads.types() == TALKS.keys() == {path.stem for path in SNAPSHOTS.iterdir()}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_kind_of_part_gives_cards_that_teams_takes(kind: str) -> None:
    """Documents made by hand, as the real ones."""
    assert drawn(DOCUMENTS[kind])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents)
def test_any_text_in_any_part_gives_cards_that_teams_takes(document: Document) -> None:
    """Whatever stands in a document, its cards are valid, within the size, and not more than they need to be."""
    drawn(document)


@pytest.mark.parametrize("outcome", CASES)
def test_every_outcome_of_the_guideline_fits_one_card(outcome: str) -> None:
    """The answer to a real case is one card with all of its ratings or actions, its edition and its follow-ups."""
    answer = document("", payload_of(outcome))
    (activity,) = drawn(answer)
    said = words([activity])
    ratings = [part for part in answer.parts if isinstance(part, Ratings)]
    for rated in (rated for table in ratings for group in table.groups for rated in group.rated):
        assert rated.procedure in said
    assert "knowledge version" in said and set(submits([activity])) == {choice.label for choice in answer.requests}
    for statement in (part for part in answer.parts if isinstance(part, Statements)):
        assert all(item.text in said for item in statement.items)


def test_an_emergency_comes_first_whole_and_open() -> None:
    """The alarm stands before what else the answer says, in its own style, with all of its actions in sight."""
    (activity,) = drawn(ESCALATION)
    first = card_of(activity)["body"][0]
    assert (first["type"], first["style"]) == ("Container", "attention")
    assert activity["summary"].startswith("STOP")
    shown = words([{"attachments": [{"content": {"type": "AdaptiveCard", "body": [first]}}]}])
    assert "⛔ STOP" in shown and all(action.text in shown for action in ACTIONS)
    assert not [item for item in elements(first) if item.get("isVisible") is False or item["type"] == "ActionSet"]


@pytest.mark.parametrize("outcome", ["neurologic-emergency", "infection-workup"])
def test_where_no_card_is_shown_an_alarm_stands_in_words(outcome: str) -> None:
    """The text for clients that cannot show the card is the alarm itself, with all that is to be done."""
    payload = payload_of(outcome)
    (activity,) = drawn(document("", payload))
    instead = card_of(activity)["fallbackText"]
    assert instead.startswith("STOP") and all(action["text"] in instead for action in payload["actions"])


def test_what_is_only_supposed_never_looks_like_an_alarm() -> None:
    """The emergency of a what-if stands below what was supposed, and its notification says so first."""
    guideline = engine().guideline
    values = {"decision": "imaging", "fracture_status": "new", "symptoms": "symptomatic", "cancer_history": "absent"}
    case = Case().with_readings([Reading(name, value) for name, value in values.items()], guideline)
    (activity,) = drawn(document("", what_if(engine(), case, {"neuro_status": "deficit"})))
    said = words([activity])
    assert activity["summary"].startswith("Supposed: ")
    assert said.startswith("Supposed: ") and "⚠ If so, STOP" in said


def test_an_emergency_branch_says_so_in_words() -> None:
    """Neither the icon nor the color is needed to see that a branch is an alarm."""
    assert "⛔ If a new deficit, STOP" in words(drawn(DOCUMENTS["conditional"]))


def test_differences_show_each_category_with_its_icon() -> None:
    """As the ratings do."""
    assert "Biopsy: ◐ May be appropriate → – not rated" in words(drawn(DOCUMENTS["what_if"]))


def test_ratings_tell_their_category_in_words_and_signs() -> None:
    """Color is never alone, and a study without radiation says so."""
    said = words(drawn(Document("recommendation", (RATINGS,))))
    for category in ("✔ Usually appropriate", "◐ May be appropriate", "✖ Usually not appropriate"):
        assert category in said
    assert "MRI spine without and with IV contrast · no radiation" in said
    assert "Bone scan · panel disagreed · radiation ☢☢☢" in said
    assert "\nBiopsy\n" in said


def test_what_was_assumed_is_marked_and_never_folded() -> None:
    """Many facts fold; what was assumed stays in sight, with a mark in words."""
    (activity,) = drawn(
        Document("recommendation", (Facts(tuple(Given(f"fact {n}") for n in range(20)), ("no fever",)),))
    )
    folded = [item for item in elements(card_of(activity)) if item.get("isVisible") is False]
    assert "fact 7" in str(folded) and "no fever" not in str(folded)
    assert "❔ no fever (assumed)" in words([activity])


def test_more_than_a_card_takes_goes_on_in_the_next_whole() -> None:
    """A long answer loses nothing, and no statement is cut."""
    statements = tuple(Statement(f"Statement {number}: {'word ' * 60}end.", "S") for number in range(300))
    found = drawn(Document("answer", (Heading("Long"), Statements(statements))))
    assert 3 < len(found) < 8
    lines = words(found).splitlines()
    assert [line for line in lines if line.startswith("• ")] == [f"• {item.text} [S]" for item in statements]
    assert f"Continued (2/{len(found)})" in lines


def test_a_text_larger_than_a_card_is_cut_with_a_mark() -> None:
    """The one text that fits on no card continues on the next, and nothing of it is lost."""
    text = " ".join(f"word{number}" for number in range(12_000))
    said = words(drawn(Document("answer", (Paragraph(text),))))
    assert [word for word in said.replace("…", " ").split() if word.startswith("word")] == text.split()


def test_what_is_too_much_to_fold_is_had_by_a_button() -> None:
    """A long rest is asked for; a short one unfolds in place."""
    rest = tuple(Statement("Step. " * 100) for _ in range(20))
    long, short = (
        drawn(Document("answer", (Statements(items, "Next steps", 1, "/ask_next_steps"),))) for items in (rest, STEPS)
    )
    assert submits(long) == {"Show the rest (19 more)": {"send": "/ask_next_steps", "mark": "mark-1"}}
    assert not submits(short) and [item for item in elements(short) if item["type"] == "Action.ToggleVisibility"]


@pytest.mark.parametrize("count", [1, 6, 7, 12, 13, 40, 500])
def test_any_number_of_choices_can_be_chosen(count: int) -> None:
    """Few are buttons, many a list, very many several lists, each on a card of its own; none is dropped."""
    choices = tuple(Choice(f"Choice {number}", f"send {number}") for number in range(count))
    found = drawn(Document("question", (Paragraph("Which?"),), choices, choices))
    assert submits(found) == {choice.label: {"send": choice.send, "mark": "mark-1"} for choice in choices}
    for activity in found:
        assert sum(item["type"] == "Input.ChoiceSet" for item in elements(card_of(activity))) <= 1


def test_hostile_text_stays_text() -> None:
    """Markup in a message reaches no client as markup: only text runs hold it, and the cards' functions are broken."""
    parts = (
        Heading(HOSTILE),
        Paragraph(HOSTILE, HOSTILE),
        Statements((Statement(HOSTILE, HOSTILE),)),
        Verbatim(HOSTILE, HOSTILE),
    )
    (activity,) = drawn(Document("answer", parts, (Choice(HOSTILE, "x"),)))
    kinds = {item["type"] for item in elements(card_of(activity)) if "evil" in str(item.get("text", ""))}
    assert kinds == {"TextRun"}
    assert "{{DATE" not in str(activity) and "\u202e" not in str(drawn(Document("answer", (Paragraph("a\u202eb"),))))
    assert not [item for item in elements(card_of(activity)) if item["type"] == "Action.OpenUrl"]


def test_a_link_opens_the_web_only() -> None:
    """A source's address is a link if it is one of the web."""
    sources = tuple(
        Source("K", "T", "P", "D", url) for url in ("https://doi.org/10.1/x", "javascript:alert(1)", "file:///etc")
    )
    opened = [item["url"] for item in elements(drawn(Document("sources", (Sources("S", sources),)))) if "url" in item]
    assert opened == ["https://doi.org/10.1/x"]


def test_a_notification_never_shows_the_note() -> None:
    """What appears on a locked telephone is the kind of answer, not the patient's note."""
    (activity,) = drawn(DOCUMENTS["note"])
    assert activity["summary"] == card_of(activity)["speak"] == "Consult note"


def test_the_welcome_holds_the_notice_word_for_word() -> None:
    """The notice for clinicians is the same wherever it is read."""
    from ruamel.yaml import YAML

    from service.settings import ROOT

    notice = YAML(typ="safe").load(ROOT / "actions/wording.yml")["notice"]
    assert notice in WORDING.texts["notices"]["welcome"]
