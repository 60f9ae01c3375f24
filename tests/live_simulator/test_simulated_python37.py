"""The simulated Live's own tests under a real Python 3.7, and the versions its source has to run on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.python37 import require_python37

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NEEDS_NEWER = ("audio_engine.py", "mixdown.py", "recording.py")
"""The audio engine: a process of its own, which runs with the controller's Python."""


def test_the_suite_passes_under_python37() -> None:
    command = [require_python37(), "-B", "-W", "error", "-m", "unittest", "discover"]
    command += ["-s", str(HERE / "suite"), "-p", "test_set_*.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    assert "Ran 0 tests" not in result.stderr


def test_all_but_the_audio_engine_needs_no_python_newer_than_37() -> None:
    sources = [str(path) for path in (ROOT / "live_simulator").rglob("*.py") if path.name not in NEEDS_NEWER]
    command = [sys.executable, "-c", "import vermin; vermin.main()", "--no-tips", "--violations", "-t=3.7-", *sources]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout
