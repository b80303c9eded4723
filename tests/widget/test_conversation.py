"""Conversations in the widget, as a clinician holds them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.widget.browser import Widget
from tests.widget.patients import AFTER_VERTEBROPLASTY, DEFICIT, IMAGING, PATHOLOGIC, WITHOUT_CANCER_STATUS

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script> **[x](javascript:alert(1))** ${7*7}'


def test_the_first_seed_patient_gets_the_ratings_of_variant_9(widget: Widget) -> None:
    """A complete case is answered at once: title, one line why, the table by category, sources as links."""
    widget.say(PATHOLOGIC)
    expect(widget.last.get_by_role("heading", level=2)).to_contain_text("Variant 9")
    expect(widget.last).to_contain_text("Why:")
    table = widget.last.get_by_role("table")
    expect(table.get_by_role("rowheader", name="Usually appropriate")).to_be_visible()
    expect(table.get_by_role("rowheader", name="Percutaneous ablation spine")).to_be_visible()
    expect(widget.last.get_by_text("Next steps", exact=True)).to_be_visible()
    widget.last.get_by_text("Sources", exact=True).click()
    link = widget.last.get_by_role("link").first
    expect(link).to_have_attribute("href", "https://acsearch.acr.org/docs/70545/Narrative/")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    widget.shot("recommendation")


def test_the_second_seed_patient_is_asked_and_answered(widget: Widget) -> None:
    """Questions come with choices; one is clicked, one is typed; then variant 7 is shown."""
    widget.say(AFTER_VERTEBROPLASTY)
    widget.shot("question")
    with widget.answered():
        widget.last.get_by_role("button", name="No new deficit").click()
    expect(widget.page.locator("article.mine").last).to_contain_text("Neurologic status: No new deficit")
    expect(widget.composer).to_be_focused()
    widget.say("never had cancer")
    expect(widget.last.get_by_role("heading", level=2)).to_contain_text("Variant 7")
    expect(widget.page.get_by_role("group", name="Replies")).to_have_count(0)


def test_imaging_has_its_radiation_levels(widget: Widget) -> None:
    """Studies are shown with the radiation of an adult."""
    widget.say(IMAGING)
    expect(widget.last.get_by_role("columnheader", name="Adult radiation")).to_be_visible()
    row = widget.last.get_by_role("row").filter(has_text="FDG-PET/CT")
    expect(row.get_by_role("cell")).to_have_text("10-30 mSv")


def test_a_deficit_raises_an_alert_that_only_a_correction_ends(widget: Widget) -> None:
    """The alert stands above the log, survives a remark, and goes with the correction in the panel."""
    widget.say(DEFICIT)
    expect(widget.alarm).to_be_visible()
    expect(widget.alarm).to_have_attribute("role", "alert")
    expect(widget.alarm).to_contain_text("STOP")
    expect(widget.alarm).to_contain_text("legs weak")
    widget.shot("escalation")
    widget.say("her family says it is nothing")
    expect(widget.alarm).to_be_visible()
    with widget.answered():
        widget.set_fact("neuro_status", "intact")
    expect(widget.alarm).to_be_hidden()


def test_a_fact_is_corrected_in_the_panel_and_the_answer_follows(widget: Widget) -> None:
    """Another value chosen in the panel changes the case, and the answer says what that changed."""
    widget.say(IMAGING)
    with widget.answered():
        widget.set_fact("cancer_history", "absent")
    expect(widget.last.get_by_role("heading", level=2)).to_contain_text("Variant 1")
    expect(widget.last).to_contain_text("Cancer history: cancer history, active or past → no cancer history")


@pytest.mark.parametrize(
    ("slot", "value", "shown"),
    [("level", "T9", "T9"), ("age", "66", "66"), ("cancer_type", "myeloma", "myeloma"), ("duration", "81", "81")],
)
def test_a_fact_of_free_value_is_changed_in_its_field(widget: Widget, slot: str, value: str, shown: str) -> None:
    """What is set in a field changes that fact and no other of the free ones."""
    widget.say(IMAGING)
    before = {name: widget.fact(name).get_by_role("textbox").input_value() for name in ("level", "age", "duration")}
    with widget.answered():
        field = widget.fact(slot).get_by_role("textbox")
        field.fill(value)
        field.press("Enter")
    expect(widget.fact(slot).get_by_role("textbox")).to_have_value(shown)
    for name in before.keys() - {slot}:
        expect(widget.fact(name).get_by_role("textbox")).to_have_value(before[name])


def test_a_value_that_does_not_fit_its_field_is_not_sent(widget: Widget) -> None:
    """A level in the field of the age stays there; nothing is told of it."""
    widget.say(IMAGING)
    field = widget.fact("age").get_by_role("textbox")
    field.fill("T9")
    field.press("Enter")
    expect(widget.page.locator("article.mine")).to_have_count(1)
    expect(widget.fact("level").get_by_role("textbox")).to_have_value("T8")


def test_moving_through_a_list_sends_nothing_and_a_draft_outlives_an_answer(widget: Widget) -> None:
    """Arrow keys in a list change nothing until it is set; what is half written stays when an answer comes."""
    widget.say(IMAGING)
    widget.fact("neuro_status").get_by_role("combobox").focus()
    widget.page.keyboard.press("ArrowDown")
    widget.fact("level").get_by_role("textbox").fill("T1")
    widget.say("what about PET?")
    expect(widget.alarm).to_be_hidden()
    expect(widget.fact("level").get_by_role("textbox")).to_have_value("T1")


def test_the_panel_shows_where_each_fact_comes_from(widget: Widget) -> None:
    """Stated facts lead to their words in the message, assumed ones stand out, open ones are listed."""
    widget.say(WITHOUT_CANCER_STATUS)
    widget.fact("pain_character").get_by_role("button").click()
    expect(widget.log.locator("mark")).to_have_text("pain on standing")
    expect(widget.fact("mechanism")).to_contain_text("ASSUMED")
    expect(widget.fact("cancer_history")).to_contain_text("not given")


def test_what_follows_from_several_words_shows_them_all(widget: Widget) -> None:
    """A fact that follows from others marks the words of each of them."""
    widget.say(
        "78F with severe osteoporosis, L2 vertebroplasty two years ago. New T11 compression fracture on x-ray after a "
        "minor fall, three weeks of disabling back pain, neuro intact. How should I treat it?"
    )
    widget.say("never had cancer")
    widget.fact("etiology").get_by_role("button").last.click()
    assert set(widget.log.locator("mark").all_inner_texts()) >= {"never had cancer", "osteoporosis"}


def test_what_is_not_known_gives_the_branches_side_by_side(widget: Widget) -> None:
    """Each value of the unknown fact has its own table; on a wide screen they stand beside each other."""
    widget.say(WITHOUT_CANCER_STATUS)
    widget.say("not known")
    boxes = [branch.bounding_box() for branch in widget.last.locator(".branch").all()]
    assert len(boxes) == 2 and all(boxes)
    assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] != boxes[1]["x"]
    widget.shot("conditional")


def test_a_supposition_marks_what_differs_and_can_be_applied(widget: Widget) -> None:
    """The differences are a table from now to then; the case changes only when that is applied."""
    widget.say(IMAGING)
    widget.say("and without cancer?")
    changed = widget.last.get_by_role("row").filter(has_text="FDG-PET/CT")
    expect(changed).to_contain_text("May be appropriate")
    expect(changed).to_contain_text("→")
    expect(widget.fact("cancer_history").get_by_role("combobox")).to_have_value("present")
    with widget.answered():
        widget.last.get_by_role("button", name="Apply to the case").click()
    expect(widget.fact("cancer_history").get_by_role("combobox")).to_have_value("absent")


def test_hostile_text_is_shown_as_text(widget: Widget) -> None:
    """Markup and script stay letters, before and after a reload, in the log and in the panel."""
    title = widget.page.title()
    text = f"{IMAGING} {HOSTILE}"
    widget.say(text)
    for _ in range(2):
        expect(widget.page.locator("article.mine .words")).to_have_text(text)
        assert widget.page.title() == title
        assert widget.page.locator("vcf-assistant img, vcf-assistant script").count() == 0
        widget.page.reload()
        widget.last.wait_for()


def test_a_long_note_is_pasted_and_answered(widget: Widget) -> None:
    """10,000 characters over many lines arrive as they were pasted."""
    note = f"HPI: {IMAGING}\n" + "Social history: lives with her son.\n" * 280
    assert len(note) > 10_000
    widget.say(note)
    assert widget.page.locator("article.mine .words").inner_text().strip() == note.strip()
    expect(widget.last.get_by_role("heading", level=2)).to_contain_text("Variant 2")


def test_a_reload_restores_the_conversation(widget: Widget) -> None:
    """After a reload the same messages, answers, panel and alert are there, and the case goes on."""
    widget.say(DEFICIT)
    before = widget.log.inner_text()
    widget.page.reload()
    expect(widget.alarm).to_contain_text("legs weak")
    assert widget.log.inner_text() == before
    expect(widget.fact("cancer_history").get_by_role("combobox")).to_have_value("present")


def test_a_new_patient_leaves_nothing_of_the_last(widget: Widget) -> None:
    """The button empties log, panel and alert; the next answer knows nothing of the case before, nor does a reload."""
    widget.say(DEFICIT)
    widget.page.get_by_role("button", name="New patient").click()
    expect(widget.alarm).to_be_hidden()
    expect(widget.composer).to_be_focused()
    widget.say("what have you understood?")
    assert "T8" not in widget.page.locator("vcf-assistant").inner_text()
    widget.page.reload()
    widget.last.wait_for()
    assert "T8" not in widget.log.inner_text()


def test_two_sessions_never_mix(opened: Callable[..., Widget]) -> None:
    """Two clinicians in turn: each sees only the own patient."""
    one, two = opened(), opened()
    one.say(IMAGING)
    two.say("50M, new T12 fracture, fever 39, CRP 200, neuro intact")
    one.say("what have you understood?")
    assert "T12" not in one.page.locator("vcf-assistant").inner_text()
    assert "T8" not in two.page.locator("vcf-assistant").inner_text()
