"""The drawn decision table says the same as the table itself, and can be read."""

from __future__ import annotations

import csv
from itertools import combinations

from content.report.drawing import CHARACTERS, Drawing
from content.report.layout import BOX
from content.report.tree import Node, decision_tree
from knowledge.content import CONTENT, REFERENCE_CASES, read_content
from tests.knowledge.conftest import TOY


def reference_cases() -> list[dict[str, str]]:
    """Complete cases with their outcomes, from a source that the drawing does not use."""
    with (CONTENT / REFERENCE_CASES).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def end(node: Node, case: dict[str, str]) -> str:
    """The outcome at the end of the way that a case takes through the tree."""
    while node.outcome is None:
        node = next(branch.node for branch in node.branches if case[str(node.fact)] in branch.values)
    return node.outcome


def test_every_case_takes_one_way_through_the_tree() -> None:
    """Each reference case ends at its outcome, and the leaves count all cases between them."""
    tree = decision_tree(read_content(CONTENT))
    assert all(end(tree, case) == case["outcome"] for case in reference_cases())

    def leaves(node: Node) -> int:
        return node.cases if node.outcome else sum(leaves(branch.node) for branch in node.branches)

    assert tree.cases == leaves(tree) == 259_200


def told(drawing: Drawing, case: dict[str, str]) -> tuple[tuple[str, ...], set[str]]:
    """The outcomes that the flow tells, and the facts that it asks on the way."""
    by_number = {asked.number: asked for asked in drawing.questions}
    asked, facts = drawing.questions[0], set[str]()
    while True:
        facts.add(asked.fact)
        answer = next(answer for answer in asked.answers if case[asked.fact] in answer.values)
        if answer.to is None:
            return answer.outcomes, facts
        asked = by_number[answer.to]


def test_the_flow_leads_to_the_outcome() -> None:
    """A case in which nothing is against what is assumed is told its outcome."""
    guideline = read_content(CONTENT)
    drawing, followed = Drawing(guideline), 0
    for case in reference_cases():
        outcomes, asked = told(drawing, case)
        assumed = {fact.name: fact.assume for fact in guideline.facts if fact.assume and fact.name not in asked}
        if all(case[name] == value for name, value in assumed.items()):
            assert outcomes == (case["outcome"],)
            followed += 1
    assert followed > 200
    assert drawing.questions[0].fact == "neuro_status"


def test_no_boxes_overlap() -> None:
    """The boxes lie within the picture, apart from each other."""
    for folder in (CONTENT, TOY):
        picture = Drawing(read_content(folder)).picture
        for box in picture.boxes:
            assert 0 <= box.x <= picture.width - BOX and 0 <= box.y <= picture.height - box.height
        for one, other in combinations(picture.boxes, 2):
            apart = abs(one.x - other.x) >= BOX
            assert apart or one.y + one.height < other.y or other.y + other.height < one.y


def test_rows_have_room() -> None:
    """A value and the sign of its outcome fit on one row."""
    drawing = Drawing(read_content(CONTENT))
    for asked in drawing.questions:
        for answer in asked.answers:
            text = drawing.shortened(drawing.values(asked.fact, answer), answer)
            assert len(text) + len(drawing.short(answer)) <= CHARACTERS
