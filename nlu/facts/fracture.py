"""fracture_status, prior_fracture, etiology, level and what goes with them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from nlu.facts.levels import problem_levels, treated_levels
from nlu.facts.procedure import done_procedures
from nlu.facts.stated import DENIALS, affirmed, after_comma, current, overlaps, own
from nlu.findings import NEGATED, POSSIBLE, Finding
from nlu.note import FactMention, Note, latest, overlap

CAUSES = {
    "osteoporotic_fracture": "osteoporotic",
    "pathologic_fracture": "pathologic",
    "undetermined_cause": "undetermined",
    "osteoporotic_word": "osteoporotic",
}
STATED_CAUSES = tuple(label for label in CAUSES if label != "osteoporotic_word")
EARLIER = frozenset({"old", "known", "previous", "prior", "healed", "earlier", "existing", "chronic", "unchanged"})
HEDGE_REACH = 12
DENIAL_REACH = 8
"""Tokens before a cause within which a word denies it."""
EXCLUDED = frozenset({"excluded", "ruled", "unlikely", "absent", "denies", "negative", "improbable"})
SUSPICIOUS = frozenset({"suspicious", "concerning", "worrying", "suspicion", "concern"})
DENIED = frozenset({"no", "not", "negative", "without", "absent", "missing", "unseen", "nobody"})
STUDIES = frozenset({"scan", "film", "ct", "mri", "xray", "study", "imaging", "radiograph"})
STUDY_REACH = 3
"""Tokens between a date and the study that it dates: "last year's chest CT"."""
FOUND = frozenset({"found", "diagnosed", "identified", "discovered", "detected", "treated"})
NEWS = ("fracture_new", "fracture_found")
LONG_PAST = frozenset({"§year", "year", "years", "chronic", "longstanding", "existing", "established", "known"})
TURNS = frozenset(
    {
        "addendum",
        "amended",
        "final",
        "finally",
        "subsequently",
        "revised",
        "but",
        "however",
        "rather",
        "yet",
        "now",
        "so",
    }
)
OTHER_THINGS = frozenset({"pain", "ache", "backache", "hurt", "weakness", "numbness", "symptom", "deficit", "onset"})


def read_fracture(note: Note) -> Iterator[FactMention]:
    """Status, earlier fractures, cause and level."""
    status = _status(note)
    value = status[0] if status else None
    if status:
        yield note.mention("fracture_status", *status)
    yield from _prior_fracture(note, value)
    yield from _etiology(note, value)
    yield from _level(note)
    for fact in ("osteoporosis", "suspicious_features"):
        present = current(note, fact)
        if present:
            yield note.mention(fact, "present", present[0])


def _fractures(note: Note, *labels: str) -> list[Finding]:
    """Own findings of the labels that are about a vertebra and not merely suspected or denied."""
    found = note.apart_from(own(note, *labels), "no_prior_fracture", "other_fracture")
    return [f for f in found if not f.modifiers & {POSSIBLE, NEGATED} or _keeps_own_negation(note, f)]


def _keeps_own_negation(note: Note, finding: Finding) -> bool:
    """Whether a "not" is the finding's own ("not there in 2021") or of words before it, or only its cause is open."""
    if NEGATED not in finding.modifiers:
        return finding.label in ("fracture_new", "fracture_known", "fracture_found")
    return after_comma(note, finding) or bool(DENIED & _norms(note, finding))


def _status(note: Note) -> tuple[str, Finding] | None:
    """Not imaged in this episode, then explicitly new, then known, then just seen on imaging, then suspected."""
    guesses = own(note, "fracture_suspected")
    new = [f for f in _fractures(note, "fracture_new") if _is_new_fracture(note, f)]
    new = [f for f in new if POSSIBLE not in f.modifiers or not overlaps(f, guesses)]
    earlier = note.all("prior_fracture")
    known = [f for f in _fractures(note, "fracture_known") if not _is_earlier(note, f, earlier)]
    found = note.apart_from(_fractures(note, "fracture_found"), "prior_fracture", "fracture_suspected")
    unimaged = own(note, "unimaged", "unfilmed")
    hinted = own(note, "no_film", "fracture_suspected")
    if unimaged and not new and not found:
        return "suspected", unimaged[0]
    if new:
        return "new", new[0]
    if known:
        return "known", known[0]
    if found:
        return "new", found[0]
    if hinted:
        return "suspected", hinted[0]
    seen = _seen_on_imaging(note)
    return ("new", seen) if seen else None


def _seen_on_imaging(note: Note) -> Finding | None:
    """A fracture named as a fact where a study of the spine is reported, with nothing said of its age."""
    if done_procedures(note):
        return None  # it may be the treated one
    asked = note.text.question
    studies = [f for f in own(note, "imaging_named") if f.sentence not in asked and NEGATED not in f.modifiers]
    studies += own(note, "edema", "no_edema")
    named = [f for f in _fractures(note, "fracture") if f.modifiers.isdisjoint({POSSIBLE, NEGATED})]
    named = note.apart_from(named, "prior_fracture", "fracture_known", "fracture_suspected")
    return named[0] if studies and named else None


def _norms(note: Note, finding: Finding) -> set[str]:
    return {token.norm for token in note.text.tokens[finding.start : finding.end]}


def _is_new_fracture(note: Note, finding: Finding) -> bool:
    """Whether what is new is the fracture, not the pain beside an old fracture."""
    norms = _norms(note, finding)
    return not norms & EARLIER - {"previous", "prior"} if "not" in norms else not norms & (EARLIER | OTHER_THINGS)


def _is_earlier(note: Note, finding: Finding, earlier: list[Finding]) -> bool:
    """Whether a dated fracture is called old or healed, so not the one in question; one "found last year" may be."""
    norms = _norms(note, finding)
    if _is_date_of_study(note, finding):
        return True  # "… which last year's scan did not show"
    return not norms & FOUND and any(overlap(f, finding) or 0 <= f.start - finding.end <= 3 for f in earlier)


def _is_date_of_study(note: Note, finding: Finding) -> bool:
    """Whether the date is that of a study to compare with: "… that the 2021 scan did not show", "not there 2023"."""
    tokens = note.text.tokens
    following = tokens[finding.end : finding.end + STUDY_REACH]
    order = [token.norm for token in tokens[finding.start : finding.end]]
    clause = order[next((i for i, norm in enumerate(order) if norm in ("that", "which")), len(order)) :]
    return any(token.norm in STUDIES for token in following) or not STUDIES.isdisjoint(clause) or "not" in order


def _prior_fracture(note: Note, status: str | None) -> Iterator[FactMention]:
    prior = note.apart_from(_fractures(note, "prior_fracture"), "no_prior_fracture", "other_fracture")
    prior = [f for f in prior if not _is_date_of_study(note, f)]
    treated = {f.sentence for f in done_procedures(note) if f.label == "surgery_done"} if status == "known" else set()
    dated = [f for f in _fractures(note, "fracture_known") if status == "suspected" or f.sentence in treated]
    if status == "new":
        dated += [f for f in note.apart_from(_fractures(note, "fracture_known"), *NEWS) if _is_long_past(note, f)]
    first = own(note, "no_prior_fracture")
    if prior and (status != "known" or any(_is_plainly_other(note, f) for f in prior)):
        yield note.mention("prior_fracture", "present", prior[0])
    elif dated:
        yield note.mention("prior_fracture", "present", dated[0])
    elif first and not done_procedures(note):
        yield note.mention("prior_fracture", "absent", first[0])


def _is_long_past(note: Note, finding: Finding) -> bool:
    """Whether a fracture beside a new one is dated years back or called chronic."""
    return bool(LONG_PAST & _norms(note, finding))


def _is_plainly_other(note: Note, finding: Finding) -> bool:
    """Whether words say that the earlier fracture is another than the known one."""
    norms = _norms(note, finding)
    return bool(norms & {"second", "third", "another", "2nd", "3rd", "multiple", "several"})


def _etiology(note: Note, status: str | None) -> Iterator[FactMention]:
    """The last word on the cause; a hedge in the same sentence makes it undetermined."""
    causes = note.apart_from(own(note, *STATED_CAUSES), "open_age", "other_tissue", "other_fracture", "other_bone")
    causes = [f for f in causes if not _is_denied(note, f) or _says_no_tumor(note, f)]
    if status == "suspected":
        causes = [f for f in causes if f.label == "undetermined_cause"]
    if status == "new":
        old = [f for f in note.all("prior_fracture") if not _is_plainly_other(note, f)]
        causes = [f for f in causes if f.label == "undetermined_cause" or not overlaps(f, old)]
    causes = [f for f in causes if not _is_treated_before(note, f)] or causes
    last = latest(causes or _bare_words(note, status))
    if last is None:
        return
    hedged = [f for f in causes if f.label == "undetermined_cause" and _is_open(note, f, last)]
    if hedged or (POSSIBLE in last.modifiers and not _is_unsuspicious(note, last)):
        yield note.mention("etiology", "undetermined", hedged[0] if hedged else last)
    else:
        yield note.mention("etiology", CAUSES[last.label], last)
        if CAUSES[last.label] == "pathologic":
            yield note.mention("cancer_history", "present", last)


def _bare_words(note: Note, status: str | None) -> list[Finding]:
    """The word "osteoporotic" where it is said of no patient, bone or old fracture: "T10 went (osteoporotic)"."""
    if status == "suspected":
        return []
    words = note.apart_from(affirmed(note, "osteoporotic_word"), "osteoporotic_other", "other_fracture", *STATED_CAUSES)
    words = [f for f in words if f.sentence not in note.text.question]
    return [f for f in words if status != "new" or not overlaps(f, note.all("prior_fracture"))]


def _is_open(note: Note, hedge: Finding, last: Finding) -> bool:
    """Whether a hedge still holds where the last cause is named: same sentence, and no "but" after it."""
    turn = {token.norm for token in note.text.tokens[hedge.end : last.start]} & TURNS
    return hedge.sentence == last.sentence and hedge.end > last.start - HEDGE_REACH and not turn


def _is_denied(note: Note, finding: Finding) -> bool:
    """Whether a cause is denied, rather than what follows it: "osteoporotic fracture, myeloma screen negative"."""
    if NEGATED not in finding.modifiers:
        return False
    tokens = note.text.tokens
    before = {token.norm for token in tokens[max(0, finding.start - DENIAL_REACH) : finding.end]}
    if before & (DENIED | DENIALS):
        return True
    following = [token.norm for token in tokens[finding.end : finding.end + 4]]
    clause = following[: next((i for i, norm in enumerate(following) if norm in ",;.()"), len(following))]
    return not EXCLUDED.isdisjoint(clause)


def _is_unsuspicious(note: Note, finding: Finding) -> bool:
    """Whether the doubt is of a suspicion denied: "no suspicious features, consistent with osteoporotic fracture"."""
    norms = [token.norm for token in note.text.tokens[max(0, finding.start - HEDGE_REACH) : finding.end]]
    pairs = pairwise(norms)
    return any(first in ("no", "without", "not") and second in SUSPICIOUS for first, second in pairs)


def _says_no_tumor(note: Note, finding: Finding) -> bool:
    """Whether the finding is a denial by its own words ("cannot tell", "biopsy: no malignant cells")."""
    denies = finding.label != "pathologic_fracture" and bool(DENIED & _norms(note, finding))
    return finding.label == "undetermined_cause" or denies


def _is_treated_before(note: Note, finding: Finding) -> bool:
    """Whether it is the cause of an earlier fracture, the one that a procedure was done for."""
    return (
        any(
            f.sentence == finding.sentence and 0 <= finding.start - f.end <= 8 and finding.label != "undetermined_cause"
            for f in own(note, "augmentation_done", "surgery_done")
        )
        and len({f.sentence for f in own(note, "fracture_new", "fracture_found", *STATED_CAUSES)}) > 1
    )


def _level(note: Note) -> Iterator[FactMention]:
    """The levels of the fracture in question, in the order of the text."""
    tokens = problem_levels(note, treated_levels(note, done_procedures(note)))
    if tokens:
        first = note.text.tokens[tokens[0][0]]
        names = ", ".join(dict.fromkeys(name for _, names in tokens for name in names))
        yield FactMention("level", names, first.start, first.end, first.text, "affirmed", "fracture.yml")
