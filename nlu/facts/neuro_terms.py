"""Labels and words by which nlu/facts/neuro.py weighs neurologic findings."""

from __future__ import annotations

from nlu.findings import Finding
from nlu.note import Note

DOMAIN = {
    "motor_sign": "motor",
    "motor_event": "motor",
    "sensory_sign": "sensory",
    "sensory_event": "sensory",
    "saddle_sign": "sphincter",
    "saddle_event": "sphincter",
    "bladder_sign": "sphincter",
    "bladder_event": "sphincter",
    "bowel_sign": "sphincter",
    "bowel_event": "sphincter",
    "gait_sign": "gait",
    "gait_event": "gait",
    "limit_event": "gait",
    "aid_event": "gait",
    "myelopathy_sign": "motor",
    "cord_sign": "cord",
}
SIGNS = tuple(label for label in DOMAIN if label.endswith("_sign"))
NORMAL = {"motor_normal": "motor", "sensory_normal": "sensory", "sphincter_normal": "sphincter", "gait_normal": "gait"}
WOMEN, SHE = frozenset("mother mum mom grandmother grandma gran nan wife".split()), frozenset(("she", "her"))
MEN, HE = frozenset("father dad grandfather grandpa grandad husband hubby".split()), frozenset(("he", "his", "him"))
HISTORY = frozenset(("fh", "fhx", "history", "hx"))
"""Last words of what opens a family history."""
NEGATIONS = frozenset(("not", "no", "never", "without", "unable", "nothing", "longer", "hardly", "barely"))
WALK = frozenset("gait walk walks walking mobile mobilizing balance".split())
FEELING = frozenset("sensation sensory feeling touch pinprick silt".split())
SUPPORT = {
    "motor_event": frozenset("power strength strong motor 5/5 moves moving".split()),
    "gait_event": WALK,
    "limit_event": WALK,
    "aid_event": WALK,
    "sensory_event": FEELING,
    "saddle_event": frozenset(("saddle", "perianal", "perineal", "perineum")),
    "bladder_event": frozenset("bladder urine urinate void voids continent sphincter pvr residual".split()),
    "bowel_event": frozenset("bowel stool continent sphincter tone squeeze".split()),
}
"""Words of normal findings that explain an everyday failing away."""
MEASURED = frozenset(("grade", "number"))
OWNERS = frozenset(("her", "his", "patient"))
BEGINNING = frozenset(("new", "recent", "worsening", "progressive", "fresh", "increasing"))
OWNER_REACH = 3
"""Tokens between "her" and what she has."""
LONGEST_AFTERTHOUGHT = 7
"""Tokens of a sentence that says nothing of its own, so that it speaks of the one before."""
DOMAINS_FOR_INTACT = 2
"""A single normal domain ("legs strong") does not exclude a deficit in another; two do in practice."""
AUXILIARIES = frozenset(
    "is are was were do does did can could should shall would will may might has have had must if in".split()
)
"""First words of a sentence that asks throughout, not one that tells a case and then asks."""


def is_one_list(note: Note, start: int, end: int) -> bool:
    """Whether the tokens between a denial and a finding hold neurologic items only.

    In "never had cancer, numb feet" the comma ends what is denied.
    """
    comma = next((i for i in range(start, end) if note.text.tokens[i].text == ","), None)
    return comma is None or any(start <= f.start < comma for f in note.all(*DOMAIN))


RECENTLY = "recent"
"""Assertion of a deficit that is said to be new, or since when."""
LIMIT, AID = "limit_event", "aid_event"
"""Label of what the patient no longer manages, from a deficit or from pain."""


def is_of_a_year(note: Note, date: Finding) -> bool:
    """Whether a date is that of an event long ago: "since radiotherapy in 2015"."""
    tokens = note.text.tokens
    if tokens[date.start].norm not in ("since", "after", "from", "date", "dating"):
        return False
    return any(token.kind == "year" for token in tokens[date.start : date.end + 3])


def is_presupposed(note: Note, finding: Finding) -> bool:
    """Whether the words take it for granted, whatever is asked of it: "should her new weakness change the plan?"."""
    tokens = note.text.tokens
    for i in range(max(0, finding.start - OWNER_REACH), finding.end):
        if tokens[i].norm in OWNERS:
            return not BEGINNING.isdisjoint(token.norm for token in tokens[i + 1 : finding.end])
    return False


def is_confirmed(note: Note, finding: Finding) -> bool:
    """Whether the next sentence, a short one, says that it is so: "… if he had foot drop? He does have it."."""
    numbers = note.text.sentence
    length = numbers.count(finding.sentence + 1)
    marks = note.all("neuro_confirmed")
    return length <= LONGEST_AFTERTHOUGHT and any(mark.sentence == finding.sentence + 1 for mark in marks)


NO = frozenset("no none nil never negative nope denies".split())


def is_answered_no(note: Note, finding: Finding) -> bool:
    """Whether it is asked and the next sentence is a bare no: "Foot drop? No."."""
    tokens, numbers = note.text.tokens, note.text.sentence
    if finding.sentence + 1 not in numbers:
        return False
    start = numbers.index(finding.sentence + 1)
    alone = numbers.count(finding.sentence + 1) == 1 or tokens[start + 1].kind != "word"
    return tokens[start - 1].text == "?" and tokens[start].norm in NO and alone


SUBJECTS = {
    **dict.fromkeys("power strength motor tone leg foot weakness".split(), "motor"),
    **dict.fromkeys("sensation feeling numbness touch".split(), "sensory"),
    **dict.fromkeys("bladder bowel sphincter continence urine pvr perineum perianal saddle".split(), "sphincter"),
    **dict.fromkeys("gait walking mobility balance".split(), "gait"),
    **dict.fromkeys("pain ache backache back spine kyphosis deformity height fracture film xray mri ct".split(), ""),
    **dict.fromkeys("msu crp esr wbc temperature clean fever infection trauma".split(), ""),
    **dict.fromkeys("cancer ca malignancy malignant malig tumor metastasis met mets psa oncologic smoker".split(), ""),
    **dict.fromkeys("appetite weight sleep mood analgesia medication treatment cognition memory vision".split(), ""),
}
"""What a short sentence may speak of, and the domain of it."""
WEAK_CAUSES = frozenset(("with", "from", "for"))
LIST_LINKS = frozenset((",", "/", "or", "nor", "and", "&", "+"))


def speaks_of_another(note: Note, finding: Finding, start: int, end: int) -> bool:
    """Whether the words from `start` to `end` have a subject of their own: "Pain no different."."""
    subjects = {SUBJECTS[token.norm] for token in note.text.tokens[start:end] if token.norm in SUBJECTS}
    return bool(subjects) and DOMAIN[finding.label] not in subjects


def is_beside(note: Note, cause: Finding, finding: Finding) -> bool:
    """Whether a comma parts "with pain" from what follows it: "fracture with pain, legs heavy since noon"."""
    tokens = note.text.tokens
    return tokens[cause.start].norm in WEAK_CAUSES and any(
        token.text == "," for token in tokens[cause.end : finding.start]
    )


def is_listed_up_to(note: Note, finding: Finding, end: int) -> bool:
    """Whether only items of one list stand between a finding and what refutes them: "weakness, numbness: none"."""
    between = [f for f in note.all(*DOMAIN) if f.start >= finding.end and f.end <= end]
    first = min((f.start for f in between), default=finding.end)
    return all(token.text in LIST_LINKS for token in note.text.tokens[finding.end : first])


THEN = frozenset("last before at in on until previously yesterday ever this down".split())
EARLIER = frozenset("yesterday admission baseline previous last preop arrival".split())
SCORES = frozenset("is was remain score level quite exactly remains entirely".split())
PAINS = frozenset("pain ache backache vas nrs kyphosis height".split())


def is_of_then(note: Note, denial: Finding) -> bool:
    """Whether a denial is of an earlier day, so that it tells of a loss: "not so last week", "yesterday none"."""
    tokens = note.text.tokens
    following = {token.norm for token in tokens[denial.end : denial.end + 1]}
    before = {token.norm for token in tokens[max(0, denial.start - 3) : denial.start]}
    return bool(following & THEN or before & EARLIER)


def is_of_pain(note: Note, mark: Finding) -> bool:
    """Whether it is the pain that is the same: "pain score unchanged"."""
    i = mark.start - 1
    while i > 0 and note.text.tokens[i].norm in SCORES:
        i -= 1
    return i >= 0 and note.text.tokens[i].norm in PAINS
