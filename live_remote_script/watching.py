"""Tells of changes that the user makes: to tracks and clips of ours, to which tracks there are, to the tempo.

Live's listeners only say that something has changed, and nothing may be changed inside them. So they mark a track, and a
later tick in which the script itself writes nothing compares what the track is with what it was. What changes while the
script writes is not reported: its asker reads the set when it is done.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Set, Tuple

from .live_versions import read
from .ours import arrangement_clips, file_of, find_track, our_tracks

TRACK_EVENTS = ("arrangement_clips", "name", "color", "mute", "solo")
CLIP_EVENTS = ("start_time", "end_time", "gain", "pitch_coarse", "pitch_fine", "muted", "name", "color")
QUIET_TICKS = 3
"""After the script's own last write: what Live deferred has happened by then."""

Report = Callable[[int, str, int], None]
"""(revision, what, track_id)"""
Facts = Tuple[Any, ...]


class Listening:
    """Listeners on one object; an object that is gone has lost them already."""

    def __init__(self, thing: Any, events: Tuple[str, ...], heard: Callable[[], None]) -> None:
        self._thing = thing
        self._events = events
        self._heard = heard
        for event in events:
            getattr(thing, "add_%s_listener" % event)(heard)

    def end(self) -> None:
        if self._thing == None:  # noqa: E711 - Live's way to ask whether an object lives
            return
        for event in self._events:
            if getattr(self._thing, "%s_has_listener" % event)(self._heard):
                getattr(self._thing, "remove_%s_listener" % event)(self._heard)


class Watcher:
    """`report` is told of each change once."""

    def __init__(self, report: Report) -> None:
        self.revision = 0
        self._report = report
        self._song: Any = None
        self._tempo = 0.0
        self._on_song: List[Listening] = []
        self._on_tracks: Dict[int, List[Listening]] = {}
        self._clips: Dict[int, List[Any]] = {}
        """By track those that are listened to."""
        self._facts: Dict[int, Facts] = {}
        self._unheard: List[int] = []
        self._marked: Set[int] = set()
        self._all_marked = False
        self._quiet_ticks = 0

    @property
    def is_on(self) -> bool:
        return self._song is not None

    def start(self, song: Any) -> None:
        if self.is_on:
            return
        self._song = song
        self._tempo = float(song.tempo)
        self._on_song = [Listening(song, ("tracks", "tempo"), self._mark_all)]
        self._quiet_ticks = 0

    def stop(self) -> None:
        for listening in [*self._on_song, *(one for found in self._on_tracks.values() for one in found)]:
            listening.end()
        self._on_song, self._on_tracks, self._clips, self._facts, self._song = [], {}, {}, {}, None

    def run_tick(self, is_writing: bool) -> None:
        if not self.is_on:
            return
        if is_writing:
            self._quiet_ticks = 0
            return
        self._quiet_ticks += 1
        if self._quiet_ticks < QUIET_TICKS:
            return
        if self._quiet_ticks == QUIET_TICKS:
            self._begin_anew()
        elif self._unheard:
            self._listen(self._unheard.pop())
        elif self._all_marked:
            self._all_marked = False
            self._compare_all()
        elif self._marked:
            self._compare(self._marked.pop())

    def _begin_anew(self) -> None:
        """What the script wrote is how it should be."""
        self._facts = {}
        self._unheard = sorted({ours.track_id for ours in our_tracks(self._song)}.union(self._on_tracks))
        self._tempo = float(self._song.tempo)
        self._marked, self._all_marked = set(), False

    def _listen(self, track_id: int) -> None:
        """To one track a tick, as it has many clips, each with many listeners."""
        self._listen_no_more(track_id)
        ours = find_track(self._song, track_id)
        if ours is None:
            return

        def mark() -> None:
            self._marked.add(track_id)

        mixer = ours.track.mixer_device
        on_track = [Listening(ours.track, TRACK_EVENTS, mark)]
        on_track += [Listening(parameter, ("value",), mark) for parameter in (mixer.volume, mixer.panning)]
        clips = arrangement_clips(ours.track)
        on_track += [Listening(clip, _events_of(clip), mark) for clip in clips]
        self._on_tracks[track_id], self._clips[track_id] = on_track, clips
        self._facts[track_id] = facts_of(ours.track)

    def _listen_no_more(self, track_id: int) -> None:
        self._clips.pop(track_id, None)
        for listening in self._on_tracks.pop(track_id, []):
            listening.end()

    def _mark_all(self) -> None:
        self._all_marked = True

    def _compare_all(self) -> None:
        tempo = float(self._song.tempo)
        if tempo != self._tempo:
            self._tempo = tempo
            self._tell("tempo", 0)
        present = {ours.track_id for ours in our_tracks(self._song)}
        for track_id in sorted(set(self._facts) - present):
            self._listen_no_more(track_id)
            del self._facts[track_id]
            self._tell("track_deleted", track_id)
        self._marked |= present

    def _compare(self, track_id: int) -> None:
        ours = find_track(self._song, track_id)
        if ours is None or track_id in self._unheard:
            return
        before, now = self._facts.get(track_id), facts_of(ours.track)
        if now == before:
            return
        self._facts[track_id] = now
        if arrangement_clips(ours.track) != self._clips.get(track_id):  # not at each step of a fader that is moved
            self._listen(track_id)
        self._tell("track" if before is not None and before[1:] == now[1:] else "clips", track_id)

    def _tell(self, what: str, track_id: int) -> None:
        self.revision += 1
        self._report(self.revision, what, track_id)


def facts_of(track: Any) -> Facts:
    """What there is to hear and see of a track: its own first, then a tuple for each clip."""
    mixer = track.mixer_device
    own = (track.name, track.color, bool(track.mute), bool(track.solo), mixer.volume.value, mixer.panning.value)
    return (own, *(_clip_facts(clip) for clip in arrangement_clips(track)))


def _clip_facts(clip: Any) -> Facts:
    """Ends are left out of an unwarped clip's facts: they follow the tempo."""
    if not clip.is_audio_clip:
        return ("", clip.start_time, clip.end_time, clip.name, bool(clip.muted))
    return (
        file_of(clip),
        clip.start_time,
        clip.loop_start,
        clip.loop_end,
        bool(clip.warping),
        clip.gain,
        clip.pitch_coarse,
        clip.pitch_fine,
        clip.name,
        clip.color,
        bool(clip.muted),
    )


def _events_of(clip: Any) -> Tuple[str, ...]:
    if read(clip, "is_audio_clip", False):
        return (*CLIP_EVENTS, "loop_start", "loop_end", "warping")
    return tuple(event for event in CLIP_EVENTS if event not in ("gain", "pitch_coarse", "pitch_fine"))
