"""Live.Track.RoutingType and RoutingChannel, and what a track says of them, by object or (the older way) by name."""

from __future__ import annotations

from live_simulator.api.classes import ROUTING_CHANNEL, ROUTING_TYPE, TRACK
from live_simulator.boost import TEXT
from live_simulator.declaration import Property
from live_simulator.nodes.tracks import TrackNode
from live_simulator.routing import INPUT, OUTPUT, End, RoutingChannel

ROUTING_TYPE.field("display_name")
ROUTING_TYPE.field("category")
ROUTING_TYPE.field("attached_object")
ROUTING_CHANNEL.field("display_name")


@ROUTING_CHANNEL.readable(vector="Track.RoutingChannelLayout")
def layout(channel: RoutingChannel) -> int:
    return channel.layout


def no_input(track: TrackNode) -> str | None:
    return None if track.holds_clips else "Group, Return and Master Tracks have no input"


def _declare(end: End, side: str) -> None:
    refuses = no_input if end is INPUT else None

    def type_name(track: TrackNode) -> str:
        return end.type(track).display_name

    def channel_name(track: TrackNode) -> str:
        return end.channel(track).display_name

    def names(track: TrackNode) -> tuple[str, ...]:
        return tuple(offered.display_name for offered in end.types(track))

    def channel_names(track: TrackNode) -> tuple[str, ...]:
        return tuple(offered.display_name for offered in end.channels(track))

    for name, read, vector in (
        (f"available_{side}_routing_types", end.types, "Track.RoutingTypeVector"),
        (f"available_{side}_routing_channels", end.channels, "Track.RoutingChannelVector"),
        (f"{side}_routings", names, "Base.StringVector"),
        (f"{side}_sub_routings", channel_names, "Base.StringVector"),
    ):
        TRACK.properties.append(Property(name, read, listenable=True, vector=vector, refuses=refuses))
    for name, kind, chosen, choose in (
        (f"{side}_routing_type", ROUTING_TYPE.kind(), end.type, end.choose),
        (f"{side}_routing_channel", ROUTING_CHANNEL.kind(), end.channel, end.choose_channel),
        (f"current_{side}_routing", TEXT, type_name, end.choose_by_name),
        (f"current_{side}_sub_routing", TEXT, channel_name, end.choose_channel_by_name),
    ):
        TRACK.properties.append(Property(name, chosen, kind, choose, listenable=True, refuses=refuses))


_declare(INPUT, "input")
_declare(OUTPUT, "output")
