"""marrow_edema, mechanism, infection, instability, retropulsion and contraindications."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.facts.procedure import read_procedure
from nlu.facts.stated import affirmed, conditional, current, denied, own
from nlu.findings import NEGATED, Finding
from nlu.note import FactMention, Note, overlap

OWN_DENIALS = frozenset({"no", "without", "denies", "nil", "zero", "atraumatic", "spontaneous"})
RESULTS = frozenset(
    {"grew", "grow", "growing", "grown", "positive", "staph", "mrsa", "mssa", "strep", "abscess", "pus"}
)
YOUTH = frozenset("young boy girl child childhood youth teen teenager student army twenties".split())
KINDS = frozenset("bone marrow diffuse marked extensive mild intense acute vivid clear florid some residual".split())
"""Words that may stand between "with" and an edema that is no mere suspicion."""
LIST_WORDS = frozenset({",", "/", "or", "nor", "and", "&", "any"})


def read_workup(note: Note) -> Iterator[FactMention]:
    """Findings of the workup and of the past."""
    yield from _edema(note)
    yield from read_procedure(note)
    yield from _mechanism(note)
    yield from _infection(note)
    for fact, label in (
        ("instability", "instability"),
        ("retropulsion", "retropulsion"),
        ("augmentation_contraindication", "contraindication"),
    ):
        absent = own(note, f"no_{label}")
        present = note.apart_from(current(note, label), f"no_{label}")
        if present or absent:
            yield note.mention(fact, "present" if present else "absent", (present or absent)[0])


def _edema(note: Note) -> Iterator[FactMention]:
    """Present at any level wins over absent at another; no MRI only where none of both is said."""
    seen = current(note, "edema") + [f for f in note.own("edema") if _goes_with_it(note, f)]
    present = note.apart_from(seen, "no_edema", "other_edema")
    absent = own(note, "no_edema") + denied(note, "edema")
    absent = note.apart_from(absent, "other_edema", "no_mri")
    # Whether a relative had a scan is never told.
    missing = [f for f in note.all("no_mri") if not conditional(note, f)]
    unassessed = missing + own(note, "unimaged")
    for value, findings in (("present", present), ("absent", absent), ("not_assessed", unassessed)):
        if findings:
            yield note.mention("marrow_edema", value, findings[0])
            return


def _goes_with_it(note: Note, finding: Finding) -> bool:
    """Whether "with" sets it apart from a doubt about something else: "?metastasis, new, with edema"."""
    before = [token.norm for token in note.text.tokens[max(0, finding.start - 2) : finding.start]]
    return (before[-1:] == ["with"] or (before[:1] == ["with"] and before[1] in KINDS)) and (
        NEGATED not in finding.modifiers
    )


def _mechanism(note: Note) -> Iterator[FactMention]:
    told = note.apart_from(own(note, "high_energy"), "no_high_energy")
    high = [f for f in current(note, "high_energy") if f in told and not _is_old(note, f)]
    possible = [f for f in told if f.assertion == "possible" and not _is_old(note, f)]
    low = note.apart_from(affirmed(note, "low_energy") + denied(note, "low_energy"), "no_low_energy")
    low = [f for f in low if not _is_denied_act(note, f) and not _is_provocation(note, f)]
    if high:
        yield note.mention("mechanism", "high_energy", high[0])
    elif low:
        yield note.mention("mechanism", "low_energy", low[0])
    elif possible:
        yield note.mention("mechanism", None, possible[0])


def _is_old(note: Note, finding: Finding) -> bool:
    """Whether the accident was long ago: "RTA in 1998"; one that broke the vertebra is told after it."""
    tokens = note.text.tokens
    first = note.text.sentence.index(finding.sentence)
    broke = any(token.kind == "level" for token in tokens[first : finding.start])
    told = [old for old in note.all("old_accident") if overlap(finding, old)]
    return any(not broke or _is_of_youth(note, old) for old in told)


def _is_of_youth(note: Note, finding: Finding) -> bool:
    """Whether it was in another life, whatever it broke: "L2 burst in a crash as a young man", "in 1985"."""
    return any(
        t.norm in YOUTH or re.fullmatch(r"19\d\d", t.text) for t in note.text.tokens[finding.start : finding.end]
    )


def _is_provocation(note: Note, finding: Finding) -> bool:
    """Whether the act is what makes the pain worse: "worse on lifting"."""
    return any(cue.start <= finding.start < cue.end for cue in note.all("provoked"))


def _is_denied_act(note: Note, finding: Finding) -> bool:
    """Whether the act itself is denied ("no slip"); a denial of any trauma is a finding of its own."""
    norms = {token.norm for token in note.text.tokens[finding.start : finding.end]}
    return finding in denied(note, "low_energy") and not norms & OWN_DENIALS


def _infection(note: Note) -> Iterator[FactMention]:
    absent = note.apart_from(own(note, "no_infection") + denied(note, "infection"), "untested")
    shown = [f for f in own(note, "infection") if _is_shown(note, f)]
    present = note.apart_from(affirmed(note, "infection") + shown, "no_infection", "other_fever", "untested")
    suspected = [finding for finding in note.own("infection") if finding.assertion == "possible"]
    present = [f for f in present if not _continues_denial(note, f, absent)]
    if present:
        yield note.mention("infection_signs", "present", present[0])
    elif absent:
        yield note.mention("infection_signs", "absent", absent[0])
    elif suspected:
        yield note.mention("infection_signs", None, suspected[0])


def _is_shown(note: Note, finding: Finding) -> bool:
    """Whether a result stands behind a comma, which no denial before it reaches: "no fever, CRP 180"."""
    tokens = note.text.tokens
    words = tokens[finding.start : finding.end]
    result = any(token.kind == "number" or token.norm in RESULTS for token in words)
    listed = {token.norm for token in tokens[finding.end : finding.end + 2]} & {"or", "nor"}
    return result and not listed and finding.start > 0 and tokens[finding.start - 1].text in ",;/"


def _continues_denial(note: Note, finding: Finding, absent: list[Finding]) -> bool:
    """Whether the finding goes on with a list that was denied: "no fever, chills"."""
    return any(
        finding.sentence == f.sentence
        and 0 < finding.start - f.end <= 3
        and all(token.norm in LIST_WORDS for token in note.text.tokens[f.end : finding.start])
        and not _is_shown(note, finding)
        and not any(token.kind == "number" for token in note.text.tokens[finding.start : finding.end])
        for f in absent
    )
