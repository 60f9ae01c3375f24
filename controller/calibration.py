"""What Live adds to the sound: what was heard, compared with what was rendered.

Where Live has a fader pulled down, an equaliser, a limiter or a reverb, it is heard otherwise than the planner renders
it. By how much is told for each window; where a filter explains it, the planner takes it into account from then on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from controller.fitted_response import BANDS_PER_OCTAVE, Evidence, Fit, band_centres_hz, evidence_of, fitted
from embedding.analysis import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from embedding.audio import Audio
from search.response import FLAT, Response

WINDOW_SECONDS = 3.0
APART_SECONDS = BLOCK_SAMPLES / SAMPLE_RATE_HZ
"""Windows begin where the reward's do."""
SILENT = 1e-8
"""Of the loudest window's energy: -80 dB, as the reward has it."""
NOTHING = 2.0**-34
"""Mean square of what is 0 even at 16 bit."""
FLOOR_DB = -120.0
LEAST_LEVEL_SHARE = 0.95
EVEN_DB = 0.5
BUMP_DB = 1.0
"""What differs less from all the rest is not called an equaliser's."""
MOST_BUMPS = 3
MOST_BUMP_DB = 24.0
ADDED_DB = -24.0
"""If more than that is left, there is something that no filter makes."""


@dataclass(frozen=True)
class Window:
    """`difference_db`: the level heard, less the one rendered. `left_db`: what still differs when the response is
    applied (nothing, where there is none), by the magnitudes in bands of a twelfth of an octave and frames of 0.2 s,
    relative to what is heard. Neither is below -120; both None where what was rendered is silent."""

    begin_seconds: float
    difference_db: float | None
    left_db: float | None


@dataclass(frozen=True, eq=False)
class Calibration:
    """`windows` in time order, at most one for each of the reward's: its number times 0.9985 s is where it begins.
    `response` None: no filter explains what is heard, or it was heard too short. `words`: the same for the user."""

    windows: tuple[Window, ...]
    response: Response | None
    words: str
    evidence: Evidence

    def as_dict(self) -> dict[str, object]:
        """For arrangement.json: dB to two places; `response` null where nothing is taken into account."""
        return {
            "windows": [
                {
                    "begin_seconds": round(window.begin_seconds, 4),
                    "difference_db": _rounded(window.difference_db),
                    "left_db": _rounded(window.left_db),
                }
                for window in self.windows
            ],
            "response": None if self.response is None else self.words,
            "words": self.words,
        }


def calibrated(rendered: Audio, heard: Audio, begin_seconds: float) -> Calibration:
    """What Live made of a range that begins at `begin_seconds` of the song; both are of one rate and length and aligned
    to the sample.

    The windows are those of the reward, 3 s every 43 frames (0.9985 s) from the song's beginning on, that lie within
    the range; where none does, the one of which most does, by what there is of it. ValueError where the two are not of
    one rate and length, or hold no sample.
    """
    if rendered.sample_rate_hz != heard.sample_rate_hz or rendered.samples.shape[1] != heard.samples.shape[1]:
        raise ValueError(
            f"heard {heard.samples.shape[1]} samples at {heard.sample_rate_hz} Hz, rendered "
            f"{rendered.samples.shape[1]} at {rendered.sample_rate_hz} Hz: must be the same (not aligned?)"
        )
    if not rendered.samples.shape[1]:
        raise ValueError("a range of 0 samples cannot be compared: at least one is needed")
    ours, theirs = (audio.at_rate(SAMPLE_RATE_HZ).mono() for audio in (rendered, heard))
    return _calibration(tuple(_differences(rendered, heard, begin_seconds)), evidence_of(ours, theirs, begin_seconds))


def merged(before: Calibration, newest: Calibration) -> Calibration:
    """What both tell, of a window that both have the newest. The response is that of all that was heard; where that is
    none, as what the user has set has changed meanwhile, that of the newest alone."""
    windows = {window.begin_seconds: window for one in (before, newest) for window in one.windows}
    low, high = newest.evidence.seconds[[0, -1]]
    older = before.evidence.where((before.evidence.seconds < low) | (before.evidence.seconds > high))
    both = _calibration(tuple(windows[at] for at in sorted(windows)), older.and_of(newest.evidence))
    if both.response is not None or newest.response is None:
        return both
    evidence = both.evidence
    return Calibration(
        _with_left(both.windows, evidence, newest.response),
        newest.response,
        f"{newest.words}, where it was heard last; {_span(both.windows)} in all",
        evidence,
    )


def _calibration(windows: tuple[Window, ...], evidence: Evidence) -> Calibration:
    fit = fitted(evidence)
    windows = _with_left(windows, evidence, fit.response or FLAT)
    return Calibration(windows, fit.response, _words(windows, evidence, fit), evidence)


def _differences(rendered: Audio, heard: Audio, begin_seconds: float) -> Iterator[Window]:
    rate_hz = rendered.sample_rate_hz
    begins = [number * APART_SECONDS for number in _window_numbers(begin_seconds, rendered.seconds)]
    firsts = [round((begin - begin_seconds) * rate_hz) for begin in begins]
    parts = [slice(max(0, first), first + round(WINDOW_SECONDS * rate_hz)) for first in firsts]
    energies = [_mean_square(rendered, part) for part in parts]
    least = max(SILENT * max(energies), NOTHING)
    for begin, part, energy in zip(begins, parts, energies, strict=True):
        difference_db = _ratio_db(_mean_square(heard, part), energy) if energy > least else None
        yield Window(begin, difference_db, None)


def _window_numbers(begin_seconds: float, seconds: float) -> range:
    """Those of the windows that lie within a range; else that of the one of which most does."""
    slack = 1.0 / SAMPLE_RATE_HZ
    first = max(0, math.ceil((begin_seconds - slack) / APART_SECONDS))
    behind = math.floor((begin_seconds + seconds - WINDOW_SECONDS + slack) / APART_SECONDS) + 1
    if first < behind:
        return range(first, behind)
    middle = begin_seconds + seconds / 2.0
    nearest = max(0, round((middle - WINDOW_SECONDS / 2.0) / APART_SECONDS))
    return range(nearest, nearest + 1)


def _with_left(windows: tuple[Window, ...], evidence: Evidence, response: Response) -> tuple[Window, ...]:
    left, heard = evidence.left(response), evidence.heard.sum(axis=1)

    def left_db(window: Window) -> float | None:
        from_begin = evidence.seconds - window.begin_seconds
        inside = (from_begin >= 0.0) & (from_begin < WINDOW_SECONDS)
        if window.difference_db is None or not inside.any():
            return None
        return _ratio_db(float(left[inside].sum()), float(heard[inside].sum()))

    return tuple(replace(window, left_db=left_db(window)) for window in windows)


def _words(windows: tuple[Window, ...], evidence: Evidence, fit: Fit) -> str:
    differences = [window.difference_db for window in windows if window.difference_db is not None]
    if not differences:
        return "nothing was to be heard"
    if max(differences) == FLOOR_DB:
        return "nothing was heard"
    if fit.response is None:
        why = "heard too short" if fit.is_short else _suspicion(evidence)
        return f"{_span(windows)}, {why}; not taken into account"
    if fit.response.is_flat:
        words = "the same level at all frequencies"
    elif fit.response.kernel.size == 1:
        words = f"{_db(20.0 * math.log10(fit.response.level))} dB everywhere"
    else:
        words = _as_equaliser(fit)
    left_db = _ratio_db(float(evidence.left(fit.response).sum()), float(evidence.heard.sum()))
    besides = "; besides, what no filter does (a reverb, a limiter, noise?), not taken into account"
    return words + (besides if left_db > ADDED_DB else "")


def _span(windows: tuple[Window, ...]) -> str:
    differences = [window.difference_db for window in windows if window.difference_db is not None]
    return f"between {_db(min(differences))} and {_db(max(differences))} dB"


def _suspicion(evidence: Evidence) -> str:
    """Where it differs most, and what may be the reason."""
    if evidence.level_share < LEAST_LEVEL_SHARE:
        return "more than its level changes: a reverb, a modulation, noise?"
    energies = evidence.rendered.sum(axis=1)
    loud = energies > np.median(energies)
    loud_db, quiet_db = (
        _ratio_db(float(some.heard.sum()), float(some.rendered.sum()))
        for some in (evidence.where(loud), evidence.where(~loud))
    )
    if abs(loud_db - quiet_db) <= EVEN_DB:
        return "not the same everywhere: an effect on a track?"
    if abs(loud_db) > abs(quiet_db):
        return "louder moments more: a limiter?" if loud_db < quiet_db else "louder moments more: an expander?"
    return "quieter moments more: a gate?" if quiet_db < loud_db else "quieter moments more: a compressor?"


def _as_equaliser(fit: Fit) -> str:
    """The level that most of the octaves have, and where it is another."""
    hz, gains_db = band_centres_hz()[fit.known], fit.gains_db[fit.known]
    octaves = np.arange(math.log2(hz[0]), math.log2(hz[-1]), 1.0 / BANDS_PER_OCTAVE)
    curve = np.interp(octaves, np.log2(hz), gains_db) if octaves.size else gains_db[:1]
    level_db = float(np.median(curve))
    level_db = level_db if abs(level_db) >= EVEN_DB else 0.0
    curve = np.clip(curve - level_db, -MOST_BUMP_DB, MOST_BUMP_DB)
    bumps = sorted(_bumps(curve), key=lambda bump: -bump[2])[:MOST_BUMPS]
    if not bumps:
        return f"{_db(level_db)} dB, at some frequencies up to {np.abs(curve).max():.1f} dB more or less"
    places = []
    for begin, behind, _ in sorted(bumps):
        part = curve[begin:behind]
        most = float(part[np.argmax(np.abs(part))])
        low, high = (2.0 ** float(octaves[place]) for place in (begin, behind - 1))
        if begin == 0:
            where = f"below {_hz(high)}"
        elif behind == curve.size:
            where = f"above {_hz(low)}"
        else:
            where = f"around {_hz(2.0 ** float(octaves[begin + int(np.argmax(np.abs(part)))]))}"
        or_more = " or more" if abs(most) >= MOST_BUMP_DB else ""
        places.append(f"{_db(most)} dB{or_more} {where}")
    return f"{_db(level_db) + ' dB, and ' if level_db else ''}an equaliser: {', '.join(places)}"


def _bumps(curve: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Iterator[tuple[int, int, float]]:
    """(first, behind the last, height) of each part that is raised, or lowered, by more than half of its most."""
    signs = np.sign(np.where(np.abs(curve) < BUMP_DB, 0.0, curve))
    edges = np.flatnonzero(np.diff(signs, prepend=0.0, append=0.0))
    for begin, behind in pairwise(edges):
        if signs[begin]:
            height = float(np.abs(curve[begin:behind]).max())
            high = np.flatnonzero(np.abs(curve[begin:behind]) >= height / 2.0)
            yield int(begin + high[0]), int(begin + high[-1]) + 1, height


def _hz(hz: float) -> str:
    return f"{hz / 1000.0:.1f} kHz" if hz >= 1000.0 else f"{round(hz, -1):.0f} Hz"


def _db(level_db: float) -> str:
    return f"{level_db:+.1f}" if abs(level_db) >= 0.05 else "0.0"


def _ratio_db(one: float, other: float) -> float:
    if other <= 0.0:
        return 0.0 if one <= 0.0 else -FLOOR_DB
    return max(FLOOR_DB, 10.0 * math.log10(one / other)) if one > 0.0 else FLOOR_DB


def _mean_square(audio: Audio, part: slice) -> float:
    samples = audio.samples[:, part]
    return float(np.square(samples, dtype=np.float64).mean()) if samples.size else 0.0


def _rounded(level_db: float | None) -> float | None:
    return None if level_db is None else round(level_db, 2)
