"""The assistant in one process: the trained model, the real rules and the real actions, without servers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from service.assistant import Assistant
from service.rasa_mends import mend
from service.tracker_store import ConversationStore

Payload = dict[str, Any]


class InProcessActions(EndpointConfig):
    """Runs the project's actions in this process instead of over HTTP."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions.actions")

    async def request(self, *args: Any, json: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """The response to an action call, after the same trip through JSON that HTTP makes."""
        response = await self._executor.run(_through_json(json))
        return _through_json(response)


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
    """The trained model with the real actions, conversations kept in memory."""
    mend()
    agent = Assistant(tracker_store=ConversationStore(host="sqlite://"), action_endpoint=InProcessActions())
    agent.load_model(str(model))
    return agent


def _through_json(data: Any) -> Any:
    return json.loads(json.dumps(data))
