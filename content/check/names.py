"""Names that are used but defined nowhere, and names that are defined but used nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from content.check.impossible import FALLBACK
from content.check.problem import Problem
from content.check.project import DOMAIN, Project
from content.check.rule_names import (
    defined_groups,
    defined_labels,
    defined_sets,
    example_uses,
    rule_uses,
)
from content.check.training import HANDLED_BY_RASA
from content.check.uses import defined_in_domain, uses
from content.stories import TYPES
from knowledge.meant import meant

WHERE = {
    "intent": "the intents of domain.yml",
    "entity": "the entities of domain.yml",
    "slot": "the slots of domain.yml",
    "action": "the actions of domain.yml",
    "form": "the forms of domain.yml",
    "fact": "facts.yml",
    "free fact": "the facts without a list of values in facts.yml",
    "outcome": "the variants and outcomes of the guideline",
    "source": "sources.yml",
    "label": "the findings of nlu/rules",
    "label or group": "the findings and groups of nlu/rules",
    "set": "the sets of nlu/rules",
    "reply": "the intents of domain.yml",
    "type of answer": "the types of answers",
}
OF_RASA = {*HANDLED_BY_RASA.values(), "action_listen", "action_default_fallback", "action_deactivate_loop", "..."}
"""Actions that Rasa brings along."""
KEPT_FOR_REPLIES = {"empty", "default"}
"""Replies to no intent: to an empty message, and where nothing fits."""


def unknown_names(project: Project) -> Iterator[Problem]:
    """Names that are defined nowhere."""
    known = _defined(project)
    values = _values(project)
    for use in chain(uses(project), rule_uses(project), example_uses(project)):
        if use.kind == "value":
            fact, _, value = use.name.partition("=")
            if values.get(fact) and value not in values[fact]:
                yield Problem(use.path, use.line, f"{fact} has no value {value!r}", meant(value, values[fact]))
        elif use.kind in known and use.name not in known[use.kind]:
            what = f"the {use.kind} {use.name!r} is not among {WHERE[use.kind]}"
            yield Problem(use.path, use.line, what, meant(use.name, known[use.kind]))


def _defined(project: Project) -> dict[str, set[str]]:
    guideline, values = project.answered, _values(project)
    forms, intents = defined_in_domain(project, "forms"), set(defined_in_domain(project, "intents"))
    labels, groups = set(defined_labels(project)), set(defined_groups(project))
    return {
        "intent": intents | {FALLBACK, *HANDLED_BY_RASA},
        "reply": intents | KEPT_FOR_REPLIES,
        "entity": set(defined_in_domain(project, "entities")),
        "slot": {*defined_in_domain(project, "slots"), "requested_slot"},
        "action": {
            *chain.from_iterable(defined_in_domain(project, key) for key in ("actions", "responses")),
            *forms,
            *OF_RASA,
        },
        "form": set(forms),
        "fact": set(values),
        "free fact": {fact for fact, known in values.items() if not known},
        "outcome": {outcome.id for edition in project.guidelines for outcome in edition.outcomes},
        "source": {source.key for source in guideline.sources} if guideline else set(),
        "label": labels,
        "label or group": labels | groups,
        "set": set(defined_sets(project)),
        "type of answer": set(TYPES),
    }


def _values(project: Project) -> dict[str, set[str]]:
    """The values of every fact, of whatever topic."""
    values: dict[str, set[str]] = {}
    for fact in chain.from_iterable(guideline.facts for guideline in project.guidelines):
        values.setdefault(fact.name, set()).update(value.value for value in fact.values)
    return values


def unused_names(project: Project) -> Iterator[Problem]:
    """Names that nothing uses, neither content nor program."""
    used = {(use.kind, use.name) for use in chain(uses(project), rule_uses(project))}
    forms = {f"validate_{form}" for form in defined_in_domain(project, "forms")}
    checks: tuple[tuple[str, str, str, Callable[[str], bool]], ...] = (
        ("intents", "intent", "an intent", lambda name: name in HANDLED_BY_RASA),
        ("actions", "action", "an action", lambda name: name in forms or name in OF_RASA),
        ("slots", "slot", "a slot", project.is_named_in_code),
        ("entities", "entity", "an entity", project.is_named_in_code),
        ("forms", "form", "a form", lambda name: False),
        ("responses", "action", "a response", lambda name: name.removeprefix("utter_") in HANDLED_BY_RASA),
    )
    facts = set(_values(project))
    for key, kind, what, is_excused in checks:
        for name in defined_in_domain(project, key):
            if (kind, name) not in used and name not in facts and not is_excused(name):
                steps: list[str | int] = [key, _position(project, key, name)]
                yield project.problem(DOMAIN, steps, f"nothing uses {what} {name!r}", "use it, or take it out")
    yield from _unused_rules(project, used)
    yield from _unrated(project)


def _position(project: Project, key: str, name: str) -> str | int:
    entries = project.document(DOMAIN).data[key]
    return defined_in_domain(project, key).index(name) if isinstance(entries, list) else name


def _unused_rules(project: Project, used: set[tuple[str, str]]) -> Iterator[Problem]:
    for name, (path, line) in defined_sets(project).items():
        if ("set", name) not in used:
            yield Problem(
                path, line, f"no phrase uses the set {name!r}", f"write <{name}> in a phrase, or remove the set"
            )
    grouped = {name for kind, name in used if kind in ("label", "label or group")}
    for name, (path, line) in defined_labels(project).items():
        if name not in grouped and not project.is_named_in_code(name) and not _is_built(project, name):
            yield Problem(path, line, f"nothing uses the label {name!r}", "correct its name, or remove its phrases")


def _is_built(project: Project, label: str) -> bool:
    """Whether the program puts the label together, as in no_{label}."""
    beginnings = {found for found in re.findall(r'f"([a-z_]+_)\{', project.code) if label.startswith(found)}
    return any(project.is_named_in_code(label.removeprefix(beginning)) for beginning in beginnings)


def _unrated(project: Project) -> Iterator[Problem]:
    """Procedures that no variant rates."""
    for edition in project.editions:
        if guideline := project.guideline(edition):
            rated = {rating.procedure for outcome in guideline.outcomes for rating in outcome.ratings}
            for number, procedure in enumerate(guideline.procedures):
                if procedure.name not in rated:
                    path = f"{edition}/procedures.yml"
                    advice = "rate it in a variant, or take it out"
                    yield project.problem(path, [number], f"no variant rates {procedure.name!r}", advice)
