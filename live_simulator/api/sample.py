"""Live.Sample: the file in a Simpler. Positions are frames."""

from __future__ import annotations

from live_simulator import warping
from live_simulator.api.classes import SAMPLE
from live_simulator.api.plain_values import WarpMarker
from live_simulator.boost import BOOL, FLOAT, FLOAT32, INT, Kind
from live_simulator.curves import clip_gain_db, db_text
from live_simulator.nodes.simpler import SampleNode

TRANSIENT, BEAT, REGION, MANUAL = range(4)
"""Sample.SlicingStyle"""
DIVISION_BEATS = (0.25, 1.0 / 6.0, 0.5, 1.0 / 3.0, 1.0, 2.0 / 3.0, 2.0, 4.0 / 3.0, 4.0, 8.0, 16.0)
"""Of Sample.SlicingBeatDivision, in bars of four beats."""

SAMPLE.field("canonical_parent", stored_as="parent")


def _setting(kind: Kind, name: str, least: float, most: float) -> None:
    def write(sample: SampleNode, value: float) -> None:
        if not least <= value <= most:
            raise RuntimeError(f"Invalid {name}; expected {least:g} to {most:g}")
        sample.put(name, value)

    write.__name__ = name
    SAMPLE.writable(kind, listenable=True)(write)


for _kind, _name, _least, _most in (
    (INT, "beats_granulation_resolution", 0, 6),
    (FLOAT32, "beats_transient_envelope", 0.0, 100.0),
    (INT, "beats_transient_loop_mode", 0, 2),
    (FLOAT32, "complex_pro_envelope", 8.0, 512.0),
    (FLOAT32, "complex_pro_formants", 0.0, 100.0),
    (FLOAT32, "texture_flux", 0.0, 100.0),
    (FLOAT32, "texture_grain_size", 2.0, 263.0),
    (FLOAT32, "tones_grain_size", 12.0, 100.0),
    (INT, "slicing_beat_division", 0, 10),
    (INT, "slicing_region_count", 2, 64),
    (FLOAT32, "slicing_sensitivity", 0.0, 1.0),
    (INT, "slicing_style", 0, 3),
):
    _setting(_kind, _name, _least, _most)


# The file


@SAMPLE.readable(listenable=True)
def file_path(sample: SampleNode) -> str:
    return sample.file.path


@SAMPLE.readable()
def length(sample: SampleNode) -> int:
    return sample.file.frames


@SAMPLE.readable()
def sample_rate(sample: SampleNode) -> float:
    return float(sample.file.sample_rate_hz)


@SAMPLE.writable(FLOAT32, listenable=True)
def gain(sample: SampleNode, position: float) -> None:
    if not 0.0 <= position <= 1.0:
        raise RuntimeError("Gain is out of range")
    sample.put("gain", position)


@SAMPLE.method(changes=False)
def gain_display_string(sample: SampleNode) -> str:
    return db_text(clip_gain_db(sample.gain))


@SAMPLE.writable(INT, listenable=True)
def start_marker(sample: SampleNode, frame: int) -> None:
    if not 0 <= frame < sample.end_marker:
        raise RuntimeError("Cannot set StartMarker behind EndMarker")
    sample.put("start_marker", frame)


@SAMPLE.writable(INT, listenable=True)
def end_marker(sample: SampleNode, frame: int) -> None:
    if not sample.start_marker < frame <= sample.file.frames:
        raise RuntimeError("Cannot set EndMarker before StartMarker")
    sample.put("end_marker", frame)


# Warping


SAMPLE.field("warping", BOOL, listenable=True)


@SAMPLE.writable(INT, listenable=True)
def warp_mode(sample: SampleNode, mode: int) -> None:
    if mode not in (0, 1, 2, 3, 4, 6):
        raise RuntimeError("Invalid warp mode")
    sample.put("warp_mode", mode)


@SAMPLE.readable(listenable=True, vector="Clip.WarpMarkerVector")
def warp_markers(sample: SampleNode) -> tuple[WarpMarker, ...]:
    return tuple(WarpMarker(marker.seconds, marker.beats) for marker in sample.warp_markers)


@SAMPLE.method(FLOAT, changes=False)
def beat_to_sample_time(sample: SampleNode, beats: float) -> float:
    _require_warped(sample)
    return warping.to_seconds(sample.warp_markers, beats) * sample.file.sample_rate_hz


@SAMPLE.method(FLOAT, changes=False)
def sample_to_beat_time(sample: SampleNode, frames: float) -> float:
    _require_warped(sample)
    return warping.to_beats(sample.warp_markers, frames / sample.file.sample_rate_hz)


def _require_warped(sample: SampleNode) -> None:
    if not sample.warping:
        raise RuntimeError("This function is only available for warped samples")


# Slices


@SAMPLE.readable(listenable=True, vector="tuple")
def slices(sample: SampleNode) -> tuple[int, ...]:
    """By style: equal regions, beats, or those put by hand. Transients are not looked for: none but the beginning."""
    start, end = sample.start_marker, sample.end_marker
    if sample.slicing_style == REGION:
        count = sample.slicing_region_count
        return tuple(start + (end - start) * number // count for number in range(count))
    if sample.slicing_style == BEAT:
        return _beats(sample, start, end)
    by_hand = tuple(frame for frame in sample.slices_frames if start <= frame < end)
    return by_hand if sample.slicing_style == MANUAL else tuple(sorted({start, *by_hand}))


def _beats(sample: SampleNode, start: int, end: int) -> tuple[int, ...]:
    rate_hz = sample.file.sample_rate_hz
    found, frame = [], start
    beats = warping.to_beats(sample.warp_markers, start / rate_hz)
    while frame < end:
        found.append(frame)
        beats += DIVISION_BEATS[sample.slicing_beat_division]
        frame = round(warping.to_seconds(sample.warp_markers, beats) * rate_hz)
    return tuple(found)


@SAMPLE.method(INT)
def insert_slice(sample: SampleNode, frame: int) -> None:
    if not sample.start_marker <= frame < sample.end_marker or frame in sample.slices_frames:
        raise RuntimeError("A slice cannot be put there")
    sample.put("slices_frames", tuple(sorted((*sample.slices_frames, frame))))


@SAMPLE.method(INT, INT)
def move_slice(sample: SampleNode, frame: int, to_frame: int) -> int:
    before = sample.slices_frames
    remove_slice(sample, frame)
    try:
        insert_slice(sample, to_frame)
    except RuntimeError:
        sample.put("slices_frames", before)
        raise
    return to_frame


@SAMPLE.method(INT)
def remove_slice(sample: SampleNode, frame: int) -> None:
    if frame not in sample.slices_frames:
        raise RuntimeError(f"There is no slice at {frame}")
    sample.put("slices_frames", tuple(other for other in sample.slices_frames if other != frame))


@SAMPLE.method()
def clear_slices(sample: SampleNode) -> None:
    sample.put("slices_frames", ())


@SAMPLE.method()
def reset_slices(sample: SampleNode) -> None:
    """To those that Live found, which are none here."""
    sample.put("slices_frames", ())
