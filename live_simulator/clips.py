"""Makes clips: what Live does when a file is imported or an empty MIDI clip is created."""

from __future__ import annotations

import math
from pathlib import Path

from live_simulator.clip_geometry import within_file
from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.envelopes import EnvelopeNode
from live_simulator.nodes.node import IDENTITY, AudioFile, Node
from live_simulator.nodes.songs import SongNode
from live_simulator.warping import at_tempo

OWN_FIELDS = IDENTITY | {"is_recording", "warping_set_tick", "looping_set_tick", "view", "envelopes"}
"""What a copy of a clip does not take over as it is."""


def open_file(song: SongNode, path: str) -> AudioFile:
    """ValueError where Live would not open it."""
    if not Path(path).is_absolute():
        raise ValueError("Please provide an absolute path")
    found = song.probe(path)
    if found is None or song.version < found.opened_since:
        raise ValueError("The provided path does not appear to point to a valid audio file")
    return found


def new_audio_clip(owner: Node, path: str) -> ClipNode:
    """A clip of the whole file, warped at the song's tempo as Live's default preferences have it. Not alive yet."""
    clip = ClipNode(owner, is_audio=True)
    song = clip.track.song
    found = open_file(song, path)
    beats = found.seconds * song.tempo / 60.0
    clip.file = found
    clip.name = Path(path).stem
    clip.color_index = clip.track.color_index
    clip.warp_markers = at_tempo(song.tempo)
    clip.end_marker = clip.loop_end = beats
    return clip


def new_midi_clip(owner: Node, length_beats: float) -> ClipNode:
    if not (math.isfinite(length_beats) and length_beats > 0.0):
        raise RuntimeError("Clip length must be positive")
    clip = ClipNode(owner, is_audio=False)
    clip.color_index = clip.track.color_index
    clip.end_marker = clip.loop_end = length_beats
    clip.looping = not clip.is_arrangement_clip
    return clip


def move_playhead(song: SongNode, beats: float) -> None:
    """Creating something in the arrangement of a stopped song takes the playhead and the start marker there."""
    if not song.is_playing:
        song.put("current_song_time", beats, undoable=False)
        song.put("start_time", beats, undoable=False)


def session_copy(clip: ClipNode, owner: Node) -> ClipNode:
    """A copy for the arrangement: of a session clip it spans the loop if that is on, else the markers. Not alive."""
    copied = copy_clip(clip, owner)
    if clip.is_arrangement_clip:
        return copied
    if clip.looping:
        copied.looped_extent_beats = clip.loop_end - clip.loop_start
    if clip.file is not None and clip.is_unwarped:
        copied.loop_end = within_file(clip.file, copied.loop_end)
    copied.placed_start, copied.placed_end = copied.loop_start, copied.loop_end
    return copied


def copy_clip(clip: ClipNode, owner: Node) -> ClipNode:
    """All that a clip says of itself, in a new object that is not alive yet."""
    copied = ClipNode(owner, clip.is_audio)
    for field, value in vars(clip).items():
        if field not in OWN_FIELDS:
            setattr(copied, field, value)
    if copied.track is clip.track and not copied.is_arrangement_clip:
        copied.envelopes = tuple(_copy_envelope(envelope, copied) for envelope in clip.envelopes)
    return copied


def _copy_envelope(envelope: EnvelopeNode, owner: ClipNode) -> EnvelopeNode:
    copied = EnvelopeNode(owner, envelope.parameter)
    copied.points = envelope.points
    return copied
