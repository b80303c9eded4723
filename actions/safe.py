"""What every action shares: a failure reaches the clinician as a sentence, and the log without patient text."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import FORM, Conversation
from actions.record import recorded
from actions.texts import say
from actions.topic import topic
from knowledge.current import about

Events = list[dict[str, Any]]
logger = logging.getLogger(__name__)


class Safe:
    """Lets the failure of an action reach the clinician as a sentence, and the log without patient text.

    Left to itself, the action server would log and return the whole conversation.
    """

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Run `act` and record what it answers; returns its events.

        After a failure, or an answer that cannot be recorded, these change nothing: what was said before is not lost.
        """
        events = self._acted(dispatcher, tracker)
        stands = not dispatcher.messages or await recorded(self.name(), dispatcher, tracker)
        return events if stands else self.unchanged(tracker)

    def _acted(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        try:
            found = topic(tracker)
            with about(found.id):
                if found.changed and self.yields(tracker):
                    return [*found.events, FollowupAction(FORM)]
                return [*found.events, *self.act(dispatcher, tracker)]
        except Exception as error:
            frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            logger.error("%s failed: %s at %s", self.name(), type(error).__name__, " > ".join(frames[-4:]))
            dispatcher.utter_message(text=say("failed"), json_message={"type": "social"})
            return self.unchanged(tracker)

    def name(self) -> str:
        """The name by which Rasa calls the action."""
        raise NotImplementedError

    def yields(self, tracker: Tracker) -> bool:
        """Whether a message that opens a case of another topic goes to the form instead of this action."""
        return False

    def unchanged(self, tracker: Tracker) -> Events:
        """The events that leave the conversation as it was before the latest message."""
        return []

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """What the action does; returns its events."""
        raise NotImplementedError


def notice(dispatcher: CollectingDispatcher, conversation: Conversation) -> Events:
    """The opening notice, once a conversation, after the first answer so that an alarm comes first."""
    if conversation.notice_shown:
        return []
    if conversation.after_ended:
        _tell_first(dispatcher, say("case_ended"))
    dispatcher.utter_message(text=say("notice"))
    return [SlotSet("notice_shown", True)]


def _tell_first(dispatcher: CollectingDispatcher, text: str) -> None:
    """Say something before the answer, but for an alarm, before which nothing comes."""
    alarms = [(message.get("custom") or {}).get("type") == "escalation" for message in dispatcher.messages]
    dispatcher.utter_message(text=text)
    dispatcher.messages.insert(int(any(alarms[:1])), dispatcher.messages.pop())
