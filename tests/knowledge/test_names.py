"""Procedures, variants and categories are found by the names that clinicians use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Guideline
from knowledge.names import category_named, family, find_procedures, procedures_named, variants_named
from knowledge.store import build


@pytest.fixture(scope="module")
def guideline() -> Guideline:
    """The project's own guideline."""
    return build()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("is ablation reasonable here?", "Percutaneous ablation spine"),
        ("MRI with gad only, no precontrast series", "MRI spine area of interest with IV contrast"),
        ("can I do it w/o contrast, MR I mean", "MRI spine area of interest without IV contrast"),
        ("MR before and after gad, any good", "MRI spine area of interest without and with IV contrast"),
        ("RFA?", "Percutaneous ablation spine"),
        ("what about PET", "FDG-PET/CT skull base to mid-thigh"),
        ("kypho?", "Percutaneous vertebral augmentation"),
        ("BKP or not", "Percutaneous vertebral augmentation"),
        ("can I just brace her", "Medical management only"),
        ("refer her to the spine surgeons?", "Surgical consultation"),
        ("xrt", "Radiation oncology consultation"),
        ("myelo-CT?", "CT myelography spine area of interest"),
        ("MRI with and without contrast", "MRI spine area of interest without and with IV contrast"),
        ("a bone-scan", "Bone scan whole body"),
        ("kyphoplsty?", "Percutaneous vertebral augmentation"),
        ("what about ablaton", "Percutaneous ablation spine"),
        ("nerve blocks or just more time", "Medical management only"),
    ],
)
def test_a_procedure_is_found_by_its_usual_names(text: str, name: str, guideline: Guideline) -> None:
    """Abbreviations, plurals and hyphens included; the longest name wins."""
    assert [procedure.name for procedure in procedures_named(text, guideline)] == [name]


@pytest.mark.parametrize(
    ("text", "protocols"),
    [
        ("CT w/ and w/o contrast - yes or no", ["without and with"]),
        ("MRI w/ and w/o?", ["without and with"]),
        ("what about ct w/ and w/o", ["without and with"]),
        ("mri without contrast then", ["without"]),
        ("MR pre/post gad", ["without and with"]),
        ("MRI with & without contrast", ["without and with"]),
        ("CT wo contrast", ["without"]),
        ("CT w/ contrast", ["with", "without and with"]),
        ("MRI with IV contrast", ["with", "without and with"]),
        ("CT with or without contrast?", ["with", "without", "without and with"]),
        ("MRI +/- contrast", ["with", "without", "without and with"]),
    ],
)
def test_the_contrast_that_is_asked_for_is_the_one_that_is_rated(
    text: str, protocols: list[str], guideline: Guideline
) -> None:
    """However it is abbreviated; what may mean several protocols gives all of them, and none that it does not mean."""
    named = [procedure.name.split(" of interest ")[1] for procedure in procedures_named(text, guideline)]
    assert sorted(named) == [f"{protocol} IV contrast" for protocol in protocols]


@pytest.mark.parametrize(
    "text", ["what is needed", "brachial plexus", "carpet", "a ctrl key", "vpn", "recementing of a crown"]
)
def test_parts_of_other_words_are_no_names(text: str, guideline: Guideline) -> None:
    """A name stands for itself, not inside another word."""
    assert procedures_named(text, guideline) == []


def test_mri_alone_means_every_kind(guideline: Guideline) -> None:
    """MRI alone is rated with and without contrast; a native MRI is one study."""
    found = next(find_procedures("MRI?", guideline))
    assert len(family("MRI", found.procedure, guideline)) == 3
    assert len(family("native MRI", found.procedure, guideline)) == 1


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("show variant 6", [6]),
        ("v3 and v9", [3, 9]),
        ("variant two", [2]),
        ("T9, 6 weeks, 72F", []),
        ("variant 12", []),
    ],
)
def test_variants_are_named_by_number(text: str, numbers: list[int], guideline: Guideline) -> None:
    """Levels, ages and weeks are no variants."""
    assert [variant.number for variant in variants_named(text, guideline)] == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("on what grounds not nine?", [9]),
        ("what makes it 7 rather than 6", [7, 6]),
        ("why not v2, six weeks on?", [2]),
        ("3 mm and 6.5 cm at T9", []),
    ],
)
def test_bare_numbers_name_variants_where_only_they_can_be_meant(
    text: str, numbers: list[int], guideline: Guideline
) -> None:
    """A number alone counts only if none is named as a variant; measures and levels never do."""
    assert [variant.number for variant in variants_named(text, guideline, bare=True)] == numbers


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("usually appropriate", "Usually appropriate"),
        ("usually not appropriate", "Usually not appropriate"),
        ("inappropriate", "Usually not appropriate"),
        ("may be appropriate", "May be appropriate"),
        ("bone scan", None),
    ],
)
def test_categories_are_named(text: str, category: str | None, guideline: Guideline) -> None:
    """The negation decides."""
    assert category_named(text, guideline) == category


@given(st.text(max_size=80))
def test_any_text_will_do(guideline: Guideline, text: str) -> None:
    """No text makes it fail."""
    procedures_named(text, guideline)
    variants_named(text, guideline)
    category_named(text, guideline)
