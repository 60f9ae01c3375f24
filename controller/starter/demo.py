"""A demo recording to cover: six bars of our own at 100 bpm, on voices that the starter library does not have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from controller.files import replacing
from controller.starter import demo_voices
from controller.starter.files import finished, write_pcm
from controller.starter.synthesis import RATE_HZ, Signal, midi_hz, panned, release, room, timeline

TEMPO_BPM = 100.0
BARS = 6
BEATS_PER_BAR = 4
TAIL_SECONDS = 1.1
PEAK_DB = -1.5
SEED = 20190
SWING_BEATS = 0.035
"""How much later than even the second and fourth sixteenth of a beat come."""

# (start in beats from the bar, length in beats, MIDI note), one row a bar
MELODY: tuple[tuple[tuple[float, float, int], ...], ...] = (
    ((0.0, 1.5, 69), (1.5, 0.5, 72), (2.0, 1.0, 76), (3.0, 0.5, 74), (3.5, 0.5, 72)),
    ((0.0, 1.5, 74), (1.5, 0.5, 71), (2.0, 1.25, 67), (3.5, 0.5, 69)),
    ((0.0, 1.0, 71), (1.0, 0.5, 74), (1.5, 1.0, 76), (2.5, 0.5, 79), (3.0, 0.9, 76)),
    ((0.0, 1.5, 72), (1.5, 0.5, 71), (2.0, 1.25, 69), (3.5, 0.5, 67)),
    ((0.0, 0.75, 69), (0.75, 0.25, 72), (1.0, 1.0, 77), (2.0, 0.75, 76), (2.75, 0.25, 74), (3.0, 0.9, 71)),
    ((0.0, 0.5, 74), (0.5, 3.2, 72)),
)

# Fmaj7, G6, Em7, Am7, Dm7 and G13, Cmaj9: (start in beats from the bar, length in beats, MIDI notes)
CHORDS: tuple[tuple[tuple[float, float, tuple[int, ...]], ...], ...] = (
    ((0.0, 1.4, (57, 60, 64)), (1.5, 0.4, (57, 60, 64)), (2.75, 1.1, (57, 60, 64, 67))),
    ((0.0, 1.4, (55, 59, 64)), (1.5, 0.4, (55, 59, 64)), (2.75, 1.1, (55, 59, 62, 64))),
    ((0.0, 1.4, (55, 59, 62)), (1.5, 0.4, (55, 59, 62)), (2.75, 1.1, (55, 59, 62, 67))),
    ((0.0, 1.4, (55, 60, 64)), (1.5, 0.4, (55, 60, 64)), (2.75, 1.1, (55, 60, 64))),
    ((0.0, 1.4, (53, 57, 60)), (1.5, 0.4, (53, 57, 60)), (2.0, 0.9, (53, 59, 64)), (3.0, 0.9, (53, 59, 62))),
    ((0.0, 3.9, (52, 55, 59, 62)),),
)

BASS: tuple[tuple[tuple[float, float, int], ...], ...] = (
    ((0.0, 1.2, 41), (1.75, 0.25, 41), (2.0, 0.9, 48), (3.0, 0.5, 45), (3.5, 0.5, 42)),
    ((0.0, 1.2, 43), (1.75, 0.25, 43), (2.0, 0.9, 50), (3.0, 0.5, 43), (3.5, 0.5, 41)),
    ((0.0, 1.2, 40), (1.75, 0.25, 40), (2.0, 0.9, 47), (3.0, 0.5, 43), (3.5, 0.5, 44)),
    ((0.0, 1.2, 45), (1.75, 0.25, 45), (2.0, 0.9, 40), (3.0, 0.5, 45), (3.5, 0.5, 40)),
    ((0.0, 1.2, 38), (1.5, 0.4, 45), (2.0, 0.9, 43), (3.0, 0.5, 43), (3.5, 0.5, 47)),
    ((0.0, 3.6, 36),),
)

KICK_BEATS = (0.0, 1.75, 2.5)
SNARE_BEATS = (1.0, 3.0)
HAT_BEATS = (0.0, 0.5, 1.0, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 3.75)
FILL = ((3.25, 0.45), (3.5, 0.65), (3.75, 0.85))
"""(beat, level) of the snares that lead into the last bar."""

NoteVoice = Callable[[np.random.Generator, float, float], Signal]


def demo_recording() -> Signal:
    """[2, n] at 44.1 kHz, 15.5 s; the same every time."""
    rng = np.random.default_rng(SEED)
    samples = round((BARS * BEATS_PER_BAR * 60.0 / TEMPO_BPM + TAIL_SECONDS) * RATE_HZ)
    drums, bass, chords, melody = (np.zeros((2, samples)) for _ in range(4))
    for bar in range(BARS):
        _play_drums(rng, drums, bar)
        for start, length, midi in BASS[bar]:
            _note(rng, bass, demo_voices.round_bass, bar, start, length, midi, 0.36, 0.0)
        for start, length, midis in CHORDS[bar]:
            for place, midi in enumerate(midis):
                _note(rng, chords, demo_voices.reed_piano, bar, start, length, midi, 0.2, -0.45 + 0.3 * place)
        for start, length, midi in MELODY[bar]:
            _note(rng, melody, demo_voices.ocarina, bar, start, length, midi, 0.2, 0.12)
    dry = drums + bass + chords + melody
    wet = room(rng, 0.25 * drums + 0.7 * chords + 0.9 * melody, t60_seconds=1.3)
    t = timeline(samples / RATE_HZ)
    glued = np.tanh(0.9 * (dry + 0.16 * wet))
    return finished(glued * release(t, 0.8), PEAK_DB)


def write_demo_recording(path: Path) -> Path:
    """`path` itself, now a stereo wav of `demo_recording`; written beside and renamed."""
    with replacing(path) as beside:
        write_pcm(beside, demo_recording())
    return path


def _play_drums(rng: np.random.Generator, mix: Signal, bar: int) -> None:
    last = bar == BARS - 1
    for beat in (0.0,) if last else KICK_BEATS:
        _place(rng, mix, demo_voices.felt_kick(rng), bar, beat, 1.05, 0.0)
    for beat in () if last else SNARE_BEATS:
        _place(rng, mix, demo_voices.dry_snare(rng), bar, beat, 0.65, 0.05)
    for beat in (0.0,) if last else HAT_BEATS:
        level = 0.26 if beat % 1.0 == 0.5 else 0.17
        _place(rng, mix, demo_voices.thin_hat(rng, 0.12 if beat == 3.5 else 0.05), bar, beat, level, 0.3)
    for beat, level in FILL if bar == BARS - 2 else ():
        _place(rng, mix, demo_voices.dry_snare(rng), bar, beat, 0.65 * level, 0.05)
    if bar in (0, BARS - 1):
        _place(rng, mix, demo_voices.splash(rng), bar, 0.0, 0.22, -0.3)


def _note(
    rng: np.random.Generator,
    mix: Signal,
    voice: NoteVoice,
    bar: int,
    start_beats: float,
    length_beats: float,
    midi: int,
    level: float,
    place: float,
) -> None:
    _place(rng, mix, voice(rng, midi_hz(midi), length_beats * 60.0 / TEMPO_BPM), bar, start_beats, level, place)


def _place(
    rng: np.random.Generator, mix: Signal, sound: Signal, bar: int, start_beats: float, level: float, place: float
) -> None:
    """Adds mono `sound` to `mix`, swung, a few milliseconds late and a little louder or softer, as a player would."""
    swung = start_beats + (SWING_BEATS if start_beats % 0.5 == 0.25 else 0.0)
    seconds = (bar * BEATS_PER_BAR + swung) * 60.0 / TEMPO_BPM + 0.004 * rng.random()
    start = round(seconds * RATE_HZ)
    heard = panned(sound[: mix.shape[1] - start], place)
    mix[:, start : start + heard.shape[1]] += heard * level * rng.uniform(0.88, 1.06)
