"""Finds a Python 3.7, which is what Live 11 and Live 12.0 run the remote script with."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.real_parts import missing

VARIABLE = "JACQUEESBOT_PYTHON37"


def find_python37() -> str | None:
    """$JACQUEESBOT_PYTHON37, else pyenv's newest 3.7, else `python3.7`; None where none of them runs."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [os.environ.get(VARIABLE), *sorted(map(str, pyenv.glob("versions/3.7*/bin/python")), reverse=True)]
    candidates.append(shutil.which("python3.7"))
    return next((found for found in candidates if found and _is_python37(found)), None)


def require_python37() -> str:
    """Its path. Where there is none the test is skipped with the reason; on CI (CI=true) it fails."""
    found = find_python37()
    if found is None:
        missing(f"no Python 3.7 found; set {VARIABLE} to one, or install it with pyenv")
    return found


def _is_python37(executable: str) -> bool:
    question = [executable, "-c", "import sys; print(sys.version_info[:2] == (3, 7))"]
    try:
        return subprocess.run(question, capture_output=True, text=True, timeout=20).stdout.strip() == "True"
    except (OSError, subprocess.TimeoutExpired):
        return False
