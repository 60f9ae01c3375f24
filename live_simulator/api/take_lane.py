"""Live.TakeLane: lanes beside a track's own, of which nothing is heard."""

from __future__ import annotations

from live_simulator.api.classes import TAKE_LANE, TRACK
from live_simulator.api.track import clips_only
from live_simulator.api.track_clips import place, require_writable
from live_simulator.boost import FLOAT, TEXT
from live_simulator.clips import new_audio_clip, new_midi_clip
from live_simulator.nodes.clips import ClipNode, TakeLaneNode
from live_simulator.nodes.node import set_alive
from live_simulator.nodes.tracks import TrackNode
from live_simulator.versions import since

HAS_LANES = since(12, 2)

TAKE_LANE.field("canonical_parent", stored_as="parent")
TAKE_LANE.field("name", TEXT, listenable=True)
TAKE_LANE.field("arrangement_clips", listenable=True, stored_as="clips")
TRACK.field("take_lanes", listenable=True, versions=HAS_LANES)


@TRACK.method(versions=HAS_LANES)
def create_take_lane(track: TrackNode) -> TakeLaneNode:
    refusal = clips_only(track)
    if refusal:
        raise RuntimeError(refusal)
    lane = TakeLaneNode(track, f"Take {len(track.take_lanes) + 1}")
    set_alive(lane, True)
    track.put("take_lanes", (*track.take_lanes, lane))
    return lane


@TAKE_LANE.method(TEXT, FLOAT)
def create_audio_clip(lane: TakeLaneNode, path: str, position_beats: float) -> ClipNode:
    if lane.track.role != "audio":
        raise RuntimeError("Audio clips can only be created on audio tracks")
    require_writable(lane.track)
    return place(lane, new_audio_clip(lane, path), position_beats)


@TAKE_LANE.method(FLOAT, FLOAT)
def create_midi_clip(lane: TakeLaneNode, position_beats: float, length_beats: float) -> ClipNode:
    if lane.track.role != "midi":
        raise RuntimeError("MIDI clips can only be created on MIDI tracks")
    require_writable(lane.track)
    return place(lane, new_midi_clip(lane, length_beats), position_beats)
