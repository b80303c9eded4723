"""python -m content story-from ID: a test story and examples from a stored conversation, without identifiers."""

from __future__ import annotations

import argparse
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from content.approval import NLU, Words, add_approval, add_store, approved, offer, somebody_there, store_url
from terminal.color import Paint
from terminal.questions import Refused

if TYPE_CHECKING:
    from content.conversations import Turn
    from content.derived import Example
    from content.edits import Edit
    from content.stories import Step

STORIES = Path("tests") / "stories" / "from_conversations.yml"
WORDS = Path(__file__).with_name("story_from.yml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which conversation, where it lies, and what is approved beforehand."""
    parser.add_argument("conversation", nargs="?", help="the id of the conversation, or its beginning")
    parser.add_argument("--turn", type=int, help="instead, the number of a turn from python -m content review")
    parser.add_argument("--name", help="what the story shows, in a few words")
    add_approval(parser)
    add_store(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show what would be written, item by item, and write what is approved."""
    return offer(WORDS, partial(_edits, arguments))


def _edits(arguments: argparse.Namespace, words: Words, paint: Paint) -> list[Edit]:
    """What was approved, ready to be written."""
    from content.derived import examples, steps, with_examples
    from content.edits import appended

    somebody_there(arguments.yes)
    name, turns = _free_name(arguments, words), _turns(arguments, words)
    print(paint("heading", words["read_it"]))
    nlu = arguments.project / NLU
    story = [item for item in steps(turns) if approved(_told(item), words["step"], arguments.yes, paint)]
    chosen = [item for item in examples(turns, nlu) if _is_chosen(item, words, arguments.yes, paint)]
    edits = [appended(arguments.project / STORIES, {"story": name, "steps": story})] if story else []
    return [*edits, with_examples(nlu, chosen)] if chosen else edits


def _free_name(arguments: argparse.Namespace, words: Words) -> str:
    """The name asked for, or a number. Raises Refused if a story is called so."""
    from content.new.story import names

    taken = names(arguments.project)
    # The id of a conversation may point to a person, so it names no story.
    free = (words["name"].format(number=number) for number in count(1))
    name = str(arguments.name or next(name for name in free if name not in taken))
    if name in taken:
        raise Refused(words["name_taken"].format(name=name))
    return name


def _turns(arguments: argparse.Namespace, words: Words) -> list[Turn]:
    """What was said in the conversation that is meant."""
    from content.conversations import conversation, database, session_of

    if (arguments.conversation is None) == (arguments.turn is None):
        raise Refused(words["which"])
    with database(store_url(arguments)) as connection:
        if arguments.turn is not None:
            return session_of(connection, arguments.turn)
        return conversation(connection, arguments.conversation)


def _is_chosen(example: Example, words: Words, yes: bool, paint: Paint) -> bool:
    """Whether an example is approved; one that is known already, or has no intent, is only told of."""
    if example.known_as is not None or example.intent is None:
        print(f"  {words['no_intent' if example.known_as is None else 'known'].format(**vars(example))}")
        return False
    return approved(f"{example.intent}: {example.text}", words["example"], yes, paint)


def _told(step: Step) -> str:
    answer = ", ".join(str(value) for key, value in step.items() if key != "user" and value is not True)
    return f"you> {step['user']}\n    → {answer or 'any answer'}"
