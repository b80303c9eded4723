"""The decision table once more, in plain Python and one complete case at a time, to compare the engine with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import strategies as st

from knowledge.case import UNKNOWN, Case, Reading
from knowledge.model import Guideline

Values = Mapping[str, str]


def is_consistent(guideline: Guideline, values: Values) -> bool:
    """Whether a complete case breaks no constraint."""
    for rule in guideline.implications:
        applies = rule.kind == "constraint" and all(values[fact] in wanted for fact, wanted in rule.when.items())
        if applies and any(values[fact] != value for fact, value in rule.then.items()):
            return False
    return True


def outcome_of(guideline: Guideline, values: Values) -> str:
    """The outcome of the first row that a complete case matches."""
    for row in guideline.rows:
        if all(values[fact] in wanted for fact, wanted in row.when.items()):
            return row.outcome
    raise AssertionError(f"no row matches {values}")


def completions(guideline: Guideline, known: Values, but: str | None = None) -> Iterator[dict[str, str]]:
    """Every complete case, consistent or not, that has the `known` values; the fact `but` is left out."""
    names = [fact.name for fact in guideline.deciding_facts if fact.name != but]
    choices = [[known[name]] if name in known else [v.value for v in guideline.fact[name].values] for name in names]
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))


def outcomes(guideline: Guideline, known: Values) -> set[str]:
    """The outcomes of all consistent complete cases that have the `known` values."""
    return {
        outcome_of(guideline, values) for values in completions(guideline, known) if is_consistent(guideline, values)
    }


def can_change(guideline: Guideline, known: Values, fact: str) -> bool:
    """Whether two consistent complete cases that differ in `fact` alone have different outcomes."""
    for rest in completions(guideline, known, but=fact):
        cases = [{**rest, fact: value.value} for value in guideline.fact[fact].values]
        if len({outcome_of(guideline, case) for case in cases if is_consistent(guideline, case)}) > 1:
            return True
    return False


def complete_cases(guideline: Guideline) -> st.SearchStrategy[dict[str, str]]:
    """Random consistent complete cases."""
    facts = {fact.name: st.sampled_from([v.value for v in fact.values]) for fact in guideline.deciding_facts}
    return st.fixed_dictionaries(facts).filter(lambda values: is_consistent(guideline, values))


def partial_cases(guideline: Guideline, most_open: int = 8) -> st.SearchStrategy[Case]:
    """Random cases in which up to `most_open` facts are open or not known, the others stated consistently."""
    names = [fact.name for fact in guideline.deciding_facts]
    gaps = st.integers(0, most_open).flatmap(
        lambda size: st.dictionaries(st.sampled_from(names), st.booleans(), min_size=size, max_size=size)
    )

    def case(values: dict[str, str], left_out: dict[str, bool]) -> Case:
        stated = [Reading(name, value) for name, value in values.items() if name not in left_out]
        not_known = [Reading(name, UNKNOWN) for name, said in left_out.items() if said]
        return Case().with_readings([*stated, *not_known], guideline)

    return st.builds(case, complete_cases(guideline), gaps)


def case_of(guideline: Guideline, **values: str) -> Case:
    """A case in which `values` were stated, in this order."""
    return Case().with_readings([Reading(name, value) for name, value in values.items()], guideline)
