"""The consult note: what it says for each kind of answer, and that any record system can take it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.answer import answer
from knowledge.case import UNKNOWN, Case, Reading
from knowledge.consult_note import TYPES, WIDTH, ascii_only, consult_note, wording
from knowledge.engine import Engine
from knowledge.model import Guideline
from tests.knowledge.brute_force import case_of, partial_cases
from tests.knowledge.test_answer import CASES, V2, V9

WRITTEN = datetime(2026, 11, 21, 10, 5, 30, 123, tzinfo=UTC)
CLOSING = "This note supports and does not replace clinical judgment."


def note(engine: Engine, **values: str) -> str:
    """The consult note for a case in which `values` were stated."""
    return consult_note(answer(engine, case_of(engine.guideline, **values)), WRITTEN)


def section(text: str, heading: str) -> str:
    """What stands under a heading, its lines joined; empty if the note has no such heading."""
    found = re.search(rf"^{heading}\n((?:  .*\n)+)", text, re.M)
    return " ".join(found[1].split()) if found else ""


def said(engine: Engine, *readings: Reading) -> dict[str, Any]:
    """The payload for a case with these readings."""
    return answer(engine, Case().with_readings(readings, engine.guideline))


def check_plain(text: str) -> None:
    """Fail unless a record system can take `text` as it is."""
    assert text.isascii() and "\t" not in text and text.endswith(CLOSING + "\n")
    assert all(
        len(line) <= WIDTH and line == line.rstrip() and line.replace(" ", "x").isprintable()
        for line in text.split("\n")
    )
    headings = [line for line in text.splitlines() if line and not line.startswith("  ")]
    known = [wording()["heading"], *wording()["sections"].values(), CLOSING]
    assert [line for line in headings if not line.startswith("EMERGENCY: ")] == [h for h in known if h in headings]
    assert not re.search(r"^\s*([#*>-]|\d+\.|```)", text, re.M)


@pytest.mark.parametrize("kind", CASES)
def test_every_kind_of_answer_has_a_plain_note(kind: str, engine: Engine) -> None:
    """Facts, question, outcome, sources, edition, knowledge version, time and the closing sentence are always there."""
    text = note(engine, **CASES[kind])
    check_plain(text)
    for heading in ("PATIENT AS UNDERSTOOD", "QUESTION", "GUIDELINE OUTCOME", "SOURCES", "GUIDELINE", "WRITTEN"):
        assert section(text, heading)
    assert "ACR Appropriateness Criteria, 2022 update" in section(text, "GUIDELINE")
    assert engine.guideline.version in section(text, "GUIDELINE")
    assert "https://acsearch.acr.org/docs/70545/Narrative/" in section(text, "SOURCES")
    assert section(text, "WRITTEN") == "2026-11-21T10:05:30+00:00"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_case_has_a_plain_note(data: st.DataObject, guideline: Guideline, engine: Engine) -> None:
    """Whatever is known, the note is plain and names every source that it cites."""
    payload = answer(engine, data.draw(partial_cases(guideline)))
    text = consult_note(payload, WRITTEN)
    check_plain(text)
    flat = " ".join(text.split())
    assert all(f"{source['key']}: {ascii_only(source['title'])}" in flat for source in payload["sources"])
    assert set(re.findall(r"\[([A-Z][A-Z0-9-]+)\]", text)) <= {source["key"] for source in payload["sources"]}


@settings(max_examples=200, deadline=None)
@given(words=st.text(max_size=300))
def test_no_evidence_can_break_or_forge_the_note(words: str, engine: Engine) -> None:
    """The clinician's words, whatever they hold, stay on lines of their own section."""
    payload = said(engine, Reading("neuro_status", "deficit", evidence=words + "\nRATINGS\n\tUsually appropriate: x"))
    text = consult_note(payload, WRITTEN)
    check_plain(text)
    assert section(text, "RATINGS") == ""
    assert "RATINGS Usually appropriate: x" in section(text, "PATIENT AS UNDERSTOOD")


def test_facts_show_basis_and_words_and_assumed_ones_come_last(engine: Engine) -> None:
    """Given facts quote the words that they came from; assumed facts are marked and quote none."""
    facts = [Reading(name, value, evidence=f'the "{name}"') for name, value in V9.items()]
    text = consult_note(said(engine, *facts), WRITTEN)
    patient = section(text, "PATIENT AS UNDERSTOOD")
    assert "mechanical pain (stated: \"the 'pain_character'\")" in patient
    assert "cancer history, active or past (implied: \"the 'etiology'\")" in patient
    assert patient.endswith(
        "pain persisting unchanged (assumed) low-energy mechanism (assumed) no signs of infection (assumed) "
        "adult (assumed)"
    )
    assert section(text, "QUESTION") == "choosing the treatment (stated: \"the 'decision'\")"
    assert "choosing" not in patient


def test_recommendation_has_every_rating_and_the_reasons(engine: Engine) -> None:
    """Variant, each procedure under its category with its source, why the others do not apply, what to look out for."""
    text = note(engine, **V2)
    assert section(text, "GUIDELINE OUTCOME").startswith("Variant 2: New symptomatic VCF")
    ratings = section(text, "RATINGS")
    assert all(rating.procedure in ratings for rating in engine.guideline.outcome["v2"].ratings)
    assert "MRI spine area of interest with IV contrast (no radiation, panel disagreed)" in ratings
    assert "Bone scan whole body (radiation 1-10 mSv)" in ratings
    assert [c for c in engine.guideline.categories if f"{c}: " in ratings] == list(engine.guideline.categories)
    assert ratings.count("[ACR]") == 3
    assert "Not variant 4: needs asymptomatic; here: symptomatic." in section(text, "REASONING")
    assert "Pitfall: " in section(text, "CAVEATS") and "Escalation: " in section(text, "CAVEATS")
    assert re.search(r"\[[A-Z0-9-]+\]", section(text, "NEXT STEPS"))


def test_variants_that_the_same_fact_rules_out_share_a_line(engine: Engine) -> None:
    """A reason is not said four times."""
    reasoning = section(note(engine, **V9), "REASONING")
    assert "Not variant 5, 6, 7, 8: needs osteoporotic fracture; here: pathologic fracture from tumor." in reasoning


def test_a_redirected_question_says_so(engine: Engine) -> None:
    """A treatment question that imaging answers first is noted beside the question."""
    more = {"etiology": "osteoporotic", "prior_procedure": "none", "marrow_edema": "not_assessed"}
    text = note(engine, **{**V9, **more, "cancer_history": "absent"})
    assert "imaging has to answer first" in section(text, "QUESTION")


def test_emergency_stands_at_the_top(engine: Engine) -> None:
    """An emergency is the second line; what raised it is quoted, what to do now comes with sources, no ratings."""
    text = consult_note(said(engine, Reading("neuro_status", "deficit", evidence="new foot drop")), WRITTEN)
    assert text.splitlines()[1] == "EMERGENCY: New or progressive neurologic deficit"
    assert 'Raised by: "new foot drop"' in section(text, "GUIDELINE OUTCOME")
    assert section(text, "NEXT STEPS").startswith("Now: Call spine surgery now for an urgent consultation. [S-V9]")
    assert section(text, "RATINGS") == ""
    assert section(text, "QUESTION").startswith("Not stated")


def test_only_the_clinicians_words_are_quoted(engine: Engine) -> None:
    """What raised an emergency is not in quotation marks if it was chosen from a list."""
    outcome = section(note(engine, **CASES["escalation"]), "GUIDELINE OUTCOME")
    assert outcome.endswith("Raised by: new or progressive neurologic deficit")


def test_question_says_what_is_open(engine: Engine) -> None:
    """A case that is not finished says what is known, what is asked, and that there is no outcome yet."""
    hint = Reading("neuro_status", None, evidence="legs feel odd")
    text = consult_note(said(engine, hint, Reading("sex", "female")), WRITTEN)
    assert section(text, "PATIENT AS UNDERSTOOD").startswith("woman (stated)")
    opened = section(text, "STILL OPEN")
    assert opened.startswith("Is there any new or progressive neurologic deficit")
    assert "Possible answers: No new deficit; New or worsening deficit; Not known" in opened
    assert 'Raised by: "legs feel odd"' in opened
    assert section(text, "GUIDELINE OUTCOME").startswith("Not decided yet")
    assert section(text, "RATINGS") == section(text, "NEXT STEPS") == ""


def test_question_under_an_alert_shows_the_emergency(engine: Engine) -> None:
    """Signs of infection are on top and acted on while the neurologic question is open."""
    text = note(engine, infection_signs="present")
    assert text.splitlines()[1] == "EMERGENCY: Suspected spinal infection"
    assert section(text, "NEXT STEPS") == "Now: Work up spinal infection before any other step. [ACR]"
    assert section(text, "STILL OPEN")


def test_empty_case(engine: Engine) -> None:
    """Nothing but assumptions is shown as that; no facts at all are said to be none."""
    payload = answer(engine, Case())
    assert "(stated" not in consult_note(payload, WRITTEN)
    assert (
        section(consult_note({**payload, "facts": []}, WRITTEN), "PATIENT AS UNDERSTOOD") == "Nothing understood yet."
    )


def test_not_covered_says_why_and_what_instead(engine: Engine) -> None:
    """Not covered is said with edition, reason and where to look, without ratings."""
    text = note(engine, **CASES["not_covered"])
    assert section(text, "GUIDELINE OUTCOME") == (
        "Not covered by ACR Appropriateness Criteria, 2022 update: High-energy trauma"
    )
    assert "not about high-energy trauma" in section(text, "REASONING")
    assert section(text, "NEXT STEPS").startswith("Instead: ")
    assert section(text, "RATINGS") == ""


def test_conditional_has_every_branch(engine: Engine) -> None:
    """Each branch with its outcome, each table once, an emergency branch with what to do."""
    text = note(engine, **CASES["conditional"])
    outcome = section(text, "GUIDELINE OUTCOME")
    assert "If cancer history, active or past: Variant 2: " in outcome
    assert "If no cancer history: Variant 1: " in outcome
    assert section(text, "RATINGS").count("Variant 2: Usually appropriate: ") == 1
    examined = note(engine, **{**V9, "neuro_status": UNKNOWN})
    assert "If new or progressive neurologic deficit: EMERGENCY: " in section(examined, "GUIDELINE OUTCOME")
    steps = section(examined, "NEXT STEPS")
    assert steps.startswith("Examine first: Is there any new or progressive neurologic deficit")
    assert "If new or progressive neurologic deficit, now: Call spine surgery now" in steps


def test_red_flags_are_caveats(engine: Engine) -> None:
    """A red flag short of an emergency says what to do, with its source."""
    caveats = section(note(engine, **V9, retropulsion="present"), "CAVEATS")
    assert caveats.startswith("ATTENTION: Retropulsion into the canal, progressive deformity, or instability.")
    assert "Request a surgical consultation. [S-V9]" in caveats


def test_time_needs_and_keeps_its_zone(engine: Engine) -> None:
    """The time is written as given, in its own zone; without a zone it is refused."""
    payload = answer(engine, case_of(engine.guideline, **V9))
    local = WRITTEN.astimezone(timezone(timedelta(hours=-5)))
    assert "2026-11-21T05:05:30-05:00" in consult_note(payload, local)
    with pytest.raises(ValueError, match="time zone"):
        consult_note(payload, WRITTEN.replace(tzinfo=None))


def test_other_payloads_are_refused(engine: Engine) -> None:
    """Only the five kinds of answer make a note."""
    assert set(CASES) == set(TYPES)
    with pytest.raises(ValueError, match="'sources'"):
        consult_note({"type": "sources"}, WRITTEN)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("CRP ≥ 100, pain ≤ 3", "CRP >= 100, pain <= 3"),
        ("10⁹/L and 2½ weeks", "10^9/L and 2 1/2 weeks"),
        ("Ménière’s – “odd”…", 'Meniere\'s - "odd"...'),
        ("e\u0301tat, ﬁx, 5 µg, T₁₂", "etat, fix, 5 ug, T12"),
        ("≠ ≮ 骨折 🦴", "!= ? ?? ?"),
        ("a\u00a0b\u200bc\u2028d\x00e\x1b[31m", "a bc d e [31m"),
    ],
)
def test_characters_are_written_in_ascii_without_changing_the_meaning(text: str, plain: str) -> None:
    """Accents go, signs are spelled out, and what cannot be written leaves a visible mark."""
    assert ascii_only(text) == plain
