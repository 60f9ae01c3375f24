"""Live.MixerDevice and Live.DeviceParameter."""

from __future__ import annotations

import math

from live_simulator.api.classes import DEVICE_PARAMETER, MIXER_DEVICE
from live_simulator.boost import FLOAT32, to_float32
from live_simulator.nodes.devices import MixerNode, ParameterNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.versions import since


def _master_only(mixer: MixerNode) -> str | None:
    assert isinstance(mixer.parent, TrackNode)
    return None if mixer.parent.role == "master" else "Only the Master Track has this parameter"


def _not_master(mixer: MixerNode) -> str | None:
    return "The Master Track has no such parameter" if _master_only(mixer) is None else None


MIXER_DEVICE.field("volume")
MIXER_DEVICE.field("panning")
MIXER_DEVICE.field("track_activator", refuses=_not_master)
MIXER_DEVICE.field("sends", listenable=True)
MIXER_DEVICE.field("crossfader", refuses=_master_only)
MIXER_DEVICE.field("cue_volume", refuses=_master_only)
MIXER_DEVICE.field("song_tempo", refuses=_master_only)
MIXER_DEVICE.field("canonical_parent", stored_as="parent")

DEVICE_PARAMETER.field("name", listenable=True)
DEVICE_PARAMETER.field("original_name", stored_as="name")
DEVICE_PARAMETER.field("canonical_parent", stored_as="parent")
DEVICE_PARAMETER.field("min")
DEVICE_PARAMETER.field("max")
DEVICE_PARAMETER.field("default_value")
DEVICE_PARAMETER.constant(True, "is_enabled")
DEVICE_PARAMETER.constant(False, "is_quantized")
DEVICE_PARAMETER.field("automation_state", listenable=True)
DEVICE_PARAMETER.constant(0, "state", listenable=True)


@DEVICE_PARAMETER.writable(FLOAT32, listenable=True)
def value(parameter: ParameterNode, wanted: float) -> None:
    if math.isnan(wanted) or not parameter.min <= wanted <= parameter.max:
        raise RuntimeError("Invalid value. Check the parameters range with min/max")
    parameter.set_value(wanted)


@DEVICE_PARAMETER.writable(
    FLOAT32,
    lambda parameter: float(parameter.to_display(parameter.value)),
    listenable=True,
    versions=since(12, 2),
)
def display_value(parameter: ParameterNode, shown: float) -> None:
    """Clamped to what the parameter can have, without a word; -inf sets the most, as measured in Live."""
    if math.isnan(shown):
        raise RuntimeError("Invalid value. Check the parameters range with min/max")
    parameter.set_value(parameter.max if shown == -math.inf else _value_showing(parameter, shown))


def _value_showing(parameter: ParameterNode, shown: float) -> float:
    """The value whose display is nearest below `shown`, as displays rise with values."""
    low, high = parameter.min, parameter.max
    if parameter.to_display(high) <= shown:
        return high
    for _ in range(50):
        middle = (low + high) / 2.0
        if parameter.to_display(middle) <= shown:
            low = middle
        else:
            high = middle
    return to_float32(low)


@DEVICE_PARAMETER.method(FLOAT32, changes=False)
def str_for_value(parameter: ParameterNode, shown: float) -> str:
    return str(parameter.text(shown))


@DEVICE_PARAMETER.method(changes=False)
def __str__(parameter: ParameterNode) -> str:  # noqa: N807 (it becomes the class's)
    return str(parameter.text(parameter.value))


@DEVICE_PARAMETER.method()
def begin_gesture(parameter: ParameterNode) -> None:
    pass


@DEVICE_PARAMETER.method()
def end_gesture(parameter: ParameterNode) -> None:
    pass


@DEVICE_PARAMETER.method()
def re_enable_automation(parameter: ParameterNode) -> None:
    pass
