"""cancer_history and cancer_type: the patient's own, past or present."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.facts.stated import DENIALS, affirmed, denied, own
from nlu.findings import Finding
from nlu.note import FactMention, Note, within

SPREAD = ("metasta", "mets", "met ", "deposit", "secondar", "bony", "bone")
"""Denying these does not deny a cancer."""

VAGUE = frozenset(
    (
        "cancer",
        "cancers",
        "ca",
        "malignancy",
        "malignancies",
        "tumor",
        "tumour",
        "tumours",
        "tumors",
        "neoplasm",
        "primary",
        "growth",
    )
)
"""Words that name no cancer; a mere question or a finding on imaging may use them."""

ONLY_CAPITALS = frozenset({"mm"})
SURE_REACH = 3
"""Tokens before a cancer named as the patient's among which no denial may stand."""

HISTORY = frozenset({"history", "known", "had", "previous", "prior", "past", "has", "for", "of", "with", "her", "his"})


def read_cancer(note: Note) -> Iterator[FactMention]:
    """Present if any own cancer is named, even beside a denial; absent if one is only denied."""
    not_cancer = ("no_cancer", "benign_tumor", "cancer_screen")
    mentioned = affirmed(note, "cancer") + [f for f in denied(note, "cancer") if _is_staged(note, f)]
    named = [f for f in note.apart_from(mentioned, *not_cancer) if _is_named(note, f)]
    named += [f for f in note.apart_from(own(note, "cancer_sure"), *not_cancer) if _is_sure(note, f)]
    if named:
        best = max(named, key=lambda f: f.end - f.start)
        yield note.mention("cancer_history", "present", best)
        yield note.mention("cancer_type", note.words(best.start, best.end), best)
        return
    ruled_out = note.apart_from(denied(note, "cancer"), "benign_tumor", "cancer_screen")
    absent = own(note, "no_cancer") + [f for f in ruled_out if _is_history(note, f)]
    absent = [f for f in absent if not _is_study(note, f)]
    if absent:
        yield note.mention("cancer_history", "absent", absent[0])


def _is_named(note: Note, finding: Finding) -> bool:
    """Whether the words say that there is a cancer, not only that a picture or a question mentions one."""
    words = note.words(finding.start, finding.end)
    if words.lower() in ONLY_CAPITALS and not words.isupper():
        return False
    if _is_hedged(note, finding):
        return False
    if words.lower() not in VAGUE:
        return True
    if words.lower() in ("tumor", "tumour", "primary", "growth"):
        return _in_pathology(note, finding)
    before = _before(note, finding, 4)
    return not before & DENIALS and (finding.sentence not in note.text.question or bool(before & HISTORY))


def _is_sure(note: Note, finding: Finding) -> bool:
    """Whether a cancer named as the patient's stands outside a denial of something else.

    "Biopsy negative for tumor in my patient with colon cancer", "from her ovarian carcinoma or thin bones".
    """
    return not _before(note, finding, SURE_REACH) & DENIALS


def _is_staged(note: Note, finding: Finding) -> bool:
    """Whether the denial is the zero of a tumor stage: "T1N0 colon cancer"."""
    return note.text.tokens[finding.start - 1].text == "0" and note.text.tokens[finding.start - 2].norm in ("n", "m")


def _is_hedged(note: Note, finding: Finding) -> bool:
    """Whether the word is one of two causes still open: "osteoporotic or metastatic"."""
    return any(within(finding, f) for f in note.all("undetermined_cause", "cause_not_tumor"))


def _in_pathology(note: Note, finding: Finding) -> bool:
    """Whether a tumor is what the fracture is due to: "replaced by tumor"."""
    return any(within(finding, f) for f in affirmed(note, "pathologic_fracture"))


def _is_history(note: Note, finding: Finding) -> bool:
    words = note.words(finding.start, finding.end).lower()
    return not words.startswith(SPREAD) and words not in ("tumor", "tumour", "primary", "growth", "mm")


def _is_study(note: Note, finding: Finding) -> bool:
    """Whether a denial reports one study ("biopsy: no malignancy") rather than the patient's past."""
    return any(
        cue.sentence == finding.sentence
        and 0 <= finding.start - cue.end <= 6
        # Dictation has no commas: a complaint in between shows that the study's result has ended.
        and not any(token.text in ",;." or token.norm == "pain" for token in note.text.tokens[cue.end : finding.start])
        for cue in note.all("tissue_study")
    )


def _before(note: Note, finding: Finding, count: int) -> set[str]:
    return {token.norm for token in note.text.tokens[max(0, finding.start - count) : finding.start]}
