"""A take: the clip that is being recorded on one track, from its beginning to where the song has got.

A clip of audio is warped to the song's tempo as it was meanwhile. Its file begins `PRE_ROLL_SAMPLES` before the clip
does, and beat 0 of its content lies in the middle of these: where the clip begins in its file only its start marker
and its warp markers together tell.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from live_simulator.lane import clear_around
from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.node import AudioFile, set_alive
from live_simulator.nodes.tracks import TrackNode
from live_simulator.sound_log import PRE_ROLL_SAMPLES, SoundLog
from live_simulator.warping import HIDDEN_MARKER_BEATS, Marker

EDGES = ("end_time", "loop_end", "end_marker", "sample_length")


class Place(NamedTuple):
    """A moment of the playing song: where it is, and for how long it has played in all."""

    beats: float
    played_seconds: float


class Take:
    """`path`: of the file, '' for MIDI. It begins with no length, and is to be extended at once.

    `is_silent`: nothing is heard in it."""

    def __init__(self, track: TrackNode, path: str, log: SoundLog, begin: Place, rate_hz: int) -> None:
        point = log.point_of(begin.played_seconds)
        self.track = track
        self.log = log
        self.end = begin
        self.is_silent = False
        self.first_sample = round(point) - PRE_ROLL_SAMPLES
        """The one of the log with which the file begins."""
        self.clip = ClipNode(track, is_audio=bool(path))
        self._begin = begin
        self._rate_hz = rate_hz
        self._begin_seconds = (point - self.first_sample) / rate_hz
        self._tempo_bpm = 0.0
        self._knots: tuple[Marker, ...] = ()
        clip = self.clip
        clip.is_recording = True
        clip.start_time = begin.beats
        clip.color_index = track.color_index
        if path:
            clip.name = Path(path).stem.rsplit(" [", 1)[0]
            clip.file = AudioFile(path, PRE_ROLL_SAMPLES, rate_hz, 2)
            clip.start_marker = PRE_ROLL_SAMPLES / 2.0 / rate_hz * track.song.tempo / 60.0
        clip.loop_start = clip.loop_end = clip.end_marker = clip.start_marker

    @property
    def file_path(self) -> str:
        return "" if self.clip.file is None else self.clip.file.path

    @property
    def count(self) -> int:
        """Of the file's samples, the pre-roll included."""
        return round(self.log.point_of(self.end.played_seconds)) - self.first_sample

    def show(self) -> None:
        """Inside a change: the clip is on its track, over whatever is there; no undo takes it away yet."""
        set_alive(self.clip, True, undoable=False)
        clips = sorted((*self.track.clips, self.clip), key=lambda clip: clip.start_time)
        self.track.put("clips", tuple(clips), undoable=False)

    def extend(self, end: Place, tempo_bpm: float) -> None:
        """Inside a change. `tempo_bpm` is that since the end before."""
        clip, runtime = self.clip, self.clip.runtime
        if tempo_bpm != self._tempo_bpm:
            self._tempo_bpm = tempo_bpm
            seconds = self._begin_seconds + self.end.played_seconds - self._begin.played_seconds
            self._knots = (*self._knots, Marker(seconds, clip.loop_end))
            hidden = HIDDEN_MARKER_BEATS
            clip.warp_markers = (*self._knots, Marker(seconds + hidden * 60.0 / tempo_bpm, clip.loop_end + hidden))
            runtime.touch(clip, "warp_markers")
        self.end = end
        clip.loop_end = clip.end_marker = clip.start_marker + end.beats - self._begin.beats
        if clip.file is not None:
            clip.file = clip.file._replace(frames=self.count)
        for event in EDGES:
            runtime.touch(clip, event)

    def keep(self) -> None:
        """Inside a change, which is the one that undo takes back: the clip stays and overwrites what lies under it."""
        clip, track = self.clip, self.track
        for node in (clip, *clip.children()):
            clip.runtime.add_to_step(node, "alive", False, True)
        others = tuple(other for other in track.clips if other is not clip)
        clip.runtime.add_to_step(track, "clips", others, track.clips)
        clear_around(clip)
        clip.put("is_recording", False, undoable=False)

    def discard(self) -> None:
        """Inside a change."""
        self.track.put("clips", tuple(clip for clip in self.track.clips if clip is not self.clip), undoable=False)
        set_alive(self.clip, False, undoable=False)
