"""The graph of questions as the template draws it: what each box, row and sign says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from content.report.flow import Answer, questions
from content.report.layout import BOX, HEAD, ROW, Picture, picture
from knowledge.model import Guideline

CHARACTERS = 36
"""What fits on a row of a box, where the outcomes stand in bold letters."""
BOLD = 1.25
NOT_COVERED = "not covered"


class Drawing:
    """The flow of the dialogue under a guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self.picture: Picture = picture(questions(guideline))
        boxes = sorted(self.picture.boxes, key=lambda box: (box.x, box.y))
        self.questions = [box.asked for box in boxes]
        self._numbers = {asked.number: place for place, asked in enumerate(self.questions, 1)}
        self.sizes: Mapping[str, int] = {"box": BOX, "head": HEAD, "row": ROW}

    @cached_property
    def signs(self) -> tuple[tuple[str, str], ...]:
        """The short signs of outcomes that are not covered, whose names are too long for the picture, and the names."""
        names = [outcome.id for outcome in self._guideline.outcomes if outcome.kind == "not_covered"]
        return tuple((f"{NOT_COVERED} {number}", name) for number, name in enumerate(names, 1))

    def number(self, question: int) -> int:
        """How the picture numbers a question, from the first on."""
        return self._numbers[question]

    def values(self, fact: str, answer: Answer) -> str:
        """The values of an answer as the assistant offers them."""
        labels = {value.value: value.label for value in self._guideline.fact[fact].values}
        return " / ".join(labels[value] for value in answer.values)

    def short(self, answer: Answer) -> str:
        """The outcomes of an answer, short enough for a row."""
        signs = {name: sign for sign, name in self.signs}
        return " or ".join(signs.get(outcome, outcome) for outcome in answer.outcomes)

    def shortened(self, text: str, answer: Answer) -> str:
        """`text` cut to what fits beside the outcomes of its answer."""
        room = CHARACTERS - round(BOLD * len(self.short(answer)))
        return text if len(text) <= room else text[: room - 1].rstrip() + "…"
