"""Answers that a command needs: given as options, or asked on a terminal, each checked at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Check = Callable[[str], str]
"""Gives an answer in the form that is written; raises Refused with advice if it cannot be taken."""


class Refused(ValueError):
    """An answer that cannot be taken, or is missing; the message says what to do instead."""


@dataclass(frozen=True)
class Prompt:
    """A question: its words, what an empty answer stands for, and whether it takes several answers."""

    ask: str
    default: str | None = None
    many: bool = False


def as_it_is(answer: str) -> str:
    """Any answer will do."""
    return answer


def add_options(parser: argparse.ArgumentParser, prompts: Mapping[str, Prompt]) -> None:
    """An option for each of `prompts`, so that a script can answer them; where several fit, it may be repeated."""
    for name, prompt in prompts.items():
        parser.add_argument(f"--{name}", action="append" if prompt.many else "store", help=prompt.ask, metavar="…")


class Answers:
    """Answers to `prompts`: those `given` as options first, the others asked for if a person is there."""

    def __init__(self, prompts: Mapping[str, Prompt], given: Mapping[str, object], interactive: bool) -> None:
        self._prompts, self._given, self._interactive = prompts, given, interactive

    def one(self, name: str, check: Check = as_it_is, default: str | None = None) -> str:
        """The answer to the prompt `name`; an empty one stands for its default. Raises Refused without one."""
        prompt = self._prompts[name]
        fallback = prompt.default if default is None else default
        given = self._given.get(name)
        if given is not None or not self._interactive:
            if given is None and fallback is None:
                raise Refused(f"Say --{name}: {prompt.ask}")
            return check(str(given if given is not None else fallback))
        hint = f" [{fallback}]" if fallback else ""
        return _asked(f"{prompt.ask}{hint} ", check, fallback)

    def many(self, name: str, check: Check = as_it_is, least: int = 1) -> list[str]:
        """All answers to the prompt `name`, up to an empty one. Raises Refused if there are fewer than `least`."""
        prompt, given = self._prompts[name], self._given.get(name)
        if isinstance(given, Sequence) and not isinstance(given, str):
            answers = [check(str(answer)) for answer in given]
        else:
            answers = self._asked_in_turn(prompt, check, least) if self._interactive else []
        if len(answers) < least:
            raise Refused(f"Say --{name}{' once more for each' if answers else ''}: {prompt.ask}")
        return answers

    def is_given(self, name: str) -> bool:
        """Whether the prompt `name` was answered by an option."""
        return self._given.get(name) is not None

    def may_ask(self) -> bool:
        """Whether a person is there to be asked."""
        return self._interactive

    @staticmethod
    def _asked_in_turn(prompt: Prompt, check: Check, least: int) -> list[str]:
        answers: list[str] = []
        print(f"{prompt.ask} (an empty line ends the list)")
        while answer := _asked("  - ", check, None if len(answers) < least else ""):
            answers.append(answer)
        return answers


def _asked(question: str, check: Check, fallback: str | None) -> str:
    """What is typed, asked again until it can be taken; nothing typed stands for `fallback`."""
    while True:
        try:
            typed = input(question).strip()
        except EOFError:
            raise Refused("Stopped; nothing was written.") from None
        if not typed and fallback == "":
            return ""
        if not typed and fallback is None:
            print("  An answer is needed here.")
            continue
        try:
            return check(typed or str(fallback))
        except Refused as error:
            print(f"  {error}", file=sys.stdout)
