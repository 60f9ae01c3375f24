"""Live.Envelope (Live.Clip.AutomationEnvelope before 12.2), and the members of Clip that make and clear envelopes."""

from __future__ import annotations

import math

from live_simulator import breakpoints
from live_simulator.api.classes import AUTOMATION_ENVELOPE, CLIP, DEVICE_PARAMETER, ENVELOPE
from live_simulator.api.plain_values import EnvelopeEvent, EnvelopeEventControlCoefficients
from live_simulator.boost import FLOAT
from live_simulator.breakpoints import Breakpoint
from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.devices import ParameterNode
from live_simulator.nodes.envelopes import EnvelopeNode
from live_simulator.nodes.node import Node, set_alive
from live_simulator.nodes.tracks import TrackNode
from live_simulator.versions import since

ENVELOPE.field("canonical_parent", stored_as="parent")


@AUTOMATION_ENVELOPE.method(FLOAT, changes=False)
@ENVELOPE.method(FLOAT, changes=False)
def value_at_time(envelope: EnvelopeNode, beats: float) -> float:
    return breakpoints.value_at(envelope.points, beats, envelope.parameter.value)


@AUTOMATION_ENVELOPE.method(FLOAT, FLOAT, FLOAT)
@ENVELOPE.method(FLOAT, FLOAT, FLOAT)
def insert_step(envelope: EnvelopeNode, start_beats: float, length_beats: float, value: float) -> None:
    parameter = envelope.parameter
    if not (math.isfinite(start_beats) and math.isfinite(length_beats) and length_beats >= 0.0):
        raise RuntimeError("Invalid step")
    if not parameter.min <= value <= parameter.max:
        raise RuntimeError("Invalid value. Check the parameters range with min/max")
    points = breakpoints.with_step(envelope.points, start_beats, length_beats, value, parameter.value)
    envelope.put("points", points)


@ENVELOPE.method(FLOAT, FLOAT, changes=False, vector="Envelope.EnvelopeEventVector")
def events_in_range(envelope: EnvelopeNode, start_beats: float, end_beats: float) -> tuple[EnvelopeEvent, ...]:
    return tuple(_event(point) for point in breakpoints.within(envelope.points, start_beats, end_beats))


@ENVELOPE.method(FLOAT, FLOAT)
def delete_events_in_range(envelope: EnvelopeNode, start_beats: float, end_beats: float) -> None:
    envelope.put("points", breakpoints.without(envelope.points, start_beats, end_beats))


def _event(point: Breakpoint) -> EnvelopeEvent:
    return EnvelopeEvent(point.beats, point.value, EnvelopeEventControlCoefficients())


# Of a clip


@CLIP.readable(listenable=True)
def has_envelopes(clip: ClipNode) -> bool:
    return bool(clip.envelopes)


CLIP.field("automation_envelopes", stored_as="envelopes", versions=since(12, 2))


@CLIP.method(DEVICE_PARAMETER.kind(), changes=False)
def automation_envelope(clip: ClipNode, parameter: ParameterNode) -> EnvelopeNode | None:
    """None where there is none, as for all clips of the arrangement."""
    found = [envelope for envelope in clip.envelopes if envelope.parameter is parameter]
    return found[0] if found and not clip.is_arrangement_clip else None


@CLIP.method(DEVICE_PARAMETER.kind())
def create_automation_envelope(clip: ClipNode, parameter: ParameterNode) -> EnvelopeNode:
    if clip.is_arrangement_clip or _track_of(parameter) is not clip.track:
        raise RuntimeError("Not a session clip or parameter belongs to another track")
    if automation_envelope(clip, parameter) is not None:
        raise RuntimeError("The clip has an envelope for this parameter already")
    envelope = EnvelopeNode(clip, parameter)
    set_alive(envelope, True)
    clip.put("envelopes", (*clip.envelopes, envelope))
    return envelope


@CLIP.method(DEVICE_PARAMETER.kind())
def clear_envelope(clip: ClipNode, parameter: ParameterNode) -> None:
    _clear(clip, [envelope for envelope in clip.envelopes if envelope.parameter is parameter])


@CLIP.method()
def clear_all_envelopes(clip: ClipNode) -> None:
    _clear(clip, list(clip.envelopes))


def _clear(clip: ClipNode, gone: list[EnvelopeNode]) -> None:
    for envelope in gone:
        set_alive(envelope, False)
    clip.put("envelopes", tuple(envelope for envelope in clip.envelopes if envelope not in gone))


def _track_of(parameter: ParameterNode) -> Node | None:
    place: Node | None = parameter
    while place is not None and not isinstance(place, TrackNode):
        place = place.parent
    return place
