"""python -m content try "72F, breast ca, no weakness": what is read, what is asked next, what is answered."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from terminal.color import Paint, paint_for
from terminal.messages import add_message, messages, tell_of_loading

if TYPE_CHECKING:
    from knowledge.case import Case
    from knowledge.engine import Engine
    from nlu.reader import ClinicalReader, Reading

# The reader takes seconds to import; help and wrong options need not wait for it, hence the imports in functions.


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The message, and how much to tell."""
    add_message(parser)
    parser.add_argument("--explain", action="store_true", help="also name file and line of every rule that decided")
    parser.add_argument("--content", type=Path, help="folder of the guideline edition (the one in use)")


def run(arguments: argparse.Namespace) -> int:
    """Show each message's way through the assistant; every message is a new patient."""
    tell_of_loading()
    from knowledge.content import CONTENT
    from knowledge.engine import Engine
    from knowledge.store import current
    from knowledge.yaml_source import BadContent
    from nlu.reader import default_reader
    from nlu.rules import BadRules

    content = arguments.content or CONTENT
    try:
        engine, reader = Engine(current(content)), default_reader()
    except (BadContent, BadRules) as error:
        print(error, file=sys.stderr)
        return 1
    paint = paint_for(sys.stdout)
    for message in messages(arguments.message):
        explain = content if arguments.explain else None
        print("\n".join(shown(message, reader, engine, paint, explain)), flush=True)
    return 0


def shown(
    message: str, reader: ClinicalReader, engine: Engine, paint: Paint, explain: Path | None = None
) -> Iterator[str]:
    """The reading of `message`, then the next step of its case; with the rules and rows of the folder `explain`."""
    from knowledge import next_step
    from nlu import display

    reading = reader.read(message)
    case = case_of(reading, engine)
    yield paint("heading", "Read")
    yield from display.shown(reading, paint)
    yield ""
    yield from next_step.shown(engine, case, paint)
    if explain is not None:
        yield ""
        yield from display.explained(reading, reader.rules, paint)
        yield ""
        yield from next_step.explained(engine, case, explain, paint)


def case_of(reading: Reading, engine: Engine) -> Case:
    """The case that a first message with this `reading` makes."""
    from knowledge.case import Case
    from knowledge.case import Reading as Given
    from knowledge.levels import with_relation

    given = [
        Given(
            fact.fact,
            fact.value,
            evidence=fact.words,
            start=fact.start,
            end=fact.end,
            message=1,
            correction=fact.fact in reading.corrections,
            restates=reading.restates,
        )
        for fact in reading.facts
        if fact.fact in engine.guideline.fact
    ]
    return Case().with_readings(with_relation(Case(), given), engine.guideline)
