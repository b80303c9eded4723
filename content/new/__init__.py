"""python -m content new story|variant|faq|phrase|edition: a correct start from a few questions."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from terminal.color import Paint, paint_for
from terminal.paths import shown
from terminal.questions import Answers, Prompt, Refused, add_options

PROMPTS = Path(__file__).with_name("prompts.yml")
PROJECT = Path(__file__).parent.parent.parent
CHECK = "python -m content check"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One command for each kind, with an option for each of its questions."""
    parser.add_argument("--project", type=Path, default=PROJECT, help="folder of the project")
    kinds = parser.add_subparsers(required=True, metavar="kind", dest="kind")
    for kind, words in _words().items():
        command = kinds.add_parser(kind, help=words["purpose"], description=words["purpose"])
        add_options(command, _prompts(words))


def run(arguments: argparse.Namespace) -> int:
    """Ask what is missing, write, and tell what was written and how to check it."""
    words = _words()[arguments.kind]
    answers = Answers(_prompts(words), vars(arguments), sys.stdin.isatty())
    try:
        started = import_module(f"content.new.{arguments.kind}").start(answers, arguments.project)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    except EOFError:
        print("Stopped; nothing was written.", file=sys.stderr)
        return 1
    paint = paint_for(sys.stdout)
    for edit in started.edits:
        edit.write()
        if edit.new:
            _tell(paint, f"Wrote {shown(edit.path)}:{edit.line}", edit.new.splitlines())
    if copied := sum(not edit.new for edit in started.edits):
        _tell(paint, f"Copied {copied} files as they are", [""])
    _tell(paint, "Look at", started.remarks)
    _tell(paint, "Still to do", [*started.to_do, *words.get("to_do", ())])
    _tell(paint, "Check it with", [CHECK, words["check"].format(**started.names)])
    return 0


def _tell(paint: Paint, heading: str, lines: Sequence[str]) -> None:
    if lines:
        print("\n".join([paint("heading", heading), *(f"  {line}" for line in lines if line)]))


def _words() -> dict[str, Any]:
    words: dict[str, Any] = YAML(typ="safe").load(PROMPTS)
    return words


def _prompts(words: dict[str, Any]) -> dict[str, Prompt]:
    return {name: Prompt(**prompt) for name, prompt in words["questions"].items()}
