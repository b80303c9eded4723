"""What fuzzing begins from: the same for every change, so that what fails is the change; another by `make fuzz`."""

from __future__ import annotations

import os

GIVEN = os.environ.get("FUZZ_SEED", "")
SEED = int(GIVEN or 1)
EXPLORES = bool(GIVEN)
"""Whether inputs are looked for that nobody has tried yet."""
