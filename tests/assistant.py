"""The assistant in one process: the trained model, the real rules and the real actions, without servers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from actions.record import Recorder
from audit.rows import Versions
from service.in_process import load_assistant

Payload = dict[str, Any]


@dataclass
class Turn:
    """What the assistant sent back to one message."""

    texts: list[str]
    payloads: list[Payload]
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All texts of the turn."""
        return "\n".join(self.texts)

    @property
    def buttons(self) -> list[dict[str, str]]:
        """All buttons of the turn."""
        return [button for message in self.messages for button in message.get("buttons") or ()]

    def payload(self, kind: str) -> Payload:
        """The payload of a type; fails with what there was instead."""
        found = [payload for payload in self.payloads if payload["type"] == kind]
        assert found, f"no {kind} among {[payload['type'] for payload in self.payloads]}: {self.text}"
        return found[0]


class Conversation:
    """One conversation with the assistant."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._sender = uuid4().hex

    def say(self, message: str) -> Turn:
        """Send a message; returns the answer."""
        channel = CollectingOutputChannel()
        asyncio.run(self._agent.handle_message(UserMessage(message, channel, self._sender)))
        messages = channel.messages
        return Turn(
            texts=[message["text"] for message in messages if message.get("text")],
            payloads=[message["custom"] for message in messages if message.get("custom")],
            messages=messages,
        )


def load_agent(model: Path) -> Agent:
    """The trained model with the real actions, conversations kept in memory and their answers recorded nowhere."""
    return load_assistant(model, Recorder(lambda *_, **__: None, "of tests", Versions(model="", rules="", code="")))
