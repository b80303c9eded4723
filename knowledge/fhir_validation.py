"""Whether a bundle is valid FHIR R4, by the models of the library fhir.resources (the extra "fhir")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]
"""The keys and positions that lead from a bundle to an element."""
Wrong = tuple[Path, str]
"""An element and what is wrong with it."""

MORE_CODES = "+"
"""Stands at the end of a list of codes that the library does not give in full."""
INSTALL = 'FHIR validation needs the extra "fhir": run "uv sync --extra fhir" or "make setup"'


def validate(bundle: Mapping[str, Any]) -> None:
    """Check `bundle` against FHIR R4 (4.0.1): structure, codes, and that references lead to its own entries.

    Raises ValueError naming each element that is wrong, and ImportError saying what to install if the
    library that checks is not installed.
    """
    try:
        from fhir.resources.bundle import Bundle
        from fhir.resources.fhirtypesvalidators import MODEL_CLASSES
        from pydantic import ValidationError
    except ImportError as error:
        raise ImportError(INSTALL) from error
    try:
        wrong = [*_wrong_codes(Bundle.parse_obj(bundle), ()), *_wrong_references(bundle)]
    except ValidationError as error:
        wrong = [(tuple(part for part in e["loc"] if part != "__root__"), e["msg"]) for e in error.errors()]
    except LookupError as error:
        # The library looks a type up while parsing, and does not say where.
        kinds = [entry.get("resource", {}).get("resourceType") for entry in bundle["entry"]]
        unknown = [(i, kind) for i, kind in enumerate(kinds) if kind not in MODEL_CLASSES]
        wrong = [(("entry", i, "resource", "resourceType"), f"FHIR R4 has no {kind!r}") for i, kind in unknown]
        wrong = wrong or [((), f"FHIR R4 has not all that is named: {error}")]
    if wrong:
        raise ValueError("\n".join(f"{_place(bundle, path)}: {message}" for path, message in wrong))


def _wrong_codes(node: Any, path: Path) -> Iterator[Wrong]:
    """Codes in the library's model `node` that FHIR does not list; parsing leaves them unchecked."""
    if isinstance(node, list):
        for position, item in enumerate(node):
            yield from _wrong_codes(item, (*path, position))
    for name, field in getattr(node, "__fields__", {}).items():
        value, place = getattr(node, name), (*path, field.alias)
        listed = field.field_info.extra.get("enum_values") or ()
        if listed and MORE_CODES not in listed and value is not None and value not in listed:
            yield place, f"{value!r} is none of {', '.join(listed)}"
        yield from _wrong_codes(value, place)


def _wrong_references(bundle: Mapping[str, Any]) -> Iterator[Wrong]:
    urls = Counter(entry.get("fullUrl") for entry in bundle.get("entry", ()))
    for position, entry in enumerate(bundle.get("entry", ())):
        if urls[entry.get("fullUrl")] > 1:
            yield ("entry", position, "fullUrl"), "another entry has the same"
        for path, reference in _references(entry, ("entry", position)):
            if reference not in urls:
                yield path, f"no entry has the fullUrl {reference}"


def _references(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    items = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for name, value in items:
        if name == "reference" and isinstance(value, str):
            yield (*path, name), value
        yield from _references(value, (*path, name))


def _place(bundle: Mapping[str, Any], path: Path) -> str:
    """`path` in dots, with the type of the resource that it leads into."""
    match path:
        case ("entry", int(position), "resource", *_):
            kind = bundle["entry"][position]["resource"].get("resourceType", "resource")
            return ".".join(map(str, ("entry", position, kind, *path[3:])))
    return ".".join(map(str, path)) or "bundle"
