"""The intent classifier of config.yml, made of Rasa's own components: what it sees in a message, and what it learns.

The reader that comes after it in the pipeline, and overrides it where a message states facts, is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from content.check.project import CONFIG, Project
from content.report.confusions import OtherPipeline

Intents = npt.NDArray[np.str_]

FALLBACK = "FallbackClassifier"
READERS = {component.__name__: component for component in (WhitespaceTokenizer, CountVectorsFeaturizer)}


@dataclass(frozen=True)
class Thresholds:
    """Below `confidence`, or with two intents closer than `ambiguity`, the assistant asks back."""

    confidence: float
    ambiguity: float


class Classifier:
    """The components before the reader, with the vocabulary of the examples; its classifier is not trained yet."""

    def __init__(self, project: Project, examples: Sequence[str]) -> None:
        """Raises OtherPipeline if config.yml has other components than those that this module knows."""
        pipeline = project.document(CONFIG).data["pipeline"]
        names = [part["name"] for part in pipeline]
        if LogisticRegressionClassifier.__name__ not in names:
            raise OtherPipeline(
                "the classifier of config.yml is not LogisticRegressionClassifier, whose weights it reads"
            )
        last = names.index(LogisticRegressionClassifier.__name__)
        if unknown := [name for name in names[:last] if name not in READERS]:
            raise OtherPipeline(f"it does not know how {unknown[0]} of config.yml sees a message")
        fallback: dict[str, float] = next((part for part in pipeline if part["name"] == FALLBACK), {})
        self.thresholds = Thresholds(fallback.get("threshold", 0.0), fallback.get("ambiguity_threshold", 0.0))
        # Rasa's featurizers keep what they learn in a folder, which nothing needs afterwards.
        with TemporaryDirectory() as folder:
            storage = LocalModelStorage.create(Path(folder))
            self._readers = [_component(READERS[part["name"]], part, storage) for part in pipeline[:last]]
            self._untrained = _component(LogisticRegressionClassifier, pipeline[last], storage).clf
            self._learn_vocabulary(examples)

    def _learn_vocabulary(self, examples: Sequence[str]) -> None:
        data = TrainingData([Message.build(text=text) for text in examples])
        for reader in self._readers:
            if hasattr(reader, "train"):
                reader.train(data)
            reader.process_training_data(data)

    def features(self, texts: Sequence[str]) -> sp.csr_matrix:
        """What the classifier sees of each text: a row of counts of words and of parts of words."""
        return sp.vstack([_sparse(message)[1] for message in map(self._read, texts)], format="csr", dtype=float)

    def words(self, text: str) -> tuple[list[str], sp.csr_matrix]:
        """The words of a text, and what the classifier sees of each; together that is what it sees of the text."""
        message = self._read(text)
        words = [token.text for token in message.get(TOKENS_NAMES[TEXT])]
        return words, _sparse(message)[0].astype(float)

    def _read(self, text: str) -> Message:
        message = Message.build(text=text)
        for reader in self._readers:
            reader.process([message])
        return message

    def trained(
        self, features: sp.csr_matrix, intents: Intents, start: LogisticRegression | None = None
    ) -> LogisticRegression:
        """Train on examples seen as `features`; `start`, trained on nearly the same, only makes it quicker."""
        model = clone(self._untrained)
        if start is not None:
            model.set_params(warm_start=True)
            model.classes_, model.coef_, model.intercept_ = start.classes_, start.coef_.copy(), start.intercept_.copy()
        return model.fit(features, intents)


def _component(kind: Any, config: dict[str, Any], storage: LocalModelStorage) -> Any:
    name = config["name"]
    context = ExecutionContext(GraphSchema({}), node_name=name)
    return kind.create({**kind.get_default_config(), **config}, storage, Resource(name), context)


def _sparse(message: Message) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """The features of the words and of the whole text."""
    words, text = message.get_sparse_features(TEXT)
    return words.features.tocsr(), text.features.tocsr()
