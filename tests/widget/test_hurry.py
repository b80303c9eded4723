"""Hurried hands and things that fail: what was on its way, clicked twice, too long, expired, or sent to nobody."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.served import Served, start
from tests.widget.browser import Widget
from tests.widget.patients import AFTER_VERTEBROPLASTY, DEFICIT, IMAGING


@pytest.mark.parametrize("delayed", ["sessions", "messages"])
def test_nothing_that_was_on_its_way_reaches_the_next_patient(widget: Widget, delayed: str) -> None:
    """Messages still on their way when a new patient is begun end with the old one, whatever they wait for."""
    widget.page.route(f"**/web/{delayed}", lambda route: (time.sleep(0.7), route.continue_()))
    for text in (DEFICIT, "and fever 39, CRP 200"):
        widget.composer.fill(text)
        widget.composer.press("Enter")
    widget.page.get_by_role("button", name="New patient").click()
    widget.page.unroute_all(behavior="wait")
    widget.say("80M, new L3 fracture on x-ray, no cancer")
    shown = widget.page.locator("vcf-assistant").inner_text()
    assert "legs weak" not in shown and "39" not in shown and "T8" not in shown
    expect(widget.alarm).to_be_hidden()


def test_a_new_patient_can_be_asked_for_in_words(widget: Widget) -> None:
    """Typed, it does what the button does."""
    widget.say(DEFICIT)
    widget.composer.fill("new patient")
    widget.composer.press("Enter")
    expect(widget.page.locator("article.mine")).to_have_count(1)
    expect(widget.page.locator("article.mine")).to_contain_text("new patient")
    expect(widget.alarm).to_be_hidden()
    widget.say("what have you understood?")
    assert "T8" not in widget.page.locator("vcf-assistant").inner_text()


def test_what_was_said_comes_back_before_anything_new(widget: Widget) -> None:
    """A message written while the page still restores waits; a late history does not hide an alarm."""
    widget.say(IMAGING)
    held: list[Route] = []
    widget.page.route("**/web/history", lambda route: held.append(route))
    widget.page.reload()
    widget.composer.fill("legs weak since today")
    widget.composer.press("Enter")
    expect(widget.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    expect(widget.composer).to_have_value("legs weak since today")
    held[0].continue_()
    expect(widget.page.locator("article.mine")).to_have_count(1)
    widget.composer.press("Enter")
    expect(widget.alarm).to_contain_text("legs weak")
    expect(widget.fact("neuro_status").get_by_role("combobox")).to_have_value("deficit")


def test_a_copied_tab_begins_another_patient(widget: Widget) -> None:
    """Two tabs never share a patient, though a browser copies what a tab keeps."""
    widget.say(IMAGING)
    with widget.page.expect_popup() as popup:
        widget.page.evaluate("window.open(location.href)")
    copied = Widget(popup.value)
    expect(copied.log).to_contain_text("open in another tab")
    copied.say("80M, new L3 fracture on x-ray, legs weak since today")
    expect(copied.alarm).to_be_visible()
    widget.say("and without cancer?")
    expect(widget.alarm).to_be_hidden()
    assert "L3" not in widget.page.locator("vcf-assistant").inner_text()


def test_a_session_that_ends_in_the_middle_keeps_the_text(widget: Widget) -> None:
    """The message stands in the composer again, and "New patient" leaves it there."""
    widget.say(IMAGING)
    ended = {"error": {"code": "no_session", "message": "This session has expired. Start a new patient."}}
    widget.page.route("**/web/messages", lambda route: route.fulfill(status=401, json=ended))
    widget.composer.fill("80M, new L3 fracture on x-ray")
    widget.composer.press("Enter")
    expect(widget.log).to_contain_text("has expired")
    widget.page.unroute_all()
    widget.page.get_by_role("button", name="New patient").click()
    expect(widget.composer).to_have_value("80M, new L3 fracture on x-ray")
    with widget.answered():
        widget.composer.press("Enter")
    expect(widget.fact("level")).to_be_visible()


def test_a_choice_clicked_twice_is_taken_once(widget: Widget) -> None:
    """A double click on a reply is one reply."""
    widget.say(AFTER_VERTEBROPLASTY)
    with widget.answered():
        widget.last.get_by_role("button", name="No new deficit").dblclick()
    expect(widget.page.locator("article.mine")).to_have_count(2)


def test_messages_in_a_hurry_are_all_shown_and_answered_in_order(widget: Widget) -> None:
    """A second message does not wait to be shown, and a reload loses neither."""
    widget.page.route("**/web/messages", lambda route: (time.sleep(0.5), route.continue_()))
    for text in (IMAGING, "sorry: legs weak since today"):
        widget.composer.fill(text)
        widget.composer.press("Enter")
    expect(widget.page.locator("article.mine")).to_have_count(2)
    widget.page.unroute_all(behavior="ignoreErrors")
    widget.page.reload()
    expect(widget.alarm).to_contain_text("legs weak")
    assert widget.page.locator("article.mine .words").all_inner_texts() == [IMAGING, "sorry: legs weak since today"]


def test_what_is_too_long_is_neither_cut_nor_sent(widget: Widget) -> None:
    """Over 20,000 characters the widget says so and keeps every one of them."""
    note = "stable. " * 2_600 + "Both legs weak."
    widget.composer.fill(note)
    widget.composer.press("Enter")
    expect(widget.page.get_by_role("status").filter(has_text="shorten it")).to_be_visible()
    expect(widget.composer).to_have_value(note)
    expect(widget.page.locator("article")).to_have_count(0)


def test_an_expired_session_is_said_and_the_text_kept(widget: Widget) -> None:
    """With a session that has ended the message comes back into the composer, with the reason beside it."""
    widget.say(IMAGING)
    widget.page.evaluate("""() => {
      sessionStorage.setItem("vcf-assistant", JSON.stringify({ token: "expired", unsent: [] }));
    }""")
    widget.page.reload()
    expect(widget.log).to_contain_text("has ended")
    widget.say(IMAGING)
    expect(widget.last.get_by_role("heading", level=2)).to_contain_text("Variant 2")


def test_it_works_where_the_browser_keeps_nothing(opened: Callable[..., Widget]) -> None:
    """With storage forbidden a conversation goes on as long as the page is open."""
    widget = opened()
    widget.page.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error(); } })")
    widget.page.reload()
    widget.say(IMAGING)
    widget.say("and without cancer?")
    expect(widget.last).to_have_attribute("data-type", "what_if")


def test_a_message_outlives_the_server(opened: Callable[..., Widget]) -> None:
    """A message sent while the server is down is delivered once, when it is back, in the same conversation."""
    running = start()
    widget = opened(running.web_url)
    widget.say(IMAGING)
    ports = running.ports
    running.stop()
    with widget.answered():
        widget.composer.fill("and without cancer?")
        widget.composer.press("Enter")
        expect(widget.page.get_by_role("status").filter(has_text="No connection")).to_be_visible(timeout=10_000)
        again: Served = start(ports)
        if (button := widget.page.get_by_role("button", name="Send again")).is_visible():
            button.click()
    try:
        expect(widget.last).to_have_attribute("data-type", "what_if")
        expect(widget.page.locator("article.mine")).to_have_count(2)
        expect(widget.page.get_by_role("status").filter(has_text="No connection")).to_have_count(0)
    finally:
        again.stop()
