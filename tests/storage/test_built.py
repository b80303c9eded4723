"""What was built is recorded as it is, however many build it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from service.settings import ROOT
from storage.built import check

RECORDS = """
import os, sys
from pathlib import Path
from storage.built import record
built = Path(sys.argv[1])
draft = built.with_suffix(f".{os.getpid()}")
for number in range(200):
    draft.write_text(f"{os.getpid()} {number}" * 1000)
    record(built, draft)
"""


def test_two_that_build_one_name_leave_one_of_the_two_whole(tmp_path: Path) -> None:
    """The hash beside the file is that of the file, whoever came last; nobody's draft is left."""
    built = tmp_path / "weights.npz"
    builders = [subprocess.Popen([sys.executable, "-c", RECORDS, str(built)], cwd=ROOT) for _ in range(3)]
    assert [builder.wait(60) for builder in builders] == [0, 0, 0]
    check(built, tmp_path, "make train")
    assert {path.name for path in tmp_path.iterdir()} == {"weights.npz", "weights.npz.sha256"}
