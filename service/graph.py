"""How the components of a model are loaded and run: those that answer, in the order that their needs give."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_METADATA_FILE, LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata, ModelStorage


class Trained(LocalModelStorage):  # type: ignore[misc]
    """A model without the plan of its training, whose components would be loaded, too, and TensorFlow with them."""

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        told = json.loads((directory / MODEL_ARCHIVE_METADATA_FILE).read_text(encoding="utf-8"))
        return ModelMetadata.from_dict(told | {"train_schema": {"nodes": {}}})


class InOrder(GraphRunner):  # type: ignore[misc]
    """Rasa's own runner plans each run anew, for a scheduler of many machines; here each is planned once."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[str, ...], list[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> InOrder:
        """A runner of the components of a model, which are loaded."""
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """What the components named in `targets` return, and what they need, from the `inputs` by their names.

        Raises rasa.engine.exceptions.GraphRunError if a component or an input is missing.
        """
        wanted = tuple(targets or self._schema.target_names)
        if wanted not in self._orders:
            self._orders[wanted] = list(dict.fromkeys(self._before(wanted)))
        done = dict(inputs or {})
        for name in self._orders[wanted]:
            if name not in done:
                done[name] = self._output(name, done)
        return {name: done[name] for name in wanted}

    def _output(self, name: str, done: dict[str, Any]) -> Any:
        if name not in self._nodes:
            raise GraphRunError(f"The run needs {name!r}, which is neither a component of the model nor an input")
        needs = self._schema.nodes[name].needs.values()
        return self._nodes[name](*((need, done[need]) for need in needs))[1]

    def _before(self, names: tuple[str, ...]) -> Iterator[str]:
        """The components, each after those that it needs."""
        for name in names:
            if name in self._nodes:
                yield from self._before(tuple(self._schema.nodes[name].needs.values()))
            yield name
