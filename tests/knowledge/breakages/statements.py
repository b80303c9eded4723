"""Ratings, and statements with their sources."""

from __future__ import annotations

from tests.knowledge.breakages.breakage import Breakage

V1 = "variants/v1.yml"
NEUROLOGIC = "outcomes/neurologic-emergency.yml"
BONE_SCAN = "- procedure: Bone scan whole body\n  category: May be appropriate\n"

STATEMENTS = (
    # Ratings
    Breakage(
        "unknown category",
        V1,
        "category: Usually appropriate",
        "category: Usualy appropriate",
        "unknown category 'Usualy appropriate'; did you mean 'Usually appropriate'?",
    ),
    Breakage(
        "two ratings for one procedure",
        V1,
        BONE_SCAN,
        BONE_SCAN * 2,
        "second rating of procedure 'Bone scan whole body'; the first is on line 12; keep one",
        2,
    ),
    Breakage(
        "unknown procedure",
        V1,
        "procedure: Bone scan whole body",
        "procedure: Bone scan whole bodies",
        "procedure 'Bone scan whole bodies' is not in procedures.yml; did you mean 'Bone scan whole body'?",
    ),
    Breakage(
        "statement about an unrated procedure",
        V1,
        "    - CT myelography spine",
        "    - CT myelographies spine",
        "this variant does not rate 'CT myelographies spine area of interest'; did you mean",
        -1,
    ),
    Breakage(
        "escalation about an unknown procedure",
        NEUROLOGIC,
        "    source: S-V9\n",
        "    source: S-V9\n    procedures: [Radiographs]\n",
        "procedures.yml does not list 'Radiographs'",
        1,
    ),
    Breakage(
        "procedure mentioned twice",
        V1,
        "    - Bone scan whole body\n",
        "    - Bone scan whole body\n" * 2,
        "second mention of procedure 'Bone scan whole body'",
        1,
    ),
    # Sources
    Breakage("missing source", V1, "    source: S-V7\n", "", "'source' is a required property", -1),
    Breakage(
        "missing source in a note", "knowledge.yml", "    source: S-V9\n", "", "'source' is a required property", -1
    ),
    Breakage(
        "unknown source",
        V1,
        "source: S-V7",
        "source: S-V77",
        "source 'S-V77' is not in sources.yml; did you mean 'S-V7'?",
    ),
    Breakage(
        "unknown source in a note",
        "scores.yml",
        "source: SINS",
        "source: SINNS",
        "source 'SINNS' is not in sources.yml; did you mean 'SINS'?",
    ),
    Breakage(
        "level that does not exist in a score",
        "scores.yml",
        "levels: [T3-T10]",
        "levels: [T3-10]",
        "'T3-10' does not match",
    ),
    Breakage(
        "misspelled key of a score's value",
        "scores.yml",
        "      words: [semirigid",
        "      wordz: [semirigid",
        "'wordz' was unexpected",
        -4,
    ),
    Breakage(
        "unknown value of a fact in a score",
        "scores.yml",
        "when: {pain_character: mechanical}",
        "when: {pain_character: mecanical}",
        "pain_character has no value 'mecanical'; did you mean 'mechanical'?",
    ),
    Breakage(
        "radiation range that is none",
        "protocol.yml",
        "  range_msv: up to 0.1",
        "  range_msv: a little",
        "'a little' does not match",
    ),
    Breakage(
        "address without https",
        "sources.yml",
        '  url: "https://acsearch',
        '  url: "http://acsearch',
        "does not match '^https://'",
    ),
    # Questions of knowledge
    Breakage(
        "question under two entries",
        "knowledge.yml",
        '  - "How fast does vertebroplasty work?"',
        '  - "How fast does radiation work"',
        "stands under 'radiation-onset' already",
    ),
    Breakage(
        "id of two entries",
        "knowledge.yml",
        "- id: augmentation-onset",
        "- id: radiation-onset",
        "there is an entry 'radiation-onset' already",
    ),
)
