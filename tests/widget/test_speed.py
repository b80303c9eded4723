"""How quickly the widget paints and answers."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from tests.widget.browser import Widget
from tests.widget.patients import IMAGING

FIRST_PAINT = 200
"""Milliseconds until the page paints first, on loopback."""
TURN = 150
"""Milliseconds from sending to the rendered answer, beside the server's own time, at the median."""
WATCH = """() => {
  const log = document.querySelector("vcf-assistant").shadowRoot.querySelector(".log");
  window.turns = [];
  document.addEventListener("keydown", ({ key }) => { if (key === "Enter") window.sentAt = performance.now(); }, true);
  new MutationObserver((changes) => {
    const answered = changes.some((change) => [...change.addedNodes].some((node) => node.className === "theirs"));
    if (!answered) return;
    requestAnimationFrame(() => setTimeout(() => {
      const requests = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/messages"));
      window.turns.push(performance.now() - window.sentAt - requests[requests.length - 1].duration);
    }));
  }).observe(log, { childList: true });
}"""
"""Measures, of each turn, the time from the key to the painted answer, less that of its request."""


def test_the_page_paints_and_answers_quickly(opened: Callable[..., Widget]) -> None:
    """First paint, and the time that a turn takes beside the server's: medians of several."""
    paints = []
    for _ in range(5):
        widget = opened()  # in a context of its own: nothing is in its cache
        paints.append(widget.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    widget.page.evaluate(WATCH)
    for _ in range(7):
        widget.say(IMAGING)
    turns = widget.page.evaluate("window.turns")
    assert len(turns) == 7
    print(f"first paint {statistics.median(paints):.0f} ms, turn beside the server {statistics.median(turns):.0f} ms")
    assert statistics.median(paints) <= FIRST_PAINT, paints
    assert statistics.median(turns) <= TURN, turns
