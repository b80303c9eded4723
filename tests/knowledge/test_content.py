"""Reading a content folder: the real edition is the published one, and every mistake is located."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from knowledge.content import CONTENT, NOTE_FILES, content_files, content_version, read_content
from knowledge.model import Guideline
from knowledge.store import build
from knowledge.yaml_source import BadContent
from tests.knowledge.breakages import BREAKAGES, Breakage

PUBLISHED = Path(__file__).parent / "published-ratings.csv"
GOOD_STORE = b"the last good store"


def errors_of(folder: Path, store: Path) -> BadContent:
    """Build `folder` over a good store, which must survive; returns the exception with all errors."""
    store.write_bytes(GOOD_STORE)
    with pytest.raises(BadContent) as raised:
        build(folder, store)
    assert store.read_bytes() == GOOD_STORE
    assert not list(store.parent.glob("*.draft"))
    return raised.value


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_bad_content_is_located_and_the_store_survives(breakage: Breakage, content: Path, tmp_path: Path) -> None:
    """Every kind of mistake names file, line and remedy, and leaves the last good store as it was."""
    for name in set(NOTE_FILES) - {breakage.file}:
        (content / name).unlink()  # optional, and long to parse
    file, line = breakage.apply(content)
    found = errors_of(content, tmp_path / "knowledge.sqlite")
    places = {(error.file, error.line) for error in found.errors if breakage.says in error.message}
    assert (file, max(line, 1)) in places, str(found)
    assert f"{file}:{max(line, 1)}: " in str(found)


@pytest.mark.parametrize("name", ["guideline.yml", "sources.yml", "procedures.yml", "facts.yml", "decisions.yml"])
def test_missing_file(name: str, toy_content: Path, tmp_path: Path) -> None:
    """A folder without one of the five main files says which one it needs."""
    (toy_content / name).unlink()
    found = errors_of(toy_content, tmp_path / "knowledge.sqlite")
    assert str(found) == f"{toy_content / name}:1: the file is missing; a guideline folder needs it"


def test_missing_variant_leaves_its_row_without_outcome(content: Path, tmp_path: Path) -> None:
    """A variant file that is gone is noticed at the row that leads to it."""
    (content / "variants" / "v8.yml").unlink()
    found = errors_of(content, tmp_path / "knowledge.sqlite")
    assert any("no variant or outcome file has the id 'v8'" in error.message for error in found.errors)


def test_not_utf8(content: Path, tmp_path: Path) -> None:
    """A file saved in another encoding is named, with the remedy."""
    path = content / "variants" / "v1.yml"
    path.write_bytes(path.read_bytes() + "# Köln\n".encode("latin-1"))
    found = errors_of(content, tmp_path / "knowledge.sqlite")
    assert found.errors[0].file == str(path)
    assert "not UTF-8" in found.errors[0].message
    assert "save it as UTF-8" in found.errors[0].message


def test_all_errors_are_listed_at_once(content: Path, tmp_path: Path) -> None:
    """A maintainer sees all mistakes of one kind of check together, in the order of files and lines."""
    wanted = [
        b for b in BREAKAGES if b.name in ("unknown category", "unknown source in a note", "unknown value in a row")
    ]
    places = {breakage.apply(content) for breakage in wanted}
    found = errors_of(content, tmp_path / "knowledge.sqlite")
    assert places <= {(error.file, error.line) for error in found.errors}
    assert list(found.errors) == sorted(found.errors)


def test_too_many_combinations(toy_content: Path, tmp_path: Path) -> None:
    """A table that would not fit in memory is refused with the remedy, not with a crash."""
    path = toy_content / "facts.yml"
    values = ", ".join(f"{{value: v{i}, label: V, phrase: v}}" for i in range(60))
    facts = "".join(
        f"- {{name: f_{c}, label: F, decides: true, question: F?, why: F., values: [{values}]}}\n" for c in "abcd"
    )
    path.write_text(path.read_text().replace("- {name: side, label: Side}\n", facts))
    assert "Let fewer facts decide" in str(errors_of(toy_content, tmp_path / "knowledge.sqlite"))


def test_every_rating_is_the_published_one(guideline: Guideline) -> None:
    """Nine variants and 71 ratings, each equal to the published table in category, mark and radiation."""
    with PUBLISHED.open(encoding="utf-8", newline="") as lines:
        published = [tuple(row.values()) for row in csv.DictReader(lines)]
    ours = [
        (
            variant.id,
            rating.procedure,
            rating.category,
            "yes" if rating.panel_disagreement else "no",
            guideline.procedure[rating.procedure].adult_radiation or "",
        )
        for variant in guideline.variants
        for rating in variant.ratings
    ]
    assert len(ours) == 71
    assert [variant.number for variant in guideline.variants] == list(range(1, 10))
    assert Counter(ours) == Counter(published)


def test_every_statement_has_a_source(guideline: Guideline) -> None:
    """Nothing is said that does not name an existing source; ratings name the ACR alone."""
    statements = [s for outcome in guideline.outcomes for s in (outcome.because, *outcome.statements)]
    keys = {s.source for s in statements} | {note.source for note in guideline.notes}
    assert len(statements) > 200
    assert len(guideline.notes) > 200
    assert keys <= set(guideline.source_of)
    assert {rating.source for variant in guideline.variants for rating in variant.ratings} == {"ACR"}


def test_every_rated_procedure_is_of_the_scope_of_its_variant(guideline: Guideline) -> None:
    """Imaging variants rate imaging first of all: no variant rates only procedures of the other scope."""
    for variant in guideline.variants:
        assert variant.scope in {guideline.procedure[rating.procedure].scope for rating in variant.ratings}


def test_version_changes_with_any_content_byte(content: Path) -> None:
    """One more byte in any YAML or CSV file gives another version, and taking it back the old one."""
    version = content_version(content)
    assert version == content_version(CONTENT)
    for path in content_files(content):
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        assert content_version(content) != version, path
        path.write_bytes(before)
    assert content_version(content) == version


def test_version_changes_with_a_file_name(content: Path) -> None:
    """A renamed, added or removed content file is a change of content."""
    version = content_version(content)
    (content / "protocol.yml").rename(content / "protocols.yml")
    assert content_version(content) != version


def test_version_ignores_everything_else(content: Path) -> None:
    """Neither the place of the folder nor time stamps nor other files change the version."""
    version = content_version(content)
    (content / "README.md").write_text("notes")
    (content / "facts.yml").touch()
    moved = shutil.move(content, content.parent / "elsewhere")
    assert content_version(Path(moved)) == version


def test_reading_twice_gives_equal_guidelines(guideline: Guideline) -> None:
    """The content alone decides what is read."""
    assert read_content(CONTENT) == guideline


def test_second_topic_needs_no_code(toy: Guideline) -> None:
    """A folder about another topic is read by the same code."""
    assert (toy.topic, toy.edition) == ("ankle sprain", "first edition")
    assert [variant.id for variant in toy.variants] == ["t1"]
