"""What stands in the content and is never read, or is told twice."""

from __future__ import annotations

from collections.abc import Iterator

from content.check.problem import Problem
from content.check.project import DIALOGUE, TEST_STORIES, Project

OTHER_ENDINGS = tuple(
    f"{folder}/**/*.{ending}"
    for folder in ("actions", "content", "data", "knowledge/content", "nlu", "tests/stories")
    for ending in ("yaml", "YAML", "YML")
)
"""Files that look like content; only those that end in .yml are read everywhere."""


def other_endings(project: Project) -> Iterator[Problem]:
    """Files that one part of the assistant would read and another not."""
    for path in project.paths(*OTHER_ENDINGS):
        right = path.rpartition(".")[0] + ".yml"
        yield Problem(path, 1, "the file does not end in .yml, so that it is not read everywhere", f"name it {right}")


def lines_without_dash(project: Project) -> Iterator[Problem]:
    """Lines among the examples of an intent that are none for want of a dash."""
    for path, document in project.documents(DIALOGUE):
        for number, item in enumerate(document.data.get("nlu") or ()):
            first = document.line(["nlu", number, "examples"]) + 1
            for offset, line in enumerate(str(item.get("examples", "")).splitlines()):
                if line.strip() and not line.strip().startswith("-"):
                    what = f"{line.strip()!r} is no example, as it has no dash"
                    yield Problem(path, first + offset, what, "write `- ` before it")


def stories_of_one_name(project: Project) -> Iterator[Problem]:
    """Stories of which a message could not say which is meant."""
    for folder in (DIALOGUE, TEST_STORIES):
        seen: dict[str, str] = {}
        for path, document in project.documents(folder):
            stories = document.data.get("stories") or () if isinstance(document.data, dict) else document.data
            steps: list[str | int] = ["stories"] if isinstance(document.data, dict) else []
            for number, story in enumerate(stories):
                name, line = str(story.get("story")), document.line([*steps, number])
                if name in seen:
                    what = f"there is a story {name!r} in {seen[name]} already"
                    yield Problem(path, line, what, "give this one a name of its own")
                seen.setdefault(name, f"{path}:{line}")
