"""Live.MixerDevice."""

from __future__ import annotations

from live_simulator.api.classes import MIXER_DEVICE
from live_simulator.boost import INT
from live_simulator.nodes.devices import MixerNode
from live_simulator.nodes.tracks import TrackNode


def _master_only(mixer: MixerNode) -> str | None:
    assert isinstance(mixer.parent, TrackNode)
    return None if mixer.parent.role == "master" else "Only the Master Track has this parameter"


def _not_master(mixer: MixerNode) -> str | None:
    return "The Master Track has no such parameter" if _master_only(mixer) is None else None


MIXER_DEVICE.field("volume")
MIXER_DEVICE.field("panning")
MIXER_DEVICE.field("left_split_stereo")
MIXER_DEVICE.field("right_split_stereo")
MIXER_DEVICE.enums["crossfade_assignments"] = {"A": 0, "NONE": 1, "B": 2}
MIXER_DEVICE.enums["panning_modes"] = {"stereo": 0, "stereo_split": 1}
MIXER_DEVICE.field("track_activator", refuses=_not_master)
MIXER_DEVICE.field("sends", listenable=True)
MIXER_DEVICE.field("crossfader", refuses=_master_only)
MIXER_DEVICE.field("cue_volume", refuses=_master_only)
MIXER_DEVICE.field("song_tempo", refuses=_master_only)
MIXER_DEVICE.field("canonical_parent", stored_as="parent")


@MIXER_DEVICE.writable(INT, listenable=True, refuses=_not_master)
def crossfade_assign(mixer: MixerNode, side: int) -> None:
    if not 0 <= side <= 2:
        raise RuntimeError("Invalid crossfade assignment")
    mixer.put("crossfade_assign", side)


@MIXER_DEVICE.writable(INT, listenable=True)
def panning_mode(mixer: MixerNode, mode: int) -> None:
    if not 0 <= mode <= 1:
        raise RuntimeError("Invalid panning mode")
    mixer.put("panning_mode", mode)
