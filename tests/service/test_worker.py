"""A worker that answers holds nothing that only training needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from service.settings import ROOT
from tests.bench.processes import children
from tests.served import Served


def test_tensorflow_is_in_neither_server(served: Served) -> None:
    """It would take more memory than all the rest, and seconds of every start."""
    assert served.say("somebody", "72F, new T8 fracture on x-ray, back pain")
    for process in children(served.process.pid):
        assert "tensorflow" not in Path(f"/proc/{process}/maps").read_text(), f"process {process}"


def test_a_module_that_is_loaded_when_used_is_whole_then(tmp_path: Path) -> None:
    (tmp_path / "parcel").mkdir()
    (tmp_path / "parcel" / "__init__.py").touch()
    (tmp_path / "parcel" / "heavy.py").write_text("print('loaded')\nWEIGHT = 7\n")
    program = (
        "from service.worker import load_when_used\n"
        "load_when_used('parcel.heavy')\n"
        "import parcel.heavy, parcel\n"
        "from parcel import heavy\n"
        "print('imported')\n"
        "print(heavy.WEIGHT, parcel.heavy.WEIGHT)\n"
        "import parcel.heavy\n"
        "print(parcel.heavy.WEIGHT)\n"
    )
    run = [sys.executable, "-c", program]
    path = {"PYTHONPATH": f"{ROOT}:{tmp_path}"}
    told = subprocess.run(run, capture_output=True, text=True, env=path, cwd=tmp_path, check=True).stdout
    assert told.split("\n") == ["imported", "loaded", "7 7", "7", ""]
