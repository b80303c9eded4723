"""Answers as Block Kit: everything shown, nothing cut, within Slack's limits whatever the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.slack.markup import decoded, escaped, packed
from channels.slack.messages import BLOCKS, LONGEST, messages, unformed
from knowledge.document.build import document as built
from knowledge.document.parts import Branch, Branches, Choice, Document, Heading, Paragraph, Part, Statement, Statements
from tests.channels.documents import DOCUMENTS, ESCALATION, PITFALLS, QUESTION, RATINGS, REQUESTS, documents, texts
from tests.channels.slack.block_kit import elements, options, problems, words

MARK = "0123456789abcdef01234567"
HOSTILE = "<!channel> <@U123> <https://evil.test|click> & *bold* `code` ```pre``` :boom:"


def drawn(*parts: Part, choices: Sequence[Choice] = (), requests: Sequence[Choice] = ()) -> list[dict]:
    """The blocks of a document's only message."""
    (message,) = messages(Document("other", parts, tuple(choices), tuple(requests)), MARK)
    return list(message["blocks"])


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_part_is_shown(document: Document) -> None:
    """Blocks are valid and hold every word of every part, but for statements that a button offers."""
    shown = "".join(words(message["blocks"]) for message in messages(document, MARK))
    for message in messages(document, MARK):
        assert not problems(message["blocks"])
        assert message["text"]
    said = set(re.findall(r"text='([^']*)'|procedure='([^']*)'|label='([^']*)'|phrase='([^']*)'", str(document)))
    for word in filter(None, (word for found in said for word in found)):
        if not word.lower().startswith(("pitfall", "consult", "step", "next")):
            assert word in shown, word


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_any_text_in_any_part_fits(document: Document) -> None:
    """Whatever the texts, every message is valid, short enough, and says what its buttons were offered for."""
    for message in messages(document, MARK):
        assert not problems(message["blocks"])
        assert message["text"].strip() and len(message["text"]) <= LONGEST + BLOCKS
        assert all(block["block_id"].split(".")[1] == MARK for block in message["blocks"] if "block_id" in block)
        assert any("block_id" not in block for block in message["blocks"])


@settings(deadline=None)
@given(st.lists(texts, max_size=5), st.integers(60, 3000))
def test_packing_loses_nothing(lines: list[str], limit: int) -> None:
    """What is split is all there, in its order, each piece within the limit."""
    pieces = packed(map(escaped, lines), limit)
    assert all(len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join("".join(map(escaped, lines)).split())


@given(st.text("&<>ab;ltgmp ", max_size=300))
def test_no_entity_is_cut(text: str) -> None:
    """Escaped text stays escaped however it is split."""
    pieces = packed([escaped(text)], 20)
    assert "".join("".join(map(decoded, pieces)).split()) == "".join(text.split())


def test_nothing_is_cut_inside_a_statement() -> None:
    """Long lists go on in further blocks and messages, each beginning with a whole statement."""
    items = tuple(Statement(f"Number {number}: {'word ' * 60}end.", "ACR") for number in range(300))
    pages = messages(Document("other", (Heading("Long"), Statements(items))), MARK)
    assert len(pages) > 1
    lines = [
        line
        for page in pages
        for block in page["blocks"]
        if block["type"] == "section"
        for line in block["text"]["text"].splitlines()
    ]
    assert len(lines) == len(items)
    assert all(line.startswith("• Number") and line.endswith("end. [ACR]") for line in lines)
    assert all(len(page["blocks"]) <= BLOCKS for page in pages)


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    """A paragraph over the limit goes on in another section, after a full stop."""
    blocks = drawn(Paragraph("This is a sentence of some length. " * 200))
    assert len(blocks) > 1 and all(block["text"]["text"].endswith(".") for block in blocks)


def test_an_escalation_is_loud_first_and_whole() -> None:
    """A header comes first, in the notification too, wherever the part stood; no statement of it is held back."""
    for parts in (ESCALATION.parts[1:], (Paragraph("Later."), *ESCALATION.parts)):
        (message,) = messages(replace(ESCALATION, parts=parts), MARK)
        first = message["blocks"][0]
        assert first["type"] == "header" and first["text"]["text"] == "🚨 STOP: New or progressive neurologic deficit"
        assert message["text"].startswith("🚨 STOP")
        assert "Order emergent MRI of the spine." in words(message["blocks"])
        assert list(options(message["blocks"])) == [choice.label for choice in REQUESTS]
    long = messages(Document("escalation", (Heading("Stop " * 60, "emergency"),)), MARK)[0]["blocks"]
    assert [block["type"] for block in long] == ["header"] * 3


def test_slack_folds_nothing_loud() -> None:
    """Sections of an emergency, a flag, a question's alert and a branch that stops are always shown whole."""
    stop = Branch("a new deficit", "Stop", None, (Statement("Call spine surgery now."),), emergency=True)
    plain, long = Branch("none", "Variant 2"), Branch("none", "word " * 900)
    for tone in ("flag", "emergency"):
        blocks = drawn(Paragraph("ALERT: fever. " * 300, tone=tone), Statements((Statement("Act now."),), tone=tone))
        assert len(blocks) > 2 and all(block["expand"] for block in blocks) and not problems(blocks)
    assert [block["expand"] for block in drawn(Branches((plain, stop)))] == [True]
    assert [block["expand"] for block in drawn(Branches((stop, long))) if "expand" in block] == [True]
    assert not any("expand" in block for block in drawn(Paragraph("Why."), PITFALLS, RATINGS, Branches((plain, plain))))


def test_a_branch_that_stops_says_so_in_words() -> None:
    """Not by its sign alone."""
    stop = Branch("a new deficit", "New deficit", None, (Statement("Call spine surgery now."),), emergency=True)
    assert "*If a new deficit, STOP:*" in words(drawn(Branches((stop, replace(stop, emergency=False)))))


def test_a_supposed_emergency_stays_supposed() -> None:
    """What would be an emergency stands below what is supposed, and says STOP there."""
    act = {"text": "Call spine surgery now.", "source": "S-V9"}
    supposed = {"type": "what_if", "kind": "escalation", "phrases": ["a new deficit"], "title": "New deficit"}
    supposed |= {"outcome": "neurologic-emergency", "previous_outcome": "v2", "previous_title": "Variant two"}
    (message,) = messages(built("", {**supposed, "differences": [], "actions": [act], "branches": []}), MARK)
    assert message["text"].startswith("*Supposed:* a new deficit\n⚠️ If so, STOP: New deficit\n")
    assert "🚨" not in message["text"]
    assert "Call spine surgery now. [S-V9]" in message["text"]


def test_a_message_without_form_says_all_and_lists_what_can_be_chosen() -> None:
    """Where Slack refuses its blocks: its words, as many messages as they need, and the labels of its buttons."""
    items = tuple(Statement(f"Number {number}: {'word ' * 10}end.") for number in range(60))
    (refused,) = messages(replace(QUESTION, parts=(*QUESTION.parts, Statements(items))), MARK)
    pages = unformed(refused)
    said = "\n".join(page["text"] for page in pages)
    assert len(pages) > 1 and not any(problems(page["blocks"]) or elements(page["blocks"]) for page in pages)
    assert said == f"{refused['text']}\n{said.splitlines()[-1]}"
    assert said.endswith("write it: No new deficit, New or worsening deficit, Not known")


def test_ratings_stand_under_their_category_in_word_and_sign() -> None:
    """Each category is a block of its own, and stands above each part of a long one."""
    shown = [block["text"]["text"] for block in drawn(RATINGS)]
    assert shown[1].startswith("*✓ Usually appropriate*\n• MRI spine without and with IV contrast (no radiation)")
    assert shown[2] == "*◐ May be appropriate*\n• Bone scan (panel disagreed, radiation ☢☢☢)\n• Biopsy"
    assert shown[3].startswith("*✕ Usually not appropriate*\n")
    many = replace(RATINGS, groups=(replace(RATINGS.groups[0], rated=RATINGS.groups[0].rated * 60),))
    continued = [block["text"]["text"] for block in drawn(many)[1:]]
    assert len(continued) > 1 and all(text.startswith("*✓ Usually appropriate*\n") for text in continued)


def test_a_shortened_list_offers_the_rest() -> None:
    """Two of five statements are shown, and a button asks for all; it is not offered a second time below."""
    blocks = drawn(PITFALLS, requests=REQUESTS)
    assert "Pitfall 2." in words(blocks) and "Pitfall 3." not in words(blocks)
    assert options(blocks) == {"Pitfalls: all 5": "pitfalls", "why": "/ask_why", "next steps": "/ask_next_steps"}


@pytest.mark.parametrize("count", [1, 5, 6, 25, 26, 100, 101, 250])
def test_any_number_of_choices_can_be_chosen(count: int) -> None:
    """Few choices are buttons, many are menus; each sends what it stands for."""
    offered = [Choice(f"Choice {number}", f"send {number}") for number in range(count)]
    for long in ("", " and so on" * 20):
        sent = [replace(choice, send=choice.send + long) for choice in offered]
        blocks = drawn(Paragraph("Which?"), choices=sent)
        assert not problems(blocks)
        assert options(blocks) == {choice.label: choice.send for choice in sent}
        kinds = {element["type"] for element in elements(blocks)}
        assert kinds == ({"static_select"} if count > 5 and not long else {"button"})


def test_a_label_too_long_for_a_button_is_shown_in_full() -> None:
    """Buttons are numbered where their labels do not fit, and the labels stand above."""
    offered = [Choice(f"{number} {'long ' * 30}end", f"send {number}") for number in range(3)]
    blocks = drawn(Paragraph("Which?"), choices=offered)
    assert all(choice.label in words(blocks[:-1]) for choice in offered)
    assert [label[:3] for label in options(blocks)] == ["1. ", "2. ", "3. "]


def test_hostile_text_stays_text() -> None:
    """No part lets a mention, a link or an entity through, in the blocks or in the notification."""
    statement = Statement(HOSTILE, "ACR")
    pages = messages(Document("other", (Heading(HOSTILE), Paragraph(HOSTILE), Statements((statement,), HOSTILE))), MARK)
    for page in pages:
        marked = [page["text"]] + [block["text"]["text"] for block in page["blocks"] if block["type"] == "section"]
        assert not any(re.search(r"<[!@#h]", text) for text in marked)
        assert all(block["text"].get("verbatim") for block in page["blocks"] if block["type"] == "section")


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("<@U0BOT> 78F, new T11 fracture", "78F, new T11 fracture"),
        ("<@U0BOT|vcf> height loss &lt;50%, T score &gt; -2.5 &amp; pain", "height loss <50%, T score > -2.5 & pain"),
        ("see <https://pacs.test/1|the film> and <https://pacs.test/2>", "see the film and https://pacs.test/2"),
        ("<mailto:a@b.test|a@b.test> in <#C123|spine> <!here>", "a@b.test in spine here"),
        ("&amp;lt; stays", "&lt; stays"),
        ("loss <50% and >3 levels", "loss <50% and >3 levels"),
    ],
)
def test_slack_markup_is_taken_out(sent: str, meant: str) -> None:
    """What the reader gets is what the clinician wrote."""
    assert decoded(sent) == meant


@given(st.text(max_size=200))
def test_decoding_undoes_escaping(text: str) -> None:
    """Any text survives the way to Slack and back, but for blanks."""
    assert decoded(escaped(text)).split() == text.split()
