"""Sends an answer: its payload, and the plain text of the document that every channel draws from it."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.executor import CollectingDispatcher

from knowledge.answer import Payload
from knowledge.document.build import document
from knowledge.document.text import plain_text


def utter(dispatcher: CollectingDispatcher, payload: Payload, buttons: Sequence[dict[str, str]] = ()) -> None:
    """Send the answer that `payload` is; `buttons` have a `title` and the `payload` of the message that they send."""
    dispatcher.utter_message(text=plain_text(document("", payload)), buttons=list(buttons), json_message=payload)
