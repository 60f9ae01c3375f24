"""Which audio files Live opens (help.ableton.com 211427589, "Supported Audio File Formats")."""

from __future__ import annotations

import soundfile

from live_simulator.errors import CannotOpen

HIGHEST_RATE_HZ = 192_000
ANY_VERSION = (0,)
OPENED_SINCE: dict[str, dict[str, tuple[int, ...]]] = {
    "WAV": {
        "PCM_U8": ANY_VERSION,
        "PCM_16": ANY_VERSION,
        "PCM_24": ANY_VERSION,
        "FLOAT": ANY_VERSION,
        "PCM_32": (12, 1, 0),
    },
    "AIFF": {"PCM_S8": ANY_VERSION, "PCM_16": ANY_VERSION, "PCM_24": ANY_VERSION, "FLOAT": ANY_VERSION},
    "FLAC": {"PCM_S8": ANY_VERSION, "PCM_16": ANY_VERSION, "PCM_24": ANY_VERSION},
    "OGG": {"VORBIS": ANY_VERSION},
    "MP3": {"MPEG_LAYER_III": ANY_VERSION},
}
"""Format -> subtype -> the first version of Live that opens it; others are not opened."""


def opened_since(path: str) -> tuple[int, ...]:
    """The first version of Live that opens an audio file; CannotOpen where none does."""
    info = soundfile.info(path)
    if info.channels > 2:
        raise CannotOpen(f"{path}: has {info.channels} channels; Live opens mono and stereo files")
    if info.samplerate > HIGHEST_RATE_HZ:
        raise CannotOpen(f"{path}: has a sample rate of {info.samplerate} Hz; Live opens up to {HIGHEST_RATE_HZ}")
    subtypes = OPENED_SINCE.get("WAV" if info.format == "WAVEX" else info.format, {})
    if info.subtype not in subtypes:
        raise CannotOpen(
            f"{path}: is {info.format} of {info.subtype}; Live opens wav, aiff and flac of 8, 16 and 24 bit, "
            "wav and aiff of 32 bit float, ogg (Vorbis) and mp3"
        )
    return subtypes[info.subtype]
