"""Requests that are almost right: an example of what a platform sends, with parts replaced, left out or overgrown."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

ODD = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        1e308,
        2**63,
        "",
        " ",
        "\x00",
        "\ud800",
        "x" * 70_000,
        [],
        {},
        [[]],
        {"": {}},
        "../../etc/passwd",
    ]
) | st.sampled_from(["${7*7}", "{{7*7}}", "<script>", "%s%n", "'; DROP TABLE deliveries; --", "/restart", "1e5", "NaN"])
JSON = st.recursive(
    ODD | st.text(max_size=30) | st.integers() | st.floats(allow_nan=False) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
"""Any JSON, and the values that trip programs most."""


@st.composite
def almost(draw: st.DrawFn, example: Any) -> Any:
    """`example` with up to three of its parts replaced by anything, or left out."""
    changed = copy.deepcopy(example)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(changed))
        if not places:
            return draw(JSON)
        holder, key = draw(st.sampled_from(places))
        if draw(st.booleans()):
            holder[key] = draw(JSON)
        else:
            del holder[key]
    return changed


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every part of a JSON value, as what holds it and under which key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
