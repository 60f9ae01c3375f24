"""How fast the simulated Live's audio engine renders: python -m tests.benchmarks.mixdown [--files N]

500 clips on 24 tracks over 60 s, of mono and stereo files at 44.1 and 48 kHz, most of them repitched. The engine's own
functions in this process on one thread: times real time and seconds by the wall's clock / of processor, for a set whose
sounds are to be decoded and resampled and for one whose sounds are kept, with a file per track and without, and in the
blocks that a player would ask for.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import soundfile

from live_simulator.audio_engine import BLOCK_SAMPLES, render
from live_simulator.mix import Clip, Mix, Track, to_json
from live_simulator.mixdown import Mixdown
from live_simulator.sounds import Sounds
from tests.benchmarks.tables import head, row

SECONDS, TRACKS, CLIPS, RATE_HZ, TEMPO_BPM = 60.0, 24, 500, 44100, 120.0
PLAYER_BLOCK_SAMPLES = 512
RUNS = 3


def made_files(folder: Path, count: int, rng: np.random.Generator) -> list[tuple[str, int, int]]:
    """(path, frames, rate in Hz) of sounds of 1 to 4 s."""
    files = []
    for number in range(count):
        rate_hz, channels = (44100, 48000)[number % 2], 1 + number // 2 % 2
        frames = round(rng.uniform(1.0, 4.0) * rate_hz)
        path = folder / f"{number}.wav"
        soundfile.write(path, rng.uniform(-0.1, 0.1, (frames, channels)), rate_hz, subtype="PCM_24")
        files.append((str(path), frames, rate_hz))
    return files


def made_mix(files: list[tuple[str, int, int]], rng: np.random.Generator) -> Mix:
    def clip(number: int) -> Clip:
        path, frames, rate_hz = files[int(rng.integers(len(files)))]
        slots = CLIPS // TRACKS + 1
        start_beats = (number // TRACKS) * SECONDS / slots * TEMPO_BPM / 60.0
        return Clip(
            name=f"clip {number}",
            file_path=path,
            file_frames=frames,
            file_rate_hz=rate_hz,
            start_beats=start_beats,
            end_beats=start_beats + SECONDS / slots * TEMPO_BPM / 60.0,
            plays_from=0.0,
            plays_to=frames / rate_hz,
            repeats_from=None,
            gain=0.4,
            pitch_coarse=int(rng.integers(-12, 13)),
            pitch_fine=0.0,
            warping=False,
            warp_mode=0,
            warp_tempo_bpm=TEMPO_BPM,
            refusal="",
        )

    clips = [clip(number) for number in range(CLIPS)]
    return Mix(TEMPO_BPM, 0.85, 0.0, "", tuple(_track(number, clips[number::TRACKS]) for number in range(TRACKS)), ())


def _track(number: int, clips: list[Clip]) -> Track:
    return Track(f"track {number}", 0.7, number / TRACKS - 0.5, True, False, (), None, True, True, "", tuple(clips))


def report(name: str, work: Callable[[], object]) -> None:
    """One row: medians."""
    clocks = (time.perf_counter, time.process_time)
    taken = []
    for _ in range(RUNS):
        began = [clock() for clock in clocks]
        work()
        taken.append([clock() - at for clock, at in zip(clocks, began, strict=True)])
    wall, processor = np.median(taken, axis=0)
    print(row([name, f"{SECONDS / wall:.0f} / {SECONDS / processor:.0f}", f"{wall:.2f} / {processor:.2f}"]), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100, help="how many different sounds the clips are made of")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    count = round(SECONDS * RATE_HZ)
    with tempfile.TemporaryDirectory() as folder:
        mix = made_mix(made_files(Path(folder), options.files, rng), rng)
        kept = Sounds()

        def blocks(sounds: Sounds, size: int) -> None:
            mixdown = Mixdown(mix, RATE_HZ, 0.0, sounds)
            for first in range(0, count, size):
                mixdown.block(first, min(size, count - first))

        def to_files() -> None:
            request = {"folder": folder, "sample_rate_hz": RATE_HZ, "start_beats": 0.0, "seconds": SECONDS}
            render(kept, {**request, "mix": to_json(mix)})

        print(f"{CLIPS} clips of {options.files} files on {TRACKS} tracks, {SECONDS:g} s at {RATE_HZ} Hz\n")
        print(head(["wall / processor", "times real time", "seconds"]))
        report("decoded and resampled", lambda: blocks(Sounds(), BLOCK_SAMPLES))
        report("sounds kept", lambda: blocks(kept, BLOCK_SAMPLES))
        report(f"sounds kept, in blocks of {PLAYER_BLOCK_SAMPLES} samples", lambda: blocks(kept, PLAYER_BLOCK_SAMPLES))
        report(f"sounds kept, main.wav and {TRACKS} stems written", to_files)
        print(f"\nkept: {kept.kept_bytes / 2**20:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
