"""The audio engine's process: JSON lines in on stdin, answers out on stdout, one each; ends when stdin does.

{"id": 1, "do": "probe", "path": "..."}  ->  {"id": 1, "ok": {"frames", "sample_rate_hz", "channels"}}
{"id": 2, "do": "render", "folder": "...", "sample_rate_hz": 44100, "start_beats": 0.0, "seconds": 1.0,
 "mix": {...}}                           ->  {"id": 2, "ok": {"tracks": [4, 5]}}
or {"id": ..., "error": "one line"}
"""

from __future__ import annotations

import json
import signal
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import soundfile
from embedding.audio import Audio, read_audio
from embedding.errors import JacqueesError
from embedding.kernels import FloatArray, resample

from live_simulator.errors import CannotRender
from live_simulator.mixdown import Clip, Set, Track, main_samples, track_samples

CACHE_BYTES = 512 * 2**20
BLOCK_SAMPLES = 2**18


class Sounds:
    """Decoded files and what was made of them, the most recently used up to so many bytes."""

    def __init__(self, most_bytes: int = CACHE_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[Any, ...], Audio] = OrderedDict()
        self._bytes = 0

    def decoded(self, path: str) -> Audio:
        """BadAudio."""
        return self._get((*_identity(path),), lambda: read_audio(path))

    def played(self, path: str, from_seconds: float, rate_hz: int, semitones: float) -> FloatArray:
        """[channels, n] at `rate_hz` of the file from there on, repitched."""
        audio = self.decoded(path)
        first = round(from_seconds * audio.sample_rate_hz)

        def make() -> Audio:
            return Audio(resample(audio.samples[:, first:], audio.sample_rate_hz, rate_hz, semitones), rate_hz)

        return self._get((*_identity(path), first, rate_hz, semitones), make).samples

    def _get(self, key: tuple[Any, ...], make: Callable[[], Audio]) -> Audio:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._kept[key] = make()
        self._bytes += made.samples.nbytes
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].samples.nbytes
        return made


def probe(sounds: Sounds, request: dict[str, Any]) -> dict[str, Any]:
    audio = sounds.decoded(request["path"])
    channels, frames = audio.samples.shape
    return {"frames": frames, "sample_rate_hz": audio.sample_rate_hz, "channels": channels}


def render(sounds: Sounds, request: dict[str, Any]) -> dict[str, Any]:
    """Writes main.wav and track-NN.wav, block by block."""
    live_set = parse_mix(request["mix"])
    rate_hz = int(request["sample_rate_hz"])
    count = round(request["seconds"] * rate_hz)
    start_seconds = request["start_beats"] * 60.0 / live_set.tempo_bpm
    folder = Path(request["folder"])

    def played(path: str, from_seconds: float, semitones: float) -> FloatArray:
        return sounds.played(path, from_seconds, rate_hz, semitones)

    with ExitStack() as files:

        def open_file(name: str) -> Any:
            return files.enter_context(soundfile.SoundFile(folder / name, "w", rate_hz, 2, "FLOAT", format="WAV"))

        main = open_file("main.wav")
        stems = [open_file(f"track-{track.index:02d}.wav") for track in live_set.tracks]
        for first in range(0, count, BLOCK_SAMPLES):
            span = range(first, min(first + BLOCK_SAMPLES, count))
            mixes = [
                track_samples(track, live_set.tempo_bpm, rate_hz, start_seconds, span, played)
                for track in live_set.tracks
            ]
            for stem, samples in zip(stems, mixes, strict=True):
                stem.write(samples.T.astype("float32"))
            summed = main_samples(mixes, live_set.master_volume, live_set.master_pan, len(span))
            main.write(summed.T.astype("float32"))
    return {"tracks": [track.index for track in live_set.tracks]}


def parse_mix(mix: dict[str, Any]) -> Set:
    """Of what live_simulator.snapshot.mix gives."""
    tracks = tuple(
        Track(**{**track, "clips": tuple(Clip(**clip) for clip in track["clips"])}) for track in mix["tracks"]
    )
    return Set(mix["tempo_bpm"], mix["master"]["volume"], mix["master"]["pan"], tracks)


ACTIONS = {"probe": probe, "render": render}


def answer(sounds: Sounds, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"id": request["id"], "ok": ACTIONS[request["do"]](sounds, request)}
    except (JacqueesError, CannotRender, OSError, soundfile.SoundFileError) as why:
        return {"id": request["id"], "error": str(why)}


def serve(lines: Iterable[str], sounds: Sounds) -> None:
    for line in lines:
        sys.stdout.write(json.dumps(answer(sounds, json.loads(line))) + "\n")
        sys.stdout.flush()


def _identity(path: str) -> tuple[str, int, int]:
    """A file that was changed is another file; a missing one is for read_audio to tell."""
    try:
        status = Path(path).stat()
    except OSError:
        return path, 0, 0
    return path, status.st_mtime_ns, status.st_size


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the host decides when to end
    serve(sys.stdin, Sounds())
