"""What a cover leaves on disk: arrangement.json, cover.wav, cover.mp3 and a stem for each track."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from controller.loudness import HIGHEST_PEAK_DB
from controller.out_folder import ARRANGEMENT_FILE
from embedding.audio import Audio, write_wav
from embedding.kernels import as_stereo, db_to_gain
from search.arrangement import Arrangement, arrangement_to_json

MP3_COMPRESSION = 0.1
"""libsndfile's scale, 0 (best) to 1 (smallest)."""
LONGEST_NAME_BYTES = 80
LOUDEST_REMAINDER_DB = -90.0
"""By which the stems may miss the cover."""
ADDED = "what the set adds"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
"""What one of Windows, macOS and Linux does not allow in a file's name."""


@dataclass(frozen=True)
class TargetFacts:
    """What arrangement.json says of the recording."""

    path: Path
    seconds: float


def write_exports(
    folder: Path,
    arrangement: Arrangement,
    target: TargetFacts,
    score: Mapping[str, object],
    cover: Audio,
    stems: Sequence[Audio],
    capture: Mapping[str, object] | None = None,
    origin_beats: float = 0.0,
) -> None:
    """All files of a cover into `folder`.

    `cover` is what the stage put out, `stems` the same by track (after the faders), in the arrangement's order, of the
    cover's length and rate; ValueError where they are not. What they do not sum to, as Live added it, is one more stem.
    `capture` tells how the cover was heard.
    """
    for track, stem in zip(arrangement.tracks, stems, strict=True):
        if stem.samples.shape[1] != cover.samples.shape[1] or stem.sample_rate_hz != cover.sample_rate_hz:
            raise ValueError(f"the stem of {track.name!r} is not as long as the cover")
    write_arrangement(folder, arrangement, target, score, capture, origin_beats)
    (folder / "stems").mkdir()
    named = [(track.name, stem) for track, stem in zip(arrangement.tracks, stems, strict=True)]
    added = _added(cover, stems)
    if np.abs(added.samples).max(initial=0.0) > db_to_gain(LOUDEST_REMAINDER_DB):
        named.append((ADDED, added))
    with ThreadPoolExecutor() as pool:
        writing = [pool.submit(write_mp3, folder / "cover.mp3", cover)]
        writing.append(pool.submit(write_wav, folder / "cover.wav", _stereo(cover)))
        for number, (name, stem) in enumerate(named, start=1):
            file = folder / "stems" / f"{number:02d}-{safe_name(name)}.wav"
            writing.append(pool.submit(write_wav, file, _stereo(stem)))
    for one in writing:
        one.result()


def write_arrangement(
    folder: Path,
    arrangement: Arrangement,
    target: TargetFacts,
    score: Mapping[str, object],
    capture: Mapping[str, object] | None = None,
    origin_beats: float = 0.0,
) -> None:
    """arrangement.json, as design documents and other programs expect it."""
    document = arrangement_to_json(arrangement, origin_beats)
    tracks = document.pop("tracks")
    document["target"] = {"path": str(target.path), "seconds": target.seconds}
    document["score"] = dict(score)
    if capture is not None:
        document["capture"] = dict(capture)
    document["tracks"] = tracks
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    (folder / ARRANGEMENT_FILE).write_text(text, encoding="utf-8")


def write_mp3(file: Path, audio: Audio) -> None:
    """A stereo mp3 of `audio`, at 44.1 or 48 kHz, whichever is nearer in kind.

    As mp3 clips above full scale, a cover with a peak above -1 dBFS is turned down as a whole.
    """
    fitting = audio.at_rate(48000 if audio.sample_rate_hz % 48000 == 0 else 44100)
    stereo = as_stereo(fitting.samples)
    peak = float(np.abs(stereo).max(initial=0.0))
    turned_down = stereo * np.float32(min(1.0, db_to_gain(HIGHEST_PEAK_DB) / peak)) if peak > 0.0 else stereo
    soundfile.write(
        file,
        turned_down.T,
        fitting.sample_rate_hz,
        format="MP3",
        subtype="MPEG_LAYER_III",
        compression_level=MP3_COMPRESSION,
    )


def safe_name(name: str) -> str:
    """`name` as a part of a file's name that every system takes: nothing forbidden, not empty, at most 80 bytes."""
    cleaned = _UNSAFE.sub("-", unicodedata.normalize("NFC", name)).strip(" .-")
    cut = cleaned.encode("utf-8", errors="ignore")[:LONGEST_NAME_BYTES].decode("utf-8", errors="ignore")
    return cut.strip(" .-") or "track"


def _added(cover: Audio, stems: Sequence[Audio]) -> Audio:
    rest = as_stereo(cover.samples).astype(np.float64)
    for stem in stems:
        rest -= as_stereo(stem.samples)
    return Audio(rest.astype(np.float32), cover.sample_rate_hz)


def _stereo(audio: Audio) -> Audio:
    return Audio(as_stereo(audio.samples), audio.sample_rate_hz)
