"""What an answer offers to be clicked, and whether it still stands: for every channel alike.

An offer is marked with the case that it was made for. A click brings the mark back, and counts only while the
conversation has that case: after a correction, an answer in other words, a new patient or the end of the session it
would speak of another.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered

SUPPOSED = "what_if"
"""The type of answer whose offers are about what was supposed, too."""
LENGTH = 24
"""Characters of a mark."""


@dataclass(frozen=True)
class State:
    """What an offer depends on: whose case it is (the id of the message that the conversation began with), the case,
    and what was last supposed of it."""

    begun: str | None = None
    case: object = None
    supposed: object = None

    def after(self, event: Event) -> State:
        """The state once `event` has happened."""
        if isinstance(event, SlotSet) and event.key in ("case", "supposed"):
            return replace(self, **{event.key: event.value})
        if isinstance(event, UserUttered) and self.begun is None:
            return replace(self, begun=event.message_id)
        return self

    def mark(self, kind: str = "") -> str:
        """The mark of what an answer of the type `kind` offers in this state."""
        about = [self.begun, self.case, *([self.supposed] if kind == SUPPOSED else [])]
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:LENGTH]


async def stands(store: TrackerStore, conversation: str, mark: str) -> bool:
    """Whether what was offered with `mark` may still be chosen."""
    tracker = await store.retrieve(conversation)
    if tracker is None or _has_ended(tracker.events, store.domain):
        return False
    state = state_after(tracker.events)
    return mark in (state.mark(), state.mark(SUPPOSED))


def state_after(events: Sequence[Event]) -> State:
    """The state that these events, the first of a session, leave."""
    begun = (event.message_id for event in events if event.type_name == UserUttered.type_name)
    return State(next(begun, None), _latest(events, "case"), _latest(events, "supposed"))


def _latest(events: Sequence[Event], slot: str) -> object:
    newest_first = (event for event in reversed(events) if event.type_name == SlotSet.type_name)
    return next((event.value for event in newest_first if event.key == slot), None)


def _has_ended(events: Iterable[Event], domain: Domain) -> bool:
    """Whether the next message begins a new session, as Rasa's processor decides when it comes."""
    session = domain.session_config
    said = [event.timestamp for event in events if isinstance(event, UserUttered)]
    if not said or not session.are_sessions_enabled():
        return False
    return bool(time.time() - said[-1] > 60 * session.session_expiration_time)
