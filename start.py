#!/usr/bin/env python3
"""Sets JacqueesBot up in .venv beside this file, then makes a first cover or runs the tests. Standard library only.

python3 start.py cover [RECORDING] [options of `jacqueesbot cover`]
python3 start.py test [options of pytest]
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LEAST = (3, 11)
DEPENDS_ON = ("pyproject.toml", "setup.py", "constraints.txt")


def main(arguments: list[str]) -> int:
    if sys.version_info < LEAST:
        return with_newer_python(arguments)
    if arguments[:1] == ["cover"]:
        set_up("")
        return call([str(PYTHON), "-m", "controller.first_cover", *arguments[1:]])
    if arguments[:1] == ["test"]:
        set_up("test")
        return test(arguments[1:])
    print(__doc__)
    return 0 if arguments in ([], ["--help"], ["-h"]) else 2


def with_newer_python(arguments: list[str]) -> int:
    newer = next(filter(None, (shutil.which(f"python3.{minor}") for minor in range(LEAST[1], 20))), None)
    if newer is None:
        found = sys.version.split()[0]
        fail(f"Python {LEAST[0]}.{LEAST[1]} or newer is needed, this is {found}; install one from python.org")
    return call([newer, __file__, *arguments])


def set_up(extra: str) -> None:
    """Makes .venv and installs into it, unless that was done for the same Python and the same list of needs."""
    wanted = state()
    if not runs(PYTHON):
        make_venv()
    elif any(is_done(which, wanted) for which in {extra, "test"}):
        return
    print("Installing what JacqueesBot needs into .venv (the first time this takes some minutes) ...", flush=True)
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    if call([*command, "-c", str(ROOT / "constraints.txt"), "-e", target]) != 0:
        fail("installing failed, the lines above say why (is the network there?); run the same command again")
    done_file(extra).write_text(wanted, encoding="utf-8")


def done_file(extra: str) -> Path:
    return VENV / f"jacqueesbot-{extra or 'base'}.done"


def is_done(extra: str, wanted: str) -> bool:
    return done_file(extra).exists() and done_file(extra).read_text(encoding="utf-8") == wanted


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        fail(
            "this Python cannot make virtual environments; on Debian and Ubuntu run: "
            f"sudo apt install python{version}-venv, then the same command again"
        )
    if call([sys.executable, "-m", "venv", "--clear", str(VENV)]) != 0:
        fail(f"{VENV} could not be made, the lines above say why")


def state() -> str:
    content = b"".join((ROOT / name).read_bytes() for name in DEPENDS_ON)
    return f"{sys.version_info[0]}.{sys.version_info[1]} {ROOT} {hashlib.sha256(content).hexdigest()}"


def test(pytest_options: list[str]) -> int:
    """ruff, mypy and pytest, all three whatever the others say; pytest last, so that its summary ends the output.

    Two processes share the tests, on whatever computer: many wait for sound that plays in real time, and more of those
    beside each other would make some miss their moment.
    """
    in_two = ["-n", "2", "--dist", "loadfile"]
    os.chdir(ROOT)
    statuses = [
        call([str(PYTHON), "-m", tool, *options])
        for tool, options in (("ruff", ["check"]), ("mypy", []), ("pytest", [*in_two, *pytest_options]))
    ]
    return next((status for status in reversed(statuses) if status), 0)


def runs(python: Path) -> bool:
    """Whether it starts at all: a moved or updated Python leaves an environment behind that does not."""
    try:
        return subprocess.call([str(python), "-c", "pass"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def call(command: list[str]) -> int:
    """Its exit status. Ctrl-C reaches the command, too, which ends in its own way; this waits for it."""
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def fail(message: str) -> NoReturn:
    sys.exit(f"start.py: {message}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
