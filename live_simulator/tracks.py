"""Makes tracks and scenes, and the set that Live opens with."""

from __future__ import annotations

from live_simulator.boost import to_float32
from live_simulator.curves import db_text, mixer_volume_db, pan_text, send_level_db
from live_simulator.devices import new_device
from live_simulator.editions import SUITE, Edition
from live_simulator.groups import group_at, members_of
from live_simulator.native_devices import BY_NAME
from live_simulator.nodes.clips import ClipSlotNode
from live_simulator.nodes.devices import ActivatorNode, ParameterNode, TempoNode
from live_simulator.nodes.node import Node, Probe, set_alive
from live_simulator.nodes.songs import SceneNode, SongNode
from live_simulator.nodes.tracks import ROUTING_LISTS, Routing, TrackNode
from live_simulator.palette import PALETTE
from live_simulator.runtime import Runtime
from live_simulator.tempo import set_tempo
from live_simulator.versions import Version

DEFAULT_NAMES = {"audio": "#-Audio", "midi": "#-MIDI", "group": "#-Group"}

DEFAULT_RETURNS = (("A", "Reverb"), ("B", "Delay"))


def default_set(runtime: Runtime, version: Version, probe: Probe, edition: Edition = SUITE) -> SongNode:
    """Two MIDI tracks, two audio tracks, two returns, the master, eight scenes, 120 bpm; never saved, not undoable."""
    song = SongNode(runtime, version, probe, edition)
    song.master_track = TrackNode(song, "master", "Main" if version >= (12, 0, 0) else "Master", 13)
    _fill_mixer(song.master_track)
    song.scenes = tuple(SceneNode(song) for _ in range(8))
    song.return_tracks = tuple(_return_track(song, f"{letter}-{name}") for letter, name in DEFAULT_RETURNS)
    for track, (_, name) in zip(song.return_tracks, DEFAULT_RETURNS):
        track.devices = (new_device(track, BY_NAME[name]),)
    song.tracks = tuple(new_track(song, role) for role in ("midi", "midi", "audio", "audio"))
    song.view.selected_track = song.tracks[0]
    song.view.selected_scene = song.scenes[0]
    song.view.highlighted_clip_slot = song.tracks[0].clip_slots[0]
    _bring_up(song)
    return song


def new_track(song: SongNode, role: str) -> TrackNode:
    """An audio, MIDI or group track, not alive and not in the song yet."""
    track = TrackNode(song, role, DEFAULT_NAMES[role], _next_color(song))
    _fill_mixer(track)
    track.mixer.sends = tuple(_send(track.mixer, other) for other in song.return_tracks)
    track.clip_slots = tuple(ClipSlotNode(track) for _ in song.scenes)
    return track


def insert_track(song: SongNode, role: str, index: int) -> TrackNode:
    """LimitationError where the edition allows no more, as of the other inserts."""
    song.edition.require_room("tracks", len(song.tracks))
    track = new_track(song, role)
    track.group = group_at(song, index)
    add_track(song, track, index)
    return track


def add_track(song: SongNode, track: TrackNode, index: int) -> None:
    """Brings a new track to life. What it can be routed to is known from the next tick on, or later."""
    track.created_tick = song.runtime.tick
    track.routings_due_ms = song.runtime.now_ms + song.routings_delay_ms
    set_alive(track, True)
    song.put("tracks", (*song.tracks[:index], track, *song.tracks[index:]))
    select_track(song, track)
    song.runtime.defer(lambda: _know_routings(track), delay_ms=song.routings_delay_ms)


def remove_track(song: SongNode, track: TrackNode) -> None:
    """With all that lies in it."""
    index = song.tracks.index(track)
    gone = (track, *members_of(track))
    selected = song.view.selected_track
    song.put("tracks", tuple(other for other in song.tracks if other not in gone))
    for other in gone:
        set_alive(other, False)
    if selected in gone:
        select_track(song, song.tracks[min(index, len(song.tracks) - 1)])
    song.runtime.touch(song, "song_length")


def select_track(song: SongNode, track: TrackNode) -> None:
    """The slot of that track in the selected scene is highlighted then."""
    song.view.put("selected_track", track, undoable=False)
    highlight(song)


def highlight(song: SongNode) -> None:
    track, scene = song.view.selected_track, song.view.selected_scene
    if track in song.tracks and scene in song.scenes:
        song.view.put("highlighted_clip_slot", track.clip_slots[song.scenes.index(scene)], undoable=False)


def group_tracks(song: SongNode, first: int, last: int) -> TrackNode:
    """Puts neighbouring tracks into a new group, whose sound goes through it. A user's doing: scripts cannot."""
    song.edition.require_room("tracks", len(song.tracks))
    members = song.tracks[first : last + 1]
    outside = {track.group for track in members if track.group not in members}
    if len(outside) != 1:
        raise RuntimeError("These tracks do not lie in one group")
    group = new_track(song, "group")
    group.group = outside.pop()
    add_track(song, group, first)
    for track in members:
        if track.group is group.group:
            track.put("group", group)
            track.put("target", Routing("default"))
    return group


def _know_routings(track: TrackNode) -> None:
    """It comes up armed, if that is the user's preference, and then alone."""
    for event in ROUTING_LISTS:
        track.runtime.touch(track, event)
    if track.song.arms_new_tracks and track.alive and track.holds_clips:
        for other in track.song.tracks:
            other.put("arm", other is track, undoable=False)


def insert_return_track(song: SongNode) -> TrackNode:
    song.edition.require_room("returns", len(song.return_tracks))
    track = _return_track(song, f"{chr(ord('A') + len(song.return_tracks))}-Return")
    set_alive(track, True)
    song.put("return_tracks", (*song.return_tracks, track))
    for other in song.tracks:
        send = _send(other.mixer, track)
        set_alive(send, True)
        other.mixer.put("sends", (*other.mixer.sends, send))
    return track


def remove_return_track(song: SongNode, index: int) -> None:
    """Every track loses its send to it."""
    track = song.return_tracks[index]
    song.put("return_tracks", song.return_tracks[:index] + song.return_tracks[index + 1 :])
    set_alive(track, False)
    for other in song.tracks:
        sends = other.mixer.sends
        set_alive(sends[index], False)
        other.mixer.put("sends", sends[:index] + sends[index + 1 :])
    if song.view.selected_track is track:
        select_track(song, song.tracks[0])


def insert_scene(song: SongNode, index: int) -> SceneNode:
    song.edition.require_room("scenes", len(song.scenes))
    scene = SceneNode(song)
    set_alive(scene, True)
    song.put("scenes", (*song.scenes[:index], scene, *song.scenes[index:]))
    for track in song.tracks:
        slot = ClipSlotNode(track)
        set_alive(slot, True)
        track.put("clip_slots", (*track.clip_slots[:index], slot, *track.clip_slots[index:]))
    return scene


def remove_scene(song: SongNode, index: int) -> None:
    scene = song.scenes[index]
    song.put("scenes", song.scenes[:index] + song.scenes[index + 1 :])
    set_alive(scene, False)
    for track in song.tracks:
        set_alive(track.clip_slots[index], False)
        track.put("clip_slots", track.clip_slots[:index] + track.clip_slots[index + 1 :])
    if song.view.selected_scene is scene:
        song.view.put("selected_scene", song.scenes[min(index, len(song.scenes) - 1)], undoable=False)
    highlight(song)


def _bring_up(node: Node) -> None:
    for child in node.children():
        _bring_up(child)
    node.alive = True
    node.pointer = node.runtime.new_pointer()


def _return_track(song: SongNode, name: str) -> TrackNode:
    track = TrackNode(song, "return", name, _next_color(song))
    _fill_mixer(track)
    return track


def _fill_mixer(track: TrackNode) -> None:
    mixer = track.mixer
    mixer.volume = _volume(mixer, "Track Volume")
    mixer.panning = ParameterNode(mixer, "Track Panning", (-1.0, 1.0), 0.0, pan_text, lambda pan: pan * 50.0)
    mixer.left_split_stereo = ParameterNode(mixer, "Split Stereo Pan L", (-1.0, 1.0), -1.0, pan_text)
    mixer.right_split_stereo = ParameterNode(mixer, "Split Stereo Pan R", (-1.0, 1.0), 1.0, pan_text)
    if track.role == "master":
        mixer.crossfader = ParameterNode(mixer, "Crossfader", (-1.0, 1.0), 0.0, pan_text)
        mixer.cue_volume = _volume(mixer, "Preview Volume")
        mixer.song_tempo = TempoNode(mixer, track.song, set_tempo)
    else:
        mixer.track_activator = ActivatorNode(track)


def _volume(mixer: Node, name: str) -> ParameterNode:
    return ParameterNode(
        mixer, name, (0.0, 1.0), to_float32(0.85), lambda value: db_text(mixer_volume_db(value)), mixer_volume_db
    )


def _send(mixer: Node, to: TrackNode) -> ParameterNode:
    return ParameterNode(mixer, to.name, (0.0, 1.0), 0.0, lambda value: db_text(send_level_db(value)), send_level_db)


def _next_color(song: SongNode) -> int:
    song.next_color += 1
    return song.next_color * 5 % len(PALETTE)
