"""Follow-ups after an answer: is each answered with the right kind of answer and the right content?

python -m tests.evaluation.follow_ups [FILE …], by default the development set and the one held out, whose
errors nobody looks at. A line of a file has the `case` that is told first and its
`outcome`, the `follow_up`, and what to `expect`: the payload's type, and where they apply its outcome,
procedure and category, and words that the text must contain.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent

from service.build import build_all
from service.settings import settings
from tests.assistant import Conversation, Turn, load_agent
from tests.contract import check_payload

FOLDER = Path(__file__).parent
DEVELOPMENT, HELD_OUT = FOLDER / "follow_ups.jsonl", FOLDER / "follow_ups_held_out.jsonl"


def wrong(turn: Turn, expect: dict[str, Any]) -> str | None:
    """What is wrong with an answer, or None."""
    kinds = [payload["type"] for payload in turn.payloads]
    if expect["type"] not in kinds:
        return f"type {kinds}, not {expect['type']}"
    payloads = [payload for payload in turn.payloads if payload["type"] == expect["type"]]
    for key in ("outcome", "procedure", "category"):
        if expect.get(key) and all(payload.get(key) != expect[key] for payload in payloads):
            return f"{key} {[payload.get(key) for payload in payloads]}, not {expect[key]}"
    missing = [words for words in expect.get("says", ()) if words.lower() not in turn.text.lower()]
    return f"does not say {missing}" if missing else None


def main(*files: Path) -> None:
    """Hold every conversation of `files` and print what is right, by type; errors, unless they are held out."""
    with contextlib.redirect_stdout(io.StringIO()):
        agent = load_agent(build_all(settings()))
    for file in files or (DEVELOPMENT, HELD_OUT):
        print(f"\n{file.name}")
        _measure(agent, file)


def _measure(agent: Agent, file: Path) -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    first_outcomes = []
    for line in file.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        talk = Conversation(agent)
        with contextlib.redirect_stdout(io.StringIO()):
            first, turn = talk.say(data["case"]), talk.say(data["follow_up"])
        for payload in turn.payloads:
            check_payload(payload)
        first_outcomes.append(any(payload.get("outcome") == data["outcome"] for payload in first.payloads))
        error = wrong(turn, data["expect"]) if turn.text.strip() else "no answer"
        right[data["expect"]["type"]].append(error is None)
        if error and file != HELD_OUT:
            print(f"{data['id']}: {data['follow_up']!r}: {error}")
    print(f"\nCases answered at once with their outcome: {sum(first_outcomes)}/{len(first_outcomes)}")
    for kind, results in sorted(right.items()):
        print(f"{kind}: {sum(results)}/{len(results)}")
    every = [result for results in right.values() for result in results]
    print(f"all: {sum(every)}/{len(every)} ({sum(every) / len(every):.1%})")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
