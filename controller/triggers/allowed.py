"""Which files a sender may name, and how senders write paths."""

from __future__ import annotations

import difflib
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from controller.config import Settings
from controller.files import expanded
from controller.triggers.answers import Sender
from embedding.audio import ALLOWED, AUDIO_SUFFIXES
from embedding.errors import BadAudio, BadOption

VOLUMES = Path("/Volumes")
"""Where macOS has its drives by their names, the one it was started from too."""
MOST_NAMES = 2000
"""In a folder that is looked through for a name like the one that was given."""


@dataclass(frozen=True)
class Readable:
    """Folders, and single files: what senders on this computer may name lies in these, and what others may in those."""

    here: tuple[Path, ...]
    elsewhere: tuple[Path, ...]


def readable(settings: Settings, named: Iterable[Path] = ()) -> Readable:
    """`named`: the files and folders that the command line names."""
    mine = (expanded("~"), Path(tempfile.gettempdir()), *settings.library.folders, *(path.absolute() for path in named))
    return Readable((*mine, *settings.allowed_folders), settings.allowed_folders)


def named_file(text: str, sender: Sender, allowed: Readable) -> Path:
    """The audio file that `sender` means, links followed. BadOption where the path is none or lies elsewhere, BadAudio
    where there is no audio file that can be read; nobody is told what lies where he may not look.
    """
    path = named_path(text)
    if not sender.is_here and not _is_below(Path(os.path.normpath(path)), allowed.elsewhere):
        raise _elsewhere(path, sender)  # before the disk, or another computer's, is looked at
    file = Path(os.path.realpath(path))
    if not _is_below(file, allowed.here if sender.is_here else allowed.elsewhere):
        raise _elsewhere(path, sender)
    _require_audio_file(file)
    return file


def named_path(text: str) -> Path:
    """The absolute path that `text` means. BadOption where it is none."""
    path = expanded(plain_path(text, os.name == "nt"))
    if not path.is_absolute():
        raise BadOption(f"{text!r:.200}: is no absolute path; give all of it, or begin with ~ for your home folder")
    return path


def plain_path(text: str, windows: bool, volumes: Path = VOLUMES) -> str:
    """`text` as the system writes paths, ~ still in it. Clients send paths, also in quotes, file:// URLs, and, as Max
    has it, paths with the drive's name and a colon before them. BadOption where it is of another computer.
    """
    written = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    if written[:5].lower() == "file:":
        written = _of_url(written, windows)
    elif re.match(r"\w+://", written):
        raise BadOption(f"{text!r:.200}: is a URL; give a file of this computer")
    elif written.startswith("~:"):
        written = "~" + written[2:]
    elif not windows and not written.startswith(("/", "~")) and ":" in written:
        written = _of_volume(written, volumes)
    if "\x00" in written:
        raise BadOption(f"{text!r:.200}: holds a zero character; give the path of {ALLOWED}")
    return written


def _of_url(url: str, windows: bool) -> str:
    """RFC 8089. '?' and '#' stand for themselves: they are in names that a program did not write as %3F and %23."""
    path = url[len("file:") :]
    if path.startswith("//"):
        host, _, path = path[2:].partition("/")
        if host.lower() not in ("", "localhost"):
            raise BadOption(f"{url!r:.200}: is a file of {host}; give one of this computer, as file:///path")
        path = "/" + path
    path = unquote(path)
    return path[1:] if windows and re.match(r"/[A-Za-z]:", path) else path


def _of_volume(text: str, volumes: Path) -> str:
    """Max's Drive:/folder/file, and Drive:folder:file as Macs once had it."""
    drive, _, rest = text.partition(":")
    if len(drive) == 1:
        raise BadOption(f"{text!r:.200}: is a path on a Windows drive; give one of this computer")
    if not drive or "/" in drive:
        return text
    below = (rest if rest.startswith("/") else rest.replace(":", "/")).lstrip("/")
    root = volumes / drive
    return str((root if root.exists() else Path("/")) / below)


def _is_below(path: Path, allowed: Sequence[Path]) -> bool:
    """In one of the folders, or one of the files, as they are named or where their links lead."""
    return any(path.is_relative_to(one) or path.is_relative_to(os.path.realpath(one)) for one in allowed)


def _elsewhere(path: Path, sender: Sender) -> BadOption:
    if sender.is_here:
        return BadOption(
            f"{path}: may not be read; give a file below your home folder, the temporary folder, a library or what the "
            "command line names (or add its folder to allowed_folders in config.yaml)"
        )
    return BadOption(
        f"{path}: may not be read for {sender.address}; other computers may name files below allowed_folders in "
        "config.yaml (a path of their own disk?)"
    )


def _require_audio_file(file: Path) -> None:
    """BadAudio where `file` is not there, is no file, cannot be opened or has the name of something else."""
    try:
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadAudio(f"{file}: is a folder; give {ALLOWED} (one recording, not a library?)")
        if not stat.S_ISREG(mode):
            raise BadAudio(f"{file}: is a device or a pipe; give {ALLOWED}")
        if file.suffix.lower() not in AUDIO_SUFFIXES:
            raise BadAudio(f"{file}: is not named as audio is; give {ALLOWED} (export it as wav?)")
        file.open("rb").close()
    except PermissionError as why:
        raise BadAudio(
            f"{file}: may not be opened ({why.strerror}); give {ALLOWED} that you may read (on macOS: System Settings, "
            "Privacy & Security, Files and Folders?)"
        ) from why
    except (FileNotFoundError, NotADirectoryError) as why:
        raise BadAudio(f"{file}: no such file; give {ALLOWED} ({_likely(file)})") from why
    except OSError as why:
        raise BadAudio(f"{file}: cannot be read ({why.strerror or why}); give {ALLOWED}") from why


def _likely(missing: Path) -> str:
    """The mistake, told by what lies in the folder instead."""
    try:
        with os.scandir(missing.parent) as entries:
            names = [entry.name for _, entry in zip(range(MOST_NAMES), entries, strict=False)]
    except OSError:
        return f"{missing.parent} is not there either: is the drive connected?"
    near = difflib.get_close_matches(missing.name, [n for n in names if Path(n).suffix.lower() in AUDIO_SUFFIXES], n=1)
    return f"did you mean {near[0]}?" if near else "is the path spelled right?"
