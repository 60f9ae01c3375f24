"""Records into the arrangement: a take on every armed track while the song plays in record mode.

Called around every passing of time. A take goes on as long as the song does; it ends where the song jumps, and another
begins there. Its file is written when it is over, and until then its clip says `is_recording`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from live_simulator.arming import is_armed, punched, why_silent
from live_simulator.nodes.songs import SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.routing import shown_name
from live_simulator.runtime import Runtime
from live_simulator.sound_log import SoundLog
from live_simulator.take_files import TakeFiles
from live_simulator.takes import Place, Take

SAME_BEATS = 1e-6


class Stretch(NamedTuple):
    """The song moved evenly from one place to the other."""

    begin: Place
    end: Place


class Recorder:
    """`files` can be exchanged before anything is recorded."""

    def __init__(self, runtime: Runtime, files: TakeFiles) -> None:
        self.files = files
        self._runtime = runtime
        self._log: SoundLog | None = None
        self._is_in_step = False
        self._before = Place(0.0, 0.0)
        self._played_beats = 0.0
        self._tempo_bpm = 0.0
        self._running: dict[TrackNode, Take] = {}
        self._unwritten: list[Take] = []
        self._answers: list[tuple[Take, str]] = []
        self._written: list[str] = []

    @property
    def is_writing(self) -> bool:
        """Whether files of takes that are over are not complete yet."""
        return bool(self._unwritten)

    @property
    def figures(self) -> dict[str, Any]:
        """The files of all takes, in order, and how many takes are not complete."""
        return {"recorded": self._written, "recording": len(self._running) + len(self._unwritten)}

    def note(self, song: SongNode) -> None:
        """How the song stands, before time passes. Takes whose files are complete are kept."""
        answers, self._answers = self._answers, []
        for take, error in answers:
            self._complete(take, error)
        if not (song.is_playing and not song.is_counting_in and any(is_armed(track) for track in song.tracks)):
            self._end_all()
            self._log = None
            return
        here = Place(song.current_song_time, song.played_seconds)
        if self._log is None:
            self._log, self._is_in_step = SoundLog(song, self.files.rate_hz), True
        elif abs(here.beats - self._before.beats) > SAME_BEATS:
            self._is_in_step = False
        elif self._is_in_step:
            self._log.note_change(song)
        self._before, self._played_beats, self._tempo_bpm = here, song.played_beats, song.tempo

    def advance(self, song: SongNode) -> None:
        """Records what has passed since."""
        if self._log is None:
            return
        begin, end = self._before, Place(song.current_song_time, song.played_seconds)
        passed_beats = song.played_beats - self._played_beats
        if passed_beats == 0.0 and end.beats == begin.beats:
            return
        self._before = end
        stretches = self._stretches(song, begin, end, passed_beats)
        if not stretches or not self._is_in_step:
            self._end_all()
            if stretches:
                self._log.note_jump(song, *begin)
            self._is_in_step = bool(stretches)
        for stretch in stretches:
            for track in song.tracks:
                self._record(track, stretch, self._log)
        for track in set(self._running) - set(song.tracks):
            self._end(track)

    def forget(self) -> None:
        """The set was closed: what was being recorded stays as it is on the disk."""
        self._log = None
        self._running, self._unwritten, self._answers = {}, [], []

    def _stretches(self, song: SongNode, begin: Place, end: Place, passed_beats: float) -> list[Stretch]:
        """None where the song was moved."""
        if abs(end.beats - begin.beats - passed_beats) < SAME_BEATS:
            return [Stretch(begin, end)]
        if song.loop and abs(end.beats + song.loop_length - begin.beats - passed_beats) < SAME_BEATS:
            loop_end = self._moved(begin, song.loop_start + song.loop_length)
            return [Stretch(begin, loop_end), Stretch(loop_end._replace(beats=song.loop_start), end)]
        return []

    def _moved(self, place: Place, beats: float) -> Place:
        """When the song is there, moving evenly from `place`."""
        return Place(beats, place.played_seconds + (beats - place.beats) * 60.0 / self._tempo_bpm)

    def _record(self, track: TrackNode, stretch: Stretch, log: SoundLog) -> None:
        punch_in_beats, punch_out_beats = punched(track.song)
        begin, end = stretch
        if begin.beats < punch_in_beats:
            begin = self._moved(begin, punch_in_beats)
        if end.beats > punch_out_beats:
            end = self._moved(begin, punch_out_beats)
        take = self._running.get(track)
        is_wanted = track.song.record_mode and is_armed(track) and begin.beats < end.beats
        if take is not None and (not is_wanted or not take.clip.alive or take.end != begin):
            self._end(track)
            take = None
        if not is_wanted or (take is None and not track.song.record_wanted):
            return
        if take is None:
            take = self._begin(track, begin, log)
        if take is None:
            return
        silent = why_silent(track)
        if silent and not take.is_silent:
            take.is_silent = True
            self._runtime.log(f"recording: track {shown_name(track)!r} records silence: {silent}")
        with self._runtime.change(""):
            take.extend(end, self._tempo_bpm)

    def _begin(self, track: TrackNode, begin: Place, log: SoundLog) -> Take | None:
        try:
            path = "" if track.role == "midi" else self.files.begin(track.song, track)
        except OSError as why:
            self._runtime.log(f"recording: track {shown_name(track)!r}: no file can be made ({why})")
            track.song.record_wanted = False
            with self._runtime.change(""):
                track.song.put("record_mode", False, undoable=False)
            return None
        take = self._running[track] = Take(track, path, log, begin, self.files.rate_hz)
        with self._runtime.change(""):
            take.show()
        return take

    def _end_all(self) -> None:
        for track in tuple(self._running):
            self._end(track)

    def _end(self, track: TrackNode) -> None:
        take = self._running.pop(track)
        if not take.clip.alive:
            return
        self._unwritten.append(take)
        if not take.file_path:
            self._answers.append((take, ""))
            return
        orders = [] if take.is_silent else take.log.orders_before(take.first_sample + take.count)
        self.files.write(take, orders, lambda error: self._answers.append((take, error)))

    def _complete(self, take: Take, error: str) -> None:
        if take not in self._unwritten:  # of a set that was closed
            return
        self._unwritten.remove(take)
        if not take.clip.alive:
            return
        with self._runtime.change("Record"):
            if error:
                self._runtime.log(f"recording: {take.file_path}: {error}")
                take.discard()
            else:
                take.keep()
                self._written += [take.file_path] if take.file_path else []
