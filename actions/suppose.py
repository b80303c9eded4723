"""action_what_if and action_apply: what a supposed change would do, and making it the case's."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.alarm import interrupts
from actions.conversation import Conversation
from actions.safe import Events, Safe, notice
from actions.speak import utter
from actions.texts import say
from knowledge.current import engine
from knowledge.what_if import what_if

APPLY = "/apply_what_if"


class WhatIf(Safe, Action):  # type: ignore[misc]
    """action_what_if: the answer under a supposed change; the case stays as it is."""

    def name(self) -> str:
        return "action_what_if"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        if interrupts(dispatcher, conversation):
            return []
        return self.suppose(dispatcher, conversation, conversation.turn.supposed)

    @staticmethod
    def suppose(dispatcher: CollectingDispatcher, conversation: Conversation, changes: Mapping[str, str]) -> Events:
        """Show what `changes` (facts by name) would do to the case; returns the events that remember them."""
        if not changes or not conversation.case.readings:
            reply = "what_if_unread" if conversation.case.readings else "nothing_yet"
            dispatcher.utter_message(text=say(reply), json_message={"type": "social"})
            return notice(dispatcher, conversation)
        payload = what_if(engine(), conversation.case, changes)
        button = {"title": say("apply"), "payload": APPLY}
        utter(dispatcher, payload, [button])
        return [SlotSet("supposed", dict(changes)), *notice(dispatcher, conversation)]
