"""Messages that may mean several things: asked back, never guessed."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Conversation
from actions.texts import requests, say
from knowledge.case import Case

LEAST_MEANT, MOST_MEANT = 0.2, 3
"""Confidence of a request that an unclear message may make, and how many of them are offered."""


def may_mean(conversation: Conversation, case: Case) -> dict[str, str]:
    """The requests about `case` that the latest message may make, likeliest first, each with its label."""
    labels = requests()
    likely = [name for name, sure in conversation.turn.guesses if sure >= LEAST_MEANT and name in labels]
    return {name: labels[name] for name in likely[:MOST_MEANT]} if case.readings else {}


def ask_back(dispatcher: CollectingDispatcher, meant: Mapping[str, str]) -> None:
    """Ask which of the requests `meant` is made."""
    buttons = [{"title": label, "payload": f"/{name}"} for name, label in meant.items()]
    choices = [{"value": name, "label": label} for name, label in meant.items()]
    text = say("may_mean", choices=", ".join(f'"{label}"' for label in meant.values()))
    dispatcher.utter_message(text=text, buttons=buttons, json_message={"type": "out_of_scope", "choices": choices})
