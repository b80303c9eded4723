"""What Rasa's RulePolicy does with rules and stories at training, without Rasa.

Follows rasa/core/policies/rule_policy.py of Rasa 3.6: each state of a rule predicts the action that comes next, and
training dies where a rule or story goes on otherwise. Loading Rasa alone would take longer than all checks together.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from content.check.dialogue import LISTEN, NOT_SET, SNIPPET, Event, Talk

State = dict[str, dict[str, Any]]

PREVIOUS, USER, SLOTS, LOOP = "prev_action", "user", "slots", "active_loop"
INTERRUPTED, NOT_THE_LOOP = "loop was interrupted", "do not predict loop action"
HANDLED_BY_RASA = {
    "restart": "action_restart",
    "back": "action_back",
    "session_start": "action_session_start",
}
"""Intents to which Rasa itself has the answer, whatever the rules say."""
BY_DEFAULT, BY_LOOP = "predicting default action with intent ", "handling active loops and forms - "


@dataclass
class Tracker:
    """The conversation so far, as a policy sees it."""

    initial: Mapping[str, str]
    featured: Mapping[str, str]
    user: dict[str, Any] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)
    previous: str | None = None
    loop: str | None = None
    is_rejected: bool = False
    states: list[State] = field(default_factory=list)

    @property
    def active(self) -> str | None:
        """The form that is filled in."""
        return None if self.loop == NOT_SET else self.loop

    def state(self) -> State:
        """What a policy sees now."""
        slots = {**self.initial, **self.slots}
        parts: State = {
            USER: self.user,
            SLOTS: {name: value for name, value in slots.items() if value},
            PREVIOUS: {"action_name": self.previous} if self.previous else {},
            LOOP: {"name": self.loop} if self.loop else {},
        }
        return {name: part for name, part in parts.items() if part}

    def update(self, event: Event) -> None:
        """Take in what happens next."""
        if event.kind == "action":
            self.states.append(self.state())
            self.previous = event.name
            self.is_rejected = self.is_rejected and event.name != self.loop
        elif event.kind == "user":
            self.user = {"intent": event.name} | ({"entities": list(event.value)} if event.value else {})
        elif event.kind == "loop":
            self.loop, self.is_rejected = event.name, False
        elif event.kind == "slot" and event.name is not None and event.name in self.featured:
            self.slots[event.name] = feature(self.featured[event.name], event.value)


def feature(kind: str, value: Any) -> str:
    """What a policy sees of the value of a slot; nothing if it is empty."""
    if value is None or value == NOT_SET:
        return str(value or "")
    return ("set" if value else "") if kind in ("text", "list") else str(value).casefold()


def applied(events: Sequence[Event]) -> list[Event]:
    """The events without the answers that a form takes in by itself."""
    loops = {event.name for event in events if event.kind == "loop" and event.name}
    done: list[Event] = []
    for event in events:
        if event.kind == "action" and event.name in loops and not _is_first_or_unhappy(event.name, done):
            last = max(i for i, old in enumerate(done) if old.kind == "action" and old.name == event.name)
            done[last + 1 :] = [old for old in done[last + 1 :] if old.kind not in ("action", "user")]
        else:
            done.append(event)
    return done


def _is_first_or_unhappy(loop: str | None, done: Sequence[Event]) -> bool:
    following: str | None = None
    for event in reversed(done):
        if event.kind == "loop" and event.name is None:
            return True
        if event.kind == "user" and following is not None and following != loop:
            return True
        if event.kind == "action":
            if event.name == loop:
                return False
            following = event.name
    return True


@dataclass(frozen=True)
class Contradiction:
    """The action `event` of `talk` is not what `rules` make of the conversation so far."""

    talk: Talk
    event: Event
    predicted: str
    rules: tuple[tuple[Talk, Event], ...]


class Training:
    """Learns `talks` and finds what contradicts them.

    `slots` are the slots that influence the conversation with their types, `initial` what is seen of those that
    have a value from the beginning, `fallback` is the action where no rule applies.
    """

    def __init__(
        self, talks: Sequence[Talk], slots: Mapping[str, str], initial: Mapping[str, str], fallback: str
    ) -> None:
        self._talks, self._slots, self._initial, self._fallback = talks, slots, initial, fallback
        self._rules = self._lookup([talk for talk in talks if talk.is_rule])
        self._unhappy = self._unhappy_lookup(talks)
        self._sources: dict[str, list[tuple[Talk, Event, str]]] = defaultdict(list)

    def contradictions(self) -> Iterator[Contradiction]:
        """Everything that training would die of."""
        for talk in self._talks:
            if talk.is_rule:
                for event, predicted, source in self._run(talk):
                    wanted = predicted if source.startswith((BY_DEFAULT, BY_LOOP)) else event.name
                    self._sources[source].append((talk, event, str(wanted)))
        for talk in self._talks:
            for event, predicted, source in self._run(talk):
                if not predicted or predicted == event.name or self._is_forgotten(talk, predicted, source):
                    continue
                against = [(rule, at) for rule, at, wanted in self._sources[source] if wanted != event.name]
                if against:
                    yield Contradiction(talk, event, predicted, tuple(dict.fromkeys(against)))

    def _tracker(self, initial: Mapping[str, str] | None = None) -> Tracker:
        return Tracker(self._initial if initial is None else initial, self._slots)

    def _states(self, talk: Talk, initial: Mapping[str, str]) -> Iterator[tuple[list[State], str]]:
        tracker = self._tracker(initial)
        for event in applied(talk.events):
            if event.kind == "action":
                yield [*tracker.states, tracker.state()], str(event.name)
            tracker.update(event)

    def _lookup(self, rules: Sequence[Talk]) -> dict[str, str]:
        lookup: dict[str, str] = {}
        ambiguous: set[str] = set()
        for rule in rules:
            for states, action in self._states(rule, {}):
                found = key(states)
                if found and found not in ambiguous:
                    if lookup.setdefault(found, action) != action:
                        ambiguous.add(found)
                        del lookup[found]
        return {found: action for found, action in lookup.items() if action != SNIPPET}

    def _unhappy_lookup(self, talks: Sequence[Talk]) -> dict[str, str]:
        """After which states a form is taken up again, and after which it is not."""
        lookup: dict[str, str] = {}
        for talk in talks:
            for states, action in self._states(talk, {}):
                loop = states[-1].get(LOOP, {}).get("name")
                if not loop or loop == NOT_SET:
                    continue
                short = states[-1:]
                if len(states) > 1 and PREVIOUS in states[-2]:
                    short = [{PREVIOUS: states[-2][PREVIOUS]}, states[-1]]
                has_heard = states[-1].get(PREVIOUS, {}).get("action_name") == LISTEN
                found = key(short)
                if found and has_heard and action == loop:
                    lookup[found] = INTERRUPTED
                elif found and not has_heard and action != loop:
                    lookup[found] = NOT_THE_LOOP
        return lookup

    def _run(self, talk: Talk) -> Iterator[tuple[Event, str | None, str]]:
        """Each action of `talk` that can be predicted, with the prediction and where it comes from.

        A story may go on as it likes where no rule applies, a rule must not.
        """
        tracker = self._tracker()
        is_open = True
        for event in applied(talk.events):
            if event.kind == "action" and event.name == SNIPPET:
                is_open = True
            elif event.kind == "action" and is_open:
                is_open = False
            elif event.kind == "action":
                predicted, source = self._predict(tracker)
                if tracker.active and predicted != event.name and predicted == tracker.active:
                    tracker.is_rejected = True
                    predicted, source = self._predict(tracker)
                yield event, predicted or (self._fallback if talk.is_rule else None), source
            tracker.update(event)

    def _predict(self, tracker: Tracker) -> tuple[str | None, str]:
        intent = str(tracker.user.get("intent")) if tracker.user else ""
        if tracker.previous == LISTEN and intent in HANDLED_BY_RASA:
            return HANDLED_BY_RASA[intent], BY_DEFAULT + intent
        if tracker.active and not tracker.is_rejected:
            if tracker.previous != tracker.active:
                return tracker.active, BY_LOOP + tracker.active
            return LISTEN, f"{BY_LOOP}{tracker.active} - {LISTEN}"
        return self._from_rules(tracker)

    def _from_rules(self, tracker: Tracker) -> tuple[str | None, str]:
        states = [*tracker.states, tracker.state()]
        best = max(_matching(self._rules, states), key=len, default="")
        action = self._rules.get(best)
        if tracker.active and action == LISTEN and not _loop(_states_of(best)[-1]):
            conditions = {self._unhappy[found] for found in _matching(self._unhappy, states)}
            if NOT_THE_LOOP not in conditions:
                return tracker.active, best
            action = None
        return action, best or key(states) or ""

    def _is_forgotten(self, talk: Talk, predicted: str, source: str) -> bool:
        """Whether only the end of a rule contradicts a story that goes on; Rasa then forgets that end."""
        if talk.is_rule or predicted != LISTEN or source.count(PREVIOUS) > 1:
            return False
        if any(other.startswith(source[:-2]) and other != source for other in self._rules):
            self._rules.pop(source, None)
            return True
        return False


def key(states: Sequence[State]) -> str | None:
    """States since the last unknown stretch, as text; None if there are none."""
    known: list[State] = []
    for state in reversed(states):
        if state.get(PREVIOUS, {}).get("action_name") == SNIPPET:
            break
        known.insert(0, state)
    return json.dumps(known, sort_keys=True) if known else None


def _loop(state: State) -> str | None:
    name = state.get(LOOP, {}).get("name")
    return None if name == NOT_SET else name


@lru_cache(maxsize=4096)
def _states_of(found: str) -> list[State]:
    states: list[State] = json.loads(found)
    return states


def _matching(lookup: Mapping[str, str], states: Sequence[State]) -> list[str]:
    return [found for found in lookup if _fits(_states_of(found), states)]


def _fits(rule: Sequence[State], states: Sequence[State]) -> bool:
    for wanted, state in zip(reversed(rule), reversed(states), strict=False):
        if (PREVIOUS in wanted) != (PREVIOUS in state):
            return False
        if PREVIOUS in wanted and not all(_holds(wanted[part], state.get(part, {})) for part in wanted):
            return False
    # A rule that is longer than the conversation cannot be told apart from it; Rasa lets it apply, too.
    return True


def _holds(wanted: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    for name, value in wanted.items():
        found = here.get(name)
        if value == NOT_SET:
            if found and found != NOT_SET:
                return False
        elif value and found != value:
            return False
    return True
