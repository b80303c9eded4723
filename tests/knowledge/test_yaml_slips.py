"""Typical slips in YAML are told with the line to mend and with what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.meant import meant
from knowledge.yaml_source import BadContent, read_document


@pytest.mark.parametrize(
    ("text", "line", "advice"),
    [
        ("a:\n\tb: 1\n", 2, "use spaces instead of the tab"),
        ("a:\n-\tb: 1\n", 2, "use spaces instead of the tab"),
        ("a: 1\nb 2\nc: 3\n", 2, "write a colon after the key"),
        ("stories\n- story: x\n", 1, "write a colon after the key"),
        ("a\n  b: 1\nc: 2\n", 1, "write a colon after the key"),
        ("a:1\nb: 2\n", 1, "put a space after the colon"),
        ("a:\n-b\n-c\n", 2, "put a space after the dash"),
        ('a: "x\nb: 2\nc: "y"\n', 1, "close the quotation mark"),
        ("a: 1\nb: 'x\nc: 2\n", 2, "close the quotation mark that opens on this line"),
        ("a: 'it's'\n", 1, "the other kind of quotation marks"),
        ("a: 1\n  b: 2\n", 2, "indent the line as far as"),
        ("a:\n    b: 1\n  c: 2\n", 3, "indent the line as far as"),
        ("a: 1\nb: 2\na: 3\n", 3, "keep one of the two 'a'"),
        ("- text: Note: do this\n", 1, "put the text in quotation marks, because it has a colon in it"),
        ("a: [x, y\nb: 2\n", 1, "close the bracket"),
        ("a: {x: 1, y: 2\nb: 2\n", 1, "close the bracket"),
        ("b: [y]]\n", 1, "take out the bracket"),
        ("a: @x\n", 1, "because @ has a meaning"),
        ("a: *x\n", 1, "because * has a meaning"),
        ('a: "\\d"\n', 1, "single quotes"),
    ],
)
def test_slip(text: str, line: int, advice: str, tmp_path: Path) -> None:
    """The error names the line that has to be changed, and the change."""
    path = tmp_path / "broken.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadContent) as raised:
        read_document(path)
    (error,) = raised.value.errors
    assert error.line == line
    assert advice in error.message


def test_the_nearest_name_is_meant() -> None:
    """A name that is like a known one is offered, otherwise the first of all."""
    assert meant("symptomtic", ["asymptomatic", "symptomatic"]) == "did you mean 'symptomatic'?"
    assert meant("x", ["b", "a"]) == "there are: a, b"
    assert meant("nothing", map(str, range(30))).endswith(", …")
