"""What doctor checks of the computer: Python and its packages, our weights, the decoder, folders, the room in them."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from controller.checks import Check, bad, fine
from controller.config import Settings
from embedding.errors import JacqueesError

DISTRIBUTION = "jacqueesbot"
LEAST_FREE_BYTES = 10**9
"""A library's decoded samples, captures and stems take some hundred megabytes."""
INSTALL = "Install JacqueesBot again: `python3 start.py cover` in its folder, or `pip install -U` of it."


def python_check() -> Check:
    python = (
        f"{platform.python_version()}, {platform.python_implementation()} {8 * _pointer_bytes()} bit, {sys.executable}"
    )
    try:
        wanted = metadata.metadata(DISTRIBUTION)["Requires-Python"]
    except metadata.PackageNotFoundError:
        return fine("python", python)  # packages_check tells
    if not SpecifierSet(wanted).contains(platform.python_version(), prereleases=True):
        return bad("python", f"{python}: {wanted} is needed", "Install one from python.org, then JacqueesBot with it.")
    return fine("python", python)


def packages_check(version_of: Callable[[str], str] = metadata.version) -> Check:
    """What JacqueesBot, as it is installed, needs to have beside it. `version_of` may raise PackageNotFoundError."""
    try:
        needed = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        found = f"JacqueesBot itself is not installed for {sys.executable}"
        return bad("packages", found, "Run it with the Python that it was installed for (.venv), or install it.")
    wanted = [one for one in map(Requirement, needed) if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [words for one in wanted if (words := _wrong(one, version_of))]
    if wrong:
        return bad("packages", "; ".join(wrong), INSTALL)
    return fine("packages", f"jacqueesbot {version_of(DISTRIBUTION)} and the {len(wanted)} that it needs")


def weights_check(settings: Settings) -> Check:
    from controller.chosen_ears import chosen_ears

    try:
        ears = chosen_ears(settings.embedding)
    except JacqueesError as why:
        mend = "Install JacqueesBot again, or correct embedding in config.yaml (weights: null, device: cpu)."
        return bad("weights", str(why), mend)
    return fine("weights", f"{ears.card['architecture']}, checksum {ears.card['sha256'][:12]}, on {ears.device}")


def decoder_check() -> Check:
    import soundfile

    found = f"libsndfile {soundfile.__libsndfile_version__}"
    if "MP3" not in soundfile.available_formats():
        return bad("decoder", f"{found} without mp3", "Update with: pip install -U soundfile.")
    return fine("decoder", found)


def cache_check(settings: Settings) -> Check:
    folder = settings.cache_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as why:
        mend = "Set library.cache_folder in config.yaml to a folder that you may write."
        return bad("cache", f"{folder}: {why.strerror}", mend)
    return fine("cache", str(folder))


def disk_check(folders: Mapping[str, Path], free_bytes: Callable[[Path], int] | None = None) -> Check:
    """`folders` by the key of config.yaml that names them. They need not be there yet; nothing is made."""
    measure = free_bytes or (lambda folder: shutil.disk_usage(folder).free)
    found, wrong = [], []
    for key, folder in folders.items():
        try:
            there = _nearest(folder)
            free = measure(there)
        except OSError as why:
            wrong.append(f"{folder} ({key}): cannot be looked at ({why.strerror or why}; a drive that is not there?)")
            continue
        found.append(f"{key} {free / 10**9:.1f} GB")
        if free < LEAST_FREE_BYTES:
            wrong.append(f"{folder} ({key}): {free / 10**9:.2f} GB are free, {LEAST_FREE_BYTES / 10**9:.0f} are needed")
        elif not there.is_dir() or not os.access(there, os.W_OK):
            wrong.append(f"{folder} ({key}): may not be written")
    if wrong:
        return bad("disk", "; ".join(wrong), f"Make room, or name other folders in config.yaml: {', '.join(folders)}.")
    return fine("disk", f"free: {', '.join(found)}")


def disk_folders(settings: Settings) -> dict[str, Path]:
    return {
        "stage.samples_folder": settings.samples_folder,
        "jobs_folder": settings.covers_folder,
        "library.cache_folder": settings.cache_folder,
    }


def _wrong(needed: Requirement, version_of: Callable[[str], str]) -> str:
    """Empty where nothing is."""
    try:
        version = version_of(needed.name)
    except metadata.PackageNotFoundError:
        return f"{needed.name} is missing"
    if not needed.specifier.contains(version, prereleases=True):
        return f"{needed.name} is {version}, {needed.specifier} is needed"
    return ""


def _nearest(folder: Path) -> Path:
    """What is there of the way to it."""
    return next((one for one in (folder, *folder.parents) if one.exists()), Path(folder.anchor))


def _pointer_bytes() -> int:
    return (sys.maxsize.bit_length() + 1) // 8
