"""The files that content staff edit, each read once and only when a check needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from content.check.problem import Problem
from knowledge.content import CONTENT, read_content
from knowledge.model import Guideline
from knowledge.yaml_source import BadContent, Document, read_document

ROOT = Path(__file__).parent.parent.parent

EDITIONS = "knowledge/content"
RULES = "nlu/rules/*.yml"
EXAMPLES = "nlu/examples/*.jsonl"
TEST_STORIES = "tests/stories/*.yml"
DIALOGUE = "data/**/*.yml"
DOMAIN, CONFIG = "domain.yml", "config.yml"
WORDINGS = (
    "actions/*.yml",
    "channels/web/free_facts.yml",
    "content/*.yml",
    "knowledge/consult_note.yml",
    "knowledge/document/wording.yml",
    "knowledge/fhir.yml",
)
OTHERS = ("content/new/*.yml", "nlu/*.yml")
YAML_FILES = (f"{EDITIONS}/*/**/*.yml", RULES, DIALOGUE, DOMAIN, CONFIG, *WORDINGS, *OTHERS, TEST_STORIES)
CODE = ("actions", "channels", "knowledge", "nlu", "service")

Steps = Sequence[str | int]
"""Where a value stands in a file: keys and list positions from the top."""


class Project:
    """The project in the folder `root`; paths are given and told from there."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self._documents: dict[str, Document] = {}
        self._guidelines: dict[str, Guideline | None] = {}

    def paths(self, *patterns: str) -> list[str]:
        """The files that fit one of the patterns, in order."""
        found = {path for pattern in patterns for path in self.root.glob(pattern) if path.is_file()}
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def document(self, path: str) -> Document:
        """The YAML file at `path`. Raises BadContent if it is not YAML."""
        if path not in self._documents:
            self._documents[path] = read_document(self.root / path)
        return self._documents[path]

    def documents(self, *patterns: str) -> Iterator[tuple[str, Document]]:
        """The YAML files that fit one of the patterns, without those that are empty."""
        for path in self.paths(*patterns):
            document = self.document(path)
            if document.data is not None:
                yield path, document

    def problem(self, path: str, steps: Steps, what: str, how_to_mend: str) -> Problem:
        """A problem with the value at `steps` of the YAML file at `path`."""
        return Problem(path, self.document(path).line(steps), what, how_to_mend)

    @cached_property
    def editions(self) -> list[str]:
        """The folders of the guideline editions."""
        return [str(Path(path).parent) for path in self.paths(f"{EDITIONS}/*/guideline.yml")]

    def guideline(self, edition: str) -> Guideline | None:
        """The guideline in the folder `edition`, None if it cannot be read."""
        if edition not in self._guidelines:
            try:
                self._guidelines[edition] = read_content(self.root / edition)
            except BadContent:
                self._guidelines[edition] = None
        return self._guidelines[edition]

    @cached_property
    def guidelines(self) -> list[Guideline]:
        """Every edition that can be read."""
        return [guideline for edition in self.editions if (guideline := self.guideline(edition))]

    @cached_property
    def answered(self) -> Guideline | None:
        """The edition that the assistant answers from."""
        return self.guideline(f"{EDITIONS}/{CONTENT.name}")

    @cached_property
    def code(self) -> str:
        """The program, for names that only it uses."""
        patterns = [f"{folder}/**/*.py" for folder in CODE] + ["widget/*.js"]
        return "\n".join((self.root / path).read_text(encoding="utf-8") for path in self.paths(*patterns))

    def is_named_in_code(self, name: str) -> bool:
        """Whether the program has `name` between quotation marks."""
        return f'"{name}"' in self.code or f"'{name}'" in self.code


def walk(node: Any, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value in `node`, itself first, with where it stands."""
    yield steps, node
    if isinstance(node, Mapping):
        for key in node:
            yield from walk(node[key], (*steps, key))
    elif isinstance(node, list):
        for position, item in enumerate(node):
            yield from walk(item, (*steps, position))
