"""Makes tracks and scenes, and the set that Live opens with."""

from __future__ import annotations

from live_simulator.boost import to_float32
from live_simulator.curves import db_text, mixer_volume_db, pan_text, send_level_db
from live_simulator.editions import SUITE, Edition
from live_simulator.nodes.clips import ClipSlotNode
from live_simulator.nodes.devices import ParameterNode, TempoNode
from live_simulator.nodes.node import Node, Probe, set_alive
from live_simulator.nodes.songs import SceneNode, SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.palette import PALETTE
from live_simulator.runtime import Runtime
from live_simulator.versions import Version

DEFAULT_NAMES = {"audio": "#-Audio", "midi": "#-MIDI"}


def default_set(runtime: Runtime, version: Version, probe: Probe, edition: Edition = SUITE) -> SongNode:
    """Two MIDI tracks, two audio tracks, two returns, the master, eight scenes, 120 bpm; never saved, not undoable."""
    song = SongNode(runtime, version, probe, edition)
    song.master_track = TrackNode(song, "master", "Main" if version >= (12, 0, 0) else "Master", 13)
    _fill_mixer(song.master_track)
    song.scenes = tuple(SceneNode(song) for _ in range(8))
    song.return_tracks = tuple(_return_track(song, name) for name in ("A-Reverb", "B-Delay"))
    song.tracks = tuple(new_track(song, role) for role in ("midi", "midi", "audio", "audio"))
    song.view.selected_track = song.tracks[0]
    song.view.selected_scene = song.scenes[0]
    song.view.highlighted_clip_slot = song.tracks[0].clip_slots[0]
    _bring_up(song)
    return song


def new_track(song: SongNode, role: str) -> TrackNode:
    """An audio or MIDI track, not alive and not in the song yet."""
    track = TrackNode(song, role, DEFAULT_NAMES[role], _next_color(song))
    _fill_mixer(track)
    track.mixer.sends = tuple(_send(track.mixer, other) for other in song.return_tracks)
    track.clip_slots = tuple(ClipSlotNode(track) for _ in song.scenes)
    return track


def insert_track(song: SongNode, role: str, index: int) -> TrackNode:
    """LimitationError where the edition allows no more, as of the other inserts."""
    song.edition.require_room("tracks", len(song.tracks))
    track = new_track(song, role)
    set_alive(track, True)
    song.put("tracks", (*song.tracks[:index], track, *song.tracks[index:]))
    song.view.put("selected_track", track, undoable=False)
    return track


def remove_track(song: SongNode, track: TrackNode) -> None:
    index = song.tracks.index(track)
    song.put("tracks", tuple(other for other in song.tracks if other is not track))
    set_alive(track, False)
    if song.view.selected_track is track:
        song.view.put("selected_track", song.tracks[min(index, len(song.tracks) - 1)], undoable=False)
    song.runtime.touch(song, "song_length")


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
    set_alive(song.scenes[index], False)
    song.put("scenes", song.scenes[:index] + song.scenes[index + 1 :])
    for track in song.tracks:
        set_alive(track.clip_slots[index], False)
        track.put("clip_slots", track.clip_slots[:index] + track.clip_slots[index + 1 :])


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
    if track.role == "master":
        mixer.crossfader = ParameterNode(mixer, "Crossfader", (-1.0, 1.0), 0.0, pan_text)
        mixer.cue_volume = _volume(mixer, "Preview Volume")
        mixer.song_tempo = TempoNode(mixer, track.song)
    else:
        on_off = ("Off", "On")
        mixer.track_activator = ParameterNode(mixer, "Track On", (0.0, 1.0), 1.0, lambda value: on_off[value >= 0.5])


def _volume(mixer: Node, name: str) -> ParameterNode:
    return ParameterNode(
        mixer, name, (0.0, 1.0), to_float32(0.85), lambda value: db_text(mixer_volume_db(value)), mixer_volume_db
    )


def _send(mixer: Node, to: TrackNode) -> ParameterNode:
    return ParameterNode(mixer, to.name, (0.0, 1.0), 0.0, lambda value: db_text(send_level_db(value)), send_level_db)


def _next_color(song: SongNode) -> int:
    song.next_color += 1
    return song.next_color * 5 % len(PALETTE)
