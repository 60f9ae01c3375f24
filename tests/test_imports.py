"""Who may import whom, by the source alone; and that the command line loads nothing heavy to print its help."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("controller", "embedding", "live_remote_script", "live_simulator", "search")
HEAVY = ("torch", "librosa", "scipy", "numba", "soundfile", "sounddevice", "pyloudnorm", "numpy", "rich", "pydantic")

ALLOWED = {
    "embedding": ("embedding",),
    "search": ("search", "embedding"),
    "live_remote_script": ("live_remote_script",),
    "live_simulator": ("live_simulator",),
    "controller": ("controller", "search", "embedding", "live_simulator"),
}
"""Whole packages; what only some modules may, or only of some modules, is below."""
ALLOWED_MODULES = {
    "controller": tuple(f"live_remote_script.{name}" for name in ("protocol", "fields", "seal", "osc")),
    "live_simulator": ("live_remote_script.osc", "embedding.kernels", "embedding.audio", "embedding.errors"),
}
LOCATES = {("controller", "live_remote_script")}
"""The bare package, to copy its files from where it lies."""
STANDARD_LIBRARY_ONLY = ("live_remote_script", "live_simulator")
AUDIO_ENGINE = tuple(
    f"live_simulator/{name}.py"
    for name in (
        *("audio_engine", "audio_files", "mixdown", "sounds", "voices"),
        *("audio_player", "faults", "feeder", "orders", "output_device", "program", "recording", "ring"),
    )
)
"""The part of the simulated Live that is in processes of its own and hears."""


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imports(file: Path) -> Iterator[tuple[int, str]]:
    """(line, absolute name) of every import in `file`, those inside functions included."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(parts[: -node.level]) if node.level else []
            module = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield node.lineno, whole if (ROOT / Path(*whole.split("."))).with_suffix(".py").exists() else module


def _is_below(name: str, allowed: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in allowed)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    allowed = ALLOWED[package] + ALLOWED_MODULES.get(package, ())
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in _modules(package)
        for line, name in _imports(file)
        if name.split(".")[0] in PACKAGES and not _is_below(name, allowed) and (package, name) not in LOCATES
    ]
    assert _modules(package)
    assert wrong == []


def test_the_ears_are_heard_by_the_simulators_audio_engine_only() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for package in STANDARD_LIBRARY_ONLY
        for file in _modules(package)
        if file.relative_to(ROOT).as_posix() not in AUDIO_ENGINE
        for line, name in _imports(file)
        if name.split(".")[0] not in sys.stdlib_module_names | {"live_remote_script", "live_simulator", "Live"}
    ]
    assert wrong == []


def test_nothing_imports_the_controller() -> None:
    importers = {
        package
        for package in PACKAGES
        for file in _modules(package)
        for _, name in _imports(file)
        if name.split(".")[0] == "controller"
    }
    assert importers == {"controller"}


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from controller.cli import run; status = run(['--help']); "
        "print(*sorted({name.split('.')[0] for name in sys.modules}), sep='\\n'); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert "install-script" in loaded  # the help was printed
    assert loaded.isdisjoint(HEAVY)
