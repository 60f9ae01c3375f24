"""Where a track's sound may come from and go to: the lists that Live offers, and what is chosen of them.

A track knows them from the tick after its making on, or later. Names are those of an English Live with two channels of
audio.
"""

from __future__ import annotations

from typing import Callable

from live_simulator.nodes.device_chain import INSTRUMENT
from live_simulator.nodes.node import Value
from live_simulator.nodes.tracks import Routing, TrackNode

EXTERNAL, REWIRE, RESAMPLING, MASTER, TRACK, PARENT_GROUP, NONE, INVALID = range(8)
"""Track.RoutingTypeCategory"""
MIDI, MONO, STEREO = range(3)
"""Track.RoutingChannelLayout"""
MIDI_CHANNELS = ("All Channels", *(f"Ch. {number}" for number in range(1, 17)))
TAPS = ("Pre FX", "Post FX", "Post Mixer")
CATEGORIES = {
    "external": EXTERNAL,
    "resampling": RESAMPLING,
    "master": MASTER,
    "track": TRACK,
    "group": PARENT_GROUP,
    "none": NONE,
    "unknown": INVALID,
}
UNKNOWN = Routing("unknown")


class RoutingType(Value):
    LIVE = "Track.RoutingType"

    def __init__(self, display_name: str, routing: Routing) -> None:
        self.display_name = display_name
        self.routing = routing

    @property
    def category(self) -> int:
        return CATEGORIES[self.routing.kind]

    @property
    def attached_object(self) -> TrackNode | None:
        return self.routing.track

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RoutingType) and self.routing == other.routing

    def __hash__(self) -> int:
        return hash(self.routing.kind)


class RoutingChannel(Value):
    LIVE = "Track.RoutingChannel"

    def __init__(self, display_name: str, layout: int) -> None:
        self.display_name = display_name
        self.layout = layout

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RoutingChannel) and self.display_name == other.display_name

    def __hash__(self) -> int:
        return hash(self.display_name)


class End:
    """The input or the output of tracks: its routings, which channels each has, where the choice is kept."""

    def __init__(
        self,
        routings: Callable[[TrackNode], list[Routing]],
        channels: Callable[[TrackNode, Routing], tuple[RoutingChannel, ...]],
        name: Callable[[TrackNode, Routing], str],
        field: str,
    ) -> None:
        self._routings = routings
        self._channels = channels
        self._name = name
        self._field = field

    def types(self, track: TrackNode) -> tuple[RoutingType, ...]:
        if not _is_known(track):
            return (RoutingType("", UNKNOWN),)
        return tuple(RoutingType(self._name(track, routing), routing) for routing in self._routings(track))

    def type(self, track: TrackNode) -> RoutingType:
        """What is chosen, or the default where that is gone."""
        types = self.types(track)
        chosen = getattr(track, self._field)
        return next((offered for offered in types if offered.routing == chosen), types[0])

    def channels(self, track: TrackNode) -> tuple[RoutingChannel, ...]:
        return self._channels(track, self.type(track).routing)

    def channel(self, track: TrackNode) -> RoutingChannel:
        channels = self.channels(track)
        chosen = getattr(track, f"{self._field}_channel")
        return next((offered for offered in channels if offered.display_name == chosen), channels[0])

    def choose(self, track: TrackNode, wanted: RoutingType) -> None:
        """ValueError where the track has no such routing now. Its first channel is chosen with it."""
        if wanted.routing == UNKNOWN or wanted not in self.types(track):
            raise ValueError("Invalid routing type")
        track.put(self._field, wanted.routing)
        track.put(f"{self._field}_channel", "")

    def choose_channel(self, track: TrackNode, wanted: RoutingChannel) -> None:
        if not _is_known(track) or wanted not in self.channels(track):
            raise ValueError("Invalid routing channel")
        track.put(f"{self._field}_channel", wanted.display_name)

    def choose_by_name(self, track: TrackNode, display_name: str) -> None:
        found = [offered for offered in self.types(track) if offered.display_name == display_name]
        if not found:
            raise ValueError("Invalid routing type")
        self.choose(track, found[0])

    def choose_channel_by_name(self, track: TrackNode, display_name: str) -> None:
        self.choose_channel(track, RoutingChannel(display_name, STEREO))


def has_input(track: TrackNode) -> bool:
    """Whether anything can come in that could be recorded."""
    return INPUT.type(track).routing.kind not in ("none", "unknown")


def has_audio_output(track: TrackNode) -> bool:
    """A MIDI track has one only behind an instrument."""
    return track.role != "midi" or any(device.kind == INSTRUMENT for device in track.devices)


def _is_known(track: TrackNode) -> bool:
    runtime = track.runtime
    return runtime.tick > track.created_tick and runtime.clock.tick_start_ms >= track.routings_due_ms


def _inputs(track: TrackNode) -> list[Routing]:
    others = [Routing("track", other) for other in _others(track) if has_audio_output(other) == (track.role != "midi")]
    if track.role == "midi":
        return [Routing("external"), *others, Routing("none")]
    returns = [Routing("track", other) for other in track.song.return_tracks]
    return [Routing("external"), Routing("resampling"), *others, *returns, Routing("master"), Routing("none")]


def _outputs(track: TrackNode) -> list[Routing]:
    """The default first."""
    if track.role == "master":
        return [Routing("external")]
    if not has_audio_output(track):
        return [Routing("none"), *(Routing("track", other) for other in _others(track) if other.role == "midi")]
    usual = [Routing("master")] if track.group is None else [Routing("group", track.group), Routing("master")]
    targets = [Routing("track", other) for other in _others(track) if other.role == "audio"]
    return [*usual, Routing("external"), *targets, Routing("none")]


def _others(track: TrackNode) -> list[TrackNode]:
    return [other for other in track.song.tracks if other is not track]


def _input_channels(track: TrackNode, routing: Routing) -> tuple[RoutingChannel, ...]:
    if routing.kind in ("none", "resampling", "unknown"):
        return (RoutingChannel("", STEREO if track.role == "audio" else MIDI),)
    if track.role == "midi":
        names = MIDI_CHANNELS if routing.kind == "external" else TAPS
        return tuple(RoutingChannel(name, MIDI) for name in names)
    if routing.kind == "external":
        return (RoutingChannel("1/2", STEREO), RoutingChannel("1", MONO), RoutingChannel("2", MONO))
    return tuple(RoutingChannel(name, STEREO) for name in TAPS)


def _output_channels(track: TrackNode, routing: Routing) -> tuple[RoutingChannel, ...]:
    if routing.kind == "external":
        return (RoutingChannel("1/2", STEREO), RoutingChannel("1", MONO), RoutingChannel("2", MONO))
    layout = STEREO if has_audio_output(track) else MIDI
    return (RoutingChannel("Track In" if routing.kind in ("track", "group") else "", layout),)


def _input_name(track: TrackNode, routing: Routing) -> str:
    if routing.kind == "external":
        return "All Ins" if track.role == "midi" else "Ext. In"
    return _name(track, routing, "No Input")


def _output_name(track: TrackNode, routing: Routing) -> str:
    return _name(track, routing, "Sends Only" if has_audio_output(track) else "No Output")


def _name(track: TrackNode, routing: Routing, none: str) -> str:
    if routing.track is not None:
        return "Group" if routing.kind == "group" else shown_name(routing.track)
    names = {"external": "Ext. Out", "resampling": "Resampling", "none": none, "master": track.song.master_track.name}
    return str(names[routing.kind])


def shown_name(track: TrackNode) -> str:
    """'#' stands for the track's number."""
    place = track.song.return_tracks if track.role == "return" else track.song.tracks
    return track.name.replace("#", str(place.index(track) + 1 if track in place else 0))


INPUT = End(_inputs, _input_channels, _input_name, "source")
OUTPUT = End(_outputs, _output_channels, _output_name, "target")
