"""The decision table."""

from __future__ import annotations

from tests.knowledge.breakages.breakage import Breakage

INFECTION_ROW = "- outcome: infection-workup\n  when: {infection_signs: present}\n"

DECISIONS = (
    Breakage(
        "outcome without row",
        "decisions.yml",
        INFECTION_ROW + "  because: signs of spinal infection have to be worked up before any other step\n",
        "",
        "no row leads to 'infection-workup'; add one or remove its file",
        -5,
    ),
    Breakage(
        "row without outcome",
        "decisions.yml",
        "- outcome: infection-workup",
        "- outcome: infection-workups",
        "no variant or outcome file has the id 'infection-workups'; did you mean 'infection-workup'?",
    ),
    Breakage("id taken", "variants/v2.yml", "id: v2", "id: v1", "id 'v1' is taken by v1.yml"),
    Breakage("number taken", "variants/v2.yml", "number: 2", "number: 1", "number 1 is taken by v1.yml"),
    Breakage(
        "overlapped row",
        "decisions.yml",
        '- outcome: not-covered/pediatric\n  when: {adult: "no"}',
        "- outcome: not-covered/pediatric\n  when: {mechanism: high_energy}",
        "row 4 (not-covered/high-energy-trauma) can never decide: rows 1, 2, 3 above cover all its cases; "
        "reorder, narrow or remove it",
        3,
    ),
    Breakage(
        "row of impossible cases",
        "decisions.yml",
        INFECTION_ROW,
        INFECTION_ROW
        + "  because: x\n- outcome: infection-workup\n  when: {etiology: pathologic, cancer_history: absent}\n",
        "row 3 (infection-workup) can never decide: no consistent case satisfies it",
        3,
    ),
    Breakage(
        "cases that no row covers",
        "decisions.yml",
        "- outcome: v1\n  when: {}",
        "- outcome: v1\n  when: {cancer_history: absent, prior_fracture: present}",
        "complete cases match no row, for example neuro_status intact",
        -60,
    ),
)
