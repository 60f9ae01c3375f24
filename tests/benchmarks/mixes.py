"""A library's samples by kind, and mixes made of them with one thing changed: what the reward's parts are chosen by."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.audio import AUDIO_SUFFIXES, read_audio
from embedding.kernels import FloatArray
from embedding.pitch import pitch_midi
from search.arrangement import Arrangement, Clip, Track
from search.rendering import VoiceBank, render_mono

KIND_PATTERNS = {
    "kick": r"^(bd|drum_bass)_|kick|tr808_BD",
    "snare": r"(^|_)sn_|snare|tr808_SD",
    "hat": r"hihat|cymbal_(closed|pedal)|tr808_[CO]H",
    "cymbal": r"cymbal(?!_(closed|pedal))|splash|crash|ride|tr808_CY",
    "tom": r"_tom(_|$)|tr808_[HLM]T",
    "texture": r"^ambi_",
}
"""Regular expressions on file names; those of several kinds are none."""
NOTE_NAME = re.compile(r"[_ ]?[A-G][#bs]?_?\d+(_[LR]_?|[LR])?( v\d)?$")
LEAST_NOTES = 3
BEAT_SECONDS = 0.5
BARS = 4
BAR_SECONDS = 4 * BEAT_SECONDS
MIX_SECONDS = BARS * BAR_SECONDS
CHORDS = ((0, 4, 7), (0, 3, 7))
ROOTS = (0, 5, 7, 9, 2, 4)
LATE_SECONDS = 0.1


@dataclass(frozen=True, eq=False)
class Sounds:
    """A folder of samples: mono [n] at 22.05 kHz by path, sorted."""

    mono: dict[str, FloatArray]

    def __call__(self, path: str) -> tuple[FloatArray, int]:
        return self.mono[path], SAMPLE_RATE_HZ

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each sample that has one."""
        found = {}
        for path in self.mono:
            matching = [kind for kind, pattern in KIND_PATTERNS.items() if re.search(pattern, Path(path).stem)]
            if len(matching) == 1:
                found[path] = matching[0]
        return found

    def instruments(self) -> dict[str, dict[float, str]]:
        """Of each instrument, samples by pitch (MIDI): files that differ in their note's name only, three at least."""
        kinds, found = self.kinds, defaultdict[str, dict[float, str]](dict)
        for path, mono in self.mono.items():
            name, notes = NOTE_NAME.subn("", Path(path).stem)
            pitch = pitch_midi(mono) if notes and path not in kinds else None
            if pitch is not None:
                found[name][pitch] = path
        return {name: notes for name, notes in sorted(found.items()) if len(notes) >= LEAST_NOTES}


def read_sounds(library: Path) -> Sounds:
    """All audio files below `library`."""
    files = sorted(file for file in library.rglob("*") if file.suffix.lower() in AUDIO_SUFFIXES)
    return Sounds({str(file): read_audio(file).at_rate(SAMPLE_RATE_HZ).mono() for file in files})


@dataclass(frozen=True, eq=False)
class Piece:
    """Eight seconds of drums, bass and chords. `chords` are (start, MIDI pitches)."""

    kick: str
    snare: str
    hat: str
    kick_beats: tuple[float, ...]
    bass: dict[float, str]
    keys: dict[float, str]
    other_keys: dict[float, str]
    chords: tuple[tuple[float, tuple[int, ...]], ...]


def made_piece(sounds: Sounds, instruments: dict[str, dict[float, str]], rng: np.random.Generator) -> Piece:
    by_kind = defaultdict[str, list[str]](list)
    for path, kind in sounds.kinds.items():
        by_kind[kind].append(path)
    low = [name for name, notes in instruments.items() if min(notes) < 42]
    middle = [name for name, notes in instruments.items() if any(55 < pitch < 74 for pitch in notes)]
    bass, (keys, other) = rng.choice(low), rng.choice(middle, 2, replace=False)
    key = int(rng.integers(12))
    roots = rng.choice(ROOTS, BARS)
    chords = tuple(
        (BAR_SECONDS * bar, tuple(55 + (key + root + step) % 12 for step in CHORDS[int(root in (9, 2, 4))]))
        for bar, root in enumerate(roots)
    )
    kick_beats = (0.0, 2.0, *(float(beat) for beat in rng.choice([0.5, 1.5, 2.5, 3.5], 2, replace=False)))
    kick, snare, hat = (str(rng.choice(by_kind[kind])) for kind in ("kick", "snare", "hat"))
    return Piece(kick, snare, hat, kick_beats, instruments[bass], instruments[keys], instruments[other], chords)


def arranged(piece: Piece, semitones: int = 0) -> Arrangement:
    """Tracks kick, snare, hat, bass, chords; bass and chords transposed by so much."""
    bars = [BAR_SECONDS * bar for bar in range(BARS)]

    def hits(sample: str, beats: tuple[float, ...], gain_db: float) -> tuple[Clip, ...]:
        starts = sorted(bar + BEAT_SECONDS * beat for bar in bars for beat in beats)
        ends = [*starts[1:], MIX_SECONDS]
        return tuple(
            Clip(start, sample, 0.0, min(1.0, end - start), gain_db, 0.0)
            for start, end in zip(starts, ends, strict=True)
        )

    eighths = tuple(0.5 * step for step in range(8))
    tracks = [
        Track("kick", "#000000", clips=hits(piece.kick, piece.kick_beats, -3.0)),
        Track("snare", "#000000", clips=hits(piece.snare, (1.0, 3.0), -5.0)),
        Track("hat", "#000000", clips=hits(piece.hat, eighths, -12.0)),
    ]
    roots = tuple((start, (pitches[0] - 24,)) for start, pitches in piece.chords)
    for name, notes, parts, gain_db in (("bass", piece.bass, roots, -5.0), ("chord", piece.keys, piece.chords, -8.0)):
        for voice in range(len(parts[0][1])):
            clips = tuple(_note(notes, start, pitches[voice] + semitones, gain_db) for start, pitches in parts)
            tracks.append(Track(f"{name} {voice}", "#000000", clips=clips))
    return Arrangement(60.0 / BEAT_SECONDS, tuple(tracks))


def _note(notes: dict[float, str], start_seconds: float, pitch: int, gain_db: float) -> Clip:
    nearest = min(notes, key=lambda own: abs(own - pitch))
    return Clip(start_seconds, notes[nearest], 0.0, BAR_SECONDS, gain_db, pitch - nearest)


def changed(piece: Piece) -> dict[str, Arrangement]:
    """The piece with one thing changed, by the change's name. `SMALL` and `LARGE` say what is which."""
    whole = arranged(piece)

    def tracks(change: str, begin: str) -> Arrangement:
        new = []
        for track in whole.tracks:
            if not track.name.startswith(begin):
                new.append(track)
            elif change == "louder":
                new.append(replace(track, volume_db=6.0))
            elif change == "late":
                clips = tuple(replace(clip, start_seconds=clip.start_seconds + LATE_SECONDS) for clip in track.clips)
                new.append(replace(track, clips=clips))
        return replace(whole, tracks=tuple(new))

    def transposed(semitones: int) -> Arrangement:
        moved = {track.name: track for track in arranged(piece, semitones).tracks}
        return replace(whole, tracks=tuple(moved[track.name] for track in whole.tracks))

    def with_chords(notes: dict[float, str], semitones: int = 0) -> Arrangement:
        other = arranged(replace(piece, keys=notes), semitones)
        chosen = [
            new if new.name.startswith("chord") else old for new, old in zip(other.tracks, whole.tracks, strict=True)
        ]
        return replace(whole, tracks=tuple(chosen))

    return {
        "no hi-hat": tracks("without", "hat"),
        "chords 6 dB louder": tracks("louder", "chord"),
        "chords 100 ms late": tracks("late", "chord"),
        "chords an octave up": with_chords(piece.keys, 12),
        "chords of another instrument": with_chords(piece.other_keys),
        "bass and chords a semitone up": transposed(1),
        "bass and chords a tritone up": transposed(6),
        "drums alone": replace(whole, tracks=whole.tracks[:3]),
    }


SMALL = ("no hi-hat", "chords 6 dB louder", "chords 100 ms late")
MIDDLE = ("chords an octave up", "chords of another instrument")
OTHER = "another piece"


def rendered(sounds: Sounds, arrangement: Arrangement) -> FloatArray:
    return render_mono(arrangement, VoiceBank(sounds), round(MIX_SECONDS * SAMPLE_RATE_HZ))


def made_mixes(sounds: Sounds, pieces: int, seed: int = 0) -> list[dict[str, FloatArray]]:
    """So many pieces, each as sounds by name: "piece", what `changed` makes of it, and the next piece as OTHER."""
    rng, instruments = np.random.default_rng(seed), sounds.instruments()
    made = [made_piece(sounds, instruments, rng) for _ in range(pieces)]
    mixes = [
        {"piece": rendered(sounds, arranged(piece)), **{n: rendered(sounds, a) for n, a in changed(piece).items()}}
        for piece in made
    ]
    return [{**mix, OTHER: mixes[index - 1]["piece"]} for index, mix in enumerate(mixes)]
