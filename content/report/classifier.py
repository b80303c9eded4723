"""The intent classifier of the assistant, as the report looks into it: what it sees in a message, and what it learns.

The reader that comes after it in the pipeline, and overrides it where a message states facts, is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from content.check.project import CONFIG, Project
from content.report.confusions import OtherPipeline
from nlu.intents import STRENGTH, Features, Numbers, Weights, learned
from nlu.rules import load_rules

Intents = npt.NDArray[np.str_]

CLASSIFIER, FALLBACK = "nlu.intent_component.IntentComponent", "FallbackClassifier"
"""The first two components of config.yml."""


@dataclass(frozen=True)
class Thresholds:
    """Below `confidence`, or with two intents closer than `ambiguity`, the assistant asks back."""

    confidence: float
    ambiguity: float


class Classifier:
    """The classifier with the vocabulary of the examples; it is not trained yet."""

    def __init__(self, project: Project, examples: Sequence[str]) -> None:
        """Raises OtherPipeline if config.yml has another classifier than the one that this module knows."""
        pipeline = project.document(CONFIG).data["pipeline"]
        if pipeline[0]["name"] != CLASSIFIER:
            raise OtherPipeline(f"the first component of config.yml is not {CLASSIFIER}, which it looks into")
        fallback: dict[str, float] = next((part for part in pipeline if part["name"] == FALLBACK), {})
        self.thresholds = Thresholds(fallback.get("threshold", 0.0), fallback.get("ambiguity_threshold", 0.0))
        self._features = Features.learned(examples, load_rules())

    def features(self, texts: Sequence[str]) -> sp.csr_matrix:
        """What the classifier sees of each text, one a row."""
        return self._features.of(texts)

    def words(self, text: str) -> tuple[list[str], sp.csr_matrix]:
        """The words of a text, and what the classifier would see less of it without each, one a row."""
        words = self._features.tokens(text)
        without = [" ".join(words[:place] + words[place + 1 :]) for place in range(len(words))]
        whole = self.features([text])
        return words, sp.vstack([whole] * len(words), "csr") - self.features(without)

    def trained(self, features: sp.csr_matrix, intents: Intents) -> Weights:
        """Train on examples seen as `features`."""
        return learned(features, list(intents))

    def lessons(self, model: Weights, features: sp.csr_matrix, meant: Intents) -> Numbers:
        """How much each example (row) adds to the score of each intent in a message just like it.

        The weights of a trained logistic regression are the sum of its examples, each weighted by how far it was from
        being read rightly (its gradient is zero where training ends), so that decisions can be traced to examples.
        """
        target = (meant[:, None] == np.array(model.intents)).astype(float)
        return np.asarray(STRENGTH * (target - model.single(features)))
