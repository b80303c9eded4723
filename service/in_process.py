"""The assistant in one process: the trained model, the real rules and the real actions, without servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor

from actions.record import Recorder, use
from service.assistant import Assistant
from service.rasa_mends import mend
from service.tracker_store import ConversationStore


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """Runs the project's actions in this process instead of over HTTP."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions.actions")

    async def request(self, *args: Any, json: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """The response to an action call, after the same trip through JSON that HTTP makes."""
        response = await self._executor.run(_through_json(json))
        return _through_json(response)


def load_assistant(model: Path, recorder: Recorder) -> Assistant:
    """The trained `model` with the real actions, whose answers go to `recorder`; conversations are kept in memory."""
    configure_structlog()
    mend()
    use(recorder)
    assistant = Assistant(tracker_store=ConversationStore(host="sqlite://"), action_endpoint=InProcessActions())
    assistant.load_model(str(model))
    return assistant


def _through_json(data: Any) -> Any:
    return json.loads(json.dumps(data))
