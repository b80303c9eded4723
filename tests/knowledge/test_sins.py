"""The Spinal Instability Neoplastic Score: components read from words and facts, totals, bands, what is missing."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import knowledge.sins
from knowledge.content import CONTENT, read_content
from knowledge.model import Guideline
from knowledge.sins import components_in, components_of_case, sins
from knowledge.store import load

GUIDELINE = read_content(CONTENT)
POINTS = {
    "location": {"junctional": 3, "mobile": 2, "semirigid": 1, "rigid": 0},
    "pain": {"mechanical": 3, "occasional_non_mechanical": 1, "none": 0},
    "lesion": {"lytic": 2, "mixed": 1, "blastic": 0},
    "alignment": {"subluxation": 4, "new_deformity": 2, "normal": 0},
    "collapse": {"over_50": 3, "under_50": 2, "none_over_50_involved": 1, "none": 0},
    "posterolateral": {"bilateral": 3, "unilateral": 1, "none": 0},
}
"""The published score (Fisher et al. 2010)."""


def band(total: int) -> str:
    """The published reading of a total."""
    return "Stable" if total <= 6 else "Potentially unstable" if total <= 12 else "Unstable"


def score(**components: str) -> dict[str, Any]:
    """The payload of stated components."""
    return sins(components, GUIDELINE)


def test_every_combination_has_the_sum_of_its_points_and_its_band() -> None:
    """All 1,296 combinations: the total is the sum of the published points, the reading its published band."""
    totals = set()
    for values in product(*POINTS.values()):
        chosen = dict(zip(POINTS, values, strict=True))
        total = sum(POINTS[name][value] for name, value in chosen.items())
        payload = score(**chosen)
        assert (payload["total"], payload["range"]) == (total, [total, total])
        assert sum(component["points"] for component in payload["components"]) == total
        assert (payload["reading"], payload["missing"]) == (band(total), [])
        assert any("surgical consultation" in s["text"] for s in payload["statements"]) == (total >= 7)
        totals.add(total)
    assert totals == set(range(19))


@given(st.fixed_dictionaries({}, optional={name: st.sampled_from(list(values)) for name, values in POINTS.items()}))
def test_range_and_bands_hold_whatever_is_missing(chosen: dict[str, str]) -> None:
    """The range is what completing the score can give, and the bands are those that a completion reaches."""
    payload = score(**chosen)
    open_points = [POINTS[name].values() for name in POINTS if name not in chosen]
    known = sum(POINTS[name][value] for name, value in chosen.items())
    reachable = {known + sum(rest) for rest in product(*open_points)}
    assert payload["range"] == [min(reachable), max(reachable)]
    assert payload["bands"] == list(dict.fromkeys(band(total) for total in sorted(reachable)))
    assert (payload["total"] is None) == bool(payload["missing"])
    assert {m["id"] for m in payload["missing"]} | set(chosen) == set(POINTS)
    assert all(statement["source"] == "SINS" for statement in payload["statements"])
    json.dumps(payload)


def test_payload_with_something_missing() -> None:
    """What is known with its points, what is missing with its choices, and what the total may yet be read as."""
    payload = score(location="semirigid", pain="mechanical", lesion="lytic", alignment="normal", collapse="under_50")
    assert payload["components"][0] == {
        "id": "location",
        "label": "Location",
        "value": "semirigid",
        "value_label": "Semirigid (T3-T10)",
        "points": 1,
        "source": "SINS",
    }
    assert payload["missing"] == [
        {"id": "posterolateral", "label": "Posterolateral elements", "choices": ["Bilateral", "Unilateral", "None"]}
    ]
    assert (payload["total"], payload["range"], payload["reading"]) == (None, [8, 11], "Potentially unstable")


def test_nothing_known() -> None:
    """Without any component everything is still possible."""
    payload = score()
    assert (payload["range"], payload["reading"]) == ([0, 18], "Stable or Potentially unstable or Unstable")


@pytest.mark.parametrize("wrong", [{"color": "red"}, {"pain": "severe"}])
def test_unknown_component_or_value(wrong: dict[str, str]) -> None:
    """What the score does not have is refused, not counted as zero."""
    with pytest.raises(ValueError, match="SINS has no"):
        sins(wrong, GUIDELINE)


def test_whole_sentence() -> None:
    """A dictated line gives all six components."""
    text = "T8, mechanical pain, lytic, new kyphosis, 40% collapse, unilateral pedicle involved"
    assert components_in(text, GUIDELINE) == {
        "location": "semirigid",
        "pain": "mechanical",
        "lesion": "lytic",
        "alignment": "new_deformity",
        "collapse": "under_50",
        "posterolateral": "unilateral",
    }


def test_labels_are_read_back(guideline: Guideline) -> None:
    """Each component's label with a value's label, as a form shows them, gives that value."""
    for note in guideline.notes:
        if note.key == "sins" and "component" in note.data:
            read = components_in(f"{note.data['label']}: {note.text}", guideline)
            assert read == {note.data["component"]: note.data["value"]}


@pytest.mark.parametrize(
    ("levels", "location"),
    [
        ("Occ C0 C1 C2 C7 T1 T2 T11 T12 L1 L5 S1", "junctional"),
        ("C3 C4 C5 C6 L2 L3 L4", "mobile"),
        ("T3 T4 T5 T6 T7 T8 T9 T10", "semirigid"),
        ("S2 S3 S4 S5", "rigid"),
    ],
)
def test_every_level_has_its_location(levels: str, location: str) -> None:
    """All levels from the occiput to S5, in text and as a fact."""
    for level in levels.split():
        assert components_in(f"metastasis at {level}", GUIDELINE) == {"location": location}
        assert components_of_case({"level": level}, GUIDELINE) == {"location": location}


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("L5-S1", "junctional"),
        ("T11–L1", "junctional"),
        ("t9", "semirigid"),
        ("D12", "junctional"),
        ("T8 and T9", "semirigid"),
        ("T9 to T11", None),
        ("T8 and L2", None),
        ("T13", None),
        ("T2 hyperintense", None),
        ("sagittal T1", None),
        ("T3 N0", None),
        ("T2 hyperintense lesion of L4", "mobile"),
        ("thoracolumbar junction", "junctional"),
        ("patient is mobile with a rigid brace", None),
    ],
)
def test_levels_in_text(text: str, location: str | None) -> None:
    """Runs and lists settle the location only together; sequences, stages and impossible levels are no levels."""
    assert components_in(text, GUIDELINE).get("location") == location


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("40% collapse", "under_50"),
        ("collapse of 60 percent", "over_50"),
        ("30-40% loss of vertebral body height", "under_50"),
        (">50% collapse", "over_50"),
        ("<50% collapse", "under_50"),
        ("more than half collapsed", "over_50"),
        ("no more than 40% collapse", "under_50"),
        ("was 20%, now 60% collapse", "over_50"),
        ("vertebra plana", "over_50"),
        ("no collapse", "none"),
        ("no loss of height", "none"),
        ("no collapse, over 50% of the body involved", "none_over_50_involved"),
        ("no collapse but 70% of the vertebral body is replaced", "none_over_50_involved"),
        ("no collapse, 30% of the body involved", "none"),
        ("50% collapse", None),
        ("40-60% collapse", None),
        ("up to 60% collapse", None),
        ("at least 50% collapse", None),
        ("70% of the body involved", None),
        ("collapse", None),
        ("no further collapse", None),
        ("no cord compression", None),
        ("150% collapse", None),
        ("hematocrit 40%, collapse of T8", None),
    ],
)
def test_collapse_by_number(text: str, value: str | None) -> None:
    """A share on one side of 50% gives its value; one that may lie on either side gives none."""
    assert components_in(text, GUIDELINE).get("collapse") == value


@pytest.mark.parametrize(
    ("text", "component", "value"),
    [
        ("no subluxation", "alignment", "normal"),
        ("alignment normal", "alignment", "normal"),
        ("alignment is not normal", "alignment", None),
        ("abnormal alignment", "alignment", None),
        ("no evidence of subluxation or new deformity", "alignment", "normal"),
        ("no kyphosis, scoliosis or subluxation", "alignment", "normal"),
        ("no collapse, subluxation or kyphosis", "alignment", None),
        ("no subluxation, new kyphosis", "alignment", "new_deformity"),
        ("progressive kyphosis and subluxation", "alignment", "subluxation"),
        ("long-standing kyphosis", "alignment", None),
        ("wedge deformity", "alignment", None),
        ("pedicles intact", "posterolateral", "none"),
        ("no posterior element involvement", "posterolateral", "none"),
        ("left and right pedicles", "posterolateral", "bilateral"),
        ("bilateral facets", "posterolateral", "bilateral"),
        ("unilateral pedicle, no facet involvement", "posterolateral", "unilateral"),
        ("bilateral pedicle screws", "posterolateral", None),
        ("bilateral leg weakness", "posterolateral", None),
        ("mixed lytic/sclerotic", "lesion", "mixed"),
        ("lytic and blastic", "lesion", "mixed"),
        ("osteoblastic", "lesion", "blastic"),
        ("not lytic", "lesion", None),
        ("lymphoblastic leukemia", "lesion", None),
        ("lytic at first, now quite sclerotic", "lesion", None),
        ("pain-free", "pain", "none"),
        ("pain: none", "pain", "none"),
        ("pain is worse on standing", "pain", "mechanical"),
        ("non-mechanical pain", "pain", "occasional_non_mechanical"),
        ("no mechanical pain", "pain", None),
        ("no pain at night", "pain", None),
        ("no leg pain", "pain", None),
    ],
)
def test_words_and_denials(text: str, component: str, value: str | None) -> None:
    """Denials give the value for which they stand, and never the one that they deny; the unclear stays open."""
    assert components_in(text, GUIDELINE).get(component) == value


@pytest.mark.parametrize(
    ("values", "components"),
    [
        ({"level": "T9", "pain_character": "mechanical"}, {"location": "semirigid", "pain": "mechanical"}),
        ({"level": "T9, T10"}, {"location": "semirigid"}),
        ({"level": "T9, L2"}, {}),
        ({"pain_character": "non_mechanical"}, {"pain": "occasional_non_mechanical"}),
        ({"pain_character": "radicular"}, {}),
        ({"symptoms": "asymptomatic"}, {"pain": "none"}),
        ({"symptoms": "symptomatic", "etiology": "pathologic"}, {}),
        ({"symptoms": "asymptomatic", "pain_character": "mechanical"}, {"pain": "mechanical"}),
        ({}, {}),
    ],
)
def test_components_of_a_case(values: dict[str, str], components: dict[str, str]) -> None:
    """Known facts settle what they settle and nothing more."""
    assert components_of_case(values, GUIDELINE) == components


def test_the_installed_store_serves_without_a_guideline(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store carries the words, so reading from it gives the same as reading from the YAML."""
    monkeypatch.setattr(knowledge.sins, "_installed", lambda: load(built))
    assert components_in("L3, lytic, no collapse") == {"location": "mobile", "lesion": "lytic", "collapse": "none"}
    assert components_of_case({"level": "S3"}) == {"location": "rigid"}


PIECES = (
    "T8|no |or |, |collapse|40%| subluxation|new kyphosis|pain|mechanical| not |: |none|bilateral pedicle|lytic|İ|%"
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES.split("|"))).map("".join)))
def test_any_text_gives_components_that_score(text: str) -> None:
    """Whatever is written, what is read are values of the score."""
    payload = sins(components_in(text, GUIDELINE), GUIDELINE)
    assert 0 <= payload["range"][0] <= payload["range"][1] <= 18
