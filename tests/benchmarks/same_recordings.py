"""Are sources that are kept out of training really other recordings? Libraries of notes borrow from each other.

    python -m tests.benchmarks.same_recordings NOTES [NOTES ...]

For every note of a kept-out source: its highest normalised cross-correlation with any note of the same class and pitch
(within 0.6 semitones) that is trained on, over its first 0.75 s. The same recording is near 1, also after another
equaliser or codec; two recordings of one pitch seldom reach .8 where the instrument has overtones, pure tones (flutes)
do.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import scipy.fft

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from embedding.training.labels import LABELS
from embedding.training.notes import Note
from embedding.training.recipe import split_of

COMPARED_SAMPLES = int(0.75 * SAMPLE_RATE_HZ)
SLACK_SEMITONES = 0.6
SUSPICIOUS = 0.9


def spectrum_of(note: Note) -> FloatArray:
    """Of the note's beginning, its energy 1, padded so that no correlation wraps."""
    sound = note.sound_of(COMPARED_SAMPLES)
    sound = sound / max(float(np.linalg.norm(sound)), 1e-9)
    return np.asarray(scipy.fft.rfft(sound, 2 * COMPARED_SAMPLES))


def main() -> None:
    split = split_of([Path(argument) for argument in sys.argv[1:]], print)
    found: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    spectra: dict[int, FloatArray] = {}
    for kept in split.test:
        if kept.midi is None:
            continue
        own = spectrum_of(kept)
        best = (0.0, "")
        for other in split.train:
            if other.label == kept.label and other.midi and abs(other.midi - kept.midi) < SLACK_SEMITONES:
                theirs = spectra.setdefault(id(other), spectrum_of(other))
                highest = float(np.abs(scipy.fft.irfft(own * np.conj(theirs))).max())
                best = max(best, (highest, other.source))
        found[LABELS[kept.label], kept.source].append(best)
    for (label, source), own in sorted(found.items()):
        heights = [height for height, _ in own]
        alike = sorted({other for height, other in own if height > SUSPICIOUS})
        print(f"{label:16} {source:28} median {np.median(heights):.2f} highest {max(heights):.2f}", *alike, sep="  ")


if __name__ == "__main__":
    main()
