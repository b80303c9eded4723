"""What a message only supposes is read as such."""

from __future__ import annotations

import pytest

from nlu.reader import default_reader
from nlu.suppositions import supposed_facts


@pytest.mark.parametrize(
    ("message", "fact", "value"),
    [
        ("and if the MRI showed no edema?", "marrow_edema", "absent"),
        ("same patient without cancer", "cancer_history", "absent"),
        ("what would change with a prior kyphoplasty", "prior_procedure", "augmentation"),
        ("what if it was an MVC", "mechanism", "high_energy"),
        ("if the pain was only at night?", "pain_character", "non_mechanical"),
        ("now imagine the fracture is pathologic", "etiology", "pathologic"),
        ("and if there were new leg weakness?", "neuro_status", "deficit"),
        ("assume no prior procedure", "prior_procedure", "none"),
    ],
)
def test_a_supposition_is_read(message: str, fact: str, value: str) -> None:
    """The words that open it are no condition any more, and the rest is read."""
    reader = default_reader()
    assert supposed_facts(reader, reader.read(message))[fact] == value


def test_a_long_message_supposes_nothing() -> None:
    """A message that tells a case is more than a supposition."""
    reader = default_reader()
    assert supposed_facts(reader, reader.read("what if she has cancer " + "and pain in her back " * 10)) == {}
