"""Radiation of the studies that a message names: found, counted, ranged, summed, and said with a source."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.content import CONTENT, read_content
from knowledge.model import Guideline
from knowledge.radiation import Study, parse_range, radiation, studies_in

GUIDELINE = read_content(CONTENT)
BONE_SCAN, SPECT, PET = "Bone scan whole body", "SPECT or SPECT/CT spine area of interest", "FDG-PET/CT skull base"
CT, MRI, PLACE = "CT spine area of interest", "MRI spine area of interest", "area of interest"
PLAIN_CT = f"{CT} without IV contrast"


def found(text: str) -> list[tuple[str, int, str | None]]:
    """The studies in `text` as procedure, count and coverage."""
    return [(study.procedure, study.count, study.coverage) for study in studies_in(text, GUIDELINE)]


def total(text: str) -> Any:
    """The summed range of `text`."""
    return radiation(text, GUIDELINE)["total_msv"]


@pytest.mark.parametrize(
    ("text", "procedure"),
    [
        ("how much radiation is a bone scan", BONE_SCAN),
        ("BONE SCINTIGRAPHIES", BONE_SCAN),
        ("whole-body bone scan", BONE_SCAN),
        ("SPECT-CT of L2", SPECT),
        ("FDG-PET/CT skull base to mid-thigh", f"{PET} to mid-thigh"),
        ("a PET scan", f"{PET} to mid-thigh"),
        ("CT-guided biopsy", f"Image-guided biopsy spine {PLACE}"),
        ("CT myelogram", f"CT myelography spine {PLACE}"),
        ("lumbar CT", PLAIN_CT),
        ("CT lumbar spine with and without contrast", f"{CT} without and with IV contrast"),
        ("MRI of the thoracic spine with IV contrast", f"{MRI} with IV contrast"),
        ("contrast-enhanced lumbar MRI", f"{MRI} without and with IV contrast"),
        ("mri", f"{MRI} without IV contrast"),
    ],
)
def test_longest_name_wins(text: str, procedure: str) -> None:
    """One study is one study, under the longest of its names, wherever the part of the spine stands."""
    assert [name for name, _, _ in found(text)] == [procedure]


def test_every_imaging_procedure_is_found_by_each_of_its_names(guideline: Guideline) -> None:
    """A name of procedures.yml leads to its procedure, and every level is explained in protocol.yml."""
    levels = {note.key for note in guideline.notes if note.group == "radiation_level"}
    for procedure in guideline.procedures:
        if procedure.scope == "imaging":
            assert procedure.adult_radiation in levels
            for name in (procedure.name, *procedure.other_names):
                assert [study.procedure for study in studies_in(f"Is {name} harmful?", guideline)] == [procedure.name]


@pytest.mark.parametrize(
    "text", ["", "radiation therapy", "no CT", "vertebroplasty", "Mr Smith", "T1 and T2", "direct", "spectrum"]
)
def test_nothing_else_is_a_study(text: str) -> None:
    """Treatments, parts of other words and denied studies are none."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("CT", 1),
        ("a CT", 1),
        ("CTs", 1),
        ("two CTs", 2),
        ("two more lumbar CTs", 2),
        ("3x CT", 3),
        ("3 x lumbar CT", 3),
        ("4 CT scans", 4),
        ("CT x2", 2),
        ("lumbar CT × 2", 2),
        ("CT of L1 twice", 2),
        ("a couple of CTs", 2),
        ("T12 CT", 1),
        ("a second CT", 1),
        ("T-score -2.5 CT", 1),
    ],
)
def test_counts(text: str, count: int) -> None:
    """A count before or after the study counts it; levels, scores and ordinals do not."""
    assert [number for _, number, _ in found(text)] == [count]


@pytest.mark.parametrize(
    ("text", "coverage", "msv"),
    [
        ("lumbar CT", "one region", [1, 10]),
        ("CT L-spine", "one region", [1, 10]),
        ("CT (T12)", "one region", [1, 10]),
        ("CT, lumbar", "one region", [1, 10]),
        ("CT of the whole spine", "whole spine", [10, 30]),
        ("pan-spine CT with contrast", "whole spine", [10, 30]),
        ("CT", None, [1, 30]),
        ("CT spine", None, [1, 30]),
        ("thoracolumbar CT", None, [1, 30]),
        ("CT of the thoracic and lumbar spine", None, [1, 30]),
        ("CT C2-L5", None, [1, 30]),
        ("lumbar biopsy", "one region", [1, 30]),
        ("lumbar MRI", "one region", [0, 0]),
    ],
)
def test_level_that_varies_goes_by_coverage(text: str, coverage: str | None, msv: list[int]) -> None:
    """One region and the whole spine have their ranges; what does not settle it gets the span of both, and why."""
    payload = radiation(text, GUIDELINE)
    assert [study["coverage"] for study in payload["studies"]] == [coverage]
    assert payload["studies"][0]["range_msv"] == payload["total_msv"] == msv
    if payload["studies"][0]["level"] == "varies":
        assert payload["statements"][0]["text"].startswith("Depends on coverage")


@pytest.mark.parametrize(
    ("text", "msv"),
    [
        ("two lumbar CTs and a bone scan", [3, 30]),
        ("bone scan x2, PET-CT", [12, 50]),
        ("lumbar CT, thoracic MRI", [1, 10]),
        ("bone scan, lumbar spine CT", [2, 20]),
        ("thoracic and lumbar CTs", [2, 20]),
        ("a lumbar and a thoracic CT", [2, 20]),
        ("a bone scan? Is the bone scan harmful?", [1, 10]),
        ("no CT but a SPECT/CT", [1, 10]),
    ],
)
def test_sums(text: str, msv: list[int]) -> None:
    """The total adds low to low and high to high, once for each examination."""
    assert total(text) == msv


def test_payload_of_two_studies() -> None:
    """Each study carries level, range of one examination, meaning and source; each level is said once."""
    payload = radiation("two lumbar CTs and a bone scan", GUIDELINE)
    assert payload["studies"][0] == {
        "procedure": PLAIN_CT,
        "count": 2,
        "coverage": "one region",
        "level": "varies",
        "range_msv": [1, 10],
        "meaning": "Depends on coverage: CT of one region takes 1-10 mSv, of the whole spine 10-30 mSv.",
        "source": "ACR",
    }
    assert [statement["source"] for statement in payload["statements"]] == ["ACR", "ACR"]


def test_levels_are_explained_when_no_study_is_named() -> None:
    """All levels, the one asked about first."""
    payload = radiation("what does 1 to 10 mSv mean", GUIDELINE)
    texts = [statement["text"] for statement in payload["statements"]]
    assert payload["studies"] == [] and payload["total_msv"] is None
    assert texts[0].startswith("1-10 mSv: ") and len(texts) == 7
    assert radiation("what does 0.1-1 mean", GUIDELINE)["statements"][0]["text"].startswith("0.1-1 mSv: ")


@pytest.mark.parametrize("words", ["chest CT", "x-rays", "CT head", "CT-guided", "MRI of the brain"])
def test_studies_that_nothing_rates_are_told_not_summed(words: str) -> None:
    """A study without a rating gets no level of another one; the answer says so."""
    payload = radiation(f"{words} and a bone scan", GUIDELINE)
    assert payload["not_rated"] == [words] and payload["total_msv"] == [1, 10]
    assert payload["statements"][-1]["text"].startswith("No variant rates this study")


@pytest.mark.parametrize(
    ("written", "ends"),
    [("0", (0, 0)), ("up to 0.1", (0, 0.1)), ("0.1-1", (0.1, 1)), ("1-10 or 10-30", (1, 30)), ("30-100", (30, 100))],
)
def test_ranges_as_written(written: str, ends: tuple[float, float]) -> None:
    """The content's ranges are read as they stand."""
    assert tuple(map(float, parse_range(written))) == ends


def test_no_range() -> None:
    """A range without a number is an error, not zero."""
    with pytest.raises(ValueError, match="a little"):
        parse_range("a little")


def test_numbers_follow_the_content(guideline: Guideline) -> None:
    """Another range in the content is another range in the answer."""
    notes = tuple(
        type(note)(note.group, note.key, note.text, note.source, {**note.data, "range_msv": "0.1-0.2"})
        if note.key == "1-10 mSv"
        else note
        for note in guideline.notes
    )
    changed = Guideline(**{**{n: getattr(guideline, n) for n in guideline.__dataclass_fields__}, "notes": notes})
    assert radiation("three bone scans", changed)["total_msv"] == [0.3, 0.6]


PIECES = st.sampled_from(
    ["two ", "CT", " lumbar ", "bone scan", ", ", "x3", " of the ", "whole spine", "\ue000", "MRI", "İ", "3 "]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_gives_a_consistent_payload(text: str) -> None:
    """Whatever is written: JSON-ready, counts positive, total equal to the sum, every statement with a source."""
    payload = radiation(text, GUIDELINE)
    json.dumps(payload)
    studies = payload["studies"]
    assert all(isinstance(study, Study) and study.count > 0 for study in studies_in(text, GUIDELINE))
    sums = [sum(study["count"] * study["range_msv"][side] for study in studies) for side in (0, 1)]
    assert payload["total_msv"] == (sums if studies else None)
    assert payload["statements"] and all(s["source"] in GUIDELINE.source_of for s in payload["statements"])
