"""Texts for clinicians that take too long to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from content.check.problem import Problem
from content.check.project import EDITIONS, Project, Steps, walk
from knowledge.yaml_source import Document

LIMITS = "content/limits.yml"
KINDS = {
    "text": "statement",
    "because": "statement",
    "meaning": "statement",
    "notice": "statement",
    "question": "question",
    "why": "question",
    "summary": "summary",
    "title": "title",
    "label": "label",
    "phrase": "label",
}
"""The keys of the guideline that hold text for clinicians, each with the limit that holds for it."""
WORDED = ("actions/wording.yml", "knowledge/document/wording.yml", "knowledge/consult_note.yml", "knowledge/fhir.yml")
NOT_TEXT = {"ascii", "conditions", "quantities", "loinc", "status", "verification", "outcome"}
SENTENCE = re.compile(r"(?<=[.!?:;])\s+")


@dataclass(frozen=True)
class Text:
    """A text for clinicians and where it stands; `kind` is the limit that holds for it."""

    path: str
    line: int
    kind: str
    text: str


def texts(project: Project) -> Iterator[Text]:
    """Every text that a clinician may be shown."""
    for path, document in project.documents(f"{EDITIONS}/*/**/*.yml"):
        if not path.endswith(("/sources.yml", "/synonyms.yml")):
            yield from _of_guideline(path, document)
    for path, document in project.documents(*WORDED):
        for steps, node in walk(document.data):
            if isinstance(node, str) and steps and steps[0] not in NOT_TEXT:
                yield Text(path, document.line(steps), "wording", " ".join(node.split()))


def _of_guideline(path: str, document: Document) -> Iterator[Text]:
    for steps, node in walk(document.data):
        if not isinstance(node, Mapping):
            continue
        for key, kind in KINDS.items():
            if isinstance(node.get(key), str):
                here: Steps = [*steps, key]
                yield Text(path, document.line(here), kind, " ".join(node[key].split()))


def long_texts(project: Project) -> Iterator[Problem]:
    """Texts with more characters, or with a sentence of more words, than content/limits.yml allows."""
    limits = project.document(LIMITS).data["limits"]
    for text in texts(project):
        limit = limits[text.kind]
        if len(text.text) > limit["characters"]:
            what = f"the {text.kind} has {len(text.text)} characters, and {limit['characters']} are allowed"
            yield Problem(text.path, text.line, what, f"shorten it or split it (limits: {LIMITS})")
        for sentence in SENTENCE.split(text.text):
            if (words := len(sentence.split())) > limit["words_a_sentence"]:
                begins = " ".join(sentence.split()[:4])
                what = f"the sentence “{begins} …” has {words} words, and {limit['words_a_sentence']} are allowed"
                yield Problem(text.path, text.line, what, f"make two sentences of it (limits: {LIMITS})")
