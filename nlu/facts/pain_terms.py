"""Words that decide what a pain, its absence or its course is about."""

from __future__ import annotations

PROVOKERS = frozenset(
    "on with when whenever standing sitting bending walking at in lying after upright by if moving lifting up "
    "turning getting rolling coughing sneezing twisting stooping reaching carrying transferring climbing".split()
)
INDIFFERENT = frozenset({"no", "not", "unaffected", "irrespective", "regardless", "same", "alike", "equally"})
NOT_SO = frozenset({"not", "n't", "hardly", "far", "never", "anything"})
FALLING_IS_WORSE = frozenset({"fvc", "height"})
HURTING = frozenset(
    "back spine oxycodone hydrocodone morphine fentanyl tramadol codeine paracetamol opioid tablet breakthrough "
    "analgesia score vas nrs".split()
)
"""Words of which one must stand beside a course for it to be the course of a pain."""
SPINE = frozenset(
    "back spine spinal lumbar thoracic dorsal midline vertebra vertebral fracture loin blade radicular root".split()
)
TOUCH = frozenset("tender tenderness nontender percussion palpation".split())
"""Words of an examination: a back that is not tender may still hurt."""
BETWEEN = frozenset("stay stayed remain remained hover hovering range ranged between fluctuate vary depending".split())
"""Words with two numbers that are the ends of a range, not a course."""
OWN_DENIALS = frozenset("can could unable able hardly barely scarcely struggle will long intolerable before".split())
"""Words that with a denial tell of a disability, which is no denial of pain."""
DENYING = frozenset("no not never denies without nor neither nil".split())
BREAKS = frozenset((",", "and", "but", "yet"))
FAILING = frozenset("fail failed failing refuse refusing".split())
POSTURES = frozenset(
    "sitting standing lying walking way degree position lie sit stand day side sat stood flat supine".split()
)
"""Words after "the same" or "no different" that make it a matter of posture, manner or degree."""
EARLIER = frozenset("was from previously against versus vs".split())
"""Words between two numbers after which the earlier one stands: "now 8, was 5"."""
SPANS = frozenset("day week month".split())
"""Words whose number is a date: "week 4"."""
UNITS_OF_TIME = SPANS | frozenset("hour year h d wk mo yr hr".split())
"""Words after a number that make it a duration."""
SERVICES = frozenset(
    "clinic team service specialist consultant nurse physician documentation history profile ladder chart diary".split()
)
"""Words after "pain" that make it a name: "the pain team"."""
SUPPOSING = frozenset("if unless whether".split())
DOUBTING = frozenset("possible possibly maybe may might query ?".split())
RESTING = frozenset("lying flat supine recumbent resting rest rests lie lies bed stillness motionless immobile".split())
"""Words after a freedom from pain that leave the pain on loading."""
EITHER = frozenset({"or", "nor", "and", "/"})
AT_EASE = frozenset("untroubled bother bothered trouble troubled problem complaint issue fine quiet".split())
"""Words of freedom from any trouble: of an organ named beside them, the back may still hurt."""
PAINING = frozenset("trouble troubled bother hurt pain ache plague torment pester".split())
"""Verbs of a course that is of the pain, whatever disease is named before them."""
RESTED = frozenset(
    "while when whenever once if on in at as long she he is the her his completely quite still - : = / 10".split()
)
"""Words that may stand between a freedom from pain and the rest that it is of: "0/10 while flat"."""
BOUND = frozenset("= : - is at vas nrs pain score scores it he she patient".split())
"""Words that may stand between a rest and the freedom from pain in it: "flat = 0/10"."""
NOUGHT = frozenset("0 zero nil none".split())
"""Denials that are a figure of a pain: "supine 0, upright 8"."""
LASTING = frozenset("week month patch since daily regular over visit bd bid tds wk".split())
"""Words of a sentence in which a fall of the pain is no effect of a single dose."""
ENDING = frozenset(("until", "till"))
APART = frozenset((",", "and"))
"""Words after which another organ is no longer what the freedom from trouble is of."""
MEASURES = {
    **dict.fromkeys("vas nrs npr pain score ache odi oswestry".split(), "pain"),
    **dict.fromkeys("cobb kyphosis angle wedge".split(), "angle"),
    **dict.fromkeys("loss collapse compression".split(), "loss"),
    **dict.fromkeys("height fvc tolerance endurance".split(), "height"),
}
"""What is measured time and again, and as what: "week 4 VAS 5 ... today VAS 8"."""
READING = frozenset("of is was at : = score scores now still about angle already only back again down up".split())
"""Words that may stand between a measure and its number."""
OTHER_LOSS = frozenset("weight blood hearing bone hair".split())
PRESENT = frozenset("today now currently presently tonight".split())
HIGH = frozenset("4 5 6 7 8 9 10 four five six seven eight nine ten severe".split())
"""Figures of a pain that a nought beside them does not deny."""
LISTED = READING | frozenset(
    "° % mm cm deg degree min minute l liter m the a an and then in it by worst best / 10 - → on >".split()
)
"""Words that a list of numbers with their dates may hold: "pain 8 in May, then 5 in June, 2 now"."""
