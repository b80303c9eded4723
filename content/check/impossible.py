"""Steps of rules and stories that no conversation can come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from content.check.dialogue import NOT_SET, Event, Talk, read_talks
from content.check.domain import names
from content.check.problem import Problem
from content.check.project import DOMAIN, Project
from content.check.training import HANDLED_BY_RASA
from content.check.uses import examples_by_intent
from knowledge.meant import meant

ASKED = "requested_slot"
FALLBACK = "nlu_fallback"
"""The intent of messages that fit no other; it needs no examples."""


def forms(project: Project) -> Iterator[Problem]:
    """Forms that are active although nothing started them, or that never become active."""
    known = project.document(DOMAIN).data.get("forms") or {}
    talks = _firsts(read_talks(project))
    for talk in talks:
        yield from _form_steps(talk, known)
    started = {event.name for talk in talks for event in talk.events if event.kind == "action"}
    for form in known:
        if form not in started:
            advice = f"write a rule with the steps `action: {form}` and `active_loop: {form}`, or remove the form"
            yield project.problem(DOMAIN, ["forms", form], f"no rule or story ever starts the form {form}", advice)


def _form_steps(talk: Talk, known: dict[str, dict[str, list[str]]]) -> Iterator[Problem]:
    last: Event | None = None
    # What came before a rule or a checkpoint is not told there, so any form may be active.
    is_open = talk.is_rule or any(event.kind == "checkpoint" for event in talk.events)
    active: str | None = None
    for event in talk.events:
        if event.kind == "loop" and event.name in (None, NOT_SET):
            if not (active or is_open or (last and last.name in known)):
                yield Problem(
                    talk.path, event.line, "a form ends here that was never active", "add `active_loop: …` before it"
                )
            active = None
        elif event.kind == "loop":
            started = last.name if last else None
            if not is_open and event.name not in (started, active):
                advice = f"add the step `action: {event.name}` before it"
                yield Problem(
                    talk.path, event.line, f"the form {event.name} is active here, but nothing started it", advice
                )
            active = event.name
        elif event.kind == "slot" and event.name == ASKED and event.value not in (None, NOT_SET, True):
            yield from _asked(talk, event, active, is_open, known)
        elif event.kind == "action":
            last = event


def _asked(
    talk: Talk, event: Event, active: str | None, is_open: bool, known: dict[str, dict[str, list[str]]]
) -> Iterator[Problem]:
    if not active and not is_open:
        what, advice = f"{event.value} is asked here, but no form is active", "add `active_loop: …` before it"
        yield Problem(talk.path, event.line, what, advice)
    required = [slot for form in known.values() for slot in form.get("required_slots", ())]
    if event.value not in required:
        yield Problem(talk.path, event.line, f"no form asks for {event.value!r}", meant(event.value, required))


def intents(project: Project) -> Iterator[Problem]:
    """Intents that no message can have, because no example has them."""
    with_examples = examples_by_intent(project)
    exempt = {*with_examples, FALLBACK, *(HANDLED_BY_RASA.keys() - {"restart"})}
    for number, intent in enumerate(names(project.document(DOMAIN).data["intents"])):
        if intent not in exempt:
            advice = f"write some under `- intent: {intent}` in data/nlu.yml, or remove the intent"
            yield project.problem(DOMAIN, ["intents", number], f"no example has the intent {intent}", advice)
    for talk in _firsts(read_talks(project)):
        for event in talk.events:
            if event.kind == "user" and event.name and event.name not in exempt:
                what = f"{talk.kind} {talk.title!r} can never happen: no example has the intent {event.name!r}"
                yield Problem(talk.path, event.line, what, meant(event.name, exempt))


def checkpoints(project: Project) -> Iterator[Problem]:
    """Checkpoints that no story leads to, or from which none goes on."""
    talks = _firsts(read_talks(project))
    ends: dict[str | None, tuple[Talk, Event]] = {}
    starts: dict[str | None, tuple[Talk, Event]] = {}
    for talk in talks:
        for number, event in enumerate(talk.events):
            if event.kind == "checkpoint":
                if number > 0:
                    ends.setdefault(event.name, (talk, event))
                if number < len(talk.events) - 1:
                    starts.setdefault(event.name, (talk, event))
    for name in starts.keys() - ends.keys():
        talk, event = starts[name]
        advice = f"end another story with `checkpoint: {name}`; {meant(name, map(str, ends))}"
        yield Problem(
            talk.path, event.line, f"no story leads to the checkpoint {name}, so this one never begins", advice
        )
    for name in ends.keys() - starts.keys():
        talk, event = ends[name]
        advice = f"begin another story with `checkpoint: {name}`, or take it out"
        yield Problem(talk.path, event.line, f"no story goes on from the checkpoint {name}", advice)


def _firsts(talks: Iterable[Talk]) -> list[Talk]:
    """The talks without those that differ only in steps another way has already told of."""
    told: set[tuple[str, Event]] = set()
    firsts = []
    for talk in talks:
        if any((talk.path, event) not in told for event in talk.events):
            firsts.append(talk)
            told.update((talk.path, event) for event in talk.events)
    return firsts
