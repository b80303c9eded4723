"""Files that cannot be read: YAML and the lines of examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from content.check.problem import Problem, from_content_error
from content.check.project import EXAMPLES, YAML_FILES, Project
from knowledge.meant import meant
from knowledge.yaml_source import BadContent

KEYS = {"text": str, "facts": dict, "flag": bool, "restates": bool, "class": str, "id": str}
"""Keys of an example, each with the type of its value."""
SAYS = ("facts", "flag", "restates")
KINDS = {str: 'text in quotation marks ("…")', dict: 'facts in braces ({"fact": "value"})', bool: "true or false"}


def yaml_syntax(project: Project) -> Iterator[Problem]:
    """YAML that cannot be parsed."""
    for path in project.paths(*YAML_FILES):
        try:
            project.document(path)
        except BadContent as bad:
            yield from (from_content_error(error, path) for error in bad.errors)


def example_lines(project: Project) -> Iterator[Problem]:
    """Lines of nlu/examples that are no examples."""
    for path in project.paths(EXAMPLES):
        for number, line in enumerate((project.root / path).read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                yield from (Problem(path, number, what, mend) for what, mend in _wrong(line))


def _wrong(line: str) -> Iterator[tuple[str, str]]:
    try:
        example = json.loads(line)
    except json.JSONDecodeError as error:
        yield f"the line is not JSON from character {error.colno} on", _meant(line, error)
        return
    if not isinstance(example, dict):
        yield "the line is not an example", 'write it as {"text": "…", "facts": {…}}, all on one line'
        return
    for key, value in example.items():
        if key not in KEYS:
            yield f"an example has no key {key!r}", meant(key, KEYS)
        elif not isinstance(value, KEYS[key]):
            yield f"{key} is {json.dumps(value)}", f"write {KINDS[KEYS[key]]} there"
    if not str(example.get("text", "")).strip():
        yield "the example has no text", 'add "text": "…" with what a clinician would write'
    if not any(key in example for key in SAYS):
        yield "the example does not say what its text means", f"add {', '.join(SAYS[:-1])} or {SAYS[-1]}"


def _meant(line: str, error: Any) -> str:
    """What was most likely forgotten where JSON ends."""
    before, at = line[: error.pos].rstrip(), line[error.pos : error.pos + 1]
    if error.msg.startswith("Unterminated string"):
        return "close the quotation mark"
    if error.msg.startswith("Expecting ',' delimiter"):
        return "put a comma between the entries" if at else "close the brace } at the end of the line"
    if before.endswith(","):
        return "take out the comma before the closing brace"
    if error.msg.startswith("Extra data"):
        return "write each example on a line of its own"
    if at == "'" or error.msg.startswith("Expecting property name"):
        return 'write keys and texts in double quotation marks ("…")'
    if at in "TFN" and at:
        return "write true, false or null in small letters"
    return 'compare the line with the one above: {"text": "…", "facts": {"fact": "value"}}'
