"""fracture_status, prior_fracture, etiology and what goes with them."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.findings import POSSIBLE, Finding
from nlu.note import FactMention, Note, latest, overlap

CAUSES = {"osteoporotic_fracture": "osteoporotic", "pathologic_fracture": "pathologic", "undetermined_cause": "undetermined"}


def read_fracture(note: Note) -> Iterator[FactMention]:
    """Status, earlier fractures and cause."""
    status = _status(note)
    if status:
        yield note.mention("fracture_status", *status)
    yield from _prior_fracture(note, status[0] if status else None)
    yield from _etiology(note)
    for fact, label in (("osteoporosis", "osteoporosis"), ("suspicious_features", "suspicious_features")):
        present = note.affirmed(label)
        if present:
            yield note.mention(fact, "present", present[0])


def _status(note: Note) -> tuple[str, Finding] | None:
    """An explicitly new fracture first, then one not imaged, then a known one, then one seen on imaging."""
    prior = note.all("prior_fracture")
    new = [f for f in note.own("fracture_new") if POSSIBLE not in f.modifiers]
    known = note.own("fracture_known")
    found = note.apart_from(note.own("fracture_found"), "prior_fracture")
    suspected = note.own("fracture_suspected")
    if suspected and not new and not (found and not prior):
        return "suspected", suspected[0]
    if new:
        return "new", new[0]
    if known:
        return "known", known[0]
    if found:
        return "new", found[0]
    return ("suspected", suspected[0]) if suspected else None


def _prior_fracture(note: Note, status: str | None) -> Iterator[FactMention]:
    denied = note.own("no_prior_fracture")
    prior = note.apart_from(note.own("prior_fracture"), "no_prior_fracture", "fracture_new")
    if prior and status != "known":
        yield note.mention("prior_fracture", "present", prior[0])
    elif denied:
        yield note.mention("prior_fracture", "absent", denied[0])


def _etiology(note: Note) -> Iterator[FactMention]:
    """The last word on the cause; a hedge makes it undetermined."""
    causes = [f for f in note.own(*CAUSES) if "NEGATED" not in f.modifiers]
    last = latest(causes)
    if last is None:
        return
    value = CAUSES[last.label]
    hedged = [f for f in causes if f.label == "undetermined_cause" and (f.sentence == last.sentence or overlap(f, last))]
    if hedged or (POSSIBLE in last.modifiers):
        yield note.mention("etiology", "undetermined", hedged[0] if hedged else last)
    else:
        yield note.mention("etiology", value, last)
