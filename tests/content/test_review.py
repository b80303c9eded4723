"""python -m content review: what real conversations left in the tracker store, and what is made of it."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from content.__main__ import main
from tests.content.conftest import contents

if TYPE_CHECKING:
    from rasa.core.agent import Agent

Output = pytest.CaptureFixture[str]
CASE = "Mrs. Jones, MRN 0012345, 72F, breast ca, new painful T8 fracture on x-ray, neuro intact. Which imaging?"
FIRST = [CASE, "correction: she never had cancer", "flurbl the wug", "new patient", "hello", "thumbs down"]
SECOND = ["74F, new painful L1 fracture on x-ray", "the grapefruit is purple", "no, not helpful", "undo", "\x1b[31mwug"]


@pytest.fixture(scope="module")
def store(agent: Agent, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the tracker store in which Rasa kept two conversations with the assistant."""
    from rasa.core.tracker_store import SQLTrackerStore

    from tests.assistant import Conversation

    path = tmp_path_factory.mktemp("review") / "conversations.sqlite"
    processor = agent.processor
    assert processor is not None
    in_memory = processor.tracker_store
    processor.tracker_store = SQLTrackerStore(processor.domain, dialect="sqlite", db=str(path))
    for messages in (FIRST, SECOND):
        talk = Conversation(agent)
        for message in messages:
            talk.say(message)
    processor.tracker_store = in_memory
    yield f"sqlite:///{path}"


@pytest.fixture
def run(store: str, project: Path) -> Callable[..., int]:
    """Runs a command on the store and a copy of the project."""
    return lambda *words: main([*words, "--database", store, "--project", str(project)])


def reviewed(shown: str) -> dict[str, list[str]]:
    """The paragraph of each turn, by the first words that were said in it."""
    paragraphs = [part.splitlines() for part in re.split(r"\n\n(?=\d+  )", shown)[1:]]
    return {lines[1].removeprefix("  you> "): lines for lines in paragraphs}


def turn_of(shown: str, said: str) -> str:
    """The number of the turn in which something was `said`."""
    return next(lines[0].split()[0] for text, lines in reviewed(shown).items() if text.startswith(said))


def test_what_was_misunderstood_is_listed(run: Callable[..., int], capsys: Output) -> None:
    """Turns that fell back, were corrected or rated down, oldest first; what went well is left out."""
    assert run("review") == 0
    shown = capsys.readouterr().out
    found = reviewed(shown)
    why = {text[:20]: lines[0].split(maxsplit=1)[1] for text, lines in found.items()}
    assert why == {
        "Mrs. [name], MRN [nu": "corrected later",
        "flurbl the wug": "not understood",
        "hello": "rated as not helpful",
        "the grapefruit is pu": "not understood, rated as not helpful, corrected later",
        "�[31mwug": "not understood",
    }
    assert shown.startswith("5 to review, oldest first")
    keys = [int(lines[0].split()[0]) for lines in found.values()]
    assert keys == sorted(keys)
    case = next(iter(found.values()))
    assert "  you> correction: she never had cancer" in case
    assert any(line.startswith("  → Variant 2: ") for line in case)


def test_nobody_can_be_recognized(run: Callable[..., int], capsys: Output) -> None:
    """Names and numbers are gone, and so are senders, dates, and what would steer the terminal."""
    assert run("review") == 0
    shown = capsys.readouterr().out
    assert not re.search(r"Jones|0012345|[0-9a-f]{32}|20\d\d-\d\d|\x1b", shown)


def test_long_lists_are_read_in_parts(run: Callable[..., int], capsys: Output) -> None:
    """What is left out is told with the command that goes on there."""
    assert run("review") == 0
    whole = capsys.readouterr().out
    assert run("review", "--most", "2") == 0
    shown = capsys.readouterr().out
    command = re.search(r"… and 3 more: python -m content (review --after \d+)", shown)
    assert command
    assert run(*command[1].split()) == 0
    rest = capsys.readouterr().out
    assert [*reviewed(shown), *reviewed(rest)] == list(reviewed(whole))
    assert run("review", "--after", "999999999") == 0
    assert capsys.readouterr().out == "Nothing to review.\n"


def test_commands_are_those_to_run(run: Callable[..., int], project: Path, capsys: Output) -> None:
    """Each turn names the commands that make an example and a story of it, and they do."""
    assert run("review") == 0
    lines = reviewed(capsys.readouterr().out)["flurbl the wug"]
    example, story = (re.search(r"python -m content (.*)", line)[1].split() for line in lines[-2:])  # type: ignore[index]
    before = (project / "data/nlu.yml").read_text().splitlines()
    assert run(*example, "--intent", "ask_why", "--yes") == 0
    after = (project / "data/nlu.yml").read_text().splitlines()
    assert [line for line in after if line not in before] == ["    - flurbl the wug"]
    assert run(*story, "--yes") == 0
    (made,) = YAML(typ="safe").load(project / "tests/stories/from_conversations.yml")
    assert [step["user"] for step in made["steps"]][1:] == FIRST[1:4]
    assert made["steps"][0] | {"user": ""} == {"user": "", "type": "recommendation", "outcome": "v2"}
    capsys.readouterr()
    assert run("review") == 0
    assert "  is an example of ask_why by now" in reviewed(capsys.readouterr().out)["flurbl the wug"]


def test_example_is_written_when_it_is_approved(
    run: Callable[..., int], project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the intent is asked for, wrong ones again, and then whether to write."""
    run("review")
    turn = turn_of(capsys.readouterr().out, "flurbl")
    before = contents(project)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    typed = iter(["ask_wy", "ask_why", "n"])
    monkeypatch.setattr(builtins, "input", lambda question: next(typed))
    assert run("example-from", turn) == 0
    shown = capsys.readouterr().out
    assert "did you mean 'ask_why'?" in shown and "Nothing was written." in shown
    assert contents(project) == before
    typed = iter(["ask_why", "y"])
    assert run("example-from", turn) == 0
    assert "    - flurbl the wug\n" in (project / "data/nlu.yml").read_text()


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("example-from", "999999999", "--intent", "ask_why", "--yes"), "There is no turn 999999999"),
        (("example-from", "{hello}", "--intent", "ask_why", "--yes"), "It is an example of greet already: hello"),
        (("example-from", "{flurbl}", "--intent", "ask_wy", "--yes"), "did you mean 'ask_why'?"),
        (("example-from", "{flurbl}", "--yes"), "Say --intent"),
        (("example-from", "{flurbl}", "--intent", "ask_why"), "nobody to approve"),
        (("story-from", "--yes"), "by its id, or a turn of it with --turn"),
        (("story-from", "--turn", "999999999", "--yes"), "There is no turn 999999999"),
    ],
)
def test_refused(words: tuple[str, ...], advice: str, run: Callable[..., int], project: Path, capsys: Output) -> None:
    """What cannot be done is refused with advice, and nothing is written."""
    run("review")
    shown = capsys.readouterr().out
    turns = {said: turn_of(shown, said) for said in ("hello", "flurbl")}
    before = contents(project)
    assert run(*(word.format(**turns) for word in words)) == 1
    assert advice in capsys.readouterr().err
    assert contents(project) == before
