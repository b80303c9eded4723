"""Rasa's tracker of a conversation, such that a turn costs as much late in a long one as early."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import islice
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

TURNS_SEEN = 6
"""Turns begun outside a form from the first of which on policies see a conversation. The longest rule needs three
states, and MemoizationPolicy remembers six."""


class KeptTracker(DialogueStateTracker):  # type: ignore[misc]
    """A tracker that knows how many of its events are `stored`, and does not go through all of them in every turn.

    `last` is the row of the last of them, by which it is seen whether another worker has gone on with the conversation.

    Policies see the latest turns; an action is told the latest message and what followed it, and reads from the slots
    whatever else it needs.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self._first_slots: dict[str, Slot] = {}
        """As a conversation begins. No slot is changed in its place, so that copies of a tracker may share them."""
        super().__init__(*arguments, **more)
        self._first_slots = dict(self.slots)
        self._begin()

    def _begin(self) -> None:
        self.stored = 0
        self.last: int | None = None
        self.messages: list[tuple[int, str | None]] = []
        """Where in `events` each message stands, and its id: to look through all events takes longer each time."""
        self._of_session = 0
        """How many of them the latest session has."""
        self._openings: deque[int] = deque(maxlen=TURNS_SEEN)
        """Where in `events` the latest turns begin."""
        self._applied: tuple[int, list[Event]] = (-1, [])
        """Of how many events the last answer of `applied_events` was, and the answer: each policy asks for it."""
        self._past: _Past | None = None
        self.states: dict[bool, dict[str, Any]] | None = None
        """Of a moment that has passed: its states as policies see them, by whether unset slots are left out."""

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Take in an event."""
        place = len(self.events)
        # By their names: Rasa's events are of a kind that takes long to ask.
        if event.type_name == SessionStarted.type_name:
            self._of_session = 0
        elif event.type_name == UserUttered.type_name:
            self.messages.append((place, event.message_id))
            self._of_session += 1
            if self.active_loop is None:
                # From the listening on that a turn begins with.
                self._openings.append(max(0, place - 1))
        super().update(event, domain)

    def copy(self) -> KeptTracker:
        """The same conversation, to be continued apart from this one; Rasa's own copy replays every event of it."""
        twin = self._as_it_is()
        twin.events = self.events.copy()
        twin._openings = self._openings.copy()
        twin.messages = self.messages.copy()
        twin._past = None  # whoever keeps a conversation in memory keeps it once
        # As in Rasa's own: what happens in a copy is marked with these where it is logged.
        twin.model_id = twin.assistant_id = None
        return twin

    def init_copy(self) -> KeptTracker:
        """The same conversation before its first event."""
        twin = copy(self)
        twin.events = deque(maxlen=self.events.maxlen)
        twin._begin()
        twin._reset()
        return twin

    def _set_slot(self, key: str, value: Any) -> None:
        if key in self.slots:
            slot = self.slots[key]
            own = self.slots[key] = object.__new__(type(slot))
            own.__dict__.update(slot.__dict__)  # what `copy` does, but in a fifth of its time
        super()._set_slot(key, value)

    def _reset_slots(self) -> None:
        if self._first_slots:
            self.slots = dict(self._first_slots)
        else:
            super()._reset_slots()

    def applied_events(self) -> list[Event]:
        """What was not taken back of the turns that policies see."""
        if self._applied[0] != len(self.events):
            seen = copy(self)
            seen.events = self._since(self._openings[0] if len(self._openings) == TURNS_SEEN else 0)
            self._applied = (len(self.events), super(KeptTracker, seen).applied_events())
        return list(self._applied[1])

    def generate_all_prior_trackers(self) -> Iterator[tuple[KeptTracker, bool]]:
        """The conversation before each action and as it is, to be read at once, and whether the action is hidden.

        Each policy asks for it before every action; what was replayed for the one before is not replayed again.
        """
        seen = self.applied_events()
        if self._past is None or not self._past.begins(seen):
            self._past = _Past(self.init_copy())
        self._past.replay(seen)
        yield from ((before, action.hide_rule_turn) for before, action in self._past.actions)
        yield self._past.now, False

    def _as_it_is(self) -> KeptTracker:
        """What a policy reads of the conversation, which stays as it is."""
        twin = copy(self)
        twin.slots = dict(self.slots)
        twin.active_loop = copy(self.active_loop)
        twin.states = None
        return twin

    def change_loop_to(self, loop_name: str | None) -> None:
        """Begin a loop, or end the one that runs; nothing reads the message that Rasa's own keeps and tells with it."""
        super().change_loop_to(loop_name)
        if self.active_loop:
            self.active_loop.trigger_message = None

    def current_state(self, event_verbosity: EventVerbosity = EventVerbosity.NONE) -> dict[str, Any]:
        """The state as Rasa tells it to an action. For all messages of the session but the latest stands one event: how
        many `messages` they are, and the id of the last of them. An action asks for nothing else of them.

        The first turn of a session is told with the whole session before, whose case may stand open.
        """
        state: dict[str, Any] = super().current_state(EventVerbosity.NONE)
        if event_verbosity == EventVerbosity.NONE:
            return state
        if self._of_session <= 1:
            return state | {"events": [event.as_dict() for event in self.events]}
        (_, id_before), (latest, _) = self.messages[-2:]
        before = {"event": UserUttered.type_name, "messages": self._of_session - 1, "message_id": id_before or ""}
        return state | {"events": [before, *(event.as_dict() for event in self._since(latest))]}

    def _since(self, place: int) -> deque[Event]:
        newest_first = islice(reversed(self.events), len(self.events) - place)
        return deque(reversed(list(newest_first)))


class _Past:
    """A conversation replayed from `now`, its beginning: what it was before each of its actions."""

    def __init__(self, now: KeptTracker) -> None:
        self.now = now
        self.actions: list[tuple[KeptTracker, ActionExecuted]] = []
        self._events: list[Event] = []

    def begins(self, events: Sequence[Event]) -> bool:
        """Whether `events` go on from what was replayed."""
        return events[: len(self._events)] == self._events

    def replay(self, events: Sequence[Event]) -> None:
        """Go on to the end of `events`, which it begins."""
        for event in events[len(self._events) :]:
            if event.type_name == ActionExecuted.type_name:
                before = self.now._as_it_is()
                before.states = {}
                self.actions.append((before, event))
            self.now.update(event)
        self._events = list(events)
