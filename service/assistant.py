"""Rasa's agent as this project runs it: a turn is answered and stored as a whole or not at all, and is counted."""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain

from channels.outages import Unanswerable
from knowledge.current import guidelines
from measures import turns
from service.calls import Away
from service.logs import DATA

logger = logging.getLogger(__name__)


class Assistant(Agent):  # type: ignore[misc]
    """Rasa's agent without the fall-back that answers from an empty conversation while the tracker store fails."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore, domain: Domain | None) -> TrackerStore:
        store.domain = domain
        return store

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Answer a message, whatever channel it came by; returns what was sent, if that was collected.

        Raises channels.outages.Unanswerable or another of its OUTAGES if a part is away; nothing is stored then.
        """
        began, done = time.perf_counter(), False
        try:
            answered: list[dict[str, Any]] | None = await super().handle_message(message)
            done = True
            return answered
        except Away:
            raise Unanswerable("the action server is away") from None
        finally:
            _note(message, time.perf_counter() - began, done)


def _note(message: UserMessage, seconds: float, done: bool) -> None:
    """Count a turn, and log that there was one; neither holds anything that was said."""
    channel = message.input_channel or ""
    sent = message.output_channel.messages if isinstance(message.output_channel, CollectingOutputChannel) else []
    payloads = [part["custom"] for part in sent if isinstance(part.get("custom"), dict)]
    if done and sent:
        counted = turns.answered(channel, seconds, payloads, _outcomes())
    else:
        counted = turns.failed(channel, seconds)
    logger.info("turn", extra={DATA: counted | {"milliseconds": round(1000 * seconds)}})


@lru_cache(maxsize=1)
def _outcomes() -> frozenset[str]:
    """The outcomes of every topic."""
    return frozenset(name for guideline in guidelines() for name in guideline.outcome)
