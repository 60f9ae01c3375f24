"""Live.SimplerDevice. It is silent, so that nothing ever plays in it."""

from __future__ import annotations

from live_simulator import devices, warping
from live_simulator.api.classes import SIMPLER_DEVICE, SIMPLER_DEVICE_VIEW
from live_simulator.boost import BOOL, FLOAT, INT, TEXT
from live_simulator.nodes.device_chain import track_of
from live_simulator.nodes.simpler import SampleNode, SimplerNode, SimplerViewNode
from live_simulator.versions import ALWAYS, Span, since

VOICES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 32)
BENDS = since(11, 3, 20)

SIMPLER_DEVICE.field("sample", listenable=True)
SIMPLER_DEVICE.field("pad_slicing", BOOL, listenable=True)
SIMPLER_DEVICE.field("retrigger", BOOL, listenable=True)
SIMPLER_DEVICE.constant(False, "multi_sample_mode", "playing_position_enabled", listenable=True)
SIMPLER_DEVICE.constant(0.0, "playing_position", listenable=True)


def _setting(name: str, allowed: tuple[int, ...], versions: Span = ALWAYS) -> None:
    def write(simpler: SimplerNode, value: int) -> None:
        if value not in allowed:
            raise RuntimeError(f"Invalid {name}")
        simpler.put(name, value)

    write.__name__ = name
    SIMPLER_DEVICE.writable(INT, listenable=True, versions=versions)(write)


_setting("playback_mode", (0, 1, 2))
_setting("slicing_playback_mode", (0, 1, 2))
_setting("voices", VOICES)
_setting("pitch_bend_range", tuple(range(25)), BENDS)
_setting("note_pitch_bend_range", tuple(range(49)), BENDS)


def _warped(simpler: SimplerNode) -> SampleNode:
    if simpler.sample is None or not simpler.sample.warping:
        raise RuntimeError("This function is only available for warped samples")
    return simpler.sample


def _can_warp(name: str) -> None:
    def read(simpler: SimplerNode) -> bool:
        return simpler.sample is not None and simpler.sample.warping

    read.__name__ = name
    SIMPLER_DEVICE.readable(listenable=True)(read)


for _name in ("can_warp_as", "can_warp_double", "can_warp_half"):
    _can_warp(_name)


@SIMPLER_DEVICE.method(FLOAT)
def warp_as(simpler: SimplerNode, beats: float) -> None:
    """The stretch between the markers lasts so many beats."""
    sample = _warped(simpler)
    seconds = (sample.end_marker - sample.start_marker) / sample.file.sample_rate_hz
    _warp_at(sample, 60.0 * beats / seconds)


@SIMPLER_DEVICE.method()
def warp_double(simpler: SimplerNode) -> None:
    sample = _warped(simpler)
    _warp_at(sample, 2.0 * warping.tempos_bpm(sample.warp_markers)[0])


@SIMPLER_DEVICE.method()
def warp_half(simpler: SimplerNode) -> None:
    sample = _warped(simpler)
    _warp_at(sample, 0.5 * warping.tempos_bpm(sample.warp_markers)[0])


def _warp_at(sample: SampleNode, tempo_bpm: float) -> None:
    if not warping.SLOWEST_BPM <= tempo_bpm <= warping.FASTEST_BPM:
        raise RuntimeError("Invalid warping: 5 to 999 bpm")
    sample.put("warp_markers", warping.at_tempo(tempo_bpm))


@SIMPLER_DEVICE.method(changes=False)
def guess_playback_length(simpler: SimplerNode) -> float:
    """Beats at the song's tempo, 0 without a sample."""
    sample = simpler.sample
    if sample is None:
        return 0.0
    seconds = (sample.end_marker - sample.start_marker) / sample.file.sample_rate_hz
    return seconds * track_of(simpler).song.tempo / 60.0


@SIMPLER_DEVICE.method()
def crop(simpler: SimplerNode) -> None:
    raise RuntimeError("Cropping would write a file, which is not simulated")


@SIMPLER_DEVICE.method()
def reverse(simpler: SimplerNode) -> None:
    raise RuntimeError("Reversing would write a file, which is not simulated")


@SIMPLER_DEVICE.method(TEXT, versions=since(12, 4))
def replace_sample(simpler: SimplerNode, path: str) -> None:
    devices.load_sample(simpler, path)


# What its view shows: frames of the sample


def _shown(name: str, field: str) -> None:
    def read(view: SimplerViewNode) -> int:
        assert isinstance(view.parent, SimplerNode)
        sample = view.parent.sample
        found: int = getattr(sample, field) if sample is not None and field else 0
        return found

    read.__name__ = name
    SIMPLER_DEVICE_VIEW.readable(listenable=True)(read)


for _name, _field in (
    ("sample_start", "start_marker"),
    ("sample_end", "end_marker"),
    ("sample_loop_start", "start_marker"),
    ("sample_loop_end", "end_marker"),
    ("sample_loop_fade", ""),
    ("sample_env_fade_in", ""),
    ("sample_env_fade_out", ""),
):
    _shown(_name, _field)


@SIMPLER_DEVICE_VIEW.writable(INT, listenable=True)
def selected_slice(view: SimplerViewNode, index: int) -> None:
    if index < -1:
        raise RuntimeError("Slice index is out of range")
    view.put("selected_slice", index, undoable=False)
