"""Color only where a person sees it."""

from __future__ import annotations

import io

import pytest

from terminal.color import paint_for


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Always."""
        return True


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"TERM": "xterm"}, "\033[32myes\033[0m"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "yes"),
        ({"TERM": "xterm", "NO_COLOR": ""}, "\033[32myes\033[0m"),
        ({"TERM": "dumb"}, "yes"),
    ],
)
def test_color_on_a_terminal(environment: dict[str, str], shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets color, unless NO_COLOR says otherwise or it has none."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert paint_for(Terminal())("value", "yes") == shown


def test_no_color_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not a terminal gets plain text."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert paint_for(io.StringIO())("value", "yes") == "yes"
