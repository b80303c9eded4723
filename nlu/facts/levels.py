"""Vertebral levels in a message: which were treated, and which are in question now."""

from __future__ import annotations

from collections.abc import Iterable

from nlu.facts.stated import own
from nlu.findings import NEGATED, Finding
from nlu.note import Note
from nlu.text import SPINE, level_names

Level = tuple[int, tuple[str, ...]]
"""The number of a token and the levels that it names."""

RANGE_WORDS = frozenset({"to", "through", "thru", "-", "–"})
DATES = frozenset(
    """january february march april may june july august september october november december spring summer autumn
    winter last year month ago""".split()
)
LINKS = frozenset(  # stems, as of `Token.norm`
    [
        "of",
        "at",
        "on",
        "for",
        "to",
        "in",
        "and",
        ",",
        "&",
        "+",
        "/",
        "-",
        "the",
        "her",
        "his",
        "level",
        "a",
        "an",
        "was",
        "were",
        "both",
        "had",
        "with",
        "treated",
        "by",
        "from",
        "instrumented",
        "posterior",
        "then",
        "also",
        "got",
        "been",
        "has",
        "have",
        "balloon",
        "put",
        "run",
        "running",
        "span",
        "spanning",
        "extend",
        "extending",
        "reache",
        "goe",
        "sit",
        "sat",
        "is",
        "went",
        "lie",
        "itself",
        "inside",
        "within",
        "into",
        "placed",
        "injected",
        "since",
        "§year",
        "through",
        "(",
        "screw",
        "pedicle",
        "rod",
        "cement",
        "neck",
        "back",
        "spine",
        "this",
        "patient",
        "man",
        "woman",
        "lady",
        "before",
        "earlier",
        "previously",
        "already",
        "once",
        "done",
        "x",
        "×",
        "2",
        "3",
        "x2",
        "x3",
        "twice",
        "that",
        "which",
        "our",
        "my",
        "we",
        "they",
        "radiologist",
        "surgeon",
        "colleague",
        "ahead",
        *DATES,
    ]
)
NEWS = frozenset(
    {"has", "ha", "is", "now", "new", "again", "hurt", "freshly", "newly", "next", "since", "broken", "this"}
)
"""Words after a level that begin to tell something of it."""

PARTS = {
    "cervical": frozenset({"cervical", "neck", "acdf"}),
    "thoracic": frozenset({"thoracic"}),
    "lumbar": frozenset({"lumbar", "lumbosacral", "plif", "tlif", "alif", "xlif", "olif"}),
    "low": frozenset({"low", "lower", "lowest"}),
}
CLEAR_OF = {"cervical": "TLS", "thoracic": "CS", "lumbar": "C", "low": "C"}
"""Letters of the levels that no word for a part can mean."""

FAR_FROM = {
    "thoracic": ("L2", "L3", "L4", "L5"),
    "lumbar": tuple(f"T{i}" for i in range(1, 12)),
    "low": (*(f"T{i}" for i in range(1, 13)), "L1"),
}
"""The same for single levels; those at a junction may be meant by either word."""

BROKEN = frozenset(
    "fracture wedge crush compression collapse vcf vertebra body osteoporotic insufficiency , - – ( that which was "
    "were had been has got then later already promptly successfully duly op fx # benign of lady woman man "
    "gentleman patient this year old".split()
)
"""Words between a level and the participle that tells of its treatment."""

EXCLUDING = frozenset({"not", "never", "than", "instead"})
"""Words before a level that is not meant: "T11 and not in L4", "L3 rather than L2"."""
PLACING = frozenset({"in", "at", "on", "of", "the", "to", "into"})
"""Words that may stand between."""
CLEARED = (("is", "clean"), ("is", "fine"), ("was", "never"), ("wa", "never"), ("is", "untouched"), ("never",))
"""Words after one, as of `Token.norm`: "L1 was never touched"."""

REACH = 8
"""Tokens on either side of a procedure in which its levels stand."""


def all_levels(note: Note) -> list[Level]:
    """Every level token with its names; "T12 to L2" gives the levels between to its second token."""
    tokens = note.text.tokens
    levels: list[Level] = []
    for i, token in enumerate(tokens):
        if token.kind != "level" or _is_excluded(note, i):
            continue
        names = level_names(token.text)
        if levels and levels[-1][0] == i - 2 and tokens[i - 1].norm in RANGE_WORDS:
            names = (*_between(levels[-1][1][-1:], names[:1]), *names)
        levels.append((i, names))
    return levels


def _is_excluded(note: Note, number: int) -> bool:
    """Whether a level is only named to say that it is not the one meant."""
    tokens = note.text.tokens
    before = number - 1
    while before > 0 and tokens[before].norm in PLACING and tokens[before].norm != "than":
        before -= 1
    if number and tokens[before].norm in EXCLUDING and note.text.sentence[before] == note.text.sentence[number]:
        return True
    after = tuple(token.norm for token in tokens[number + 1 : number + 3])
    return any(after[: len(words)] == words for words in CLEARED)


def _between(first: Iterable[str], last: Iterable[str]) -> tuple[str, ...]:
    start, end = next(iter(first), ""), next(iter(last), "")
    if start in SPINE and end in SPINE and SPINE.index(start) < SPINE.index(end):
        return SPINE[SPINE.index(start) + 1 : SPINE.index(end)]
    return ()


def treated_levels(note: Note, done: Iterable[Finding]) -> list[Level]:
    """Levels next to procedures: "L2 vertebroplasty", "fusion L4-S1", and where they are said to reach: "it runs T10 to
    L2"."""
    done = list(done)
    numbers = {i for finding in done for i in _beside(note, finding)}
    told = note.all("fracture", "fracture_new", "fracture_found", "fracture_known", "pain", "edema")
    # "It extends to T12" may be said of any of these.
    labels = ("construct_reaches",) if told else ("construct_reaches", "it_reaches")
    for reaching in note.all(*labels) if done else ():
        numbers |= _run(note, range(reaching.end, min(reaching.end + REACH, len(note.text.tokens))), reaching.sentence)
    return [level for level in all_levels(note) if level[0] in numbers]


def _beside(note: Note, finding: Finding) -> set[int]:
    tokens = note.text.tokens
    found = {i for i in range(finding.start, finding.end) if tokens[i].kind == "level"}
    found |= _run(note, range(finding.end, min(finding.end + REACH, len(tokens))), finding.sentence)
    if not found:
        found = _run(note, range(finding.start - 1, max(finding.start - REACH, -1), -1), finding.sentence)
    if not found and any(token.text.lower().endswith("ed") for token in tokens[finding.start : finding.end]):
        # "a T8 fracture, vertebroplastied in 2022"
        i = finding.start - 1
        while i > 0 and (tokens[i].norm in BROKEN or tokens[i].norm.isdigit()):
            i -= 1
        if i >= 0 and tokens[i].kind == "level" and note.text.sentence[i] == finding.sentence:
            found = {i}
    return found


def _run(note: Note, numbers: range, sentence: int) -> set[int]:
    """Level tokens reached over nothing but linking words."""
    found: set[int] = set()
    comma = dated = False
    for i in numbers:
        token = note.text.tokens[i]
        if note.text.sentence[i] != sentence:
            break
        comma |= token.text == ","
        if dated and token.norm in ("and", ",", "&", "+"):
            break  # "kyphoplasty of T12 last May and L1 has now given way"
        dated |= token.norm in DATES
        if token.kind == "level":
            if comma and _begins_news(note, i):
                break
            found.add(i)
        elif token.norm not in LINKS:
            break
    return found


def _begins_news(note: Note, number: int) -> bool:
    """Whether something is told of the level after a comma: "kyphoplasty L1, L2 has collapsed"."""
    following = note.text.tokens[number + 1 : number + 2]
    told = note.all("fracture", "fracture_new", "fracture_found", "pain", "edema")
    return any(token.norm in NEWS for token in following) or any(number <= f.start <= number + 1 for f in told)


def region_of_treatment(note: Note, done: Iterable[Finding]) -> str:
    """The part of the spine that was treated as words name it ("lumbar fusion", "ACDF"), else ""."""
    tokens = note.text.tokens
    for finding in done:
        words = {token.norm for token in tokens[max(0, finding.start - 2) : finding.end + 2]}
        found = {part for part, names_ in PARTS.items() if words & names_}
        if found == {"lumbar", "low"}:
            found = {"low"}
        if len(found) == 1:
            return found.pop()
    return ""


def region_of_pain(note: Note) -> str:
    """The part of the spine that hurts as words name it, if only one is named, else ""."""
    found = {f.label.removeprefix("pain_") for f in own(note, "pain_lumbar", "pain_thoracic", "pain_cervical")}
    return found.pop() if len(found) == 1 else ""


def outside(levels: Iterable[Level], part: str) -> bool:
    """Whether there are levels, all of them clearly outside a part of the spine."""
    all_names = names(levels)
    return bool(all_names) and all(
        name[0] in CLEAR_OF.get(part, "") or name in FAR_FROM.get(part, ()) for name in all_names
    )


def problem_levels(note: Note, treated: list[Level]) -> list[Level]:
    """Levels of the fracture or the pain in question: beside one, and not merely treated, old or degenerate."""
    skip = {i for f in note.all("other_level", "no_edema") for i in range(f.start, f.end)}
    skip |= {i for i, _ in all_levels(note) if i and note.text.tokens[i - 1].norm in ("not", "no")}
    skip |= {i for f in note.all("fracture") if NEGATED in f.modifiers for i in range(f.start, f.end)}
    new = {i for f in own(note, "fracture_new") for i in range(f.start, f.end + 1)}
    earlier = note.apart_from(note.all("prior_fracture"), "fracture_new")
    old = {i for f in earlier for i in range(f.start, f.end + 4)} - new
    levels = [level for level in all_levels(note) if level[0] not in skip | {i for i, _ in treated}]
    for labels in (("fracture_new",), ("fracture", "fracture_found", "fracture_known"), ("pain", "edema")):
        found = [f for f in own(note, *labels) if NEGATED not in f.modifiers or f.label == "fracture_new"]
        near = [
            level
            for level in levels
            if any(f.sentence == note.text.sentence[level[0]] and f.start - 4 <= level[0] <= f.end + 4 for f in found)
        ]
        current = [level for level in near if level[0] not in old]
        if current:
            return current
    return [level for level in levels if level[0] not in old]


def names(levels: Iterable[Level]) -> set[str]:
    """The names of the levels."""
    return {name for _, names_ in levels for name in names_}
