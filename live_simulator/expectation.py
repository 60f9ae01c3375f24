"""What is to be heard from now on while the song plays, with what was fired or jumped to and waits for its beat."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from live_simulator.mix import Clip, Mix
from live_simulator.nodes.songs import SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.plan import Expected, Plan
from live_simulator.snapshot import arrangement_clips, session_clips, whole_mix


def expectation(song: SongNode) -> dict[str, Any]:
    """A live_simulator.plan.Plan as JSON."""
    loop = (song.loop_start, song.loop_start + song.loop_length) if song.loop else None
    return asdict(Plan(_mix_at(song, song.played_beats), loop, tuple(_expected(song))))


def _expected(song: SongNode) -> list[Expected]:
    jump = song.awaited_cue if song.awaited_cue is not None and song.awaited_cue[0].alive else None
    launches = {track.launch.at_beats for track in song.tracks if track.launch is not None}
    if song.fired_scene is not None:
        launches.add(song.fired_scene[1])
    return [
        Expected(
            at_beats,
            _mix_at(song, at_beats) if at_beats in launches else None,
            jump[0].time_beats if jump is not None and jump[1] == at_beats else None,
        )
        for at_beats in sorted(launches | ({jump[1]} if jump is not None else set()))
    ]


def _mix_at(song: SongNode, played_beats: float) -> Mix:
    """With what was launched by then."""
    tempo_bpm = song.tempo
    if song.fired_scene is not None and song.fired_scene[0].tempo_enabled and song.fired_scene[1] <= played_beats:
        tempo_bpm = song.fired_scene[0].tempo
    return whole_mix(song, tempo_bpm, lambda track: _clips_at(track, played_beats))


def _clips_at(track: TrackNode, played_beats: float) -> tuple[Clip, ...]:
    song, playing, launch = track.song, track.playing, track.launch
    started_beats = 0.0
    if playing is not None:  # a song that begins to play begins its session clips anew
        started_beats = playing.started_beats if song.clips_run else song.played_beats
    if launch is not None and launch.at_beats <= played_beats:
        if launch.clip is None:
            return ()
        goes_on = playing is not None and (launch.legato or launch.clip.legato)
        return session_clips(launch.clip, started_beats if goes_on else launch.at_beats)
    if not track.back_to_arranger:
        return arrangement_clips(track)
    return () if playing is None else session_clips(playing.clip, started_beats)
