"""What the ears make of a recording besides embeddings and chroma: rhythm, key, loudness, instruments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ, analyse, divisors_of, log_mel
from embedding.audio import Audio
from embedding.classify import HearsInstruments, predominant, window_probabilities
from embedding.kernels import FloatArray, as_stereo
from embedding.key import Key, key_of
from embedding.loudness import Loudness, loudness_of, short_term_lufs
from embedding.onsets import onset_strength, onsets_seconds
from embedding.tempo import tempo_bpm


@dataclass(frozen=True, eq=False)
class Hearing:
    """Of one recording. Frames lie every 512 samples at 22.05 kHz, frame i centred on sample 512 i; windows are of 3 s,
    one every 43 frames, as the reward's. No number in it is NaN, whatever the recording."""

    log_mel: FloatArray
    """[frames, 128]: ln(magnitude + 0.001), magnitudes those of the recording divided by its peak."""
    onset_strength: FloatArray
    """[frames]"""
    onsets_seconds: FloatArray
    """[n], ascending."""
    tempo_bpm: float
    """120 where there is no rhythm."""
    key: Key | None
    """None where nothing has a pitch."""
    loudness: Loudness
    """Integrated over the whole recording."""
    window_lufs: FloatArray
    """[W]: short-term loudness, at least -70."""
    instrument_probabilities: FloatArray
    """[W, 11], in CLASSES order; 0 where a window is silent."""

    @property
    def instruments(self) -> tuple[str | None, ...]:
        """The predominant instrument of each window, None where none is heard."""
        return tuple(predominant(probabilities) for probabilities in self.instrument_probabilities)

    @cached_property
    def beats_seconds(self) -> npt.NDArray[np.float64]:
        """[n], ascending: the beats at `tempo_bpm` that fit the onsets best (Ellis 2007, librosa's); none in silence.

        Found when first asked for, as librosa's beat tracker takes 1.5 s to load.
        """
        if not self.onset_strength.any():
            return np.zeros(0)
        import librosa

        _, beats = librosa.beat.beat_track(
            onset_envelope=self.onset_strength,
            sr=SAMPLE_RATE_HZ,
            hop_length=HOP_SAMPLES,
            bpm=self.tempo_bpm,
            units="time",
        )
        return np.asarray(beats, dtype=np.float64)


def hear_recording(audio: Audio, ears: HearsInstruments) -> Hearing:
    """The Hearing of `audio`, of any rate and number of channels and at least one sample."""
    mono = audio.at_rate(SAMPLE_RATE_HZ).mono()
    stereo = as_stereo(audio.samples)
    frames = analyse(mono)
    peak = np.abs(mono).max(initial=0.0, keepdims=True)
    probabilities = window_probabilities(mono, ears)
    strength = onset_strength(mono)
    return Hearing(
        log_mel=log_mel(frames.mel, divisors_of(peak, float(peak[0]))),
        onset_strength=strength,
        onsets_seconds=onsets_seconds(mono),
        tempo_bpm=tempo_bpm(strength),
        key=key_of(frames.chroma),
        loudness=loudness_of(stereo, audio.sample_rate_hz),
        window_lufs=short_term_lufs(stereo, audio.sample_rate_hz, len(probabilities)),
        instrument_probabilities=probabilities,
    )
