"""Live.DeviceParameter."""

from __future__ import annotations

import math

from live_simulator import tempo
from live_simulator.api.classes import DEVICE_PARAMETER
from live_simulator.boost import FLOAT32, to_float32
from live_simulator.nodes.devices import OVERRIDDEN, PLAYING, ParameterNode, TempoNode
from live_simulator.versions import since


def _switches_only(parameter: ParameterNode) -> str | None:
    return None if parameter.items else "This property is only available for quantized parameters"


def _no_switches(parameter: ParameterNode) -> str | None:
    return "This property is only available for parameters that are not quantized" if parameter.items else None


DEVICE_PARAMETER.field("name", listenable=True)
DEVICE_PARAMETER.field("original_name", stored_as="name")
DEVICE_PARAMETER.field("canonical_parent", stored_as="parent")
DEVICE_PARAMETER.field("min")
DEVICE_PARAMETER.field("max")
DEVICE_PARAMETER.field("default_value", refuses=_no_switches)
DEVICE_PARAMETER.constant(True, "is_enabled")
DEVICE_PARAMETER.field("automation_state", listenable=True)
DEVICE_PARAMETER.constant(0, "state", listenable=True)


@DEVICE_PARAMETER.readable()
def is_quantized(parameter: ParameterNode) -> bool:
    return bool(parameter.items)


@DEVICE_PARAMETER.readable(vector="Base.StringVector", refuses=_switches_only)
def value_items(parameter: ParameterNode) -> tuple[str, ...]:
    return parameter.items


@DEVICE_PARAMETER.readable(vector="Base.StringVector", refuses=_switches_only, versions=since(11, 2))
def short_value_items(parameter: ParameterNode) -> tuple[str, ...]:
    return parameter.items


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
    """Tells Live that a hand is on the control, which matters to recorded automation only."""


@DEVICE_PARAMETER.method()
def end_gesture(parameter: ParameterNode) -> None:
    """See begin_gesture."""


@DEVICE_PARAMETER.method()
def re_enable_automation(parameter: ParameterNode) -> None:
    if isinstance(parameter, TempoNode):
        tempo.re_enable_automation(parameter.song)
    elif parameter.automation_state == OVERRIDDEN:
        parameter.put("automation_state", PLAYING, undoable=False)
