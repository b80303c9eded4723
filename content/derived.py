"""What a stored conversation gives: steps of a test story and examples of intents, without identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from content.conversations import Turn
from content.edits import Edit, inserted, load
from content.misunderstandings import FALLBACK
from content.stories import Step, step
from privacy.identifiers import without_identifiers

WHITE, UNPRINTABLE = "\n\t", "\ufffd"
BUTTON = "/"
"""What a button sends begins so; it is no example of what people write."""


@dataclass(frozen=True)
class Example:
    """A text and its intent; `known_as` is the intent of which it is an example already, `key` that of its turn."""

    key: int
    text: str
    intent: str | None
    known_as: str | None


def steps(turns: Iterable[Turn]) -> list[Step]:
    """A step for each turn: what was said, and the type, outcome and asked fact of the answer."""
    return [_step(turn) for turn in turns]


def examples(turns: Iterable[Turn], nlu: Path) -> Iterator[Example]:
    """What was typed, each text once, with the intent that was given to it, and whether the file `nlu` has it."""
    known = known_examples(nlu)
    typed = {on_one_line(turn.text): turn for turn in turns if not turn.text.startswith(BUTTON)}
    for text, turn in typed.items():
        intent = None if turn.intent == FALLBACK else turn.intent
        yield Example(turn.key, text, intent, known.get(text.casefold()))


def known_examples(nlu: Path) -> dict[str, str]:
    """The intent of each example of the file `nlu`, whose text is in small letters."""
    data = YAML(typ="safe").load(nlu)
    return {text.casefold(): item["intent"] for item in data["nlu"] for text in _texts(item)}


def intents(nlu: Path) -> list[str]:
    """The intents of which the file `nlu` has examples."""
    return [str(item["intent"]) for item in load(nlu)["nlu"]]


def with_examples(nlu: Path, chosen: Sequence[Example]) -> Edit:
    """The file `nlu` with each of `chosen` at the end of its intent's examples."""
    data = load(nlu)
    lines = nlu.read_text(encoding="utf-8").splitlines()
    added: dict[int, list[str]] = {}
    for item in data["nlu"]:
        texts = [example.text for example in chosen if example.intent == item["intent"]]
        if texts:
            added[_end_of_block(lines, item.lc.key("examples")[0])] = [f"    - {text}" for text in texts]
            item["examples"] += "".join(f"- {text}\n" for text in texts)
    return inserted(nlu, added, data)


def _step(turn: Turn) -> Step:
    said = _shareable(turn.text)
    return step(said, *(turn.payload.get(key) for key in ("type", "outcome", "slot")))


def on_one_line(text: str) -> str:
    """`text` without identifiers and line breaks."""
    return " ".join(_shareable(text).split())


def _shareable(text: str) -> str:
    """`text` without identifiers, and without characters that a terminal or a file might not take."""
    return "".join(
        character if character.isprintable() or character in WHITE else UNPRINTABLE
        for character in without_identifiers(text)
    )


def _texts(item: Any) -> list[str]:
    return [line.strip().removeprefix("- ") for line in item["examples"].splitlines()]


def _end_of_block(lines: Sequence[str], key: int) -> int:
    """The number of the line (from 1) after the block of text that begins on line `key` (from 0)."""
    end = key + 1
    while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end + 1
