"""Where Live's User Library lies, and our script in it: `Remote Scripts/JacqueesBot`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from platformdirs import user_documents_path

from controller.files import expanded
from controller.install_script import MARK, copy_script
from embedding.errors import BadOption

SCRIPT_NAME = "JacqueesBot"


def default_user_library() -> Path | None:
    """Where Live puts it unless told otherwise; None on systems that Live does not run on."""
    if sys.platform == "darwin":
        return Path.home() / "Music" / "Ableton" / "User Library"
    if sys.platform == "win32":
        return user_documents_path() / "Ableton" / "User Library"
    return None


def script_folder(user_library: Path | None = None) -> Path:
    """The folder of our script, whether it is there or not. BadOption where there is no such User Library."""
    library = expanded(user_library).absolute() if user_library else default_user_library()
    if library is None:
        raise BadOption(
            "--user-library: should be given, as Live does not run on this system; its default on macOS is "
            "~/Music/Ableton/User Library, on Windows Documents/Ableton/User Library"
        )
    if not library.is_dir():
        raise BadOption(
            f"--user-library {library}: no such folder; give the one that Live names in Settings, Library "
            "(has Live been started once?)"
        )
    return library / "Remote Scripts" / SCRIPT_NAME


def is_ours(folder: Path) -> bool:
    return (folder / MARK).is_file()


def install(user_library: Path | None, port: int) -> Path:
    """The script's folder, complete at once and listening on `port`; an earlier one of ours is replaced whole."""
    folder = script_folder(user_library)
    _require_ours_or_nothing(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{SCRIPT_NAME}-", dir=folder.parent) as beside:
        fresh, old = Path(beside, "fresh"), Path(beside, "old")
        copy_script(fresh, {"port": port})
        if folder.exists():
            folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    return folder


def uninstall(user_library: Path | None = None) -> Path:
    """The script's folder, which is gone now."""
    folder = script_folder(user_library)
    if not folder.exists():
        raise BadOption(f"{folder}: is not there, so there is nothing to remove (another --user-library?)")
    _require_ours_or_nothing(folder)
    shutil.rmtree(folder)
    return folder


def _require_ours_or_nothing(folder: Path) -> None:
    if folder.exists() and not is_ours(folder):
        raise BadOption(f"{folder}: was not installed by us; it is left as it is (move it away first?)")
