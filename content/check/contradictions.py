"""Rules and stories that contradict each other, of which training would die."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from content.check.dialogue import LISTEN, NOT_SET, SNIPPET, Event, Talk, trained_talks
from content.check.domain import fallback_action, featured_slots, initial_features
from content.check.problem import Problem
from content.check.project import Project
from content.check.training import LOOP, SLOTS, State, Tracker, Training, applied

MOST_MESSAGES = 1
"""Messages of the user that a rule may have (`restrict_rules` of the RulePolicy)."""


def contradictions(project: Project) -> Iterator[Problem]:
    """Rules and stories that go on in different ways from the same point."""
    talks = trained_talks(project)
    training = Training(talks, featured_slots(project), initial_features(project), fallback_action(project))
    for contradiction in training.contradictions():
        talk, event = contradiction.talk, contradiction.event
        rule, at = contradiction.rules[0]
        here = f"here {talk.kind} {talk.title!r} goes on with {_next(event.name)}"
        there = f"{rule.kind} {rule.title!r} ({rule.path}:{at.line}) goes on with {_next(at.name)} from the same point"
        yield Problem(talk.path, event.line, f"{here}, but {there}", _meant(event, at, contradiction.predicted))


def long_rules(project: Project) -> Iterator[Problem]:
    """Rules with more than one message of the user."""
    for talk in _unique(talk for talk in trained_talks(project) if talk.is_rule):
        messages = [event for event in talk.events if event.kind == "user"]
        if len(messages) > MOST_MESSAGES:
            what = f"rule {talk.title!r} has {len(messages)} messages of the user, and a rule may have one"
            yield Problem(talk.path, messages[MOST_MESSAGES].line, what, "make it a story, or split it into rules")


def incomplete_rules(project: Project) -> Iterator[Problem]:
    """Rules in which an action leaves out what it sets in another rule."""
    rules = [talk for talk in trained_talks(project) if talk.is_rule]
    featured = featured_slots(project)
    effects: dict[str | None, dict[tuple[str, str], str]] = defaultdict(dict)
    for rule in rules:
        for action, effect in _effects(rule):
            if effect.kind == "loop" or effect.name in featured:
                place = f"{rule.path}:{effect.line}"
                effects[action.name].setdefault((effect.kind, str(effect.name)), f"{rule.title!r} ({place})")
    for rule in rules:
        for action, state in _followed(rule, featured):
            expected = effects[action.name]
            loops = {name: place for (kind, name), place in expected.items() if kind == "loop"}
            slots = {name: place for (kind, name), place in expected.items() if kind == "slot"}
            missing = {name: slots[name] for name in slots.keys() - state.get(SLOTS, {}).keys()}
            if state.get(LOOP, {}).get("name") not in loops:
                missing |= {
                    f"active_loop: {'null' if name == NOT_SET else name}": place for name, place in loops.items()
                }
            for name, place in sorted(missing.items())[:1]:
                what = f"in rule {rule.title!r} {action.name} does not set {name}, as it does in rule {place}"
                yield Problem(rule.path, action.line, what, "add it, or end the rule with wait_for_user_input: false")


def _followed(rule: Talk, featured: Mapping[str, str]) -> Iterator[tuple[Event, State]]:
    """Each action of the rule that something known follows, with what is seen then."""
    tracker = Tracker({}, featured)
    last: Event | None = None
    for event in applied(rule.events):
        if event.kind == "action":
            if last is not None and SNIPPET not in (last.name, event.name):
                yield last, tracker.state()
            last = event
        tracker.update(event)


def _effects(rule: Talk) -> Iterator[tuple[Event, Event]]:
    """Each action with each slot and loop that is set right after it."""
    action: Event | None = None
    for event in rule.events:
        if event.kind == "action":
            action = event
        elif event.kind == "user":
            action = None
        elif action is not None:
            yield action, event


def _unique(talks: Iterable[Talk]) -> list[Talk]:
    """One way through each rule or story."""
    return list({(talk.path, talk.line): talk for talk in talks}.values())


def _next(name: str | None) -> str:
    return "waiting for a message" if name == LISTEN else str(name)


def _meant(event: Event, at: Event, predicted: str) -> str:
    if event.name == LISTEN:
        return f"add the step `action: {_next(at.name if at.name != LISTEN else predicted)}` here, or change the rule"
    if at.name == LISTEN:
        return "take this step out, or add it to the rule"
    return f"write `action: {at.name}` here, or change the rule"
