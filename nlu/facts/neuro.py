"""neuro_status: any new or progressive deficit, or an examination that excludes one."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.findings import FAMILY, HISTORICAL, HYPOTHETICAL, NEGATED, POSSIBLE, RECENT, STABLE, Finding
from nlu.note import FactMention, Note, longest, within

FACT = "neuro_status"
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
    "myelopathy_sign": "motor",
    "cord_sign": "cord",
}
NORMAL = {"motor_normal": "motor", "sensory_normal": "sensory", "sphincter_normal": "sphincter", "gait_normal": "gait"}
DOMAINS_FOR_INTACT = 2
"""A single normal domain ("legs strong") does not exclude a deficit in another; two do in practice."""


def read_neuro(note: Note) -> Iterator[FactMention]:
    """Deficit if any is affirmed as new or undated; open (None) if only possible; else intact if shown."""
    normals = [f for f in note.all("neuro_normal", *NORMAL) if not f.modifiers & {FAMILY, HYPOTHETICAL}]
    findings = [f for f in note.all(*DOMAIN) if not any(within(f, normal) for normal in normals)]
    judged = [(_judge(finding), finding) for finding in findings]
    deficits = [finding for verdict, finding in judged if verdict == "deficit"]
    if deficits:
        yield note.mention(FACT, "deficit", longest(deficits) or deficits[0])
        return
    open_findings = [finding for verdict, finding in judged if verdict == "open"]
    if open_findings:
        yield note.mention(FACT, None, open_findings[0])
        return
    whole = [f for f in normals if f.label == "neuro_normal"]
    denied = [finding for verdict, finding in judged if verdict == "denied"]
    domains = {NORMAL[f.label] for f in normals if f.label in NORMAL} | {DOMAIN[f.label] for f in denied}
    if whole or len(domains - {"cord"}) >= DOMAINS_FOR_INTACT:
        yield note.mention(FACT, "intact", whole[0] if whole else (longest(normals) or denied[0]))


def _judge(finding: Finding) -> str:
    """deficit, open (to be asked), denied, or none of the patient's business now."""
    modifiers = finding.modifiers
    if modifiers & {FAMILY, HYPOTHETICAL}:
        return "none"
    if NEGATED in modifiers:
        return "denied"
    if POSSIBLE in modifiers:
        return "open"
    if modifiers & {STABLE, HISTORICAL}:
        return "open" if RECENT in modifiers and STABLE in modifiers else "deficit" if RECENT in modifiers else "none"
    return "deficit"
