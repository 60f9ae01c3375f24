"""`jacqueesbot doctor`: what works here, and the mend for what does not.

Nothing is changed, but for what --live tries in an open set without clips, and takes back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from controller.capture.checks import audio_checks
from controller.checks import Check
from controller.config import Settings, find_config, load_settings
from controller.library_files import find_audio
from controller.live_checks import open_live, probed_live, script_checks
from controller.progress import Progress
from controller.user_library import this_computer
from embedding.errors import JacqueesError


def examine(config: Path | None, live: bool, progress: Progress) -> list[Check]:
    """All checks, in the order in which to mend. `config` as given with --config; `live`: probe an open Live, too, and
    write the report of that into the current folder."""
    try:
        file = find_config(config)
        settings = load_settings(file)
    except JacqueesError as why:
        return [Check("config", False, str(why), "Correct that line, or start without --config.")]
    checks: list[Callable[[Settings], Check]] = [_weights, _cache, _library, _decoder]
    found = [Check("config", True, str(file), ""), *(check(settings) for check in checks)]
    found += [*audio_checks(settings), *script_checks(settings, this_computer()), open_live(settings)]
    if live:
        found.append(probed_live(settings, Path.cwd(), progress))
    return found


def _weights(settings: Settings) -> Check:
    from controller.chosen_ears import chosen_ears

    mend = "Install JacqueesBot again, or correct embedding in config.yaml (weights: null, device: cpu)."
    try:
        ears = chosen_ears(settings.embedding)
    except JacqueesError as why:
        return Check("weights", False, str(why), mend)
    found = f"{ears.card['architecture']}, checksum {ears.card['sha256'][:12]}, on {ears.device}"
    return Check("weights", True, found, mend)


def _cache(settings: Settings) -> Check:
    folder = settings.cache_folder
    mend = "Set library.cache_folder in config.yaml to a folder that you may write."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as why:
        return Check("cache", False, f"{folder}: {why.strerror}", mend)
    return Check("cache", True, str(folder), mend)


def _library(settings: Settings) -> Check:
    mend = "Correct library.folders in config.yaml."
    counts = []
    for folder in settings.library.folders:
        try:
            counts.append(f"{folder}: {len(find_audio(folder)[0])} audio files")
        except JacqueesError as why:
            return Check("library", False, str(why), mend)
    return Check("library", True, "; ".join(counts) or "none in config.yaml; commands name theirs with --library", mend)


def _decoder(_: Settings) -> Check:
    import soundfile

    version = soundfile.__libsndfile_version__
    found = f"libsndfile {version}" + ("" if "MP3" in soundfile.available_formats() else " without mp3")
    return Check("decoder", "MP3" in soundfile.available_formats(), found, "Update with: pip install -U soundfile.")
