"""python -m content review: turns that were probably misunderstood at work, and what to make of each.

Nothing but the words is shown, without identifiers: no sender, and no date, which would tell when a patient was seen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from content.approval import NLU, PROJECT, add_store, store_url
from terminal.color import Paint, paint_for
from terminal.questions import Refused

if TYPE_CHECKING:
    from content.misunderstandings import Misunderstanding

WORDS = PROJECT / "content" / "review.yml"
MOST = 20
GUESSES, LEAST_GUESS = 3, 0.05
"""Intents named that a message may have, and the confidence that each needs."""
WIDTH = 300
"""Characters shown of a text."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to begin and how much to show."""
    parser.add_argument("--after", type=int, default=0, metavar="TURN", help="only what came after this turn")
    parser.add_argument("--most", type=int, default=MOST, help=f"how many turns to show ({MOST})")
    add_store(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the turns, oldest first."""
    words, paint = YAML(typ="safe").load(WORDS), paint_for(sys.stdout)
    try:
        known, found = _found(arguments)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    print(paint("heading", words["heading"].format(count=len(found)) if found else words["nothing"]))
    for item in found[: arguments.most]:
        print("\n".join(["", *_told(item, known, words, paint)]))
    if len(found) > arguments.most:
        last = found[arguments.most - 1].turn.key
        print("\n" + words["more"].format(count=len(found) - arguments.most, last=last))
    if found:
        print("\n" + words["advice"])
    return 0


def _found(arguments: argparse.Namespace) -> tuple[dict[str, str], list[Misunderstanding]]:
    """The intent of every example there is, and what to review, oldest first."""
    from content.conversations import database, sessions
    from content.derived import known_examples
    from content.misunderstandings import misunderstandings

    with database(store_url(arguments)) as connection:
        found = [item for session in sessions(connection) for item in misunderstandings(session)]
    later = [item for item in found if item.turn.key > arguments.after]
    return known_examples(arguments.project / NLU), sorted(later, key=lambda item: item.turn.key)


def _told(item: Misunderstanding, known: dict[str, str], words: dict[str, str], paint: Paint) -> Iterator[str]:
    """One turn: what was said and answered, what came of it, and the commands."""
    from content.derived import BUTTON, on_one_line

    turn = item.turn
    reasons = ", ".join(dict.fromkeys(words[sign.reason] for sign in item.signs))
    yield f"{paint('heading', str(turn.key))}  {paint('open', reasons)}"
    yield f"  you> {_shown(turn.text)}"
    yield f"  {paint('place', '→')} {_shown(turn.answer)}"
    yield from (f"  you> {_shown(sign.later.text)}" for sign in item.signs if sign.later)
    yield f"  {words['taken'].format(intent=turn.intent, guesses=_listed(turn.guesses) or '-')}"
    example = known.get(on_one_line(turn.text).casefold())
    if example:
        yield f"  {words['known'].format(intent=example)}"
    elif not turn.text.startswith(BUTTON):
        yield f"  {words['example'].format(turn=turn.key)}"
    yield f"  {words['story'].format(turn=turn.key)}"


def _listed(guesses: Iterable[tuple[str, float]]) -> str:
    likely = [f"{name} {sure:.2f}" for name, sure in guesses if sure >= LEAST_GUESS and name != "nlu_fallback"]
    return ", ".join(likely[:GUESSES])


def _shown(text: str) -> str:
    """The beginning of `text`, without identifiers."""
    from content.derived import on_one_line

    # More than is shown, so that no identifier is cut in two before it is found.
    line = on_one_line(text[: 4 * WIDTH])
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
