"""Findings and their assertion."""

from __future__ import annotations

import pytest

from nlu.findings import FindingReader
from nlu.rules import load_rules
from nlu.text import read_text


def assertions(message: str, label: str) -> list[str]:
    """The assertion of every finding with the label."""
    rules = load_rules()
    findings = FindingReader(rules).read(read_text(message, rules.spelling))
    return [finding.assertion for finding in findings if finding.label == label]


@pytest.mark.parametrize(
    ("message", "label", "assertion"),
    [
        ("weakness of both legs", "motor_sign", "affirmed"),
        ("no weakness", "motor_sign", "negated"),
        ("denies fever, chills, weakness", "motor_sign", "negated"),
        ("no weakness, numbness or incontinence", "sensory_sign", "negated"),
        ("possible weakness", "motor_sign", "possible"),
        ("FH: leg weakness", "motor_sign", "family"),
        ("no cancer, saddle numbness", "saddle_sign", "possible"),
    ],
)
def test_assertion_of_a_finding(message: str, label: str, assertion: str) -> None:
    """What stands around a finding decides whether it is so."""
    assert assertion in assertions(message, label)
