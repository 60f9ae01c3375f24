"""Live.Track, Live.Song and their views: devices, and which of them is selected."""

from __future__ import annotations

from live_simulator import devices
from live_simulator.api.classes import CHAIN, DEVICE, SONG, SONG_VIEW, TRACK, TRACK_VIEW
from live_simulator.boost import BOOL, INT, STRING, handle
from live_simulator.nodes.device_chain import INSTRUMENT, ChainNode, DeviceNode, RackNode, track_of
from live_simulator.nodes.node import Node
from live_simulator.nodes.songs import SongNode, SongViewNode
from live_simulator.nodes.tracks import TrackNode, TrackViewNode
from live_simulator.tracks import select_track
from live_simulator.versions import since

INSERTS = since(12, 3)
ANY_OBJECT = handle("LomObject.LomObject", "TPyHandleBase")

TRACK.field("devices", listenable=True)
TRACK_VIEW.field("selected_device", listenable=True)


@TRACK.readable()
def can_show_chains(track: TrackNode) -> bool:
    return any(isinstance(device, RackNode) and device.kind == INSTRUMENT for device in track.devices)


@TRACK.method(STRING, INT, defaults=(-1,), versions=INSERTS)
def insert_device(track: TrackNode, name: str, index: int) -> DeviceNode:
    return devices.insert(track, name, index)


@TRACK.method(INT)
def delete_device(track: TrackNode, index: int) -> None:
    devices.delete(track, index)


@TRACK.method(INT, versions=INSERTS)
def duplicate_device(track: TrackNode, index: int) -> None:
    devices.duplicate(track, index)


@TRACK_VIEW.method()
def select_instrument(view: TrackViewNode) -> bool:
    """Whether there is one, or else a device to select in its place."""
    assert isinstance(view.parent, TrackNode)
    row = view.parent.devices
    found = [device for device in row if device.kind == INSTRUMENT] or list(row)
    if found:
        _select(found[0])
    return bool(found)


# Of the song


@SONG.writable(DEVICE.kind(optional=True), listenable=True)
def appointed_device(song: SongNode, device: DeviceNode | None) -> None:
    song.put("appointed_device", device, undoable=False)


@SONG.method(DEVICE.kind(), ANY_OBJECT, INT, changes=False)
def find_device_position(song: SongNode, device: DeviceNode, target: Node, index: int) -> int:
    """The place nearest to `index` in which `move_device` would put it."""
    return devices.nearest_place(device, _holder(target), index)


@SONG.method(DEVICE.kind(), ANY_OBJECT, INT)
def move_device(song: SongNode, device: DeviceNode, target: Node, index: int) -> int:
    return devices.move(device, _holder(target), index)


@SONG_VIEW.method(DEVICE.kind(), BOOL, defaults=(True,))
def select_device(view: SongViewNode, device: DeviceNode, appoints: bool) -> None:
    """Its track is selected with it."""
    song = track_of(device).song
    select_track(song, track_of(device))
    _select(device)
    if appoints:
        song.put("appointed_device", device, undoable=False)


@SONG_VIEW.writable(CHAIN.kind(optional=True), listenable=True)
def selected_chain(view: SongViewNode, chain: ChainNode | None) -> None:
    view.put("selected_chain", chain, undoable=False)
    if chain is not None:
        chain.rack.view.put("selected_chain", chain, undoable=False)


def _select(device: DeviceNode) -> None:
    track_of(device).view.put("selected_device", device, undoable=False)


def _holder(target: Node) -> devices.Holder:
    if not isinstance(target, (TrackNode, ChainNode)):
        raise RuntimeError("Devices lie on tracks and in chains")
    return target
