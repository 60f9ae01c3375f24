"""The faults of a take, by name: the recording against what was to be played. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from controller.capture.alignment import MOST_DRIFT, align
from controller.capture.colour import Colour
from controller.capture.coloured import coloured, holes, is_explained, lower_rate_hz, replaced
from controller.capture.comparison import Comparison, Span, compare, reasons
from controller.capture.correlation import left_at_one_gain, left_of_coloured
from controller.capture.faults import Fault, fault
from controller.capture.reading import Alignment, aligned
from embedding.audio import Audio
from embedding.kernels import FloatArray, as_stereo, gain_to_db

LONG_HOLE_SECONDS = 0.1
INAUDIBLE_DBFS = -90.0
"""What differs by less is no difference: one step of 16 bit."""
EXPLAINED_DB = 10.0
"""What lowers the difference by so much is its reason."""
HIGHS_SHARE = 2 / 3


@dataclass(frozen=True)
class Tolerance:
    """What is still a good take. Live's own output differs from a rendering of ours where the user's set adds effects:
    see `coloured`."""

    residual_db: float = -60.0
    """What may differ in all, relative to the level of the whole."""
    level_db: float = 0.1
    drift_ppm: float = 50.0
    """Less is removed."""
    unexplained_db: float | None = None
    """Above that, what no set makes of its sound is a fault: neither filters nor a moving gain, nor cutting it off at
    full scale. None: the set must not change it."""

    @classmethod
    def coloured(cls) -> Tolerance:
        """The set may have faders, equalisers, dynamics, a reverb, and play too loud."""
        return cls(unexplained_db=-28.0)


@dataclass(frozen=True, eq=False)
class Examined:
    """`alignment` is None where the sound was not found, `comparison` where it can be compared at no speed."""

    heard: Audio
    alignment: Alignment | None
    comparison: Comparison | None
    faults: tuple[Fault, ...]
    coloured: bool = False
    """The set changed its sound."""


def examine(expected: Audio, recorded: Audio, tolerance: Tolerance | None = None, resampled: bool = False) -> Examined:
    """Both at one nominal rate, `expected` with sound in it. A take without faults is as good as `tolerance` says.
    `resampled`: `recorded` was brought to this rate, which changes its highs."""
    allowed = tolerance or Tolerance()
    wanted, found = as_stereo(expected.samples), as_stereo(recorded.samples)
    if not np.isfinite(found).all() or not found.any():
        why = "every sample is 0" if np.isfinite(found).all() else "samples are no numbers"
        return Examined(recorded, None, None, (fault("silent", f"{why} in {recorded.seconds:.1f} s"),))
    alignment = align(wanted, found, left_at_one_gain if allowed.unexplained_db is None else left_of_coloured)
    if alignment is None:
        words = f"nothing of the sound is in the {recorded.seconds:.1f} s that were recorded, though something else is"
        return Examined(recorded, None, None, (fault("not_heard", words),))
    if abs(alignment.speed - 1.0) > 2 * MOST_DRIFT:
        words = f"the sound is heard at {1 / alignment.speed:.4f} times its speed"
        return Examined(recorded, alignment, None, (fault("sample_rate", words),))
    heard = Audio(aligned(found, alignment, wanted.shape[1]), expected.sample_rate_hz)
    between = alignment.speed != 1.0 or alignment.offset_samples != round(alignment.offset_samples)
    comparison = compare(wanted, heard.samples, expected.sample_rate_hz, resampled or between)
    faults = tuple(_faults(alignment, comparison, expected.sample_rate_hz, allowed))
    if faults and allowed.unexplained_db is not None:
        return _examine_coloured(wanted, found, alignment, expected.sample_rate_hz, allowed, resampled)
    return Examined(heard, alignment, comparison, faults)


def _examine_coloured(
    wanted: FloatArray, found: FloatArray, about: Alignment, rate_hz: int, allowed: Tolerance, resampled: bool
) -> Examined:
    enough_db = allowed.unexplained_db or 0.0
    alignment, heard, colour = coloured(wanted, found, about, rate_hz, enough_db)
    comparison = compare(wanted, heard, rate_hz, resampled=False)
    faults = [*_drift(alignment, allowed), *_sides(wanted, heard, comparison)]
    if alignment.jumps:
        faults.append(_gap(alignment, rate_hz))
    else:
        faults += _unlike_a_set(heard, colour, rate_hz, enough_db)
    lower_hz = None if resampled else lower_rate_hz(wanted, heard, rate_hz)
    if lower_hz is not None:
        faults.append(fault("sample_rate", f"the sound was resampled on its way, from or to {lower_hz} Hz"))
    return Examined(Audio(heard, rate_hz), alignment, comparison, tuple(faults), coloured=True)


def _sides(wanted: FloatArray, heard: FloatArray, found: Comparison) -> Iterator[Fault]:
    if found.is_mono:
        yield _mono()
    for side, here, there in zip(("left", "right"), wanted, heard, strict=True):
        if here.any() and not there.any():
            yield fault("level", f"nothing is heard on the {side}")


def _unlike_a_set(heard: FloatArray, colour: Colour, rate_hz: int, enough_db: float) -> Iterator[Fault]:
    if missing := holes(colour, heard, rate_hz):
        yield _hole(missing)
    if instead := replaced(colour, heard, rate_hz):
        yield _drop_out(instead)
    elif not is_explained(colour, enough_db):
        yield _other_sound((), f"{colour.unexplained_db:.1f} dB of what is heard")


def _faults(alignment: Alignment, found: Comparison, rate_hz: int, allowed: Tolerance) -> Iterator[Fault]:
    yield from _drift(alignment, allowed)
    if found.is_mono:
        yield _mono()
    yield from _level(found, allowed)
    if found.clipped_samples:
        yield fault("clipped", f"{found.clipped_samples} samples stand at the highest value")
    if alignment.jumps:
        yield _gap(alignment, rate_hz)
        return  # what else differs may be where the jumps are
    if found.holes:
        yield _hole(found.holes)
    if found.left_db > allowed.residual_db and found.left_dbfs > INAUDIBLE_DBFS:
        yield _reason(found, rate_hz)


def _drift(alignment: Alignment, allowed: Tolerance) -> Iterator[Fault]:
    if round(abs(alignment.drift_ppm), 2) >= allowed.drift_ppm:
        slower = "player" if alignment.drift_ppm > 0 else "recorder"
        yield fault("drift", f"the {slower}'s clock is {abs(alignment.drift_ppm):.1f} ppm slower than the other")


def _mono() -> Fault:
    return fault("mono", "left and right are the same, which should differ")


def _gap(alignment: Alignment, rate_hz: int) -> Fault:
    first = alignment.jumps[0]
    what = "put in" if first.by_samples > 0 else "lost"
    words = f"{abs(first.by_samples) / rate_hz:.4f} s are {what} at {first.at_sample / rate_hz:.3f} s"
    return fault("gap", f"{words}{_more(len(alignment.jumps))}")


def _hole(holes: tuple[Span, ...]) -> Fault:
    longest = max(span.length_seconds for span in holes)
    return fault("gap" if longest >= LONG_HOLE_SECONDS else "drop_outs", f"nothing is heard {_where(holes)}")


def _level(found: Comparison, allowed: Tolerance) -> Iterator[Fault]:
    levels = [gain_to_db(abs(gain)) for gain in found.gains]
    if all(abs(level) <= allowed.level_db for level in levels) and min(found.gains) > 0:
        return
    words = f"left is heard at {levels[0]:+.2f} dB, right at {levels[1]:+.2f} dB"
    yield fault("level", words + (", with the polarity turned" if min(found.gains) < 0 else ""))


def _reason(found: Comparison, rate_hz: int) -> Fault:
    """Of what is left when level, holes and clipping are accounted for."""
    size, why = f"{found.left_db:.1f} dB of the sound's level", reasons(found, rate_hz)
    if why.followed_db < found.left_db - EXPLAINED_DB:
        return fault("level", f"the level changes by {why.level_range_db:.1f} dB during the take")
    if why.incoherent_db < found.left_db - EXPLAINED_DB:
        if why.highs_share >= HIGHS_SHARE:
            return fault("sample_rate", f"the sound was resampled on its way: its highs differ ({size})")
        return fault("filtered", f"the sound's spectrum was changed on its way ({size})")
    return _drop_out(why.bursts) if why.replaced else _other_sound(why.bursts, size)


def _drop_out(bursts: tuple[Span, ...]) -> Fault:
    return fault("drop_outs", f"something else is heard instead of the sound {_where(bursts)}")


def _other_sound(bursts: tuple[Span, ...], size: str) -> Fault:
    return fault("other_sound", f"something else is heard, {size}, {_where(bursts) if bursts else 'all the time'}")


def _where(spans: tuple[Span, ...]) -> str:
    first = spans[0]
    return f"for {first.length_seconds:.4f} s at {first.start_seconds:.3f} s{_more(len(spans))}"


def _more(count: int) -> str:
    return f", and {count - 1} more" if count > 1 else ""
