"""YAML with line numbers: where values stand, and what a file that cannot be read is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.yaml_source import BadContent, ContentError, read_document, schema_errors

TEXT = """\
# a comment
title: Ankle

items:
- name: first
  when: {side: left, age: old}
- name: second
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small YAML file."""
    path = tmp_path / "small.yml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ([], 1),
        (["title"], 2),
        (["items"], 4),
        (["items", 0], 5),
        (["items", 0, "when", "age"], 6),
        (["items", 1, "name"], 7),
        (["items", 1, "absent"], 7),
        (["absent", "deeper"], 1),
        (["items", 9], 4),
        (["title", "below a text"], 2),
    ],
)
def test_line_of_a_value(path: list[str | int], line: int, file: Path) -> None:
    """Every value has the line it stands on; what is not there has the line of what would hold it."""
    assert read_document(file).line(path) == line


def test_error_reads_like_a_compiler_message(file: Path) -> None:
    """File, line and message in the form that editors jump to."""
    error = read_document(file).error(["items", 1], "too many")
    assert str(error) == f"{file}:7: too many"


def test_bad_content_lists_each_error_once_in_order() -> None:
    """The exception's text is a sorted list without repetitions."""
    one, two = ContentError("a.yml", 2, "x"), ContentError("a.yml", 10, "y")
    assert str(BadContent([two, one, two])) == "a.yml:2: x\na.yml:10: y"


def test_schema_errors_name_path_and_line(file: Path) -> None:
    """A value of the wrong type is named by its path and located."""
    schema = {"properties": {"items": {"items": {"properties": {"name": {"enum": ["first"]}}}}}}
    (error,) = schema_errors(read_document(file), schema)
    assert (error.line, error.message) == (7, "items.1.name: 'second' is not one of ['first']")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "found duplicate key"),
        ("a: [1, 2\nb: 3\n", 1, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "not valid YAML"),
        ("a: 1\nb: \x00\n", 2, "special characters are not allowed"),
        ("a: 1\n---\nb: 2\n", 2, "not valid YAML"),
    ],
)
def test_unreadable_file_names_its_line(text: str, line: int, message: str, tmp_path: Path) -> None:
    """What is not YAML is refused with the line that has to be mended."""
    path = tmp_path / "broken.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadContent) as raised:
        read_document(path)
    (error,) = raised.value.errors
    assert (error.file, error.line) == (str(path), line)
    assert message in error.message


def test_missing_file(tmp_path: Path) -> None:
    """A missing file is bad content, not a crash."""
    with pytest.raises(BadContent, match=r"absent\.yml:1: the file is missing"):
        read_document(tmp_path / "absent.yml")


def test_not_utf8(tmp_path: Path) -> None:
    """Another encoding is bad content, not a crash."""
    path = tmp_path / "latin.yml"
    path.write_bytes("a: Köln".encode("latin-1"))
    with pytest.raises(BadContent, match=r"latin.yml:1: not UTF-8 text .*; save it as UTF-8"):
        read_document(path)


def test_answers_yes_and_no_stay_words(tmp_path: Path) -> None:
    """An unquoted yes or no is not turned into a truth value."""
    path = tmp_path / "words.yml"
    path.write_text("adult: no\n")
    assert read_document(path).data["adult"] == "no"
