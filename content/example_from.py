"""python -m content example-from TURN: what was said in a stored turn as an example of an intent."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from content.approval import NLU, PROJECT, Words, add_approval, add_store, approved, offer, somebody_there, store_url
from terminal.color import Paint
from terminal.questions import Answers, Prompt, Refused

if TYPE_CHECKING:
    from content.derived import Example
    from content.edits import Edit

WORDS = PROJECT / "content" / "example_from.yml"
GUESSES = 3
"""Intents named that the message may have."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which turn, of which intent it is an example, and what is approved beforehand."""
    parser.add_argument("turn", type=int, help="the number of the turn, as python -m content review names it")
    parser.add_argument("--intent", help="the intent that the message has")
    add_approval(parser)
    add_store(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the example, and write it if it is approved."""
    return offer(WORDS, partial(_edits, arguments))


def _edits(arguments: argparse.Namespace, words: Words, paint: Paint) -> list[Edit]:
    """The example as it will stand in data/nlu.yml, if it is approved."""
    from content.derived import with_examples

    somebody_there(arguments.yes)
    nlu = arguments.project / NLU
    example = _example(arguments, words, paint)
    taken = approved(f"{example.intent}: {example.text}", words["approve"], arguments.yes, paint)
    return [with_examples(nlu, [example])] if taken else []


def _example(arguments: argparse.Namespace, words: Words, paint: Paint) -> Example:
    """The example with its intent. Raises Refused if the turn gives none, or its text is known already."""
    from content.conversations import database, session_of
    from content.derived import examples, intents, on_one_line
    from content.new.common import one_of

    nlu = arguments.project / NLU
    with database(store_url(arguments)) as connection:
        turn = next(turn for turn in session_of(connection, arguments.turn) if turn.key == arguments.turn)
    found = next(examples([turn], nlu), None)
    if found is None:
        raise Refused(words["button"].format(text=on_one_line(turn.text)))
    if found.known_as is not None:
        raise Refused(words["known"].format(**vars(found)))
    print(paint("heading", words["read_it"]))
    print(f"  {found.text}")
    known = intents(nlu)
    guesses = [name for name, _ in turn.guesses if name in known][:GUESSES]
    asked = Prompt(words["ask"].format(guesses=", ".join(guesses) or words["no_guess"]))
    answers = Answers({"intent": asked}, vars(arguments), sys.stdin.isatty())
    return replace(found, intent=answers.one("intent", one_of(known, "intent")))
