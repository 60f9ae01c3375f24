"""Where Live's User Library lies: where Live's own Library.cfg says, else in the places where Live puts it.

Library.cfg is XML that each version of Live writes into its preferences folder. The library is the folder
`ProjectName` in `ProjectPath`, both in `UserLibrary`. Folders of versions that are no longer used stay behind, so the
file written last counts.
"""

from __future__ import annotations

import html
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from controller.files import expanded
from embedding.errors import BadOption

LIBRARY_NAME = "User Library"
PARTS_OF_A_LIBRARY = ("Presets", "Defaults", "Clips", "Templates", "Remote Scripts")
"""Folders, some of which each User Library has."""


@dataclass(frozen=True)
class Computer:
    """What the search looks at. `platform` is sys.platform's; `documents_setting` gives what Windows' registry says
    (None elsewhere)."""

    platform: str
    home: Path
    environment: Mapping[str, str]
    documents_setting: Callable[[], str | None]


@dataclass(frozen=True)
class Library:
    """A User Library, or where one should be. `told_by`: who says so."""

    folder: Path
    told_by: str


@dataclass(frozen=True)
class Search:
    """Best first. `missing`: named in a Library.cfg, but not there (a drive that is not connected?)."""

    found: tuple[Library, ...]
    missing: tuple[Library, ...]


def this_computer() -> Computer:
    return Computer(sys.platform, Path.home(), os.environ, _documents_setting)


def has_live(computer: Computer) -> bool:
    """Whether Live runs on such a system."""
    return computer.platform in ("darwin", "win32")


def find_user_libraries(computer: Computer) -> Search:
    found: list[Library] = []
    missing: list[Library] = []
    for library in (*_named_by_live(computer), *_usual_places(computer)):
        if library.folder.is_dir():
            if not any(library.folder.samefile(other.folder) for other in found):
                found.append(library)
        elif library.told_by != USUAL_PLACE and library.folder not in [other.folder for other in missing]:
            missing.append(library)
    return Search(tuple(found), tuple(missing))


def choose_user_library(given: Path | None, computer: Computer) -> tuple[Library, list[str]]:
    """(the User Library, what a user should know about the choice). `given` is that of --user-library.

    BadOption where there is none.
    """
    if given is not None:
        folder = expanded(given).absolute()
        if not folder.is_dir():
            raise BadOption(
                f"--user-library {folder}: no such folder; give the one that Live names in its Settings, Library, "
                "Location of User Library (has Live been started once?)"
            )
        return Library(folder, "--user-library"), []
    search = find_user_libraries(computer)
    gone = "; ".join(f"{library.told_by} names {library.folder}, which is not there" for library in search.missing)
    if not search.found:
        raise BadOption(_none_found(computer, gone))
    taken, *others = search.found
    words = [f"{gone} (a drive that is not connected?)"] if gone else []
    if others:
        listed = "; ".join(f"{library.folder} ({library.told_by})" for library in others)
        words.append(f"There is more than one User Library; not taken: {listed}. Choose with --user-library DIR.")
    return taken, words


USUAL_PLACE = "the usual place"


def _none_found(computer: Computer, gone: str) -> str:
    if not has_live(computer):
        return (
            "--user-library: should be given, as Live does not run on this system; its default on macOS is "
            "~/Music/Ableton/User Library, on Windows Documents/Ableton/User Library"
        )
    looked_at = gone or ", ".join(str(library.folder) for library in _usual_places(computer)) + ": not there"
    return (
        f"no User Library of Live's was found ({looked_at}); start Live once, or connect the drive, or give the folder "
        "that Live names in its Settings, Library: --user-library DIR"
    )


def _named_by_live(computer: Computer) -> Iterator[Library]:
    """Newest file first."""
    files = [
        file
        for folder in _folders_named_live(_preferences(computer))
        for file in (folder / "Library.cfg", folder / "Preferences" / "Library.cfg")
        if file.is_file()
    ]
    for file in sorted(files, key=lambda file: file.stat().st_mtime, reverse=True):
        folder = library_in_cfg(file)
        if folder is not None:
            live = next(part for part in reversed(file.parts) if part.startswith("Live "))
            yield Library(folder, f"{live}'s Library.cfg")


def library_in_cfg(file: Path) -> Path | None:
    """The User Library that a Library.cfg names, whether it is there or not; None where it names none.

    Read tolerantly: only what is looked for has to be as expected, the file need not be well-formed.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return None  # not readable for us: as if it were not there; where nothing else is found, the user is asked
    part = re.search(r"<UserLibrary\b.*?(</UserLibrary\s*>|\Z)", text, re.DOTALL)
    values = dict(_values(part[0])) if part else {}
    if not values.get("ProjectPath"):
        return None
    path = Path(values["ProjectPath"])
    folder = path / (values.get("ProjectName") or LIBRARY_NAME)
    if not folder.is_dir() and any((path / name).is_dir() for name in PARTS_OF_A_LIBRARY):
        return path  # it names the library itself
    return folder


def _values(xml: str) -> Iterator[tuple[str, str]]:
    for name, _, value in re.findall(r"<(ProjectPath|ProjectName)\s+Value\s*=\s*([\"'])(.*?)\2", xml, re.DOTALL):
        yield name, html.unescape(value).strip()


def _preferences(computer: Computer) -> Path | None:
    if computer.platform == "darwin":
        return computer.home / "Library" / "Preferences" / "Ableton"
    if computer.platform == "win32":
        roaming = computer.environment.get("APPDATA")
        return (Path(roaming) if roaming else computer.home / "AppData" / "Roaming") / "Ableton"
    return None


def _folders_named_live(preferences: Path | None) -> list[Path]:
    """'Live 12.3.6' and so on; 'Live Reports' holds crash reports."""
    if preferences is None or not preferences.is_dir():
        return []
    return [folder for folder in preferences.iterdir() if re.match(r"Live \d", folder.name)]


def _usual_places(computer: Computer) -> Iterator[Library]:
    folders: list[Path] = []
    if computer.platform == "darwin":
        folders = [computer.home / "Music"]
    if computer.platform == "win32":
        folders = list(_windows_documents(computer))
    for folder in folders:
        yield Library(folder / "Ableton" / LIBRARY_NAME, USUAL_PLACE)


def _windows_documents(computer: Computer) -> Iterator[Path]:
    """Where Documents may be: as the registry says (moved, or kept by OneDrive), else where it is by default."""
    setting = computer.documents_setting()
    if setting:
        yield Path(_with_variables(setting, computer).replace("\\", "/"))
    for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"):
        if computer.environment.get(name):
            yield Path(computer.environment[name]) / "Documents"
    yield Path(computer.environment.get("USERPROFILE") or computer.home) / "Documents"


def _with_variables(text: str, computer: Computer) -> str:
    """%NAME% replaced by that variable of the environment, in which Windows ignores case."""
    values = {name.upper(): value for name, value in computer.environment.items()}
    values.setdefault("USERPROFILE", str(computer.home))
    return re.sub(r"%([^%]+)%", lambda found: values.get(found[1].upper(), found[0]), text)


def _documents_setting() -> str | None:
    """What the registry says about the user's Documents folder, e.g. %USERPROFILE%\\OneDrive\\Documents."""
    if sys.platform != "win32":
        return None
    import winreg

    key = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as folders:
            return str(winreg.QueryValueEx(folders, "Personal")[0])
    except OSError:
        return None  # no such entry: the default places are looked at
