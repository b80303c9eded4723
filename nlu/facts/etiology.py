"""etiology: the cause of the fracture, as the workup shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise

from nlu.facts.fracture_terms import DENIED, is_plainly_other, norms_of
from nlu.facts.stated import DENIALS, after_comma, overlaps, own
from nlu.findings import NEGATED, POSSIBLE, Finding
from nlu.note import FactMention, Note, latest, within

CAUSES = {
    "osteoporotic_fracture": "osteoporotic",
    "pathologic_fracture": "pathologic",
    "undetermined_cause": "undetermined",
    "osteoporotic_word": "osteoporotic",
}
STATED_CAUSES = tuple(label for label in CAUSES if label != "osteoporotic_word")
HEDGE_REACH = 12
DENIAL_REACH = 8
"""Tokens before a cause within which a word denies it."""
EXCLUDED = frozenset({"excluded", "ruled", "unlikely", "absent", "denies", "negative", "improbable"})
EXCLUDERS = frozenset("excluded excludes exclude excluding refuted refutes disproved disproves ruled rules".split())
CONCLUSIONS = frozenset({"=", ">", "→", "hence", "therefore", "thus", "so"})
"""Words after which a denial has ended: "STIR negative, no cleft = osteoporotic"."""
CLAUSE_OPENERS = frozenset({"the", "it", "this", "that", "she", "he", "we", "i", "radiologist", "report", "our"})
"""Words that open a new clause after "and": "without edema and the radiologist is sure that …"."""
GUESSED = frozenset({"osteoporotic", "osteoporosis", "insufficiency", "fragility", "op", "benign"})
REMOTE_HEDGES = frozenset({"wonder", "wondering", "vs", "versus", "think", "seem", "if"})
"""Hedges that may be of the treatment: "cement vs a brace in this lady with an osteoporotic T11"."""
HEDGES = frozenset(
    """? possible possibly probable probably likely suspected suspicious presumed questionable equivocal apparent
    apparently perhaps maybe query concerning worrying might may could uncertain unclear""".split()
)
SUSPICIOUS = frozenset({"suspicious", "concerning", "worrying", "suspicion", "concern"})
DOUBTS = SUSPICIOUS | frozenset({"possibility", "suggestion", "hint", "worrisome"})
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


def read_etiology(note: Note, status: str | None) -> Iterator[FactMention]:
    """The last word on the cause of a fracture of that `status`; a hedge in the same sentence leaves it open."""
    causes = note.apart_from(own(note, *STATED_CAUSES), "open_age", "other_tissue", "other_fracture", "other_bone")
    causes = [f for f in causes if not _is_denied(note, f) or _says_no_tumor(note, f)]
    causes = [f for f in causes if not _is_part_of_other(f, causes) and not _is_denied_doubt(note, f)]
    causes = [f for f in causes if not _is_excluded(note, f)]
    if status == "suspected":
        causes = [f for f in causes if f.label == "undetermined_cause" and not _is_guess(note, f)]
    if status == "new" or (status is None and not note.all("augmentation_done", "surgery_done")):
        causes = [f for f in causes if f.label == "undetermined_cause" or not overlaps(f, _old_fractures(note))]
    causes = [f for f in causes if not _is_treated_before(note, f)] or causes
    last = latest(causes or _bare_words(note, status))
    if last is None:
        return
    hedged = [f for f in causes if f.label == "undetermined_cause" and _is_open(note, f, last)]
    doubted = POSSIBLE in last.modifiers and not _is_unsuspicious(note, last) and not _is_hedge_remote(note, last)
    if hedged or doubted:
        yield note.mention("etiology", "undetermined", hedged[0] if hedged else last)
    else:
        yield note.mention("etiology", CAUSES[last.label], last)
        if CAUSES[last.label] == "pathologic":
            yield note.mention("cancer_history", "present", last)


def _bare_words(note: Note, status: str | None) -> list[Finding]:
    """The word "osteoporotic" where it is said of no patient, bone or old fracture: "T10 went (osteoporotic)"."""
    if status == "suspected":
        return []
    words = [f for f in own(note, "osteoporotic_word") if POSSIBLE not in f.modifiers and not _is_denied(note, f)]
    words = note.apart_from(words, "osteoporotic_other", "other_fracture", *STATED_CAUSES)
    words = [f for f in words if f.sentence not in note.text.question]
    return [f for f in words if status != "new" or not overlaps(f, _old_fractures(note))]


def _old_fractures(note: Note) -> list[Finding]:
    """Findings of earlier fractures only: "fracture new vs '21", "fracture not there in 2023" are of the new one."""
    old = [f for f in note.all("prior_fracture") if not is_plainly_other(note, f)]
    return [f for f in old if NEGATED not in f.modifiers and "new" not in norms_of(note, f)]


def _is_guess(note: Note, finding: Finding) -> bool:
    """Whether it only guesses at a benign fracture, before any imaging: "?osteoporotic collapse, no films yet"."""
    norms = norms_of(note, finding)
    return bool(norms & GUESSED) and norms.isdisjoint({*DENIED, *DENIALS, "or", "/", "from"})


def _is_part_of_other(finding: Finding, causes: list[Finding]) -> bool:
    """Whether it is part of the words for the opposite cause: "non-malignant fracture"."""
    return finding.label == "pathologic_fracture" and any(
        other.label == "osteoporotic_fracture" and other.start < finding.start and within(finding, other)
        for other in causes
    )


def _is_open(note: Note, hedge: Finding, last: Finding) -> bool:
    """Whether a hedge still holds where the last cause is named: same sentence, and no "but" after it."""
    turn = {token.norm for token in note.text.tokens[hedge.end : last.start]} & TURNS
    return hedge.sentence == last.sentence and hedge.end > last.start - HEDGE_REACH and not turn


def _is_denied(note: Note, finding: Finding) -> bool:
    """Whether a cause is denied, rather than what follows it: "osteoporotic fracture, myeloma screen negative"."""
    if NEGATED not in finding.modifiers:
        return False
    tokens = note.text.tokens
    denials = DENIED | DENIALS
    if finding.label == "pathologic_fracture" and norms_of(note, finding) & denials:
        return _denials(note, finding, denials) != _denials_of_osteoporosis(note, finding)
    if after_comma(note, finding) or _is_one_more(note, finding):
        return False
    if set(_since_turn(note, finding)) & denials:
        return True
    following = [token.norm for token in tokens[finding.end : finding.end + 4]]
    clause = following[: next((i for i, norm in enumerate(following) if norm in ",;.()"), len(following))]
    return not EXCLUDED.isdisjoint(clause)


def _denials(note: Note, finding: Finding, denials: Collection[str]) -> int:
    """How many words of a finding deny something."""
    return sum(token.norm in denials for token in note.text.tokens[finding.start : finding.end])


def _denials_of_osteoporosis(note: Note, finding: Finding) -> int:
    """How many of them deny what a tumor is set against: "it is lymphoma, not osteoporosis"."""
    norms = [token.norm for token in note.text.tokens[finding.start : finding.end]]
    return sum(norm in DENIED and following in GUESSED for norm, following in pairwise(norms))


def _is_one_more(note: Note, finding: Finding) -> bool:
    """Whether only its being the first is denied: "not his first osteoporotic collapse"."""
    before = [token.norm for token in note.text.tokens[max(0, finding.start - 3) : finding.start]]
    return bool(before) and before[-1] in ("first", "only") and "not" in before


def _since_turn(note: Note, finding: Finding) -> list[str]:
    """The normal words up to the end of a cause, from the last one that ends a denial on."""
    norms = [token.norm for token in note.text.tokens[max(0, finding.start - DENIAL_REACH) : finding.end]]
    turns = [i for i, norm in enumerate(norms) if norm in CONCLUSIONS]
    turns += [i for i, (norm, following) in enumerate(pairwise(norms)) if norm == "and" and following in CLAUSE_OPENERS]
    return norms[max(turns, default=-1) + 1 :]


def _is_hedge_remote(note: Note, finding: Finding) -> bool:
    """Whether what is doubted is the treatment, not the cause: "wondering about cement in a lady with …"."""
    norms = [token.norm for token in note.text.tokens[max(0, finding.start - HEDGE_REACH) : finding.start]]
    if not HEDGES.isdisjoint(norms):
        return False
    # "Histology rules out a tumor: osteoporotic bone" tells what it is.
    if any(token.text.lower() in ("rules", "ruled") for token in note.text.tokens[: finding.start][-HEDGE_REACH:]):
        return True
    last = max((i for i, norm in enumerate(norms) if norm in REMOTE_HEDGES), default=-1)
    if last >= 0:
        return not {"with", "in", "for"}.isdisjoint(norms[last + 1 :])
    # "MRI is suggestive of osteoporotic collapse" is how some report what they see.
    pairs = set(pairwise(norms))
    return finding.label == "osteoporotic_fracture" and ("suggestive", "of") in pairs


def _is_unsuspicious(note: Note, finding: Finding) -> bool:
    """Whether the doubt is of a suspicion denied: "no suspicious features, consistent with osteoporotic fracture"."""
    norms = [token.norm for token in note.text.tokens[max(0, finding.start - HEDGE_REACH) : finding.end]]
    pairs = pairwise(norms)
    return any(first in ("no", "without", "not") and second in SUSPICIOUS for first, second in pairs)


def _is_denied_doubt(note: Note, finding: Finding) -> bool:
    """Whether a doubt is denied: "no suspicion of a tumor" leaves nothing open."""
    before, first = note.text.tokens[max(0, finding.start - 1) : finding.start + 1][0], note.text.tokens[finding.start]
    return first.norm in DOUBTS and before.norm in DENIALS


def _is_excluded(note: Note, finding: Finding) -> bool:
    """Whether the tumor that it ends with is what a study excluded: "biopsy of T5 has excluded tumor"."""
    last = [token.norm for token in note.text.tokens[max(finding.start, finding.end - 4) : finding.end]]
    return finding.label == "pathologic_fracture" and not EXCLUDERS.isdisjoint(last)


def _says_no_tumor(note: Note, finding: Finding) -> bool:
    """Whether the finding is a denial by its own words ("cannot tell", "biopsy: no malignant cells")."""
    denies = finding.label != "pathologic_fracture" and bool(DENIED & norms_of(note, finding))
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
