"""What no test story tries."""

from __future__ import annotations

from collections.abc import Iterator

from content.check.problem import Problem
from content.check.project import TEST_STORIES, Project
from content.check.uses import uses

STORIES = "tests/stories"


def untested(project: Project) -> Iterator[Problem]:
    """Facts, values that decide, variants and other outcomes that no story of tests/stories comes to."""
    stories = set(project.paths(TEST_STORIES))
    tried = {(use.kind, use.name) for use in uses(project) if use.path in stories}
    guideline = project.answered
    if guideline is None:
        return
    edition = next(edition for edition in project.editions if project.guideline(edition) is guideline)
    facts = f"{edition}/facts.yml"
    for number, fact in enumerate(guideline.facts):
        if ("fact", fact.name) not in tried:
            advice = f"write one in {STORIES} in which `facts: {{{fact.name}: …}}` is understood"
            yield project.problem(facts, ["facts", number], f"no test story is about {fact.name}", advice)
            continue
        # The values of facts that do not decide only change how an answer is worded.
        for position, value in enumerate(fact.values if fact.decides else ()):
            if ("value", f"{fact.name}={value.value}") not in tried:
                advice = f"write one in {STORIES} with `facts: {{{fact.name}: {value.value}}}`"
                what = f"no test story understands {fact.name} as {value.value}"
                yield project.problem(facts, ["facts", number, "values", position], what, advice)
    for outcome in guideline.outcomes:
        if ("outcome", outcome.id) not in tried:
            folder, file = ("variants", outcome.id) if outcome.number else ("outcomes", outcome.id.replace("/", "--"))
            advice = f"write one in {STORIES} that ends in `outcome: {outcome.id}`"
            path = f"{edition}/{folder}/{file}.yml"
            yield Problem(path, 1, f"no test story comes to {outcome.id}", advice)
