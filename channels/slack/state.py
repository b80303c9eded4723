"""Which case a button was offered for: a click that comes after the case has changed would answer another question."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from rasa.core.tracker_store import TrackerStore

SUPPOSED = "what_if"
"""The kind of answer whose buttons are about what was supposed, too."""


@dataclass(frozen=True)
class State:
    """Short hashes of a conversation's case, and of what was last supposed of it."""

    case: str
    supposed: str

    def of(self, kind: str) -> str:
        """What the buttons of an answer of this kind are marked with."""
        return self.case + self.supposed if kind == SUPPOSED else self.case

    def admits(self, mark: str) -> bool:
        """Whether a button with this mark still asks what it was offered for."""
        return mark in (self.case, self.case + self.supposed)


async def state_of(store: TrackerStore, conversation: str) -> State:
    """The state of a conversation as it stands."""
    tracker = await store.retrieve(conversation)
    case, supposed = (tracker.get_slot(name) if tracker else None for name in ("case", "supposed"))
    return State(_hash(case), _hash(supposed))


def _hash(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:12]
