"""Where a conversation's case begins: after hours without a message (domain.yml) Rasa begins a new session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.case import Case

Events = Iterable[Mapping[str, Any]]


def message_count(events: Events) -> int:
    """How many messages the latest session has; one event may stand for several (service.tracker)."""
    return sum(event.get("messages", 1) for event in _divided(events)[1] if event.get("event") == "user")


def ended_before(events: Events) -> bool:
    """Whether a case that nobody ended stands before the latest session: this is then the first message after it.

    Rasa reads the latest session only, so a later message has no other before it.
    """
    case: Any = None
    for event in _divided(events)[0]:
        if event.get("event") == "restart":
            case = None
        elif event.get("event") == "slot" and event.get("name") == "case":
            case = event.get("value")
    return bool(Case.from_data(case).readings)


def _divided(events: Events) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The events before the latest session, and its own."""
    every = list(events)
    begun = max((place for place, event in enumerate(every) if event.get("event") == "session_started"), default=0)
    return every[:begun], every[begun:]
