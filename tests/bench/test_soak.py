"""The soak notices what it is there for."""

from __future__ import annotations

from tests.bench.generator import Held
from tests.bench.soak import Soaked, growth, report

HELD = Held([20.0] * 100, 10.0, [])


def test_memory_that_warms_up_and_stays_is_no_growth() -> None:
    assert growth([300, 600, 800, 800, 801, 799, 800, 801, 800]) < 0.01


def test_memory_that_goes_on_growing_is_reported() -> None:
    leaking = [800.0 + 10 * sample for sample in range(60)]
    problems = Soaked(40.0, HELD, {"Rasa": leaking, "action server": [60.0] * 60}).problems()
    assert len(problems) == 1 and "Rasa" in problems[0]


def test_a_lost_turn_is_reported() -> None:
    held = Held([20.0], 1.0, ["check: 8 messages, 7 turns, or not the same"])
    soaked = Soaked(40.0, held, {"Rasa": [800.0] * 9})
    assert "7 turns" in soaked.problems()[0]
    assert "not passed" in report(soaked, soaked.problems())
