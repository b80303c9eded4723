"""That everybody can use the widget: keyboard, screen reader, zoom, small screens, dark rooms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.served import Served
from tests.widget.browser import Widget
from tests.widget.patients import DEFICIT, IMAGING, WITHOUT_CANCER_STATUS

STATES = {
    "empty": [],
    "question": ["70F, back pain, new L1 fracture on x-ray"],
    "recommendation": [IMAGING],
    "escalation": [DEFICIT],
    "conditional": [WITHOUT_CANCER_STATUS, "not known"],
    "what_if": [IMAGING, "and without cancer?"],
    "note": [IMAGING, "summarize for the chart"],
    "not_covered": ["9 year old boy, new T8 compression fracture, neuro intact, what imaging?"],
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_no_violation(opened: Callable[..., Widget], state: str, look: str) -> None:
    """No state of the widget, in no look, has a violation of WCAG 2.2 AA or a best practice that axe-core knows."""
    # axe-core adds styles of its own to the page, which the policy would not let it.
    widget = opened(bypass_csp=True, **LOOKS[look])
    for message in STATES[state]:
        widget.say(message)
    widget.shot(f"{look}-{state}")
    for summary in widget.page.locator("summary").all():
        summary.click()
    _check(widget)
    if look == "phone":
        widget.page.get_by_role("button", name="Case", exact=True).click()
        widget.shot(f"{look}-{state}-case")
        _check(widget)


def _check(widget: Widget) -> None:
    violations = Axe().run(widget.page).response["violations"]
    assert not violations, [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in violations]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_while_things_go_wrong(opened: Callable[..., Widget], scheme: str) -> None:
    """Nor has a message on its way, too long or not sent, a fact being changed, words marked, an ended session."""
    widget = opened(bypass_csp=True, color_scheme=scheme)
    widget.say(IMAGING)
    widget.fact("cancer_history").get_by_role("combobox").select_option("absent")
    widget.fact("pain_character").get_by_role("button").last.click()
    expect(widget.log.locator("mark")).to_be_visible()
    _check(widget)
    widget.page.route("**/web/messages", lambda route: route.abort())
    widget.composer.fill("and without cancer?")
    widget.composer.press("Enter")
    expect(widget.log.get_by_text("Reading")).to_be_visible()
    expect(widget.page.get_by_role("status").filter(has_text="No connection")).to_be_visible()
    _check(widget)
    refusal = {"error": {"code": "failed", "message": "Something went wrong on the server."}}
    widget.page.route("**/web/messages", lambda route: route.fulfill(status=500, json=refusal))
    expect(widget.page.get_by_role("button", name="Send again")).to_be_visible(timeout=15_000)
    widget.composer.fill("x" * 20_001)
    _check(widget)
    widget.page.evaluate("sessionStorage.setItem('vcf-assistant', JSON.stringify({ token: 'old', unsent: [] }))")
    widget.page.reload()
    expect(widget.log).to_contain_text("has ended")
    _check(widget)


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 740), (600, 400), (1200, 800)])
def test_panel_and_alarm_leave_the_composer_in_reach(opened: Callable[..., Widget], width: int, height: int) -> None:
    """With the alert up and the case panel open nothing lies over the composer, and the panel can be read."""
    widget = opened(viewport={"width": width, "height": height})
    widget.say(DEFICIT)
    if width < 800:
        widget.page.get_by_role("button", name="Case", exact=True).click()
    for part in (widget.composer, widget.page.get_by_role("button", name="Send", exact=True)):
        expect(part).to_be_in_viewport(ratio=1)
        part.click(trial=True, timeout=2000)
    widget.fact("cancer_history").get_by_role("combobox").scroll_into_view_if_needed()
    expect(widget.fact("cancer_history").get_by_role("combobox")).to_be_in_viewport(ratio=1)
    widget.say("and fever 39")
    expect(widget.log).to_be_visible()


def test_a_fact_set_by_the_keyboard_keeps_the_focus(widget: Widget) -> None:
    """After another value is set the focus stays at the fact."""
    widget.say(IMAGING)
    with widget.answered():
        widget.fact("cancer_history").get_by_role("combobox").select_option("absent")
        widget.fact("cancer_history").get_by_role("button", name="Set").press("Enter")
    focused = "panel => panel.getRootNode().activeElement?.closest('[data-slot]')?.dataset.slot"
    assert widget.page.locator(".panel").evaluate(focused) == "cancer_history"


@pytest.mark.parametrize("state", STATES)
def test_nothing_needs_sideways_scrolling_at_any_zoom(opened: Callable[..., Widget], state: str) -> None:
    """At 320 pixels (1280 at 400 %) and at 600 by 400 (1200 by 800 at 200 %) the page scrolls one way only (1.4.10)."""
    for width, height in ((320, 568), (600, 400)):
        widget = opened(viewport={"width": width, "height": height})
        for message in STATES[state]:
            widget.say(message)
        wide = widget.page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= width
        # What the widget itself would cut off counts as well.
        inner = widget.log.evaluate("log => log.scrollWidth - log.clientWidth")
        assert inner <= 0
        expect(widget.composer).to_be_in_viewport()


def test_a_case_is_told_by_the_keyboard_alone(widget: Widget) -> None:
    """Tab reaches everything in the order it is read; Shift+Enter breaks the line, Enter sends."""
    page = widget.page
    for _ in range(12):
        if widget.composer.evaluate("field => field.getRootNode().activeElement === field"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("70F, back pain on standing, neuro intact.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("New L1 fracture on x-ray, which imaging?")
    expect(widget.composer).to_have_value(
        "70F, back pain on standing, neuro intact.\nNew L1 fracture on x-ray, which imaging?"
    )
    with widget.answered():
        page.keyboard.press("Enter")
    choice = widget.last.get_by_role("button", name="No", exact=True)
    for _ in range(40):
        if choice.evaluate("button => button.getRootNode().activeElement === button"):
            break
        page.keyboard.press("Shift+Tab")
    with widget.answered():
        page.keyboard.press("Enter")
    expect(widget.last.get_by_role("heading", level=2)).to_contain_text("Variant 1")


def test_a_screen_reader_hears_answers_politely_and_alarms_at_once(widget: Widget) -> None:
    """The log is polite, the alert is an alert from the start, each message says whose it is."""
    expect(widget.log).to_have_attribute("aria-live", "polite")
    assert widget.page.locator("[role=alert]").count() == 1
    widget.say(DEFICIT)
    expect(widget.page.get_by_role("alert")).to_contain_text("Call spine surgery now")
    expect(widget.page.get_by_role("article", name="You")).to_have_count(1)
    expect(widget.page.get_by_role("article", name="Assistant").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1200, 800), (360, 740), (320, 568), (600, 400), (320, 256)])
def test_the_alarm_stays_whole_and_in_sight(opened: Callable[..., Widget], width: int, height: int) -> None:
    """However much is said after it, and however small the window, the alert's title and cause can be read."""
    widget = opened(viewport={"width": width, "height": height})
    widget.say(DEFICIT)
    for _ in range(3):
        widget.say("her family says it is nothing")
    for part in (widget.alarm.locator(".title"), widget.alarm.get_by_text("Raised by")):
        expect(part).to_be_in_viewport(ratio=1)
    if height >= 740:
        expect(widget.alarm.get_by_text("Order emergent MRI")).to_be_in_viewport(ratio=1)


def test_motion_is_reduced_where_that_is_wished(opened: Callable[..., Widget]) -> None:
    """Nothing is animated for those who asked for no motion."""
    widget = opened(reduced_motion="reduce")
    widget.say(IMAGING)
    moving = widget.page.evaluate("document.getAnimations().length")
    assert moving == 0


def test_the_note_is_copied_and_the_answer_printed(opened: Callable[..., Widget]) -> None:
    """The clipboard holds the consult note, which is an answer like any other; a print has the answer, no controls."""
    widget = opened(permissions=["clipboard-read", "clipboard-write"])
    widget.say(IMAGING)
    widget.last.get_by_role("button", name="Copy as note").click()
    expect(widget.page.get_by_text("Copied.")).to_be_in_viewport()
    copied = widget.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("CONSULT NOTE") and widget.last.locator("pre").inner_text().strip() == copied.strip()
    widget.page.reload()
    expect(widget.last.locator("pre")).to_contain_text("CONSULT NOTE")
    widget.say(IMAGING)
    widget.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    widget.page.emulate_media(media="print", color_scheme="dark")
    expect(widget.last.get_by_role("table")).to_be_visible()
    expect(widget.last.get_by_role("link").first).to_be_visible()
    expect(widget.fact("mechanism")).to_contain_text("low-energy mechanism")
    widget.shot("print")
    for hidden in (widget.composer, widget.last.get_by_role("button", name="Print")):
        expect(hidden).to_be_hidden()
    widget.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert widget.page.locator("details[open]").count() == 0


def test_a_note_that_the_browser_does_not_copy_stands_there(opened: Callable[..., Widget]) -> None:
    """Where the clipboard is refused that is said, under a note that can be selected."""
    widget = opened()
    widget.say(IMAGING)
    refuse = "navigator.clipboard.writeText = () => Promise.reject(new Error('the browser refused'))"
    widget.page.evaluate(f"() => {{ {refuse} }}")
    widget.last.get_by_role("button", name="Copy as note").click()
    expect(widget.page.get_by_text("Not copied: the browser refused")).to_be_visible()
    expect(widget.last.locator("pre")).to_contain_text("CONSULT NOTE")


def test_a_print_holds_the_whole_note(opened: Callable[..., Widget]) -> None:
    """Nothing of a consult note is cut, and it is offered under the latest answer alone."""
    widget = opened()
    widget.say(IMAGING)
    widget.set_fact("cancer_history", "absent")
    expect(widget.page.get_by_role("button", name="Copy as note")).to_have_count(1)
    widget.say("summarize for the chart")
    widget.page.emulate_media(media="print")
    assert widget.last.locator("pre").evaluate("note => note.scrollHeight - note.clientHeight") <= 1


def test_the_widget_works_in_a_page_of_another_origin(
    opened: Callable[..., Widget], served: Served, tmp_path: Path
) -> None:
    """One script tag and one element are enough, on a page of an allowed origin."""
    script = f'<script type="module" src="{served.web_url}vcf-assistant.js"></script>'
    style = "<style>vcf-assistant { width: 380px; }</style>"
    (tmp_path / "index.html").write_text(f"<!doctype html>{style}{script}<vcf-assistant></vcf-assistant>")
    pages = ThreadingHTTPServer(
        ("127.0.0.1", urlsplit(served.other_origin).port or 0), partial(SimpleHTTPRequestHandler, directory=tmp_path)
    )
    Thread(target=pages.serve_forever, daemon=True).start()
    try:
        widget = opened(served.other_origin)
        for _ in range(3):
            widget.say(IMAGING)
        expect(widget.last.get_by_role("heading", level=2)).to_contain_text("Variant 2")
        # In a narrow column of a wide page the widget is a narrow widget, of a height that stays.
        expect(widget.page.get_by_role("button", name="Case", exact=True)).to_be_visible()
        expect(widget.composer).to_be_in_viewport()
        widget.shot("embedded")
    finally:
        pages.shutdown()


def test_nothing_is_asked_of_a_third_party(opened: Callable[..., Widget], served: Served) -> None:
    """Every request of a conversation goes to the page's own server."""
    widget, asked = opened(), []
    widget.page.on("request", lambda request: asked.append(request.url))
    widget.open(served.web_url).say(IMAGING)
    assert asked and all(url.startswith(served.web_url) for url in asked)
