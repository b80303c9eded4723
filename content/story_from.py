"""python -m content story-from ID: a test story and examples from a stored conversation, without identifiers."""

from __future__ import annotations

import argparse
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from terminal.color import Paint, paint_for
from terminal.paths import shown
from terminal.questions import Refused

if TYPE_CHECKING:
    from content.derived import Example
    from content.edits import Edit
    from content.stories import Step

PROJECT = Path(__file__).parent.parent
DATABASE = PROJECT / ".build" / "conversations.sqlite"
STORIES = Path("tests") / "stories" / "from_conversations.yml"
NLU = Path("data") / "nlu.yml"
WORDS = Path(__file__).with_name("story_from.yml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which conversation, where it lies, and what is approved beforehand."""
    parser.add_argument("conversation", help="the id of the conversation, or its beginning")
    parser.add_argument("--database", help="SQLAlchemy URL of the tracker store (.build/conversations.sqlite)")
    parser.add_argument("--name", help="what the story shows, in a few words")
    parser.add_argument("--yes", action="store_true", help="approve everything without being asked")
    parser.add_argument("--project", type=Path, default=PROJECT, help="folder of the project")


def run(arguments: argparse.Namespace) -> int:
    """Show what would be written, item by item, and write what is approved."""
    words, paint = YAML(typ="safe").load(WORDS), paint_for(sys.stdout)
    try:
        edits = _edits(arguments, words, paint)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    for edit in edits:
        edit.write()
        print(paint("heading", f"Wrote {shown(edit.path)}:{edit.line}"))
        print("\n".join(f"  {line}" for line in edit.new.splitlines()))
    print(words["check"] if edits else words["nothing"])
    return 0


def _edits(arguments: argparse.Namespace, words: dict[str, str], paint: Paint) -> list[Edit]:
    """What was approved, ready to be written."""
    from content.conversations import conversation, database
    from content.derived import examples, steps, with_examples
    from content.edits import appended
    from content.new.story import names

    if not (arguments.yes or sys.stdin.isatty()):
        raise Refused(words["nobody_there"])
    taken = names(arguments.project)
    # The id of a conversation may point to a person, so it names no story.
    free = (words["name"].format(number=number) for number in count(1))
    name = arguments.name or next(name for name in free if name not in taken)
    if name in taken:
        raise Refused(words["name_taken"].format(name=name))
    with database(arguments.database or f"sqlite:///{DATABASE}") as connection:
        turns = conversation(connection, arguments.conversation)
    print(paint("heading", words["read_it"]))
    nlu = arguments.project / NLU
    story = [item for item in steps(turns) if _approved(_told(item), words["step"], arguments.yes, paint)]
    chosen = [item for item in examples(turns, nlu) if _is_chosen(item, words, arguments.yes, paint)]
    edits = [appended(arguments.project / STORIES, {"story": name, "steps": story})] if story else []
    return [*edits, with_examples(nlu, chosen)] if chosen else edits


def _is_chosen(example: Example, words: dict[str, str], yes: bool, paint: Paint) -> bool:
    """Whether an example is approved; one that is known already, or has no intent, is only told of."""
    if example.known_as is not None or example.intent is None:
        print(f"  {words['no_intent' if example.known_as is None else 'known'].format(**vars(example))}")
        return False
    return _approved(f"{example.intent}: {example.text}", words["example"], yes, paint)


def _approved(item: str, question: str, yes: bool, paint: Paint) -> bool:
    """Whether a person takes `item`; anything but a clear yes leaves it out."""
    print(f"  {item}")
    if yes:
        return True
    try:
        return input(f"  {paint('open', question)} ").strip().casefold() in ("y", "yes")
    except EOFError:
        raise Refused("Stopped; nothing was written.") from None


def _told(step: Step) -> str:
    answer = ", ".join(str(value) for key, value in step.items() if key != "user" and value is not True)
    return f"you> {step['user']}\n    → {answer or 'any answer'}"
