"""Words by which fracture.py and etiology.py weigh findings of fractures, and what they decide by themselves."""

from __future__ import annotations

from nlu.facts.stated import overlaps
from nlu.findings import Finding
from nlu.note import Note, overlap

EARLIER = frozenset(
    {"old", "known", "previous", "prior", "healed", "earlier", "existing", "chronic", "unchanged", "further"}
)
DENIED = frozenset({"no", "not", "negative", "without", "absent", "missing", "unseen", "nobody"})
DENIERS = DENIED | {"never", "none", "nil", "neither", "0", "zero", "denies", "first", "1st", "only", "other", "any"}
SIGNS = frozenset(
    """babinski babinskis reflex jerk clonus weakness weak numbness numb tingling drop gait toe foot leg hand bladder
    bowel sensation power strength spasticity hoffmann pain ache fever murmur rash lump cough""".split()
)
"""Things of which "not there before" says nothing about the fracture."""
SIGN_REACH = 6
STUDIES = frozenset(
    """scan film ct mri mr pet xray study imaging radiograph cxr vfa lateral image picture serie view exam
    comparison staging""".split()
)
OTHER_NOUNS = frozenset({"to", "opinion", "visit", "look", "review", "time", "consult"})
"""What follows "prior" or "second" where no other fracture is meant."""
STUDY_REACH = 3
"""Tokens between a date and the study that it dates: "last year's chest CT"."""
COLON_REACH = 3
"""Tokens before a fracture among which a colon or a bracket ends a denial: "(no PE): T9 fracture"."""
COMPARED = frozenset({"vs", "versus", "compared", "unlike"})
BREAKS = frozenset((*".,;:()", "on", "by", "from", "via", "with", "through", "at", "in", "since", "when"))
"""Tokens that part a date from a study named after it: "eight weeks ago; MRI showed …", "dx'd 7 wk ago on XR"."""
DENSITY = frozenset({"dxa", "dexa", "scan"})
"""Studies of bone density alone, which show no fracture."""
DISEASES = frozenset(
    {"cancer", "carcinoma", "myeloma", "lymphoma", "malignancy", "osteoporosis", "melanoma", "primary"}
)
"""Things that are "known" in "known renal cancer", where the fracture need not be."""
TUMORS = DISEASES - {"osteoporosis"}
SOFT = frozenset({"acute", "subacute", "recent", "fresh"})
"""Words for a young fracture, which may have been diagnosed some weeks ago all the same."""
FIRSTS = frozenset({"first", "1st", "st", "initial", "inaugural", "maiden", "only", "single", "sole"})
"""Words that deny earlier fractures and state the present one: "her first vertebral fracture"."""
PLAINLY_OTHER = frozenset({"second", "third", "fourth", "fifth", "another", "2nd", "3rd", "4th", "multiple", "several"})
ALSO = frozenset({"also", "another", "other", "earlier", "besides", "separate", "additional", "elsewhere"})
NOT_THERE = frozenset({"not", "absent", "missing", "unseen", "nowhere"})
FOUND = frozenset({"found", "diagnosed", "identified", "discovered", "detected", "treated"})
SINCE = frozenset({"new", "since"})
"""Words that together tell of a fracture that an earlier study does not show: "new since 2021"."""
AGAIN = ("pain_again", "level_same")
"""Labels of pain that is back where it was."""
LOSSES = frozenset({"lost", "dropped", "sunk", "shrunk", "fallen"})
"""What dates the film before, not the fracture: "T10 has lost a third of its height since 2021"."""
AFTER = frozenset({"since", "after", "following", "below", "above"})
OLD = frozenset({"existing", "longstanding"})
NEWS = ("fracture_new", "fracture_found")
LONG_PAST = frozenset({"§year", "year", "years", "chronic", "longstanding", "existing", "established", "known"})
OTHER_THINGS = frozenset(
    {"pain", "ache", "backache", "hurt", "weakness", "numbness", "symptom", "deficit", "onset", "hump"}
)
NOT_OLD = OTHER_THINGS | {"new", "fresh", "recent", "newly"}
YOUNG = frozenset({"new", "newly", "fresh", "freshly", "acute", "recent", "recently"})
BEFORE = frozenset({"previous", "prior", "earlier"})
BROKEN = frozenset(
    "vertebra height endplate gone cracked broken collapsed crushed flattened crumpled snapped buckled wedged".split()
)
GOING = frozenset({"gone", "dropped", "sunk", "collapsed", "collapse", "lost", "fallen", "shrunk"})
CHANCE = frozenset({"incidental", "incidentally", "chance", "accident", "coincidence"})
CAUSES = frozenset({"for", "from", "with", "because", "due", "since", "after", "by"})
LAST_WORDS = frozenset({"previously", "before", "healed", "consolidated"})
UNKNOWN = frozenset(
    """not undocumented unknown unrecognized undiagnosed undescribed unsuspected unrecorded unreported unseen
    unnoticed undetected""".split()
)
"""What follows "previously" where the fracture was not known before."""


def norms_of(note: Note, finding: Finding) -> set[str]:
    """The normal words of a finding."""
    return {token.norm for token in note.text.tokens[finding.start : finding.end]}


def is_plainly_other(note: Note, finding: Finding) -> bool:
    """Whether words say that the earlier fracture is another than the known one."""
    return bool(norms_of(note, finding) & PLAINLY_OTHER)


def is_old_study(note: Note, finding: Finding) -> bool:
    """Whether something else is old or prior: "compared with her old films", "prior to", "second opinion"."""
    if note.text.tokens[finding.start].norm == "§year":
        return False  # "the 2017 film already has the T6 wedge"
    return note.text.tokens[min(finding.start + 1, finding.end - 1)].norm in STUDIES | OTHER_NOUNS


def is_date_of_study(note: Note, finding: Finding) -> bool:
    """Whether the date is that of a study to compare with: "… that the 2021 scan did not show", "not there 2023"."""
    tokens = note.text.tokens
    following: list[str] = []
    for i in range(finding.end, min(finding.end + STUDY_REACH, len(tokens))):
        if tokens[i].norm in BREAKS or note.text.sentence[i] != finding.sentence:
            break
        following.append(tokens[i].norm)
    order = [token.norm for token in tokens[finding.start : finding.end]]
    if not (COMPARED | {"than"}).isdisjoint(order) and order[-1] == "§year":
        return True
    if "since" in order and not LOSSES.isdisjoint(order):
        return True
    if order[-1] in BREAKS or ("known" in order and "not" not in order):
        following = []
    clause = order[next((i for i, norm in enumerate(order) if norm in ("that", "which")), len(order)) :]
    return (
        not STUDIES.isdisjoint(following)
        or not STUDIES.isdisjoint(clause)
        or (not NOT_THERE.isdisjoint(order) and FIRSTS.isdisjoint(order))
    )


def is_new_fracture(note: Note, finding: Finding) -> bool:
    """Whether what is new is the fracture, not the pain beside an old fracture."""
    order = [token.norm for token in note.text.tokens[finding.start : finding.end]]
    norms = set(order)
    last = max((i for i, norm in enumerate(order) if norm in OTHER_THINGS), default=-1)
    if last >= 0 and not YOUNG.isdisjoint(order[last:]):
        return True  # "the new pain is from T8, freshly collapsed"
    if _goes_on(note, finding):
        return False
    after = ":" not in order and not AFTER.isdisjoint(order[1:-1])
    if after and order[0] in ("new", "newly", "recent", "acute", "fresh"):
        return False  # "numbness new since the fracture"
    named = BROKEN & norms or any(token.kind == "level" for token in note.text.tokens)
    if not note.all("fracture") and not named:
        return False  # "incidental finding"
    if not overlaps(finding, note.all("fracture")):
        before = note.text.tokens[max(0, finding.start - SIGN_REACH) : finding.start]
        if any(token.norm in SIGNS for token in before):
            return False
    if not norms.isdisjoint(NOT_THERE):
        return not norms & EARLIER - BEFORE
    return not norms & (EARLIER | OTHER_THINGS)


def _goes_on(note: Note, finding: Finding) -> bool:
    """Whether a loss only goes on ("L1 has gone from 25 % to 60 %"), or it is the pain that is new."""
    tokens = note.text.tokens
    following = [token.norm for token in tokens[finding.end : finding.end + 1]]
    order = [token.norm for token in tokens[finding.start : finding.end]]
    if tokens[finding.end - 1].kind == "level" and not OTHER_THINGS.isdisjoint(following):
        return True  # "new T9 pain"
    return order[-1] in GOING and following[:1] in (["from"], ["further"]) and YOUNG.isdisjoint(order)


def is_past_chance(note: Note, finding: Finding) -> bool:
    """Whether a chance finding is dated years back or called known: "known VCF from 2022, incidental then"."""
    before = {token.norm for token in note.text.tokens[max(0, finding.start - 4) : finding.start]}
    return not CHANCE.isdisjoint(norms_of(note, finding)) and not {"known", "longstanding"}.isdisjoint(before)


def is_known_tumor(note: Note, finding: Finding) -> bool:
    """Whether it is the disease that is known: "MRI in known renal cancer shows collapse of T5"."""
    order = [token.norm for token in note.text.tokens[finding.start : finding.end]]
    if order[0] in ("known", "established", "longstanding"):
        return not DISEASES.isdisjoint(order)
    if ":" not in order:
        return False
    return not TUMORS.isdisjoint(order[: order.index(":")])  # "had a carcinoma irradiated in 2015: T6 has collapsed"


def is_prevented(note: Note, finding: Finding) -> bool:
    """Whether it is what somebody can not do because of it: "cannot transfer for pain from a fracture"."""
    norms = [token.norm for token in note.text.tokens[max(0, finding.start - 10) : finding.start]]
    for i, norm in enumerate(norms):
        if norm in ("cannot", "can not", "unable") or norms[max(0, i - 1) : i + 1] == ["could", "not"]:
            return not CAUSES.isdisjoint(norms[i + 1 :]) and DENIED.isdisjoint(norms[i + 1 :])
    return False


def is_denied(note: Note, finding: Finding, denials: list[Finding]) -> bool:
    """Whether the finding is of words that deny earlier ones; "was of full height in April" also tells it new."""
    over = [f for f in denials if overlap(f, finding)]
    return any(finding.label != "fracture_new" or not norms_of(note, f).isdisjoint(DENIERS) for f in over)


def is_open(note: Note, finding: Finding) -> bool:
    """Whether it is only asked after, or its last word says something else: "previously undocumented"."""
    tokens = note.text.tokens
    before = {token.norm for token in tokens[max(0, finding.start - 3) : finding.start]}
    following = [token for token in tokens[finding.end : finding.end + 1] if tokens[finding.end - 1].norm in LAST_WORDS]
    other = any(token.kind == "level" or token.norm == "fracture" or token.norm in UNKNOWN for token in following)
    return other or not before.isdisjoint({"whether", "if", "could"})
