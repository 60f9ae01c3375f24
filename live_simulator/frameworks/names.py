"""Which names each module of Live's script frameworks has, as far as there is an implementation of ours behind it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from live_simulator.frameworks import (
    appearance,
    capabilities,
    component,
    compound_elements,
    controls,
    elements,
    events,
    functions,
    injection,
    layer,
    midi,
    modes,
    python2,
    slots,
    surface,
    tasks,
    v3,
)
from live_simulator.frameworks.components import FRAMEWORK, V2

SUBJECT = {
    "Subject": events.EventObject,
    "SubjectEvent": events.SubjectEvent,
    "SubjectSlot": events.Slot,
    "SubjectSlotGroup": slots.SlotGroup,
    "SubjectSlotError": events.EventError,
    "SlotManager": events.EventObject,
    "subject_slot": slots.listens,
    "subject_slot_group": slots.listens_group,
    "CallableSubjectSlot": slots.CallableSlot,
    "CallableSubjectSlotGroup": slots.SlotGroup,
}
DISCONNECTABLE = {"Disconnectable": events.Disconnectable, "CompoundDisconnectable": events.Disconnectable}
INJECTION = {name: getattr(injection, name) for name in ("DependencyError", "depends", "inject")}
EVENTS = {
    "EventObject": events.EventObject,
    "Event": events.SubjectEvent,
    "EventError": events.EventError,
    "Slot": events.Slot,
    "SlotGroup": slots.SlotGroup,
    "CallableSlot": slots.CallableSlot,
    "listenable_property": events.listenable_property,
    "listens": slots.listens,
    "listens_group": slots.listens_group,
}
MODES = {name: getattr(modes, name) for name in ("Mode", "ComponentMode", "LayerMode", "AddLayerMode")}


def public(module: ModuleType) -> dict[str, Any]:
    """The functions, classes and constants that a module of ours defines itself."""
    own = module.__name__
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        and getattr(value, "__module__", own) == own
        and name != "annotations"
    }


FUNCTIONS = public(functions)
TASK = public(tasks)
MIDI = public(midi)
CONTROLS = public(controls)
ELEMENTS = {**public(elements), **public(compound_elements), **public(appearance), **public(layer)}


def chosen(source: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: source[name] for name in names}


def _single(names: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """One module for each name, called like it, as _Framework has them."""
    return {f"_Framework.{name}": {name: value} for name, value in names.items()}


INPUT_ELEMENT = {**chosen(ELEMENTS, "InputControlElement"), **MIDI}
BUTTON = chosen(ELEMENTS, "ButtonElement", "ON_VALUE", "OFF_VALUE")
V2_COMPONENTS = dict(vars(V2))
V2_SURFACE = {
    "Component": component.Component,
    "ControlElement": elements.ControlElement,
    "ControlElementClient": elements.ControlElementClient,
    "ControlSurface": surface.ControlSurface,
    "SimpleControlSurface": surface.SimpleControlSurface,
    "InputControlElement": elements.InputControlElement,
    "NotifyingControlElement": elements.NotifyingControlElement,
    "CompoundElement": compound_elements.CompoundElement,
    "Layer": layer.Layer,
    "Skin": appearance.Skin,
    "merge_skins": appearance.merge_skins,
    **MIDI,
}

MODULES: dict[str, dict[str, Any]] = {
    "ableton": {},
    "ableton.v2": {},
    "ableton.v2.base": {**FUNCTIONS, **EVENTS, **INJECTION, **DISCONNECTABLE, **chosen(TASK, "Task", "TaskGroup")},
    "ableton.v2.base.task": TASK,
    "ableton.v2.base.event": EVENTS,
    "ableton.v2.base.dependency": INJECTION,
    "ableton.v2.base.disconnectable": DISCONNECTABLE,
    "ableton.v2.base.util": FUNCTIONS,
    "ableton.v2.base.live_api_utils": chosen(FUNCTIONS, "liveobj_changed", "liveobj_valid"),
    "ableton.v2.control_surface": V2_SURFACE,
    "ableton.v2.control_surface.capabilities": public(capabilities),
    "ableton.v2.control_surface.component": {"Component": component.Component},
    "ableton.v2.control_surface.components": V2_COMPONENTS,
    "ableton.v2.control_surface.components.channel_strip": chosen(V2_COMPONENTS, "ChannelStripComponent"),
    "ableton.v2.control_surface.components.clip_slot": chosen(V2_COMPONENTS, "ClipSlotComponent"),
    "ableton.v2.control_surface.components.device": chosen(V2_COMPONENTS, "DeviceComponent"),
    "ableton.v2.control_surface.components.mixer": chosen(V2_COMPONENTS, "MixerComponent"),
    "ableton.v2.control_surface.components.scene": chosen(V2_COMPONENTS, "SceneComponent"),
    "ableton.v2.control_surface.components.session": chosen(V2_COMPONENTS, "SessionComponent"),
    "ableton.v2.control_surface.components.session_ring": chosen(V2_COMPONENTS, "SessionRingComponent"),
    "ableton.v2.control_surface.components.transport": chosen(V2_COMPONENTS, "TransportComponent"),
    "ableton.v2.control_surface.control": CONTROLS,
    "ableton.v2.control_surface.control_element": chosen(ELEMENTS, "ControlElement", "ControlElementClient"),
    "ableton.v2.control_surface.control_surface": chosen(V2_SURFACE, "ControlSurface", "SimpleControlSurface"),
    "ableton.v2.control_surface.elements": ELEMENTS,
    "ableton.v2.control_surface.elements.button": BUTTON,
    "ableton.v2.control_surface.elements.button_matrix": chosen(ELEMENTS, "ButtonMatrixElement"),
    "ableton.v2.control_surface.elements.color": chosen(ELEMENTS, "Color"),
    "ableton.v2.control_surface.elements.encoder": chosen(ELEMENTS, "EncoderElement"),
    "ableton.v2.control_surface.elements.slider": chosen(ELEMENTS, "SliderElement"),
    "ableton.v2.control_surface.elements.sysex_element": chosen(ELEMENTS, "SysexElement"),
    "ableton.v2.control_surface.input_control_element": INPUT_ELEMENT,
    "ableton.v2.control_surface.layer": chosen(ELEMENTS, "Layer"),
    "ableton.v2.control_surface.midi": MIDI,
    "ableton.v2.control_surface.mode": {**MODES, "ModesComponent": V2.ModesComponent},
    "ableton.v2.control_surface.skin": chosen(ELEMENTS, "Skin", "merge_skins"),
    "_Framework": {},
    **_single({name: value for name, value in vars(FRAMEWORK).items() if name != "SessionRingComponent"}),
    **_single({name: value for name, value in ELEMENTS.items() if isinstance(value, type)}),
    "_Framework.ButtonElement": BUTTON,
    "_Framework.Capabilities": public(capabilities),
    "_Framework.CompoundComponent": {"CompoundComponent": component.ControlSurfaceComponent},
    "_Framework.ControlElement": chosen(ELEMENTS, "ControlElement", "ControlElementClient", "NotifyingControlElement"),
    "_Framework.ControlSurface": {
        "ControlSurface": surface.FrameworkControlSurface,
        "OptimizedControlSurface": surface.FrameworkControlSurface,
        **MIDI,
    },
    "_Framework.ControlSurfaceComponent": {"ControlSurfaceComponent": component.ControlSurfaceComponent},
    "_Framework.Debug": {"debug_print": functions.nop},
    "_Framework.Dependency": INJECTION,
    "_Framework.Disconnectable": DISCONNECTABLE,
    "_Framework.EncoderElement": chosen(ELEMENTS, "EncoderElement"),
    "_Framework.InputControlElement": INPUT_ELEMENT,
    "_Framework.Layer": chosen(ELEMENTS, "Layer"),
    "_Framework.MidiMap": {},
    "_Framework.ModesComponent": {**MODES, "ModesComponent": FRAMEWORK.ModesComponent},
    "_Framework.Proxy": {},
    "_Framework.Skin": chosen(ELEMENTS, "Skin", "merge_skins"),
    "_Framework.SessionZoomingComponent": {
        "SessionZoomingComponent": FRAMEWORK.SessionZoomingComponent,
        "DeprecatedSessionZoomingComponent": FRAMEWORK.SessionZoomingComponent,
    },
    "_Framework.SubjectSlot": SUBJECT,
    "_Framework.Task": TASK,
    "_Framework.Util": FUNCTIONS,
    **python2.NAMES,
}
"""Module -> its names. What is not here is not importable, as a script's log will say."""

V3_LIVE = {
    **chosen(FUNCTIONS, "liveobj_changed", "liveobj_valid"),
    "application": surface.live_application,
    "song": v3.song,
}

V3_MODULES: dict[str, dict[str, Any]] = {
    "ableton.v3": {},
    "ableton.v3.base": MODULES["ableton.v2.base"],
    "ableton.v3.live": V3_LIVE,
    "ableton.v3.live.util": V3_LIVE,
    "ableton.v3.control_surface": {**V2_SURFACE, **public(v3)},
    "ableton.v3.control_surface.capabilities": public(capabilities),
    "ableton.v3.control_surface.component": {"Component": component.Component},
    "ableton.v3.control_surface.components": V2_COMPONENTS,
    "ableton.v3.control_surface.controls": CONTROLS,
    "ableton.v3.control_surface.elements": ELEMENTS,
    "ableton.v3.control_surface.elements_base": public(v3),
    "ableton.v3.control_surface.midi": MIDI,
    "ableton.v3.control_surface.mode": {**MODES, "ModesComponent": V2.ModesComponent},
    "ableton.v3.control_surface.skin": {**chosen(ELEMENTS, "Skin", "merge_skins"), "create_skin": v3.create_skin},
}
"""Since Live 11.1."""
