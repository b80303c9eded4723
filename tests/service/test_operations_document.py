"""What docs/operations.md lists is complete and there."""

from __future__ import annotations

import inspect
import re

from prometheus_client.metrics import MetricWrapperBase

from measures import purges, turns
from service import secrets, settings
from service.settings import ROOT

DOCUMENT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def listed(pattern: str) -> set[str]:
    """What stands in the first column of the document's tables."""
    return set(re.findall(rf"^\| `({pattern})` \|", DOCUMENT, re.M))


def test_every_variable_that_is_read_is_listed() -> None:
    """And no other."""
    read = set(re.findall(r"\(\s*\"([A-Z][A-Z_]+)\"", inspect.getsource(settings)))
    assert read >= {"RASA_WORKERS", "RUN_DIRECTORY"}
    assert listed("[A-Z][A-Z_]+") == read | set(settings.PLATFORMS) | set(secrets.SECRETS)


def test_every_figure_is_listed() -> None:
    """With its name as Prometheus reads it."""
    figures = [
        figure for figure in (*vars(turns).values(), *vars(purges).values()) if isinstance(figure, MetricWrapperBase)
    ]
    names = {f"{figure._name}_total" if figure._type == "counter" else figure._name for figure in figures}
    assert names and listed("vcf_[a-z_]+") == names


def test_every_address_is_listed() -> None:
    """Those of the operations channel."""
    routes = (ROOT / "channels" / "operations" / "channel.py").read_text(encoding="utf-8")
    there = {f"/webhooks/operations{path}" for path in re.findall(r'@routes\.get\("(.*?)"\)', routes)}
    assert len(there) == 3 and listed("/webhooks/operations/[a-z]+") == there
