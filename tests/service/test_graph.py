"""The components of the model are run as Rasa itself would run them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine import loader
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.nlu.training_data.message import Message

from service.build import build_all
from service.settings import settings
from tests.bench.talk import messages


@pytest.fixture(scope="module")
def rasas_own(tmp_path_factory: pytest.TempPathFactory) -> DaskGraphRunner:
    """The model in Rasa's own runner."""
    storage = tmp_path_factory.mktemp("model")
    model = build_all(settings())
    return loader.load_predict_graph_runner(storage, Path(model), LocalModelStorage, DaskGraphRunner)[1]


def read(runner: Any, text: str, target: str) -> dict[str, Any]:
    """What the components tell of a message."""
    found: list[Message] = runner.run(inputs={PLACEHOLDER_MESSAGE: [UserMessage(text)]}, targets=[target])[target]
    return {name: value for name, value in found[0].as_dict().items() if name != "message_id"}


def test_a_message_is_read_as_in_rasas_own_runner(agent: Agent, rasas_own: DaskGraphRunner) -> None:
    processor = agent.processor
    assert processor and type(processor.graph_runner) is not DaskGraphRunner
    target = processor.model_metadata.nlu_target
    for text in messages(1, 6):
        assert read(processor.graph_runner, text, target) == read(rasas_own, text, target)


def test_an_input_that_is_missing_is_named(agent: Agent) -> None:
    assert agent.processor
    with pytest.raises(GraphRunError, match=PLACEHOLDER_MESSAGE):
        agent.processor.graph_runner.run(targets=[agent.processor.model_metadata.nlu_target])
