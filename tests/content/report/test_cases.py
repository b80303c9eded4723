"""The cases that get another answer: exactly those, and all of them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from content.__main__ import main
from content.report.cases import CaseDifferences, NotComparable
from knowledge.content import CONTENT, read_content
from knowledge.model import Guideline
from tests.content.report.conftest import EDITION
from tests.knowledge.brute_force import completions, is_consistent, outcome_of
from tests.knowledge.conftest import TOY

Change = Callable[[str, str, str], None]
V6 = f"{EDITION}/variants/v6.yml"
SURGERY = "- procedure: Surgical consultation\n  category: May be appropriate"


def listed(copy: Path) -> list[dict[str, str]]:
    """The rows of the file with the changed cases."""
    folder = copy / "report"
    options = ["--project", str(copy), "--output", str(folder), "--without-intents"]
    assert main(["report", *options]) == 0
    with (folder / "changed-cases.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def complete_cases(guideline: Guideline) -> Iterator[dict[str, str]]:
    """Every consistent complete case, in plain Python."""
    return (case for case in completions(guideline, {}) if is_consistent(guideline, case))


def facts(row: dict[str, str], guideline: Guideline) -> tuple[str, ...]:
    """The facts of a row."""
    return tuple(row[fact.name] for fact in guideline.deciding_facts)


def test_a_changed_rating_changes_the_cases_of_its_variant(copy: Path, change: Change) -> None:
    """One rating of variant 6 is another answer in each case that comes to variant 6, and in no other."""
    change(V6, SURGERY, SURGERY.replace("May be", "Usually"))
    rows, guideline = listed(copy), read_content(CONTENT)
    expected = {tuple(case.values()) for case in complete_cases(guideline) if outcome_of(guideline, case) == "v6"}
    assert {facts(row, guideline) for row in rows} == expected
    assert len(rows) == len(expected)
    assert {row["ratings_changed"] for row in rows} == {
        "Surgical consultation: May be appropriate → Usually appropriate"
    }


def test_a_changed_row_changes_the_cases_that_it_decides(copy: Path, change: Change) -> None:
    """A narrower row sends on exactly the cases that it no longer decides, each to what follows."""
    narrower = "when: {mechanism: high_energy, symptoms: symptomatic}"
    change(f"{EDITION}/decisions.yml", "when: {mechanism: high_energy}", narrower)
    before, after = read_content(CONTENT), read_content(copy / EDITION)
    expected = {
        (*case.values(), old, new)
        for case in complete_cases(before)
        if (old := outcome_of(before, case)) != (new := outcome_of(after, case))
    }
    rows = listed(copy)
    assert {(*facts(row, before), row["outcome_before"], row["outcome_now"]) for row in rows} == expected
    assert len(rows) == len(expected) > 0


def test_what_a_group_has_in_common(copy: Path, change: Change) -> None:
    """A group names the values that all of its cases have, and its examples are cases of it."""
    change(V6, SURGERY, SURGERY.replace("May be", "Usually"))
    differences = CaseDifferences(read_content(CONTENT), read_content(copy / EDITION))
    (group,) = differences.groups
    assert group.in_common["marrow_edema"] == ("present",)
    assert set(group.in_common["fracture_status"]) == {"new", "known"}
    assert "cancer_history" not in group.in_common
    for case in differences.examples(group):
        assert outcome_of(read_content(CONTENT), case) == "v6"


def test_nothing_differs_from_itself() -> None:
    """Every consistent complete case is compared, and none differs."""
    guideline = read_content(CONTENT)
    differences = CaseDifferences(guideline, guideline)
    assert (differences.compared, differences.changed, differences.gone, differences.come) == (259_200, 0, 0, 0)


def toy_with(folder: Path, file: str, old: str, new: str) -> Guideline:
    """The toy guideline with a text replaced."""
    shutil.copytree(TOY, folder / "toy")
    path = folder / "toy" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    (folder / "toy" / "reference-cases.csv").unlink()
    return read_content(folder / "toy")


def test_a_value_that_only_one_edition_has(tmp_path: Path) -> None:
    """Cases with a new value are counted as new, not as changed."""
    unable = "  - {value: unable, label: Fewer, phrase: unable to bear weight}\n"
    other = unable + "  - {value: untested, label: Not tried, phrase: weight bearing not tried}\n"
    toy, later = read_content(TOY), toy_with(tmp_path, "facts.yml", unable, other)
    differences = CaseDifferences(toy, later)
    assert (differences.compared, differences.changed, differences.come, differences.gone) == (8, 0, 4, 0)
    back = CaseDifferences(later, toy)
    assert (back.compared, back.changed, back.come, back.gone) == (8, 0, 0, 4)


def test_a_fact_that_only_one_edition_asks(tmp_path: Path) -> None:
    """A case of the edition that does not ask it is compared with all of its cases in the other."""
    row = "- outcome: t1\n  when: {weight_bearing: unable}\n  because: the patient cannot walk\n"
    fact = "- name: weight_bearing\n  label: Weight bearing\n"
    toy_with(tmp_path, "decisions.yml", row, "")
    facts_file = tmp_path / "toy" / "facts.yml"
    text = facts_file.read_text(encoding="utf-8").replace(f"{fact}  decides: true\n", fact)
    facts_file.write_text(text, encoding="utf-8")
    differences = CaseDifferences(read_content(TOY), read_content(tmp_path / "toy"))
    groups = [(group.before, group.after, group.cases) for group in differences.groups]
    assert (differences.compared, groups) == (8, [("t1", "not-covered/walking", 1)])


def test_guidelines_without_a_common_fact() -> None:
    """Two guidelines that ask different things are not compared case by case."""
    with pytest.raises(NotComparable, match="decide by different facts"):
        CaseDifferences(read_content(CONTENT), read_content(TOY))
