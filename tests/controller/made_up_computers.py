"""Home folders as macOS and Windows lay them out, with what Live leaves in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from controller.user_library import Computer

CFG = """<?xml version="1.0" encoding="UTF-8"?>
<Ableton MajorVersion="5" MinorVersion="12.0_12300" Creator="Ableton Live {version}" Revision="">
\t<ContentLibrary>
\t\t<UserLibrary>
\t\t\t<LibraryProject Id="0">
\t\t\t\t<ProjectLocation />
\t\t\t\t<ProjectName Value={name} />
\t\t\t\t<ProjectPath Value={path} />
\t\t\t</LibraryProject>
\t\t</UserLibrary>
\t\t<SliceInfoList>
\t\t\t<LibrarySliceInfo Id="1" Path="/Packs/Drum Essentials" DisplayName="Drum Essentials" />
\t\t</SliceInfoList>
\t</ContentLibrary>
</Ableton>
"""


def mac(home: Path) -> Computer:
    return Computer("darwin", home, {"HOME": str(home)}, lambda: None)


def windows(home: Path, documents: str | None = None, environment: Mapping[str, str] | None = None) -> Computer:
    """`documents`: what the registry says."""
    return Computer("win32", home, {"USERPROFILE": str(home), **(environment or {})}, lambda: documents)


def linux(home: Path) -> Computer:
    return Computer("linux", home, {}, lambda: None)


def library(folder: Path) -> Path:
    """`folder`, now a User Library."""
    (folder / "Presets").mkdir(parents=True)
    return folder


def preferences(computer: Computer, version: str) -> Path:
    """Where that Live writes its Library.cfg."""
    if computer.platform == "darwin":
        return computer.home / "Library" / "Preferences" / "Ableton" / f"Live {version}"
    return computer.home / "AppData" / "Roaming" / "Ableton" / f"Live {version}" / "Preferences"


def write_cfg(computer: Computer, version: str, user_library: Path, written_at: int = 1000) -> Path:
    """The Library.cfg of that Live, which names `user_library`; `written_at` seconds after 1970."""
    file = preferences(computer, version) / "Library.cfg"
    file.parent.mkdir(parents=True, exist_ok=True)
    name, path = quoteattr(user_library.name), quoteattr(str(user_library.parent))
    file.write_text(CFG.format(version=version, name=name, path=path), encoding="utf-8")
    os.utime(file, (written_at, written_at))
    return file
