"""Copies the remote script: into Live's User Library, or beside a simulated Live with settings of its own."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import live_remote_script
from controller.config import Settings
from controller.token import read_or_make_token, token_path
from controller.user_library import Computer, choose_user_library, find_user_libraries
from embedding.errors import BadOption, JacqueesError
from live_remote_script.protocol import PROTOCOL_VERSION, SCRIPT_VERSION

SCRIPT_NAME = "JacqueesBot"
"""Of its folder, and so in Live's list of Control Surfaces."""
MARK = "jacqueesbot-script.txt"
"""Lies in every copy: its version, then its files' names. A folder without it is not ours to replace or remove."""
SETTINGS = "settings.json"
BESIDE = f".{SCRIPT_NAME}-"
"""Begins the names of folders that lie beside the script while it is being changed."""
ALSO_OURS = (MARK, SETTINGS, "__pycache__", ".DS_Store", "desktop.ini", "Thumbs.db")
"""What the mark does not list: what Live's Python and the system add."""

STEPS = (
    "Quit Live if it is open, and start it: it looks for scripts only when it starts.",
    "Open its Settings: Cmd+, on macOS, Ctrl+, on Windows (in Live 11 they are called Preferences).",
    "Live 12: choose the page Tempo & MIDI (in earlier ones Link, Tempo & MIDI). Live 11: the page Link Tempo MIDI.",
    f"In the first row that is free, choose {SCRIPT_NAME} as Control Surface; leave Input and Output at None.",
    "With Live open, run: jacqueesbot doctor",
)
"""What a user does in Live after the script was copied."""


@dataclass(frozen=True)
class InstalledScript:
    """`version` is '' where its mark tells none."""

    folder: Path
    version: str


@dataclass(frozen=True)
class Installation:
    """`words` are what a user should know besides."""

    script: InstalledScript
    words: tuple[str, ...]


def copy_script(destination_folder: Path, settings: Mapping[str, Any] | None = None) -> None:
    """Makes `destination_folder`, which must not exist or be empty, a copy of the script: complete, or not at all.

    `settings` become its settings.json, e.g. {"port": 19105}; without them it listens on its default port.
    """
    destination_folder = destination_folder.absolute()
    destination_folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".jacqueesbot-script-", dir=destination_folder.parent) as beside:
        fresh = Path(beside, "fresh")
        fresh.mkdir()
        sources = sorted(Path(live_remote_script.__file__).parent.glob("*.py"))
        for source in sources:
            shutil.copyfile(source, fresh / source.name)
        lines = [f"JacqueesBot script {SCRIPT_VERSION}, protocol {PROTOCOL_VERSION}", *(file.name for file in sources)]
        (fresh / MARK).write_text("\n".join(lines) + "\n", encoding="utf-8")
        if settings is not None:
            (fresh / SETTINGS).write_text(json.dumps(dict(settings)), encoding="utf-8")
        if destination_folder.is_dir():
            destination_folder.rmdir()  # an empty one; OSError where it is not
        fresh.rename(destination_folder)


def install(user_library: Path | None, settings: Settings, computer: Computer) -> Installation:
    """Copies the script into the User Library, complete at once; an earlier one of ours is replaced whole, and stays
    where that fails.

    BadOption where there is no User Library, or something that is not ours in the script's place; BadConfig where the
    token cannot be read or made.
    """
    library, words = choose_user_library(user_library, computer)
    words.insert(0, f"User Library: {library.folder} ({library.told_by})")
    folder = script_folder(library.folder)
    before = installed_script(folder)
    token = token_path(settings.osc.token_file)
    read_or_make_token(token, words.append)
    _replace(folder, {"port": settings.osc.script_port, "token_file": str(token)})
    if before is not None:
        words.append(_change(before.version))
    return Installation(InstalledScript(folder, SCRIPT_VERSION), tuple(words))


def uninstall(user_library: Path | None, computer: Computer) -> list[Path]:
    """The script's folders, which are gone now: the one in `user_library`, else those in every one that is found.

    BadOption where there is none, or something that is not ours in its place; then all stay.
    """
    if user_library is not None:
        libraries = [choose_user_library(user_library, computer)[0]]
    else:
        libraries = list(find_user_libraries(computer).found) or [choose_user_library(None, computer)[0]]
    places = [script_folder(library.folder) for library in libraries]
    there = [script.folder for script in map(installed_script, places) if script is not None]
    if not there:
        listed = ", ".join(map(str, places))
        raise BadOption(f"{listed}: is not there, so there is nothing to remove (another --user-library?)")
    for folder in there:
        with _changing(folder), tempfile.TemporaryDirectory(prefix=BESIDE, dir=folder.parent) as beside:
            folder.rename(Path(beside, "old"))  # so that Live never finds half of it
    return there


def script_folder(user_library: Path) -> Path:
    return user_library / "Remote Scripts" / SCRIPT_NAME


def installed_script(folder: Path) -> InstalledScript | None:
    """The script in that folder; None where there is none. BadOption where it holds anything that is not ours."""
    if folder.is_symlink():
        raise BadOption(f"{folder}: is a link, which we did not make; it is left as it is (remove it yourself?)")
    if not folder.exists():
        return None
    if not (folder / MARK).is_file():
        raise BadOption(f"{folder}: was not installed by us; it is left as it is (move it away first?)")
    head, *listed = (folder / MARK).read_text("utf-8", "replace").splitlines() or [""]
    ours = listed or [file.name for file in folder.glob("*.py")]  # 0.1.0 did not list its files
    others = sorted({path.name for path in folder.iterdir()} - {*ours, *ALSO_OURS})
    if others:
        raise BadOption(
            f"{folder}: holds {', '.join(others[:3])}{', ...' if others[3:] else ''}, not installed by us; all is left "
            "as it is (move that away first?)"
        )
    version = re.search(r"\d+(\.\d+)+", head)
    return InstalledScript(folder, version[0] if version else "")


def _replace(folder: Path, settings: Mapping[str, Any]) -> None:
    with _changing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        for left in folder.parent.glob(BESIDE + "*"):
            shutil.rmtree(left)  # of one that was cut off
        with tempfile.TemporaryDirectory(prefix=BESIDE, dir=folder.parent) as beside:
            fresh, old = Path(beside, "fresh"), Path(beside, "old")
            copy_script(fresh, settings)
            if folder.exists():
                folder.rename(old)
            try:
                fresh.rename(folder)
            except OSError:
                if old.exists():
                    old.rename(folder)
                raise


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as why:
        raise JacqueesError(
            f"{folder}: cannot be changed ({why}); it is left as it was (is Live open, or may you not write there?)"
        ) from why


def _change(before: str) -> str:
    if before == SCRIPT_VERSION:
        return f"The same version was there before ({before})."
    later = _numbers(before) > _numbers(SCRIPT_VERSION)
    return f"{before or 'unknown'} -> {SCRIPT_VERSION}" + (
        ": what was there before was newer (is there another JacqueesBot on this computer?)" if later else ""
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))
