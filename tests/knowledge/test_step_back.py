"""Steps back to earlier states of a case."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from knowledge.case import Case, Reading
from knowledge.step_back import step_back, stepped_back
from tests.knowledge.test_case import CASES


@given(before=CASES, after=CASES)
def test_a_step_leads_from_any_case_back_to_any_other(before: Case, after: Case) -> None:
    """Whatever was added, changed, removed or contested, also after the trip through JSON."""
    assert stepped_back(after, json.loads(json.dumps(step_back(before, after)))) == before


def test_a_step_holds_only_what_differs() -> None:
    """A fact that stays does not go along."""
    stays = Reading("sex", "female", evidence="woman", message=1)
    before = Case(readings={"sex": stays})
    after = Case(readings={"sex": stays, "level": Reading("level", "L1", evidence="L1", message=2)})
    assert step_back(before, after) == {"readings": {"level": None}}


@pytest.mark.parametrize("step", [{"readings": {"sex": {"no": 1}}}, {"unknown": "sex"}])
def test_a_foreign_step_is_refused(step: dict[str, object]) -> None:
    """What `step_back` did not make is a TypeError, not a wrong case."""
    with pytest.raises(TypeError):
        stepped_back(Case(), step)
