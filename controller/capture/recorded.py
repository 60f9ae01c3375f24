"""A take of what Live itself recorded into a file (Resampling): examined as a capture of a device is."""

from __future__ import annotations

from pathlib import Path

import soxr

from controller.capture.faults import FaultName, failed, fault
from controller.capture.reading import cut
from controller.capture.suspicions import Tolerance, examine
from controller.capture.take import Take, take_of
from embedding.audio import Audio, read_audio
from embedding.errors import BadAudio
from embedding.kernels import FloatArray

BETWEEN_RATES: frozenset[FaultName] = frozenset({"filtered", "other_sound", "sample_rate"})
"""What a set that is played at another rate seems to have."""
MARGIN_SECONDS = 1.0
"""So far from where it should be, either way, the sound is looked for."""


def take_of_file(file: Path, start_seconds: float, expected: Audio, tolerance: Tolerance | None = None) -> Take:
    """The part of `file` that is `expected`, which should begin `start_seconds` after its beginning.

    A file of another rate is resampled, and compared below 3/4 of the lower Nyquist frequency. `latency_seconds`: by so
    much later than it should does it begin. CaptureFailed: the faults of a take, and 'no_recording'. BadAudio where
    `expected` is silent.
    """
    if not expected.samples.any():
        raise BadAudio("the sound to be found is silent; there must be something to find it by")
    try:
        recorded = read_audio(file)
    except BadAudio as why:
        raise failed((fault("no_recording", str(why)),)) from why
    if recorded.seconds <= start_seconds:
        words = f"{file} lasts {recorded.seconds:.3f} s; what was to be recorded begins at {start_seconds:.3f} s"
        raise failed((fault("no_recording", words),))
    rate_hz = recorded.sample_rate_hz
    first = round((start_seconds - MARGIN_SECONDS) * rate_hz)
    part = cut(recorded.samples, first, round((expected.seconds + 2 * MARGIN_SECONDS) * rate_hz))
    resampled = rate_hz != expected.sample_rate_hz
    if resampled:
        part = _at_rate(part, rate_hz, expected.sample_rate_hz)
    examined = examine(expected, Audio(part, expected.sample_rate_hz), tolerance, resampled)
    found = examined.alignment
    offset_seconds = 0.0 if found is None else found.offset_samples / expected.sample_rate_hz
    take = take_of(examined, first / rate_hz + offset_seconds - start_seconds)
    if isinstance(take, Take):
        return take
    if resampled and {one.name for one in take} <= BETWEEN_RATES:
        words = f"Live recorded at {rate_hz} Hz, what should be heard was rendered at {expected.sample_rate_hz} Hz"
        raise failed((fault("sample_rate", f"{words}, so that clips begin elsewhere between two samples"),))
    raise failed(take)


def _at_rate(samples: FloatArray, from_hz: int, to_hz: int) -> FloatArray:
    """By soxr at its best: 28 bit, to 0.995 of the lower Nyquist frequency."""
    resampled: FloatArray = soxr.resample(samples.T, from_hz, to_hz, quality="VHQ").T.astype("float32")
    return resampled
