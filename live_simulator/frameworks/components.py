"""The usual components, made over the base class of one framework."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from live_simulator.frameworks.channel_strip import ChannelStripPart
from live_simulator.frameworks.component import Component, ControlSurfaceComponent
from live_simulator.frameworks.device import DevicePart
from live_simulator.frameworks.mixer import MixerPart
from live_simulator.frameworks.modes import ModesPart
from live_simulator.frameworks.scene import ClipSlotPart, ScenePart
from live_simulator.frameworks.session import RingPart, SessionPart
from live_simulator.frameworks.transport import TransportPart
from live_simulator.frameworks.zooming import ZoomingPart


def make_parts(component: type) -> SimpleNamespace:
    """The component classes of a framework, over its base class."""

    def make(name: str, *parts: type, **members: Any) -> Any:
        return type(name, (*parts, component), members)

    made = SimpleNamespace()
    made.TransportComponent = make("TransportComponent", TransportPart)
    made.ChannelStripComponent = make("ChannelStripComponent", ChannelStripPart)
    made.ClipSlotComponent = make("ClipSlotComponent", ClipSlotPart)
    made.DeviceComponent = make("DeviceComponent", DevicePart)
    made.SessionZoomingComponent = make("SessionZoomingComponent", ZoomingPart)
    made.ModesComponent = make("ModesComponent", ModesPart)
    made.SessionRingComponent = make("SessionRingComponent", RingPart)
    made.MixerComponent = make("MixerComponent", MixerPart, _create_strip=lambda self: made.ChannelStripComponent())
    made.SceneComponent = make(
        "SceneComponent",
        ScenePart,
        _create_clip_slot=lambda self: self.clip_slot_component_type(),
        clip_slot_component_type=made.ClipSlotComponent,
    )
    made.SessionComponent = make(
        "SessionComponent",
        SessionPart,
        _create_scene=_create_scene,
        scene_component_type=made.SceneComponent,
    )
    return made


def _create_scene(session: Any) -> Any:
    if session._ring is not None:
        return session.scene_component_type(session_ring=session._ring)
    return session.scene_component_type(session.width(), session.tracks_to_use)


V2 = make_parts(Component)
FRAMEWORK = make_parts(ControlSurfaceComponent)
