"""cancer_history and cancer_type: the patient's own, past or present."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.facts.stated import DENIALS, affirmed, denied, own
from nlu.findings import Finding
from nlu.note import FactMention, Note, within

SPREAD = ("metasta", "mets", "met ", "deposit", "secondar", "bony", "bone")
"""Denying these does not deny a cancer."""

BROKEN = ("fracture", "fractures", "collapse", "vcf", "compression")
"""To deny a malignant fracture denies no cancer either."""

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

WRITTEN = {"mm": ("MM",), "cap": ("CaP",), "pca": ("PCa",), "bca": ("BCa",), "cup": ("CUP",), "all": ("ALL",)}
"""Abbreviations that name a cancer only where they are written so: "5 mm", "CT CAP", "PCA pump", "all"."""

LETTERS = frozenset({"all", "net", "cap", "bc"})
"""Abbreviations that are ordinary words, or parts of them, unless written in capitals, wherever they stand."""

MINUS = frozenset("-–−")

SURE_REACH = 3
"""Tokens before a cancer named as the patient's among which no denial may stand."""

CELLULAR = frozenset({"tumor", "neoplasia", "neoplasm", "carcinoma", "cell", "cells", "malignant", "neoplastic"})
"""Words in which a pathologist denies a tumor."""

TISSUES = frozenset({"biopsy", "biopsied", "histology", "core", "cores", "pathology", "specimen", "trephine", "sample"})

TISSUE_REACH = 14
"""Tokens after a tissue in which such a denial is of the tissue."""

HISTORY = frozenset({"history", "known", "had", "previous", "prior", "past", "has", "for", "of", "with", "her", "his"})


def read_cancer(note: Note) -> Iterator[FactMention]:
    """Present if any own cancer is named, even beside a denial; absent if one is only denied."""
    not_cancer = ("no_cancer", "benign_tumor", "cancer_screen", "cancer_open")
    mentioned = affirmed(note, "cancer", "cancer_treatment")
    mentioned += [f for f in denied(note, "cancer") if _is_staged(note, f) or _is_dated(note, f)]
    named = [f for f in note.apart_from(mentioned, *not_cancer) if _is_named(note, f)]
    named += [f for f in note.apart_from(own(note, "cancer_sure"), *not_cancer) if _is_sure(note, f)]
    named += own(note, "cancer_over")
    # "So no cancer history that matters" clears nothing.
    following = {f: note.text.tokens[f.end : f.end + 1] for f in own(note, "cancer_cleared")}
    cleared = [f for f, words in following.items() if not words or words[0].norm not in ("that", "which", "of")]
    named = [f for f in named if not any(f.end <= mark.start for mark in cleared)]
    if named:
        best = max(named, key=lambda f: f.end - f.start)
        yield note.mention("cancer_history", "present", best)
        yield note.mention("cancer_type", note.words(best.start, best.end), best)
        return
    ruled_out = note.apart_from(denied(note, "cancer"), "benign_tumor", "cancer_screen")
    absent = own(note, "no_cancer") + [f for f in ruled_out if _is_history(note, f) and _is_written_so(note, f)]
    absent += [f for f in note.apart_from(own(note, "cancer"), *not_cancer) if _is_crossed_out(note, f)]
    absent = [f for f in note.apart_from(absent, "cancer_open") if not _is_study(note, f) and not _is_calcium(note, f)]
    absent += note.all("cancer_spared") + cleared
    if absent:
        yield note.mention("cancer_history", "absent", absent[0])


def _is_named(note: Note, finding: Finding) -> bool:
    """Whether the words say that there is a cancer, not only that a picture or a question mentions one."""
    words = note.words(finding.start, finding.end)
    if not _is_written_so(note, finding) or _is_calcium(note, finding) or _is_crossed_out(note, finding):
        return False
    if _is_hedged(note, finding):
        return False
    if words.lower() not in VAGUE:
        return True
    if words.lower() in ("tumor", "tumour", "tumors", "tumours", "primary", "growth"):
        return _in_pathology(note, finding)
    before = _before(note, finding, 4)
    return not before & DENIALS and (finding.sentence not in note.text.question or bool(before & HISTORY))


def _is_written_so(note: Note, finding: Finding) -> bool:
    """Whether an abbreviation that also means something else is written as that of a cancer: "MM", not "5 mm"."""
    tokens = note.text.tokens[finding.start : finding.end]
    if any(token.norm in LETTERS and token.text.islower() for token in tokens):
        return False
    if len(tokens) > 1 or tokens[0].norm not in WRITTEN:
        return True
    measured = finding.start > 0 and note.text.tokens[finding.start - 1].kind == "number"
    return tokens[0].text in WRITTEN[tokens[0].norm] and not measured


def _is_calcium(note: Note, finding: Finding) -> bool:
    """Whether "Ca" is calcium, or a place in California: "Ca, PTH and TSH normal"."""
    return any(
        token.text.lower() == "ca" and cue.start <= i < cue.end
        for cue in note.all("calcium")
        for i, token in enumerate(note.text.tokens[finding.start : finding.end], finding.start)
    )


def _is_crossed_out(note: Note, finding: Finding) -> bool:
    """Whether a minus sign denies it: "(-) ca", or "-ca" where nothing stands right before the sign."""
    before = note.text.tokens[max(0, finding.start - 3) : finding.start]
    if [token.text for token in before] == ["(", "-", ")"]:
        return True
    if not before or before[-1].text not in MINUS or note.words(finding.start, finding.end).lower() not in VAGUE:
        return False
    joined = before[-1].end == note.text.tokens[finding.start].start
    return joined and (len(before) == 1 or before[-2].end < before[-1].start or before[-2].text in "(,;/")


def _is_sure(note: Note, finding: Finding) -> bool:
    """Whether a cancer named as the patient's stands outside a denial of something else.

    "Biopsy negative for tumor in my patient with colon cancer", "from her ovarian carcinoma or thin bones".
    """
    return not _before(note, finding, SURE_REACH) & DENIALS


def _is_staged(note: Note, finding: Finding) -> bool:
    """Whether the denial is the zero of a tumor stage: "T1N0 colon cancer"."""
    return note.text.tokens[finding.start - 1].text == "0" and note.text.tokens[finding.start - 2].norm in ("n", "m")


def _is_dated(note: Note, finding: Finding) -> bool:
    """Whether a year follows, so that a denial is of what stands before: "biopsy negative (breast ca 2010)"."""
    following = note.text.tokens[finding.end : finding.end + 2]
    named = note.words(finding.start, finding.end).lower() not in VAGUE
    return named and any(token.kind == "year" for token in following) and not _before(note, finding, 2) & DENIALS


def _is_hedged(note: Note, finding: Finding) -> bool:
    """Whether the word is one of two causes still open: "osteoporotic or metastatic"."""
    last = note.text.tokens[finding.end - 1]
    placed = last.kind == "level" and note.words(finding.start, finding.end).lower().startswith(SPREAD)
    return any(
        within(finding, f) or (placed and f.start <= finding.start < f.end)
        for f in note.all("undetermined_cause", "cause_not_tumor")
    )


def _in_pathology(note: Note, finding: Finding) -> bool:
    """Whether a tumor is what the fracture is due to: "replaced by tumor"."""
    return any(within(finding, f) for f in affirmed(note, "pathologic_fracture"))


def _is_history(note: Note, finding: Finding) -> bool:
    words = note.words(finding.start, finding.end).lower()
    if words.endswith(BROKEN):
        return False
    return not words.startswith(SPREAD) and words not in ("tumor", "tumour", "primary", "growth", *WRITTEN)


def _is_study(note: Note, finding: Finding) -> bool:
    """Whether a denial reports one study ("biopsy: no malignancy") rather than the patient's past."""
    return (
        _is_histology(note, finding)
        or any(
            cue.sentence == finding.sentence
            and 0 <= finding.start - cue.end <= 6
            # Dictation has no commas: a complaint in between shows that the study's result has ended.
            and not any(
                token.text in ",;." or token.norm == "pain" for token in note.text.tokens[cue.end : finding.start]
            )
            for cue in note.all("tissue_study")
        )
    )


def _is_histology(note: Note, finding: Finding) -> bool:
    """Whether what is denied is a word of pathologists, told of a tissue: "core L1: bone chips, no neoplasia"."""
    tokens = note.text.tokens
    if {token.norm for token in tokens[finding.start : finding.end]}.isdisjoint(CELLULAR):
        return False
    cues = [cue for cue in note.all("tissue_study") if cue.sentence == finding.sentence]
    cues = [cue for cue in cues if not {token.norm for token in tokens[cue.start : cue.end]}.isdisjoint(TISSUES)]
    return any(cue.start < finding.end and finding.start - cue.end <= TISSUE_REACH for cue in cues)


def _before(note: Note, finding: Finding, count: int) -> set[str]:
    return {token.norm for token in note.text.tokens[max(0, finding.start - count) : finding.start]}
