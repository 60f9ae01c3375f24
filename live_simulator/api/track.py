"""Live.Track: what kind of track it is, its mixer, its place in groups."""

from __future__ import annotations

import re
from typing import Any

from live_simulator import groups
from live_simulator.api import checks
from live_simulator.api.classes import TRACK, TRACK_VIEW
from live_simulator.boost import ANYTHING, BOOL, INT, TEXT
from live_simulator.declaration import Event
from live_simulator.nodes.tracks import TrackNode
from live_simulator.routing import has_audio_output as has_sound
from live_simulator.routing import has_input, shown_name
from live_simulator.tracks import DEFAULT_NAMES
from live_simulator.versions import since


def not_master(track: TrackNode) -> str | None:
    return "The Master Track has no such state" if track.role == "master" else None


def clips_only(track: TrackNode) -> str | None:
    return None if track.holds_clips else "Group, Return and Master Tracks have no clips and cannot be armed"


def _groups_only(track: TrackNode) -> str | None:
    return None if track.role == "group" else "Only Group Tracks have a fold state"


def _no_chains(track: TrackNode) -> str | None:
    return "Only tracks with an Instrument Rack can show chains"


def _audio_input_only(track: TrackNode) -> str | None:
    return None if track.role == "audio" else "Only tracks with audio input have this meter"


def _audio_output_only(track: TrackNode) -> str | None:
    return None if has_sound(track) else "Only tracks with audio output have this meter"


TRACK.enums["monitoring_states"] = {"IN": 0, "AUTO": 1, "OFF": 2}
TRACK.field("canonical_parent", stored_as="parent")
TRACK.field("view")
TRACK.field("mixer_device", stored_as="mixer")
TRACK.field("solo", BOOL, listenable=True, refuses=not_master)
TRACK.field("implicit_arm", BOOL, listenable=True, undoable=False, refuses=clips_only)
TRACK.field("group_track", stored_as="group")
TRACK.writable(INT, checks.read_color, listenable=True)(checks.named("color", checks.set_color))
TRACK.writable(INT, listenable=True)(checks.named("color_index", checks.set_color_index))
TRACK.field("is_showing_chains", BOOL, listenable=True, refuses=_no_chains, stored_as="is_folded")
TRACK.field("is_frozen", listenable=True)
TRACK.constant(0.0, "output_meter_level", listenable=True)
TRACK.constant(0.0, "output_meter_left", "output_meter_right", listenable=True, refuses=_audio_output_only)
TRACK.constant(0.0, "input_meter_level", listenable=True, refuses=clips_only)
TRACK.constant(0.0, "input_meter_left", "input_meter_right", listenable=True, refuses=_audio_input_only)
TRACK.constant(0.0, "performance_impact", listenable=True, versions=since(11, 1))
TRACK.events.append(Event("data"))
TRACK_VIEW.field("canonical_parent", stored_as="parent")
TRACK_VIEW.field("is_collapsed", BOOL, listenable=True)


@TRACK_VIEW.writable(INT, listenable=True)
def device_insert_mode(view: Any, mode: int) -> None:
    if mode not in (0, 1, 2):
        raise RuntimeError("Invalid device insert mode")
    view.put("device_insert_mode", mode, undoable=False)


@TRACK.writable(TEXT, shown_name, listenable=True)
def name(track: TrackNode, text: str) -> None:
    """A name that looks like a default one, or none at all, is a default one: it follows the track's number."""
    if track.role in DEFAULT_NAMES and (not text or re.match(r"\d+-(Audio|MIDI|Group)$", text)):
        text = DEFAULT_NAMES[track.role]
    track.put("name", text)


@TRACK.writable(BOOL, listenable=True, refuses=not_master)
def mute(track: TrackNode, on: bool) -> None:
    track.mixer.track_activator.put("value", 0.0 if on else 1.0)


@TRACK.writable(BOOL, listenable=True, refuses=clips_only)
def arm(track: TrackNode, on: bool) -> None:
    """Silently ignored where nothing can come in. Other tracks stay armed whatever `exclusive_arm` says."""
    if not on or has_input(track):
        track.put("arm", on)


@TRACK.writable(INT, listenable=True, refuses=clips_only)
def current_monitoring_state(track: TrackNode, state: int) -> None:
    if state not in (0, 1, 2):
        raise RuntimeError("Invalid monitoring state")
    track.put("current_monitoring_state", state)


@TRACK.writable(BOOL, lambda track: track.is_folded, refuses=_groups_only)
def fold_state(track: TrackNode, folded: bool) -> None:
    track.put("is_folded", folded, undoable=False)


@TRACK.readable(listenable=True, refuses=not_master)
def muted_via_solo(track: TrackNode) -> bool:
    return groups.is_silenced_by_solo(track)


@TRACK.readable()
def is_visible(track: TrackNode) -> bool:
    return groups.is_visible(track)


@TRACK.readable()
def is_foldable(track: TrackNode) -> bool:
    return track.role == "group"


@TRACK.readable()
def is_grouped(track: TrackNode) -> bool:
    return track.group is not None


@TRACK.readable()
def is_part_of_selection(track: TrackNode) -> bool:
    return track.song.view.selected_track is track


@TRACK.readable()
def can_be_armed(track: TrackNode) -> bool:
    return track.holds_clips


@TRACK.readable()
def can_be_frozen(track: TrackNode) -> bool:
    return track.holds_clips


@TRACK.readable(listenable=True)
def has_audio_input(track: TrackNode) -> bool:
    return track.role != "midi"


@TRACK.readable(listenable=True)
def has_midi_input(track: TrackNode) -> bool:
    return track.role == "midi"


@TRACK.readable(listenable=True)
def has_audio_output(track: TrackNode) -> bool:
    return has_sound(track)


@TRACK.readable(listenable=True)
def has_midi_output(track: TrackNode) -> bool:
    return not has_sound(track)


@TRACK.method(TEXT, ANYTHING, changes=False)
def get_data(track: TrackNode, key: str, default: Any) -> Any:
    return checks.get_data(track, key, default)


@TRACK.method(TEXT, ANYTHING)
def set_data(track: TrackNode, key: str, value: Any) -> None:
    checks.set_data(track, key, value)
