"""Live's Python: 3.7 up to Live 12.0, 3.11 since. A script is best run by the one that it will meet."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Sequence

from live_simulator.errors import BadOptions
from live_simulator.versions import Version, python_of

OLDEST_MINOR = 7
"""Of the Python 3 that scripts meet in any Live that is simulated."""


def run_under(python: str, arguments: Sequence[str]) -> int:
    """Goes on as that interpreter with the same arguments; the audio engine keeps this one. BadOptions."""
    command = [python, "-m", "live_simulator", *_without_python(arguments), "--engine-python", sys.executable]
    root = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
    try:
        found = subprocess.run([python, "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)
        told = found.stdout.decode("utf-8", "replace").strip()
        version = re.match(r"Python 3\.(\d+)", told)
        if version is None or int(version[1]) < OLDEST_MINOR:
            raise BadOptions(
                f"--python {python}: says {told[:60]!r} of itself; give a Python 3.{OLDEST_MINOR} or newer"
            )
        if os.name != "posix":
            return subprocess.call(command, env=environment)
        sys.stdout.flush()
        os.execve(shutil.which(python) or python, command, environment)
    except OSError as why:
        raise BadOptions(f"--python {python}: {why.strerror} (give the path of an interpreter)") from why


def note_on_python(version: Version) -> str:
    """What to tell the user where this is not Live's Python; '' where it is."""
    wanted, here = python_of(version), sys.version_info[:2]
    if wanted == here:
        return ""
    live = ".".join(map(str, version))
    return f"Live {live} runs scripts in Python {wanted[0]}.{wanted[1]}, this is {here[0]}.{here[1]} (see --python)"


def _without_python(arguments: Sequence[str]) -> list[str]:
    kept = list(arguments)
    for place, argument in enumerate(arguments):
        if argument == "--python":
            return kept[:place] + kept[place + 2 :]
        if argument.startswith("--python="):
            return kept[:place] + kept[place + 1 :]
    return kept
