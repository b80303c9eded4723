"""python -m content try "72F, breast ca, no weakness": what is read, what is asked next, what is answered."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from terminal.color import Paint, paint_for
from terminal.messages import add_message, messages, tell_of_loading

WORDS = "words.yml"

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
    from knowledge.yaml_source import BadContent
    from nlu.reader import default_reader
    from nlu.rules import BadRules
    from storage.built import NotAsBuilt

    try:
        topics, reader = _topics(arguments.content), default_reader()
    except (BadContent, BadRules, NotAsBuilt) as error:
        print(error, file=sys.stderr)
        return 1
    paint = paint_for(sys.stdout)
    for message in messages(arguments.message):
        print("\n".join(shown(message, reader, topics, paint, arguments.explain)), flush=True)
    return 0


def shown(
    message: str, reader: ClinicalReader, topics: Mapping[Path, Engine], paint: Paint, explain: bool = False
) -> Iterator[str]:
    """The reading of `message`, then the next step of its case; with `explain` also the rules and rows behind it.

    `topics` are the engines of all topics by the folder of their content, the first one first.
    """
    from knowledge import next_step
    from knowledge.topic_words import topic_of
    from nlu import display

    reading = reader.read(message)
    folders = {engine.guideline.id: folder for folder, engine in topics.items()}
    first = next(iter(topics.values())).guideline
    topic = topic_of(message, [engine.guideline for engine in topics.values()]) or first
    engine = topics[folders[topic.id]]
    case = case_of(message, reading, engine)
    if topic is first:
        yield paint("heading", "Read")
        yield from display.shown(reading, paint)
    else:
        yield f"{paint('heading', 'Topic')}  {topic.topic}, read by {folders[topic.id].name}/{WORDS}"
    yield ""
    # What is to be decided is also named in questions about no patient: "is cement safe in tumor?".
    tells = any(not engine.guideline.fact[fact].may_change for fact in case.readings)
    known = [] if tells else list(_in_general(message, folders[topic.id], engine, paint))
    yield from known or next_step.shown(engine, case, paint)
    if explain:
        yield ""
        if topic is first:
            yield from display.explained(reading, reader.rules, paint)
            yield ""
        yield from next_step.explained(engine, case, folders[topic.id], paint)


def case_of(message: str, reading: Reading, engine: Engine) -> Case:
    """The case that a first `message` with this `reading` makes."""
    from knowledge.case import Case
    from knowledge.case import Reading as Given
    from knowledge.levels import with_relation
    from knowledge.topic_words import told

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
            doubted=fact.doubted,
        )
        for fact in reading.facts
        if fact.fact in engine.guideline.fact
    ]
    given += told(message, engine.guideline, 1)
    return Case().with_readings(with_relation(Case(), given), engine.guideline)


def _in_general(message: str, folder: Path, engine: Engine, paint: Paint) -> Iterator[str]:
    """What answers a message that tells no case, from the store, which has to be that of the content."""
    from knowledge.search import search
    from knowledge.store import is_current
    from knowledge.topics import store_of

    store = store_of(folder)
    if not is_current(folder, store):
        yield "Questions that tell no case are answered from the store; bring it up to date: python -m knowledge build"
        return
    for entry in search(message, store=store):
        yield f"{paint('heading', 'Answered')}  {entry.entry}: {entry.title}"
        yield from (f"  {statement['text']} [{statement['source']}]" for statement in entry.statements)


def _topics(content: Path | None) -> dict[Path, Engine]:
    """The engine of each topic, or only that of the folder `content`."""
    from knowledge.content import CONTENT
    from knowledge.engine import Engine
    from knowledge.store import current
    from knowledge.topics import topic_folders

    folders = [content] if content else [CONTENT, *topic_folders()]
    return {folder: Engine(current(folder)) for folder in folders}
