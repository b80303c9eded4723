"""Which topic a conversation is about: decided by the first message of a case, and kept until the next patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.conversation import opens_a_case
from knowledge.case import Case
from knowledge.current import topic_of

SLOT = "topic"


@dataclass(frozen=True)
class Topic:
    """The topic with the `id`, None for the first, and whether the latest message changed it."""

    id: str | None
    changed: bool

    @property
    def events(self) -> list[dict[str, Any]]:
        """What has to be remembered."""
        return [SlotSet(SLOT, self.id)] if self.changed else []


def topic(tracker: Tracker) -> Topic:
    """The topic of the conversation, after its latest message.

    A case that has begun keeps its topic: no word of a message in between may take it elsewhere.
    """
    kept, text = tracker.get_slot(SLOT), str((tracker.latest_message or {}).get("text") or "")
    opens = opens_a_case(tracker)
    if Case.from_data(tracker.get_slot("case")) != Case() and not opens:
        return Topic(kept, changed=False)
    found = topic_of(text)
    now = kept if found is None and not opens else found
    return Topic(now, changed=now != kept)
