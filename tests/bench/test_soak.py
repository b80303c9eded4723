"""The soak notices what it is there for."""

from __future__ import annotations

from tests.bench.generator import Held
from tests.bench.soak import Soaked, an_hour, growth, report

HELD = Held([20.0] * 200, 10.0, [])
LONG = Held([20.0] * 72_000, 3600.0, [])


def test_memory_that_warms_up_and_stays_is_no_growth() -> None:
    assert growth([300, 600, 800, 800, 801, 799, 800, 801, 800]) < 0.01


def test_memory_that_goes_on_growing_is_reported() -> None:
    leaking = [800.0 + 10 * sample for sample in range(60)]
    problems = Soaked(40.0, HELD, {"Rasa": leaking, "action server": [60.0] * 60}).problems()
    assert len(problems) == 1 and "Rasa" in problems[0]


def test_a_lost_turn_is_reported() -> None:
    held = Held([20.0] * 20, 1.0, ["check: 8 messages, 7 turns, or not the same"])
    soaked = Soaked(40.0, held, {"Rasa": [800.0] * 9})
    assert "7 turns" in soaked.problems()[0]
    assert "not passed" in report(soaked, soaked.problems())


def test_a_slow_leak_is_reported_where_the_soak_is_long() -> None:
    leaking = [500.0] * 120 + [500.0 + 20 * sample / 240 for sample in range(240)]  # 30 MB an hour, 2 % in the end
    assert growth(leaking) < 0.03 and 28 < an_hour(leaking, 3600.0) < 32
    problems = Soaked(40.0, LONG, {"Rasa": leaking, "action server": [60.0] * 360}).problems()
    assert len(problems) == 1 and "MB an hour" in problems[0]
    assert not Soaked(40.0, HELD, {"Rasa": leaking}).problems()


def test_a_leak_is_reported_by_the_ten_minutes_of_each_change() -> None:
    short = Held([20.0] * 9000, 600.0, [])
    leaking = [550.0 + 30 * sample / 60 for sample in range(60)]  # 180 MB an hour, 2 % from third to third
    assert growth(leaking) < 0.03
    (problem,) = Soaked(40.0, short, {"Rasa": leaking}).problems()
    assert "MB an hour" in problem
    assert not Soaked(40.0, short, {"Rasa": [550.0 + 3 * (sample % 3) for sample in range(60)]}).problems()


def test_a_soak_that_held_too_little_is_reported() -> None:
    held = Held([20.0] * 80, 10.0, [])
    assert "8.0 turns a second" in Soaked(25.0, held, {"Rasa": [800.0] * 9}).problems()[0]
    assert not Soaked(25.0, HELD, {"Rasa": [800.0] * 9}).problems()
