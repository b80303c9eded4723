"""How well knowledge questions are answered: python -m tests.evaluation.knowledge [--errors].

The questions are worded otherwise than those of the content; entry null marks what has nothing to do with it.
The search was developed on the first half of the file, and the second is only measured as a whole.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from knowledge.search import search
from knowledge.store import STORE, build, is_current

QUESTIONS = Path(__file__).parent / "knowledge_questions.jsonl"


@dataclass(frozen=True)
class Asked:
    """A question, the entry that answers it (None: nothing does), the entry that was found, and the time in ms."""

    question: str
    entry: str | None
    found: str | None
    milliseconds: float


def halves(store: Path = STORE) -> tuple[list[Asked], list[Asked]]:
    """Every question asked, the half for development first."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    asked = [_ask(row["question"], row["entry"], store) for row in rows]
    return asked[: len(asked) // 2], asked[len(asked) // 2 :]


def _ask(question: str, entry: str | None, store: Path) -> Asked:
    started = time.perf_counter()
    found = search(question, store=store)
    return Asked(question, entry, found[0].entry if found else None, (time.perf_counter() - started) * 1000)


def answered(asked: list[Asked]) -> tuple[int, int]:
    """How many of the questions that have an entry got it, and how many there are."""
    on_topic = [item for item in asked if item.entry]
    return sum(item.found == item.entry for item in on_topic), len(on_topic)


def refused(asked: list[Asked]) -> tuple[int, int]:
    """How many of the questions that have no entry got nothing, and how many there are."""
    off_topic = [item for item in asked if not item.entry]
    return sum(item.found is None for item in off_topic), len(off_topic)


def main(arguments: list[str]) -> int:
    """Print the figures of both halves, and with --errors what went wrong in the first; returns 0."""
    if not is_current():
        build()
    development, held_back = halves()
    print("| half | right entry | wrong entry | off-topic refused | median ms |\n|---|---|---|---|---|")
    for name, asked in (("development", development), ("held back", held_back)):
        (right, on_topic), (nothing, off_topic) = answered(asked), refused(asked)
        wrong = sum(item.entry is not None and item.found not in (None, item.entry) for item in asked)
        median = statistics.median(item.milliseconds for item in asked)
        print(
            f"| {name} | {right}/{on_topic} ({right / on_topic:.1%}) | {wrong}/{on_topic} "
            f"| {nothing}/{off_topic} ({nothing / off_topic:.1%}) | {median:.1f} |"
        )
    if "--errors" in arguments:
        for item in development:
            if item.found != item.entry:
                print(f"{item.question!r}: {item.found}, should be {item.entry}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
