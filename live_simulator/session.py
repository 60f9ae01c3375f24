"""The Session view playing: what is fired starts or stops on its beat, over the arrangement.

Nothing happens in the tick of the call: `fire_slot` and its like take effect at the start of the next tick, or at the
next line of the launch quantisation. Beats here are those that the song has played in all (SongNode.played_beats): they
go on where the arrangement jumps or loops.
"""

from __future__ import annotations

from live_simulator import transport
from live_simulator.clip_geometry import session_content, session_end
from live_simulator.groups import members_of, slots_under
from live_simulator.nodes.clips import ClipNode, ClipSlotNode
from live_simulator.nodes.session import Launch, Playing
from live_simulator.nodes.songs import SceneNode, SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.quantization import ROUNDING_BEATS, next_line_beats, quantum_beats
from live_simulator.session_state import is_playing, is_triggered, passed, track_of_slot, will_record

TRIGGER, GATE, TOGGLE, REPEAT = range(4)
"""Clip.launch_mode"""


# What is asked for


def fire_slot(slot: ClipSlotNode, quantization: int | None = None, legato: bool = False) -> None:
    """Presses the slot's launch button. `quantization` (a Song.Quantization) goes before the clip's own.

    An empty slot stops its track where it has a stop button, and on an armed track would record, which is refused.
    A group track's slot fires all that it stands for.
    """
    track = track_of_slot(slot)
    if track.role == "group":
        for under in slots_under(slot):
            if not will_record(under):
                fire_slot(under, quantization, legato)
        return
    clip = slot.clip
    if will_record(slot):
        raise RuntimeError("Recording into a session slot is not simulated: the track is armed")
    if clip is not None and clip.launch_mode == TOGGLE and (is_playing(clip) or is_triggered(clip)):
        clip = None
    elif clip is None and not slot.has_stop_button:
        return
    _ask(track, slot, clip, quantum_beats(track.song, slot.clip, quantization), legato)


def set_fire_button(slot: ClipSlotNode, pressed: bool) -> None:
    """The launch button held down or let go, which the launch modes Gate and Repeat regard."""
    slot.put("is_held", pressed, undoable=False)
    if pressed:
        fire_slot(slot)
        return
    for under in slots_under(slot):
        set_fire_button(under, False)
    if slot.clip is not None and slot.clip.launch_mode == GATE:
        _ask(track_of_slot(slot), slot, None, quantum_beats(slot.clip.track.song, slot.clip, None), False)


def stop_clip(clip: ClipNode) -> None:
    """Stops a clip of the Session view, if it plays or is about to."""
    if is_playing(clip) or is_triggered(clip):
        stop_track(clip.track, quantized=True)


def fire_scene(scene: SceneNode, legato: bool = False) -> None:
    """Fires all slots of its row and takes its tempo and signature over."""
    song = scene.parent
    assert isinstance(song, SongNode)
    row = song.scenes.index(scene)
    for track in song.tracks:
        slot = track.clip_slots[row]
        if track.holds_clips and not will_record(slot):
            fire_slot(slot, legato=legato)
    quantum = quantum_beats(song)

    def fire() -> None:
        song.put("fired_scene", (scene, next_line_beats(song, quantum)), undoable=False)
        song.runtime.touch(scene, "is_triggered")
        if not song.is_playing:
            transport.begin(song)
        _launch_due(song)

    song.runtime.defer(fire)


def stop_track(track: TrackNode, quantized: bool = True) -> None:
    """The track's stop button: nothing plays on it then, not the arrangement either. A group's stops all in it."""
    if track.role == "group":
        for member in members_of(track):
            stop_track(member, quantized)
        return
    _ask(track, None, None, quantum_beats(track.song) if quantized else 0.0, False)


def stop_all(song: SongNode, quantized: bool = True) -> None:
    for track in song.tracks:
        if track.holds_clips:
            stop_track(track, quantized)


def back_to_arrangement(track: TrackNode) -> None:
    """Ends what the track plays of the Session view; its arrangement is heard again. At once."""
    clip = track.playing.clip if track.playing else None
    track.put("playing", None, undoable=False)
    _override(track, False)
    if clip is not None:
        _tell(track, clip)


def move_playing_position(clip: ClipNode, content: float) -> None:
    """Jumps by that much content (beats, or seconds of unwarped audio) in a session clip that plays."""
    playing = clip.track.playing
    if playing is None or playing.clip is not clip:
        return
    beats = content * clip.track.song.tempo / 60.0 if clip.is_unwarped else content
    seconds = beats * 60.0 / clip.track.song.tempo
    clip.track.put(
        "playing",
        Playing(clip, playing.started_beats - beats, playing.started_seconds - seconds),
        undoable=False,
    )


def forget(clip: ClipNode) -> None:
    """Of a clip that is deleted."""
    track = clip.track
    if track.playing is not None and track.playing.clip is clip:
        track.put("playing", None, undoable=False)
    if track.launch is not None and track.launch.clip is clip:
        track.put("launch", None, undoable=False)


# Time passing


def advance(song: SongNode, beats: float, seconds: float) -> None:
    """After the song played for that long: launches what is due, ends clips that are over."""
    if not song.is_playing:
        if song.clips_run or any(track.launch is not None for track in song.tracks):
            with song.runtime.change(""):
                _transport_stopped(song)
        return
    if not song.clips_run:
        song.clips_run = True
        for track in song.tracks:
            if track.playing is not None:
                _play(track, track.playing.clip, song.played_beats)
    song.played_seconds += seconds
    song.played_beats += beats
    with song.runtime.change(""):
        _launch_due(song)
        for track in song.tracks:
            _move(track, beats, seconds)


def _transport_stopped(song: SongNode) -> None:
    song.clips_run = False
    _forget_scene(song)
    for track in song.tracks:
        _set_launch(track, None)


def _move(track: TrackNode, beats: float, seconds: float) -> None:
    """Tells where clips play now, that much later, and ends those that are over."""
    song, playing = track.song, track.playing
    if playing is None:
        if not track.back_to_arranger:
            for clip in track.clips:
                if clip.listeners.get("playing_position") and is_playing(clip):
                    song.runtime.touch(clip, "playing_position")
        return
    clip = playing.clip
    if not clip.alive:
        track.put("playing", None, undoable=False)
        return
    passed_beats, passed_seconds = passed(song, playing)
    position = session_content(clip, passed_beats, passed_seconds)
    song.runtime.touch(clip, "playing_position")
    if (
        clip.looping
        and beats <= passed_beats
        and position < session_content(clip, passed_beats - beats, passed_seconds)
    ):
        song.runtime.touch(clip, "loop_jump")
    end = session_end(clip)
    if end is not None and position >= end - ROUNDING_BEATS:
        track.put("playing", None, undoable=False)
        _tell(track, clip)


def _ask(track: TrackNode, slot: ClipSlotNode | None, clip: ClipNode | None, quantum: float, legato: bool) -> None:
    song = track.song

    def fire() -> None:
        if clip is not None and not clip.alive:
            return
        starts = clip is not None and not song.is_playing
        at_beats = next_line_beats(song, quantum)
        _set_launch(track, Launch(slot, clip, at_beats, legato))
        if starts:
            transport.begin(song)
        _launch_due(song)

    song.runtime.defer(fire)


def _launch_due(song: SongNode) -> None:
    """Starts and stops what has reached its beat."""
    now_beats = song.played_beats + ROUNDING_BEATS
    if song.fired_scene is not None and song.fired_scene[1] <= now_beats:
        _take_over(song, song.fired_scene[0])
        _forget_scene(song)
    for track in song.tracks:
        if track.launch is not None and track.launch.at_beats <= now_beats:
            _begin(track, track.launch)


def _take_over(song: SongNode, scene: SceneNode) -> None:
    if scene.tempo_enabled:
        song.put("tempo", scene.tempo)
    if scene.time_signature_enabled:
        song.put("signature_numerator", scene.time_signature_numerator)
        song.put("signature_denominator", scene.time_signature_denominator)


def _begin(track: TrackNode, launch: Launch) -> None:
    song, clip, before = track.song, launch.clip, track.playing
    _set_launch(track, None)
    if clip is None or not clip.alive:
        track.put("playing", None, undoable=False)
    elif before is not None and (launch.legato or clip.legato):
        track.put("playing", Playing(clip, before.started_beats, before.started_seconds), undoable=False)
    else:
        _play(track, clip, launch.at_beats)
    _override(track, True)
    for told in {before.clip if before else None, clip} - {None}:
        assert told is not None
        _tell(track, told)
    quantum = quantum_beats(song, clip)
    if clip is not None and clip.launch_mode == REPEAT and launch.slot is not None and launch.slot.is_held and quantum:
        _set_launch(track, Launch(launch.slot, clip, launch.at_beats + quantum, False))


def _play(track: TrackNode, clip: ClipNode, at_beats: float) -> None:
    song = track.song
    ago_seconds = (song.played_beats - at_beats) * 60.0 / song.tempo
    track.put("playing", Playing(clip, at_beats, song.played_seconds - ago_seconds), undoable=False)


def _override(track: TrackNode, overridden: bool) -> None:
    track.put("back_to_arranger", overridden, undoable=False)
    track.runtime.touch(track, "playing_slot_index")
    song = track.song
    song.put("back_to_arranger", any(other.back_to_arranger for other in song.tracks), undoable=False)


def _set_launch(track: TrackNode, launch: Launch | None) -> None:
    before = track.launch
    track.put("launch", launch, undoable=False)
    for one in (before, launch):
        if one is not None and one.slot is not None:
            for slot in (one.slot, *one.slot.slots_over()):
                track.runtime.touch(slot, "is_triggered")
        if one is not None and one.clip is not None:
            _tell(track, one.clip)


def _tell(track: TrackNode, clip: ClipNode) -> None:
    track.runtime.touch(clip, "playing_status")
    if isinstance(clip.parent, ClipSlotNode):
        for slot in (clip.parent, *clip.parent.slots_over()):
            track.runtime.touch(slot, "playing_status")


def _forget_scene(song: SongNode) -> None:
    if song.fired_scene is not None:
        song.runtime.touch(song.fired_scene[0], "is_triggered")
        song.put("fired_scene", None, undoable=False)
