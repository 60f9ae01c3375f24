"""The filter that lies between what was rendered and what was heard, fitted band by band and believed where it is one.

Of R and H, the spectra of what was rendered and heard, a band's gain is |sum H R*| / sum |R|^2, over all frames and the
band's bins: the filter that leaves least, whatever is heard besides that is not of the sound. The coherence, |sum H
R*|^2 / (sum |R|^2 sum |H|^2), is the share of what is heard that a filter makes of what was rendered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import scipy.fft

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from search.response import FLAT, Response

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FRAME_SAMPLES = 4096
HOP_SAMPLES = FRAME_SAMPLES // 2
BANDS_PER_OCTAVE = 12
LEAST_BAND_BINS = 2
LOWEST_HZ = 20.0
SOUNDING = 1e-5
"""Of the loudest frame's energy: a quieter one tells nothing."""
AUDIBLE = 1e-6
"""Of the loudest band's energy: a quieter one tells nothing."""
LEAST_COHERENCE = 0.7
LEAST_SHARE = 0.8
"""So much of what is heard must lie in bands that are known."""
LEAST_FRAMES = 16
"""1.6 s."""
BLOCK_SECONDS = 0.5
MOST_MISSED_DB = 1.0
SAME_DB = 0.1
WORTH_A_FILTER = 0.5
"""So much of the energy that a level alone leaves a filter may leave."""
DESIGN_SAMPLES = 16384
MOST_TAPS = 1024
FADED_TAPS = 256
QUIETEST_TAIL = 1e-8
"""Of the kernel's energy: a tail with less is cut off."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What was rendered and heard, frame by frame. `cross` complex [frames, bands], the sums of H R*; `rendered` and
    `heard` [frames, bands], energies; `seconds` [frames], where their centres lie."""

    seconds: Floats
    cross: npt.NDArray[np.complex128]
    rendered: Floats
    heard: Floats

    def where(self, mask: Mask) -> Evidence:
        return Evidence(self.seconds[mask], self.cross[mask], self.rendered[mask], self.heard[mask])

    def and_of(self, other: Evidence) -> Evidence:
        """Both, in time order."""
        order = np.argsort(np.concatenate([self.seconds, other.seconds]), kind="stable")
        return Evidence(
            np.concatenate([self.seconds, other.seconds])[order],
            np.concatenate([self.cross, other.cross])[order],
            np.concatenate([self.rendered, other.rendered])[order],
            np.concatenate([self.heard, other.heard])[order],
        )

    @property
    def level_share(self) -> float:
        """The share of all that is heard that a level which changes from frame to frame makes of what was rendered, 0
        to 1."""
        ours, common = self.rendered.sum(axis=1), np.abs(self.cross.sum(axis=1))
        made = np.square(common) / np.maximum(ours, np.finfo(np.float64).tiny)
        return float(made.sum() / max(float(self.heard.sum()), np.finfo(np.float64).tiny))

    def left(self, response: Response) -> Floats:
        """[frames]: energy of the difference of what is heard from what was rendered when `response` is applied, by the
        bands' magnitudes."""
        applied = response.gains(band_centres_hz()) * np.sqrt(self.rendered)
        return np.asarray(np.square(np.sqrt(self.heard) - applied).sum(axis=1), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Fit:
    """`gains_db` [bands] of those that are `known`. `response` None: it is not one, or not the same everywhere."""

    response: Response | None
    gains_db: Floats
    known: Mask
    is_short: bool = False


@cache
def _band_edges() -> npt.NDArray[np.intp]:
    """First bins of bands of a twelfth of an octave, at least two bins wide; what is below 20 Hz is left out."""
    bin_hz = SAMPLE_RATE_HZ / FRAME_SAMPLES
    edges = [round(LOWEST_HZ / bin_hz)]
    while edges[-1] < FRAME_SAMPLES // 2:
        edges.append(max(edges[-1] + LEAST_BAND_BINS, round(edges[-1] * 2.0 ** (1.0 / BANDS_PER_OCTAVE))))
    return np.array(edges[:-1], dtype=np.intp)


@cache
def band_centres_hz() -> Floats:
    edges = np.append(_band_edges(), FRAME_SAMPLES // 2).astype(np.float64)
    return np.asarray((edges[:-1] + edges[1:] - 1.0) / 2.0 * SAMPLE_RATE_HZ / FRAME_SAMPLES, dtype=np.float64)


def evidence_of(rendered: FloatArray, heard: FloatArray, begin_seconds: float) -> Evidence:
    """Of mono [n] at 22.05 kHz, of which the first sample lies at `begin_seconds`; one frame where it is shorter."""
    ours, theirs = _spectra(rendered), _spectra(heard)
    edges = _band_edges()
    centres = (np.arange(len(ours)) * HOP_SAMPLES + FRAME_SAMPLES / 2) / SAMPLE_RATE_HZ
    return Evidence(
        begin_seconds + centres,
        np.add.reduceat(theirs * np.conj(ours), edges, axis=1).astype(np.complex128),
        np.add.reduceat(np.square(np.abs(ours)), edges, axis=1).astype(np.float64),
        np.add.reduceat(np.square(np.abs(theirs)), edges, axis=1).astype(np.float64),
    )


def _spectra(mono: FloatArray) -> npt.NDArray[np.complex64]:
    padded = np.pad(mono, (0, max(0, FRAME_SAMPLES - mono.size)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME_SAMPLES)[::HOP_SAMPLES]
    taper = np.hanning(FRAME_SAMPLES + 1)[:-1].astype(np.float32)
    return np.asarray(scipy.fft.rfft(frames * taper, axis=1)[:, :-1], dtype=np.complex64)


def fitted(evidence: Evidence) -> Fit:
    """The response, where half of the evidence tells what is heard in the other half within 1 dB rms: one moment in the
    next, and loud moments in quiet ones. It has to leave less than none would."""
    energies = evidence.rendered.sum(axis=1)
    sounding = evidence.where(energies > SOUNDING * energies.max(initial=0.0))
    gains_db, known = _gains(sounding)
    if len(sounding.seconds) < LEAST_FRAMES:
        return Fit(None, gains_db, known, is_short=True)
    heard = sounding.heard.sum(axis=0)
    if heard[known].sum() < LEAST_SHARE * heard.sum() or not known.any():
        return Fit(None, gains_db, known)
    if any(_missed_db(half, other) > MOST_MISSED_DB for half, other in _halves(sounding)):
        return Fit(None, gains_db, known)
    return Fit(_response(sounding, gains_db, known), gains_db, known)


def _gains(evidence: Evidence) -> tuple[Floats, Mask]:
    """(gains in dB, which of them are known) of the bands."""
    ours, theirs = evidence.rendered.sum(axis=0), evidence.heard.sum(axis=0)
    common = np.abs(evidence.cross.sum(axis=0))
    coherent = np.square(common) >= LEAST_COHERENCE * ours * theirs
    known = (ours > AUDIBLE * ours.max(initial=0.0)) & (common > 0.0) & coherent
    gains_db = np.zeros(ours.size)
    gains_db[known] = 20.0 * np.log10(common[known] / ours[known])
    return gains_db, known


def _halves(evidence: Evidence) -> Iterator[tuple[Evidence, Evidence]]:
    energies = evidence.rendered.sum(axis=1)
    by_turns = np.floor(evidence.seconds / BLOCK_SECONDS) % 2.0 == 0.0
    for mask in (by_turns, energies > np.median(energies)):
        yield evidence.where(mask), evidence.where(~mask)
        yield evidence.where(~mask), evidence.where(mask)


def _missed_db(half: Evidence, other: Evidence) -> float:
    """By how much, rms over the bands that both know, the `half`'s gains miss the levels heard in the other one."""
    gains_db, known = _gains(half)
    both = known & _gains(other)[1]
    if not both.any():
        return np.inf
    ours, theirs = other.rendered.sum(axis=0)[both], other.heard.sum(axis=0)[both]
    missed = gains_db[both] + 10.0 * np.log10(ours / theirs)
    return float(np.sqrt(np.square(missed).mean()))


def _response(evidence: Evidence, gains_db: Floats, known: Mask) -> Response | None:
    """The simplest that will do: none, the level alone, or a filter where that leaves much less. None where it leaves
    more than nothing would."""
    ours, common = evidence.rendered.sum(axis=0), np.abs(evidence.cross.sum(axis=0))
    level = float(common[known].sum() / ours[known].sum())
    is_same_level = abs(20.0 * np.log10(level)) <= SAME_DB
    alike = FLAT if is_same_level else Response(np.array([level], np.float32))
    is_alike = np.abs(gains_db[known] - 20.0 * np.log10(level)).max() <= SAME_DB
    shaped = alike if is_alike else minimum_phase(band_centres_hz()[known], gains_db[known])
    left, left_alike, left_shaped = (float(evidence.left(one).sum()) for one in (FLAT, alike, shaped))
    if left_shaped < min(WORTH_A_FILTER * left_alike, left):
        return shaped
    return alike if is_same_level or left_alike < left else None


def minimum_phase(hz: Floats, gains_db: Floats) -> Response:
    """A causal filter with these gains at the frequencies, which rise; between them they are interpolated over octaves,
    beyond them they stay. By folding the real cepstrum (Oppenheim and Schafer)."""
    bins_hz = np.fft.rfftfreq(DESIGN_SAMPLES, 1.0 / SAMPLE_RATE_HZ)
    nepers = np.interp(np.log2(np.maximum(bins_hz, 1.0)), np.log2(hz), gains_db) * (np.log(10.0) / 20.0)
    cepstrum = np.fft.irfft(nepers)
    cepstrum[1 : DESIGN_SAMPLES // 2] *= 2.0
    cepstrum[DESIGN_SAMPLES // 2 + 1 :] = 0.0
    kernel = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)))[:MOST_TAPS]
    kernel[-FADED_TAPS:] *= 0.5 + 0.5 * np.cos(np.pi * (np.arange(FADED_TAPS) + 1.0) / (FADED_TAPS + 1.0))
    tails = np.cumsum(np.square(kernel[::-1]))[::-1]
    return Response(kernel[: max(1, int(np.count_nonzero(tails > QUIETEST_TAIL * tails[0])))].astype(np.float32))
