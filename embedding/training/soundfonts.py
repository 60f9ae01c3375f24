"""Notes out of General MIDI sound sets: more sources per class than recordings of notes offer.

Sound sets are played by fluidsynth (.sf2) or TiMidity++ (.cfg), dry: rooms are added in training. One source is one
program of one set.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embedding.audio import Audio, read_audio
from embedding.errors import BadInput
from embedding.kernels import FloatArray
from embedding.training.labels import LABELS

RATE_HZ = 44100
KEY_STEP_SEMITONES = 3
VELOCITIES = (48, 84, 116)
HELD_SECONDS = 2.6
RELEASED_SECONDS = 0.9
DRUM_SECONDS = 1.2
TICKS_PER_SECOND = 960
QUIETEST = 1e-3

PROGRAMS: dict[str, tuple[tuple[int, ...], int, int]] = {
    # name: (General MIDI programs, counted from 0; lowest key; highest key)
    "cello": ((42,), 36, 76),
    "clarinet": ((71,), 50, 91),
    "flute": ((73,), 59, 96),
    "acoustic guitar": ((24, 25), 40, 80),
    "electric guitar": ((26, 27, 28, 29, 30), 40, 84),
    "organ": ((16, 17, 18, 19, 20), 36, 93),
    "piano": ((0, 1, 2, 3), 28, 100),
    "saxophone": ((64, 65, 66, 67), 44, 84),
    "trumpet": ((56, 59), 52, 86),
    "violin": ((40,), 55, 98),
    "voice": ((52, 53), 45, 79),
    "bass": ((32, 33, 34, 36, 38, 39), 28, 55),
    "strings": ((41, 44, 45, 48, 49, 50), 40, 88),
    "brass": ((57, 58, 60, 61, 62), 36, 77),
    "mallets": ((8, 9, 11, 12, 13), 53, 96),
    "electric piano": ((4, 5), 36, 88),
    "synth": ((80, 81, 82, 88, 89, 90, 94, 95), 40, 88),
    "double reed": ((68, 69, 70), 40, 84),
    "accordion": ((21, 22), 48, 84),
    "harp": ((46, 6), 36, 90),
}
DRUM_KEYS: dict[str, tuple[int, ...]] = {
    "kick": (35, 36),
    "snare": (37, 38, 40),
    "hi-hat": (42, 44, 46),
    "cymbal": (49, 51, 52, 55, 57, 59),
    "tom": (41, 43, 45, 47, 48, 50),
    "hand drum": (60, 61, 62, 63, 64, 65, 66),
    "clap": (39,),
}
DRUM_KITS = (0, 8, 16, 24, 25, 32, 40)
DRUM_CHANNEL = 9


@dataclass(frozen=True)
class Played:
    """One note to be played: `key` and `velocity` as in MIDI, at `start_seconds`, held and then left to ring."""

    key: int
    velocity: int
    start_seconds: float
    held_seconds: float
    ringing_seconds: float


def gather_sound_set(sound_set: Path, out_folder: Path) -> Iterator[Path]:
    """Write every program's notes as `out_folder/<label>/<set>-<program>__<key>-<velocity>.flac`; what was written,
    source by source. BadInput where neither player is installed or the set cannot be played."""
    for name, (programs, lowest, highest) in PROGRAMS.items():
        for program in programs:
            keys = range(lowest, highest + 1, KEY_STEP_SEMITONES)
            plan = schedule(
                [(key, velocity) for key in keys for velocity in VELOCITIES], HELD_SECONDS, RELEASED_SECONDS
            )
            source = f"{sound_set.stem}-{program:03d}"
            yield from _gathered(sound_set, plan, program, 0, out_folder / name.replace(" ", "_"), source)
    for name, drum_keys in DRUM_KEYS.items():
        for kit in DRUM_KITS:
            plan = schedule([(key, velocity) for key in drum_keys for velocity in VELOCITIES], 0.3, DRUM_SECONDS - 0.3)
            source = f"{sound_set.stem}-kit{kit:02d}"
            yield from _gathered(sound_set, plan, kit, DRUM_CHANNEL, out_folder / name.replace(" ", "_"), source)


def schedule(notes: list[tuple[int, int]], held_seconds: float, ringing_seconds: float) -> list[Played]:
    """(key, velocity) one after the other."""
    step = held_seconds + ringing_seconds
    return [Played(key, velocity, i * step, held_seconds, ringing_seconds) for i, (key, velocity) in enumerate(notes)]


def _gathered(
    sound_set: Path, plan: list[Played], program: int, channel: int, folder: Path, source: str
) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.glob(f"{source}__*.flac")):
        return
    sound = play(sound_set, plan, program, channel)
    for note in plan:
        first = round(note.start_seconds * RATE_HZ)
        cut = sound[first : first + round((note.held_seconds + note.ringing_seconds) * RATE_HZ)]
        peak = float(np.abs(cut).max(initial=0.0))
        if peak > QUIETEST:
            yield write_note(folder / f"{source}__{note.key:03d}-{note.velocity:03d}.flac", cut / peak * 0.9, RATE_HZ)


def write_note(file: Path, sound: FloatArray, rate_hz: int) -> Path:
    """`sound` [n] at 22.05 kHz, 16 bit: what training needs of it."""
    import soundfile

    from embedding.analysis import SAMPLE_RATE_HZ

    mono = Audio(np.asarray(sound, np.float32)[None], rate_hz).at_rate(SAMPLE_RATE_HZ).mono()
    soundfile.write(file, mono.clip(-1.0, 1.0), SAMPLE_RATE_HZ, subtype="PCM_16")
    return file


def play(sound_set: Path, plan: list[Played], program: int, channel: int = 0) -> FloatArray:
    """[n] at 44.1 kHz: `plan` as `sound_set` plays it, mono."""
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder, "notes.mid"), Path(folder, "notes.wav")
        write_midi(midi, plan, program, channel)
        if sound_set.suffix == ".cfg":
            line = [
                "timidity",
                "-c",
                sound_set,
                "-Ow1",
                "-s",
                RATE_HZ,
                "--reverb=0",
                "--chorus=0",
                "-A60a",
                "-o",
                wav,
                midi,
            ]
        else:
            line = ["fluidsynth", "-ni", "-g", "0.4", "-r", RATE_HZ, "-R", "0", "-C", "0", "-F", wav, sound_set, midi]
        if shutil.which(str(line[0])) is None:
            raise BadInput(f"{sound_set}: cannot be played, {line[0]} is not installed (apt install {line[0]}?)")
        done = subprocess.run([str(word) for word in line], capture_output=True, text=True, check=False)
        # fluidsynth exits with 0 although it could not read a sound set, and says so.
        if done.returncode != 0 or not wav.is_file() or "not a SoundFont" in done.stderr + done.stdout:
            raise BadInput(f"{sound_set}: {line[0]} could not play it: {done.stderr.strip()[-200:]} (no sound set?)")
        return read_audio(wav).mono()


def write_midi(file: Path, plan: list[Played], program: int, channel: int) -> None:
    import mido

    events = [(note.start_seconds, "note_on", note) for note in plan]
    events += [(note.start_seconds + note.held_seconds, "note_off", note) for note in plan]
    track = mido.MidiTrack([mido.Message("program_change", program=program, channel=channel)])
    now_ticks = 0
    for seconds, kind, note in sorted(events, key=lambda event: event[0]):
        ticks = round(seconds * TICKS_PER_SECOND)
        track.append(mido.Message(kind, note=note.key, velocity=note.velocity, channel=channel, time=ticks - now_ticks))
        now_ticks = ticks
    ringing = max(note.ringing_seconds for note in plan)
    track.append(mido.MetaMessage("end_of_track", time=round(ringing * TICKS_PER_SECOND)))
    # 480 ticks per quarter note at 120 quarter notes a minute: 960 in a second.
    mido.MidiFile(ticks_per_beat=480, tracks=[track]).save(file)


assert set(PROGRAMS) | set(DRUM_KEYS) == set(LABELS)
