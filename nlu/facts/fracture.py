"""fracture_status, prior_fracture, level and what goes with them."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.facts.etiology import read_etiology
from nlu.facts.fracture_terms import (
    AGAIN,
    ALSO,
    COLON_REACH,
    DENIED,
    DENSITY,
    FIRSTS,
    FOUND,
    LONG_PAST,
    NEWS,
    NOT_OLD,
    OLD,
    SINCE,
    SOFT,
    is_date_of_study,
    is_denied,
    is_known_tumor,
    is_new_fracture,
    is_old_study,
    is_open,
    is_past_chance,
    is_plainly_other,
    is_prevented,
    norms_of,
)
from nlu.facts.levels import problem_levels, treated_levels
from nlu.facts.procedure import done_procedures, is_reason_of, read_procedure
from nlu.facts.stated import after_comma, current, overlaps, own
from nlu.findings import NEGATED, POSSIBLE, Finding
from nlu.note import FactMention, Note, code_place, overlap, within
from nlu.text import level_names


def read_fracture(note: Note) -> Iterator[FactMention]:
    """Status, earlier fractures, cause and level."""
    status = _status(note)
    value = status[0] if status else None
    if status:
        yield note.mention("fracture_status", *status)
    yield from _prior_fracture(note, status)
    yield from read_etiology(note, value)
    yield from _level(note)
    for fact in ("osteoporosis", "suspicious_features"):
        present = current(note, fact)
        if present:
            yield note.mention(fact, "present", present[0])


def _fractures(note: Note, *labels: str) -> list[Finding]:
    """Own findings of the labels that are about a vertebra and not merely suspected or denied."""
    denials = [f for f in note.all("no_prior_fracture") if not _is_first(note, f)]
    found = [f for f in note.apart_from(own(note, *labels), "other_fracture") if not is_denied(note, f, denials)]
    return [f for f in found if not f.modifiers & {POSSIBLE, NEGATED} or _keeps_own_negation(note, f)]


def _keeps_own_negation(note: Note, finding: Finding) -> bool:
    """Whether a "not" is the finding's own ("not there in 2021") or of words before it, or only its cause is open."""
    if _is_weighed(note, finding):
        return True
    if NEGATED not in finding.modifiers:
        return finding.label in ("fracture_new", "fracture_known", "fracture_found")
    if _only_earlier_denied(note, finding) or is_prevented(note, finding):
        return True
    return after_comma(note, finding) or _after_colon(note, finding) or bool(DENIED & norms_of(note, finding))


def _only_earlier_denied(note: Note, finding: Finding) -> bool:
    """Whether what denies stands behind and denies earlier ones: "acute fracture, previous fractures denied"."""
    before = {note.text.tokens[i].norm for i in range(max(0, finding.start - 8), finding.start)}
    denials = [f for f in note.all("no_prior_fracture") if f.sentence == finding.sentence and f.start >= finding.end]
    return bool(denials) and before.isdisjoint(DENIED)


def _is_weighed(note: Note, finding: Finding) -> bool:
    """Whether only the cause or the age is in doubt: "we can not tell whether the recent fracture is …"."""
    before = note.text.tokens[max(0, finding.start - 3) : finding.start]
    norms = [token.norm for token in before]
    return norms[-1:] in (["the"], ["this"], ["her"], ["his"]) and "whether" in norms


def _after_colon(note: Note, finding: Finding) -> bool:
    """Whether a denial is closed before the finding: "CTPA (no PE): T9 fracture"; also within it."""
    tokens = note.text.tokens
    before = [token.text for token in tokens[max(0, finding.start - COLON_REACH) : finding.start]]
    inside = finding.label == "fracture_found" and ":" in {t.text for t in tokens[finding.start : finding.end]}
    return inside or not {":", ")"}.isdisjoint(before)


def _is_denied_before(note: Note, finding: Finding) -> bool:
    """Whether a denial stands right before: "no suspicion of a fracture"."""
    return finding.start > 0 and note.text.tokens[finding.start - 1].norm in DENIED


def _is_first(note: Note, finding: Finding) -> bool:
    """Whether earlier fractures are denied by calling the present one the first."""
    norms = norms_of(note, finding)
    return bool(FIRSTS & norms) and DENIED.isdisjoint(norms)


def _is_not_first(note: Note, finding: Finding) -> bool:
    """Whether a "first" is denied: "not his first collapse"."""
    before = {token.norm for token in note.text.tokens[max(0, finding.start - 2) : finding.start]}
    return _is_first(note, finding) and "not" in before


def _status(note: Note) -> tuple[str, Finding] | None:
    """Not imaged in this episode, then explicitly new, then known, then just seen on imaging, then suspected."""
    guesses = own(note, "fracture_suspected")
    new = [f for f in _fractures(note, "fracture_new") if is_new_fracture(note, f)]
    new = [f for f in new if not _is_guessed(f, guesses)]
    earlier = [f for f in note.all("prior_fracture") if not is_old_study(note, f)]
    known = [f for f in _fractures(note, "fracture_known") if not _is_earlier(note, f, earlier)]
    known = [f for f in known if not is_known_tumor(note, f) and not _is_old_in_passing(note, f)]
    counted = [f for f in earlier if not is_plainly_other(note, f)]
    counted += [f for f in _fractures(note, "fracture_known") if _is_old_in_passing(note, f)]
    if not own(note, "fracture"):
        known = [f for f in known if _levels(note, f)]
    dated = [f for f in known if FOUND & norms_of(note, f)]
    new = [f for f in new if not is_past_chance(note, f) and not is_reason_of(note, f)]
    new = [f for f in new if not overlaps(f, dated) or SOFT.isdisjoint(norms_of(note, f))]
    found = note.apart_from(_fractures(note, "fracture_found"), "fracture_suspected", "unimaged", "unfilmed")
    found = [f for f in found if not overlaps(f, counted) and "nothing" not in norms_of(note, f)]
    unimaged = own(note, "unimaged", "unfilmed")
    hinted = note.apart_from(own(note, "no_film", "fracture_suspected"), "other_fracture")
    hinted = [f for f in hinted if f.label == "no_film" or not _is_denied_before(note, f)]
    again = own(note, "pain_again", "level_same")
    if unimaged and not new and not found:
        treated = again and (_is_treated_level(note) or _hurts_where_treated(note))
        return ("known", again[0]) if treated else ("suspected", unimaged[0])
    if new:
        return "new", new[0]
    if known:
        return "known", known[0]
    if found:
        return "new", found[0]
    if again and _hurts_where_treated(note):
        return "known", again[0]
    if hinted:
        return "suspected", hinted[0]
    seen = _seen_on_imaging(note)
    lone = _lone_earlier(note, seen)
    if lone:
        return "known", lone
    return ("new", seen) if seen else None


def _hurts_where_treated(note: Note) -> bool:
    """Whether pain is back after cement where only one level is named, or at a fracture that was operated on."""
    done = done_procedures(note)
    cement = any(f.label == "augmentation_done" for f in done)
    fixed = {f.sentence for f in done} & {f.sentence for f in own(note, "fracture")}
    one = len(_all_levels(note)) == 1 and not own(note, "level_different", "pain_new")
    return (cement and one) or (bool(fixed) and _is_treated_level(note))


def _all_levels(note: Note) -> set[str]:
    return {name for token in note.text.tokens if token.kind == "level" for name in level_names(token.text)}


def _lone_earlier(note: Note, seen: Finding | None) -> Finding | None:
    """An old or dated fracture where no other is told of and no pain is new: it is the one in question."""
    if done_procedures(note) or own(note, "pain_new", "no_prior_fracture", "fracture_guess"):
        return None
    if _asks_nothing(note):
        return None
    earlier = [f for f in _fractures(note, "prior_fracture") if not is_plainly_other(note, f)]
    earlier = [
        f for f in earlier if not is_old_study(note, f) and not is_date_of_study(note, f) and _names_fracture(note, f)
    ]
    if not earlier:
        return None
    if seen and not overlaps(seen, earlier):
        there, here = _levels(note, seen), {name for f in earlier for name in _levels(note, f)}
        if there.isdisjoint(here):
            return None
    return earlier[0]


def _names_fracture(note: Note, finding: Finding) -> bool:
    """Whether the fracture itself stands in the finding, and at a level."""
    return overlaps(finding, own(note, "fracture")) and bool(_levels(note, finding))


def _is_guessed(finding: Finding, guesses: list[Finding]) -> bool:
    """Whether a "new" fracture is only supposed: "I suspect another fracture"."""
    over = [g for g in guesses if overlap(g, finding)]
    return bool(over) and (POSSIBLE in finding.modifiers or any(g.start < finding.start for g in over))


def _is_treated_level(note: Note) -> bool:
    """Whether the level that was cemented or operated on hurts again: its fracture is known, imaged or not."""
    if own(note, "level_different") or (own(note, "pain_new") and not own(note, "pain_again")):
        return False
    return any(m.fact == "prior_procedure_level" and m.value == "same" for m in read_procedure(note))


def _seen_on_imaging(note: Note) -> Finding | None:
    """A fracture named as a fact where a study of the spine is reported, with nothing said of its age."""
    if done_procedures(note):
        return None  # it may be the treated one
    asked = note.text.question
    studies = [f for f in own(note, "imaging_named") if f.sentence not in asked and NEGATED not in f.modifiers]
    studies = [f for f in studies if not norms_of(note, f) <= DENSITY]
    studies += own(note, "edema", "no_edema")
    named = [f for f in _fractures(note, "fracture") if f.modifiers.isdisjoint({POSSIBLE, NEGATED})]
    named = note.apart_from(named, "prior_fracture", "fracture_known", "fracture_suspected")
    return named[0] if studies and named else None


def _is_earlier(note: Note, finding: Finding, earlier: list[Finding]) -> bool:
    """Whether a dated fracture is called old or healed, so not the one in question; one "found last year" may be."""
    norms = norms_of(note, finding)
    if is_date_of_study(note, finding):
        return True  # "… which last year's scan did not show"
    return not norms & FOUND and any(overlap(f, finding) or 0 <= f.start - finding.end <= 3 for f in earlier)


def _prior_fracture(note: Note, read: tuple[str, Finding] | None) -> Iterator[FactMention]:
    status, present = read or (None, None)
    denials = [f for f in note.all("no_prior_fracture") if not _is_not_first(note, f)]
    prior = note.apart_from(_fractures(note, "prior_fracture"), "other_fracture")
    prior = [f for f in prior if not any(overlap(f, d) and not within(d, f) for d in denials)]
    prior = [f for f in prior if not is_date_of_study(note, f) and not is_old_study(note, f) and not is_open(note, f)]
    prior = [f for f in prior if not norms_of(note, f) >= SINCE]
    treated = {f.sentence for f in done_procedures(note) if f.label == "surgery_done"} if status == "known" else set()
    labels = ["fracture_known", "fracture"] if present and present.label in AGAIN else ["fracture_known"]
    dated = [f for f in _fractures(note, *labels) if status == "suspected" or f.sentence in treated]
    if status == "new":
        chronic = [f for f in _fractures(note, "fracture_known") if _is_called_chronic(note, f)]
        dated += [f for f in chronic if not any(overlap(f, n) and n.start < f.start for n in own(note, "fracture_new"))]
        dated += [f for f in note.apart_from(_fractures(note, "fracture_known"), *NEWS) if _is_long_past(note, f)]
    if status is None:
        passing = [f for f in _fractures(note, "fracture_known") if _is_old_in_passing(note, f)]
        dated += [f for f in passing if overlaps(f, own(note, "fracture"))]
    first = [f for f in own(note, "no_prior_fracture") if f in denials]
    cement = [f for f in done_procedures(note) if f.label == "augmentation_done"]
    other = prior
    if status == "known" and present:
        other = [f for f in prior if is_plainly_other(note, f) or _is_elsewhere(note, f, present)]
    if other:
        yield note.mention("prior_fracture", "present", other[0])
    elif dated:
        yield note.mention("prior_fracture", "present", dated[0])
    elif first and not cement:
        yield note.mention("prior_fracture", "absent", first[0])


def _asks_nothing(note: Note) -> bool:
    return not note.text.question and not note.all("request", "which_imaging", "which_treatment")


def _is_old_in_passing(note: Note, finding: Finding) -> bool:
    """Whether an old fracture is only told of, where nothing is asked."""
    norms = norms_of(note, finding)
    old = _is_called_chronic(note, finding) or not OLD.isdisjoint(norms) or "§year" in norms
    return old and _asks_nothing(note) and not own(note, "pain_again")


def _is_called_chronic(note: Note, finding: Finding) -> bool:
    return note.text.tokens[finding.start].norm == "chronic" and norms_of(note, finding).isdisjoint(NOT_OLD)


def _is_long_past(note: Note, finding: Finding) -> bool:
    """Whether a fracture beside a new one is dated years back or called chronic."""
    return bool(LONG_PAST & norms_of(note, finding))


def _is_elsewhere(note: Note, finding: Finding, present: Finding) -> bool:
    """Whether an earlier fracture lies at another level than every fracture dated otherwise, or is said to be other."""
    tokens = note.text.tokens
    before = {token.norm for token in tokens[max(0, finding.start - 3) : finding.start]}
    known = [f for f in [present, *_fractures(note, "fracture_known")] if not overlap(f, finding)]
    here = _levels(note, finding)
    there = {name for f in known for name in _levels(note, f)}
    return bool(known) and bool(
        ALSO & (before | norms_of(note, finding)) or (here and there and here.isdisjoint(there))
    )


def _levels(note: Note, finding: Finding) -> set[str]:
    """The levels that stand in a finding or right beside it."""
    near = range(max(0, finding.start - 2), min(finding.end + 2, len(note.text.tokens)))
    tokens = [note.text.tokens[i] for i in near if note.text.sentence[i] == finding.sentence]
    return {name for token in tokens if token.kind == "level" for name in level_names(token.text)}


def _level(note: Note) -> Iterator[FactMention]:
    """The levels of the fracture in question, in the order of the text."""
    tokens = problem_levels(note, treated_levels(note, done_procedures(note)))
    if tokens:
        first = note.text.tokens[tokens[0][0]]
        names = ", ".join(dict.fromkeys(name for _, names in tokens for name in names))
        yield FactMention("level", names, first.start, first.end, first.text, "affirmed", code_place())
