"""Statements without a source, and sources that nothing cites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from content.check.problem import Problem
from content.check.project import Project, walk
from knowledge.meant import meant

SOURCES = "sources.yml"


def uncited(project: Project) -> Iterator[Problem]:
    """Sources that no statement, rating or wording names."""
    for edition in project.editions:
        path = f"{edition}/{SOURCES}"
        known = project.document(path).data
        cited = {
            str(node["source"])
            for _, document in project.documents(f"{edition}/**/*.yml")
            for _, node in walk(document.data)
            if isinstance(node, Mapping) and isinstance(node.get("source"), str)
        }
        for key in known:
            if key not in cited:
                what = f"nothing cites the source {key}"
                yield project.problem(path, [key], what, "cite it with `source:`, or take it out")


def unsourced(project: Project) -> Iterator[Problem]:
    """Sentences without a source, and sources that do not exist, also where no schema asks for one."""
    for edition in project.editions:
        known = set(project.document(f"{edition}/{SOURCES}").data)
        for path, document in project.documents(f"{edition}/**/*.yml"):
            for steps, node in walk(document.data):
                if not isinstance(node, Mapping):
                    continue
                if "text" in node and not node.get("source"):
                    what = "the statement has no source"
                    yield project.problem(path, [*steps, "text"], what, f"add `source:` with a key of {SOURCES}")
                source = node.get("source")
                if isinstance(source, str) and source not in known:
                    what = f"the source {source} is not in {SOURCES}"
                    yield project.problem(path, [*steps, "source"], what, meant(source, known))
