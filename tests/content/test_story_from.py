"""python -m content story-from: a stored conversation becomes a test story and examples, without identifiers."""

from __future__ import annotations

import asyncio
import builtins
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from content.__main__ import main
from tests.content.conftest import contents

Output = pytest.CaptureFixture[str]
SPOKEN = "Mrs. Jones, 93F, MRN 0012345, new L1 fracture on x-ray.\nWhich scan?"
TREATED = "Mrs. [name], 90F, MRN [number], new L1 fracture on x-ray."
SAID: list[tuple[str, str, dict[str, str]]] = [
    (SPOKEN, "describe_case", {"type": "question", "slot": "neuro_status"}),
    ('/inform{"neuro_status": "intact"}', "inform", {"type": "recommendation", "outcome": "v1"}),
    ("why", "ask_why", {"type": "explanation"}),
    ("flurbl the wug", "nlu_fallback", {}),
]


def events(said: list[tuple[str, str, dict[str, str]]]) -> list[dict[str, Any]]:
    """The events of a session, as Rasa's tracker store keeps them."""
    found: list[dict[str, Any]] = [{"event": "action", "name": "action_session_start"}, {"event": "session_started"}]
    for text, intent, payload in said:
        found += [
            {"event": "user", "text": text, "parse_data": {"intent": {"name": intent, "confidence": 1.0}}},
            {"event": "bot", "text": "…", "data": {"custom": payload or None, "buttons": None}},
        ]
    return found


@pytest.fixture
def store(tmp_path: Path) -> str:
    """The URL of a tracker store with three conversations, the first of which had an earlier session."""
    path = tmp_path / "conversations.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT NOT NULL, type_name TEXT NOT NULL, "
        "timestamp FLOAT, intent_name TEXT, action_name TEXT, data TEXT)"
    )
    kept = {"abc-1": events([("hello", "greet", {})]) + events(SAID), "xy-1": events(SAID[:1]), "xy-2": events([])}
    for sender, found in kept.items():
        for event in found:
            row = (sender, event["event"], json.dumps(event))
            connection.execute("INSERT INTO events (sender_id, type_name, data) VALUES (?, ?, ?)", row)
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


@pytest.fixture
def story_from(project: Path, store: str) -> Callable[..., int]:
    """Runs the command on a copy of the project and the store."""
    return lambda *options: main(["story-from", *options, "--database", store, "--project", str(project)])


def load(path: Path) -> Any:
    """The data of a YAML file."""
    return YAML(typ="safe").load(path)


def test_story_and_examples(story_from: Callable[..., int], project: Path, capsys: Output) -> None:
    """The last session becomes steps with type, outcome and slot, and examples under their intents."""
    before = (project / "data/nlu.yml").read_text().splitlines()
    assert story_from("abc", "--yes", "--name", "A lady of ninety") == 0
    (story,) = load(project / "tests/stories/from_conversations.yml")
    assert story == {
        "story": "A lady of ninety",
        "steps": [
            {"user": f"{TREATED}\nWhich scan?", "type": "question", "slot": "neuro_status"},
            {"user": '/inform{"neuro_status": "intact"}', "type": "recommendation", "outcome": "v1"},
            {"user": "why", "type": "explanation"},
            {"user": "flurbl the wug", "answers": True},
        ],
    }
    after = (project / "data/nlu.yml").read_text().splitlines()
    assert [line for line in after if line not in before] == [f"    - {TREATED} Which scan?"]
    examples = {item["intent"]: item["examples"] for item in load(project / "data/nlu.yml")["nlu"]}
    assert examples["describe_case"].endswith(f"- {TREATED} Which scan?\n")
    shown = capsys.readouterr().out
    assert "Jones" not in shown and "0012345" not in shown
    assert "an example of ask_why already: why" in shown
    assert "its intent was not recognized" in shown


def test_only_what_is_approved_is_written(
    story_from: Callable[..., int], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each item is asked about; whatever is not a clear yes is left out."""
    replies = iter(["y", "n", "", "no", "n"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(builtins, "input", lambda question: next(replies))
    before = (project / "data/nlu.yml").read_bytes()
    assert story_from("abc-1") == 0
    (story,) = load(project / "tests/stories/from_conversations.yml")
    assert len(story["steps"]) == 1
    assert (project / "data/nlu.yml").read_bytes() == before


def test_names_are_numbers_and_no_ids(story_from: Callable[..., int], project: Path) -> None:
    """Ids of Slack and Teams conversations are made of accounts, so they are not kept in the story."""
    assert [story_from("abc-1", "--yes"), story_from("xy-1", "--yes")] == [0, 0]
    stories = load(project / "tests/stories/from_conversations.yml")
    assert [story["story"] for story in stories] == ["Conversation 1", "Conversation 2"]


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (("xy", "--yes"), "Several conversations begin with 'xy': xy-1, xy-2"),
        (("q", "--yes"), "No conversation has the id 'q'. The latest are: xy-1, abc-1."),
        (("xy-2", "--yes"), "nothing was said"),
        (("abc-1",), "nobody to approve"),
        (("abc-1", "--yes", "--name", "v1 complete, no question"), "say --name with another name"),
    ],
)
def test_refused(
    options: tuple[str, ...], advice: str, story_from: Callable[..., int], project: Path, capsys: Output
) -> None:
    """What cannot be done is refused with advice, and nothing is written."""
    before = contents(project / "tests") | contents(project / "data")
    assert story_from(*options) == 1
    assert advice in capsys.readouterr().err
    assert contents(project / "tests") | contents(project / "data") == before


def test_store_that_is_not_there(project: Path, tmp_path: Path, capsys: Output) -> None:
    """A missing store is told of, and not made."""
    missing = tmp_path / "none.sqlite"
    assert main(["story-from", "a", "--yes", "--database", f"sqlite:///{missing}", "--project", str(project)]) == 1
    assert "no conversation was held here yet" in capsys.readouterr().err
    assert not missing.exists()


def test_store_that_rasa_wrote(project: Path, tmp_path: Path) -> None:
    """Events are where Rasa's own tracker store puts them."""
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import BotUttered, SessionStarted, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    said = [
        SessionStarted(),
        UserUttered(SPOKEN, {"name": "describe_case", "confidence": 1.0}),
        BotUttered("…", {"custom": {"type": "question", "slot": "neuro_status"}}),
    ]
    path = tmp_path / "rasa.sqlite"
    store = SQLTrackerStore(Domain.empty(), dialect="sqlite", db=str(path))
    asyncio.run(store.save(DialogueStateTracker.from_events("s-1", said)))
    command = ("story-from", "s-1", "--yes", "--database", f"sqlite:///{path}", "--project", str(project))
    assert main(list(command)) == 0
    (story,) = load(project / "tests/stories/from_conversations.yml")
    assert story["steps"] == [{"user": f"{TREATED}\nWhich scan?", "type": "question", "slot": "neuro_status"}]
    assert f"    - {TREATED} Which scan?" in (project / "data/nlu.yml").read_text().splitlines()
