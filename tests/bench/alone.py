"""What one process takes for reading, deciding and whole turns, without servers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from rasa.core.agent import Agent

from knowledge.answer import answer
from knowledge.case import STATED, Case, Reading
from knowledge.current import engine
from nlu.reader import default_reader
from tests.assistant import Conversation
from tests.bench.talk import CASES, REPLIES, messages

CONVERSATIONS, TURNS = 24, 8
LONG = 200
"""Turns of a long conversation."""
LONG_CONVERSATIONS = 5
"""How many of them, after one another: in ten turns of a single one the machine's own work weighs more than theirs."""
NEAR = 10
"""Turns from the eleventh on and before the last whose medians are compared."""


@dataclass(frozen=True)
class Growth:
    """The median of turns 11 to 20 of all conversations, and of the last ten of the long ones, in milliseconds."""

    early: float
    late: float


def extraction(repeats: int) -> list[float]:
    """Milliseconds of reading each message of the conversations, patterns compiled before."""
    read = default_reader().read
    texts = [text for number in range(len(CASES)) for text in messages(number, TURNS)]
    for text in texts:
        read(text)
    return [taken for _ in range(repeats) for text in texts for taken in _timed(partial(read, text))]


def decisions(repeats: int) -> list[float]:
    """Milliseconds of deciding what comes next in each case, and of the answer to it."""
    read, deciding = default_reader().read, engine()
    cases = []
    for number in range(len(CASES)):
        told = [Reading(fact.fact, fact.value, STATED) for fact in read(next(messages(number, 1))).facts]
        cases.append(Case().with_readings(told, deciding.guideline))
    return [taken for _ in range(repeats) for case in cases for taken in _timed(partial(answer, deciding, case))]


def turns(agent: Agent) -> list[float]:
    """Milliseconds of each turn of whole conversations, after one to warm up."""
    for text in messages(0, TURNS):
        Conversation(agent).say(text)
    talks = [(Conversation(agent), messages(number, TURNS)) for number in range(1, CONVERSATIONS)]
    return [taken for talk, texts in talks for text in texts for taken in _timed(partial(talk.say, text))]


def growth(begun: Callable[[], Callable[[str], object]]) -> Growth:
    """What turns take early and late in conversations of LONG turns; `begun` gives what holds a turn of a new one."""
    early: list[float] = []
    late: list[float] = []
    for _ in range(LONG_CONVERSATIONS):
        old, young = _held(begun()), _held(begun())
        for conversation, turns in ((old, LONG - NEAR), (young, NEAR)):
            for _ in range(turns):
                next(conversation)
        # In turn: a machine that is slower for minutes is as slow for both.
        for _ in range(NEAR):
            early.append(next(young))
            late.append(next(old))
    return Growth(_median(early), _median(late))


def _held(say: Callable[[str], object]) -> Iterator[float]:
    """A long conversation of which each step is a turn: what it took."""
    for text in _long():
        yield from _timed(partial(say, text))


def _long() -> Iterator[str]:
    """Ten messages over and over, so that early and late turns do the same."""
    yield from list(messages(0, 3))
    for number in range(LONG - 3):
        yield REPLIES[2 + number % NEAR]


def _timed(work: Callable[[], object]) -> Iterator[float]:
    begun = time.perf_counter()
    work()
    yield 1000 * (time.perf_counter() - begun)


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
