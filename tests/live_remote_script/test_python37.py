"""The script's own tests under a real Python 3.7, and the versions and walls it has to keep."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import live_remote_script
from live_remote_script import protocol
from tests.python37 import require_python37

SUITE = Path(__file__).parent / "suite"
PACKAGE = Path(live_remote_script.__file__).parent
SOURCES = sorted(PACKAGE.glob("*.py"))


def test_the_suite_passes_under_python37() -> None:
    command = [
        require_python37(),
        "-B",
        "-W",
        "error",
        "-m",
        "unittest",
        "discover",
        "-s",
        str(SUITE),
        "-p",
        "test_script_*.py",
    ]
    result = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)}, capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stderr
    assert "Ran 0 tests" not in result.stderr


def test_the_script_needs_no_python_newer_than_37() -> None:
    command = [
        sys.executable,
        "-c",
        "import vermin; vermin.main()",
        "--no-tips",
        "--violations",
        "-t=3.7-",
        str(PACKAGE),
    ]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_script_imports_the_standard_library_live_and_itself_relatively(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            assert name.split(".")[0] in {*sys.stdlib_module_names, "Live"}, f"{source.name} imports {name}"


def test_addresses_occur_in_the_protocol_only() -> None:
    for package in ("live_remote_script", "controller", "search", "live_simulator"):
        for source in (PACKAGE.parent / package).rglob("*.py"):
            if source not in (PACKAGE / "protocol.py", PACKAGE / "fields.py"):
                assert protocol.PREFIX.rstrip("/") not in source.read_text(encoding="utf-8"), source
