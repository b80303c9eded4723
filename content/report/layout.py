"""Where the boxes and lines of the graph of questions go, from left to right, in units of the picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from content.report.flow import Asked

BOX, BETWEEN = 250, 50
HEAD, ROW, GAP, VIA = 26, 20, 18, 6
SWEEPS = 12

Key = tuple[int, ...]
"""A question's number; or for a line on its way the two numbers and the row it joins, and the column it is in."""


@dataclass(frozen=True)
class Box:
    """A question's box; its answers are rows of height ROW under a head of height HEAD."""

    asked: Asked
    x: float
    y: float

    @property
    def height(self) -> float:
        """The height of the box."""
        return _height(self.asked)


@dataclass(frozen=True)
class Picture:
    """The boxes and the paths (SVG) of the lines between them."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Link:
    """A line from `row` of the question `start` to the question `end`, with the places on its way."""

    start: int
    row: int
    end: int
    stops: tuple[Key, ...]

    @property
    def places(self) -> tuple[Key, ...]:
        """Every place from end to end."""
        return ((self.start,), *self.stops, (self.end,))


def picture(asked: Sequence[Asked]) -> Picture:
    """Lay out the questions, each to the right of all that lead to it."""
    questions = {question.number: question for question in asked}
    links = [link for question in asked for link in _links(question, questions)]
    columns = _columns(asked, links)
    heights = {
        place: _height(questions[place[0]]) if len(place) == 1 else VIA for column in columns for place in column
    }
    tops = _tops(columns, links, heights)
    lowest = min(tops.values(), default=0)
    tops = {place: top - lowest + GAP for place, top in tops.items()}
    boxes = tuple(Box(question, _left(question.step), tops[(question.number,)]) for question in asked)
    return Picture(
        _left(len(columns)) - BETWEEN + GAP,
        max((tops[place] + heights[place] for place in tops), default=0) + GAP,
        boxes,
        tuple(_path(link, questions, tops) for link in links),
    )


def _left(step: int) -> float:
    return GAP + step * (BOX + BETWEEN)


def _height(asked: Asked) -> float:
    return HEAD + ROW * len(asked.answers)


def _links(question: Asked, questions: Mapping[int, Asked]) -> Iterable[_Link]:
    for row, answer in enumerate(question.answers):
        if answer.to is not None:
            between = range(question.step + 1, questions[answer.to].step)
            stops = tuple((question.number, answer.to, row, step) for step in between)
            yield _Link(question.number, row, answer.to, stops)


def _columns(asked: Sequence[Asked], links: Sequence[_Link]) -> list[list[Key]]:
    columns: list[list[Key]] = [[] for _ in range(max((question.step for question in asked), default=-1) + 1)]
    for question in asked:
        columns[question.step].append((question.number,))
    for link in links:
        for stop in link.stops:
            columns[stop[-1]].append(stop)
    return columns


def _tops(columns: list[list[Key]], links: Sequence[_Link], heights: Mapping[Key, float]) -> dict[Key, float]:
    """Bring what is connected near each other, column by column there and back."""
    neighbors: dict[Key, list[tuple[Key, float]]] = {place: [] for column in columns for place in column}
    for link in links:
        places = link.places
        for number, (one, other) in enumerate(pairwise(places)):
            # Lines leave a box beside their answer and reach the next at its head.
            leaves = HEAD + ROW * (link.row + 0.5) if number == 0 else VIA / 2
            reaches = HEAD / 2 if other == (link.end,) else VIA / 2
            neighbors[other].append((one, leaves - reaches))
            neighbors[one].append((other, reaches - leaves))
    tops: dict[Key, float] = {}
    for column in columns:
        _stack(column, dict.fromkeys(column, 0.0), heights, tops)
    for sweep in range(SWEEPS):
        order = list(range(len(columns)))
        for number in order if sweep % 2 == 0 else reversed(order):
            near = set(columns[number - 1] if sweep % 2 == 0 and number else columns[(number + 1) % len(columns)])
            wanted = {}
            for place in columns[number]:
                pulls = [tops[other] + offset for other, offset in neighbors[place] if other in near]
                wanted[place] = fmean(pulls) if pulls else tops[place]
            columns[number] = _in_order(wanted, heights)
            _stack(columns[number], wanted, heights, tops)
    return tops


def _in_order(wanted: Mapping[Key, float], heights: Mapping[Key, float]) -> list[Key]:
    return sorted(wanted, key=lambda place: wanted[place] + heights[place] / 2)


def _stack(
    column: Sequence[Key], wanted: Mapping[Key, float], heights: Mapping[Key, float], tops: dict[Key, float]
) -> None:
    """Place a column in its order, each thing as near as may be to where it is wanted, without overlaps."""
    bottom = float("-inf")
    for place in column:
        tops[place] = max(wanted[place], bottom + GAP)
        bottom = tops[place] + heights[place]
    # What was pushed down all moves up together, so that the column stays around the middle of what it hangs on.
    pushed = fmean([tops[place] - wanted[place] for place in column]) if column else 0
    for place in column:
        tops[place] -= pushed


def _path(link: _Link, questions: Mapping[int, Asked], tops: Mapping[Key, float]) -> str:
    x = _left(questions[link.start].step) + BOX
    y = tops[(link.start,)] + HEAD + ROW * (link.row + 0.5)
    path = [f"M{x:.0f} {y:.0f}"]
    for place in (*link.stops, (link.end,)):
        is_end = place == (link.end,)
        to_y = tops[place] + (HEAD if is_end else VIA) / 2
        to_x = x + BETWEEN
        path.append(f"C{x + BETWEEN / 2:.0f} {y:.0f} {to_x - BETWEEN / 2:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}")
        if not is_end:
            path.append(f"H{to_x + BOX:.0f}")
        x, y = to_x + BOX, to_y
    return "".join(path)
