"""What somebody who writes YAML by hand most likely meant where the parser gives up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ruamel.yaml.error import MarkedYAMLError

_DUPLICATE = re.compile(r'found duplicate key "(.*?)"')
_SPECIAL = re.compile(r"found character '(.)' that cannot start any token")
_KEY = re.compile(r"\s*(?:- )*[^\s#'\"\[{][^:#]*:(?:\s|$)")
_QUOTED = re.compile(r""":\s+["']|^\s*-\s+["']""")


def slip(text: str, error: MarkedYAMLError) -> tuple[int, str]:
    """The 1-based line of `text` that has to be mended, and how; what the parser said is in `error`."""
    lines = text.splitlines() or [""]
    mark, context = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
    at = min(mark.line, len(lines) - 1) if mark else 0
    since = min(context.line, len(lines) - 1) if context else at
    problem = str(error.problem or "")
    if tabbed := _tab(lines, at):
        return tabbed, "use spaces instead of the tab"
    if found := _DUPLICATE.search(problem):
        return at + 1, f"keep one of the two {found[1]!r}, or give one another name"
    if "quoted scalar" in str(error.context) and "end of stream" in problem:
        return since + 1, "close the quotation mark that opens on this line"
    if "escape character" in problem:
        return at + 1, "put the text in single quotes; inside double quotes a backslash has a meaning of its own"
    if "flow" in str(error.context):
        return since + 1, "close the bracket that opens on this line, and put a comma between its items"
    if (found := _SPECIAL.search(problem)) or "alias" in problem:
        return at + 1, f"put the text in quotation marks, because {found[1] if found else '*'} has a meaning in YAML"
    if "could not find expected ':'" in problem:
        return since + 1, _without_colon(lines[since])
    if "mapping values are not allowed" in problem:
        return _unexpected_value(lines, at)
    return _unexpected_block(lines, at)


def _tab(lines: Sequence[str], at: int) -> int:
    """The number of the nearest line up to `at` with a tab before its text; 0 if the one there has none."""
    return at + 1 if re.match(r"[ \-]*\t", lines[at]) else 0


def _without_colon(line: str) -> str:
    if re.match(r"\s*-\S", line):
        return "put a space after the dash"
    return "write a colon after the key, as in `key: value`, or indent the line below the text that it continues"


def _unexpected_value(lines: Sequence[str], at: int) -> tuple[int, str]:
    """The parser met a colon where no key may stand."""
    above = next((i for i in range(at - 1, -1, -1) if lines[i].strip() and not lines[i].lstrip().startswith("#")), None)
    if len(re.findall(r":\s", lines[at])) > 1:
        return at + 1, "put the text in quotation marks, because it has a colon in it"
    if above is not None and not _KEY.match(lines[above]):
        spaced = "put a space after the colon" if ":" in lines[above] else _without_colon(lines[above])
        return above + 1, spaced
    return at + 1, "indent the line as far as the lines that it belongs to"


def _unexpected_block(lines: Sequence[str], at: int) -> tuple[int, str]:
    """The parser met something that fits none of the lines above."""
    for place in (at, at - 1, at - 2):
        if place >= 0 and _QUOTED.search(lines[place]) and _odd_quotes(lines[place]):
            advice = "close the quotation mark, or write the text in the other kind of quotation marks"
            return place + 1, advice
    if re.search(r"[\]}]\s*$", lines[at]) and lines[at].count("]") > lines[at].count("["):
        return at + 1, "take out the bracket that nothing opens"
    return at + 1, "indent the line as far as the lines that it belongs to"


def _odd_quotes(line: str) -> bool:
    found = _QUOTED.search(line)
    assert found
    quote = found[0][-1]
    rest = line[found.end() :]
    closing = rest.rstrip().removesuffix(",")
    return rest.count(quote) % 2 == 0 or not closing.endswith(quote)
