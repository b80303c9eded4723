"""Files that can be read but are not what their kind of file has to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from content.check.problem import Problem, from_content_error
from content.check.project import EXAMPLES, Project
from knowledge.content import read_content
from knowledge.yaml_source import BadContent, read_document, schema_errors

SHAPES = Path(__file__).parent / "shapes.yml"


def shapes(project: Project) -> Iterator[Problem]:
    """Keys that a file does not know or lacks, and values of the wrong kind."""
    schemas = read_document(SHAPES).data
    for pattern, schema in schemas["files"].items():
        for path, document in project.documents(pattern):
            for error in schema_errors(document, {"$defs": schemas["$defs"], **schema}):
                yield from_content_error(error, path)


def guideline(project: Project) -> Iterator[Problem]:
    """Whatever keeps an edition of the guideline from being built."""
    for edition in project.editions:
        try:
            read_content(project.root / edition)
        except BadContent as bad:
            for error in bad.errors:
                yield from_content_error(error, Path(error.file).relative_to(project.root).as_posix())


def folders(project: Project) -> Iterator[Problem]:
    """Parts of the project that are not where they have to be."""
    for pattern, part in (
        ("domain.yml", "the domain"),
        (EXAMPLES, "examples"),
        ("knowledge/content/*/*.yml", "editions"),
    ):
        if not project.paths(pattern):
            yield Problem(
                pattern.split("*")[0], 1, f"{part} cannot be found", "run the command in the project's folder"
            )
