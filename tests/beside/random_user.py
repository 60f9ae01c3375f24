"""A user who edits at random what stands in the set while it fills, and knows afterwards what must still be so."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from controller.osc_client import ScriptClient
from tests.controller.simulated_live import SimulatedLive

Row = dict[str, Any]
Place = tuple[str, float]
"""A clip's file, and its start in beats, rounded."""
OWN_BEATS = 1.0
"""Room enough for the user's own clip."""


def place_of(clip: Row) -> Place:
    return str(clip["file_path"]), round(float(clip["start_beats"]), 3)


@dataclass(frozen=True)
class Seen:
    """The set as the script tells it; `clips` by the track's index."""

    tracks: list[Row]
    clips: dict[int, list[Row]]

    def of_track(self, track_id: int) -> list[Row]:
        return [clip for index in self._indices(track_id) for clip in self.clips[index]]

    def track(self, track_id: int) -> Row | None:
        return next((self.tracks[index] for index in self._indices(track_id)), None)

    def _indices(self, track_id: int) -> list[int]:
        return [track["index"] for track in self.tracks if track["track_id"] == track_id]


def seen(client: ScriptClient) -> Seen:
    """When nothing is being written."""
    client.request("settle")
    tracks = client.rows("tracks")
    rows = client.rows_of_each("clips", [(track["index"],) for track in tracks])
    return Seen(tracks, {track["index"]: found for track, found in zip(tracks, rows, strict=True)})


@dataclass
class RandomUser:
    """Edits tracks of ours, and now and then a track of the user's own (the first one, `mine`)."""

    live: SimulatedLive
    client: ScriptClient
    rng: random.Random
    own_file: Path
    edits: list[str] = field(default_factory=list)
    """What was done, in words."""
    stays: dict[tuple[int, Place], Row] = field(default_factory=dict)
    """By track id and place: what of a clip the user has set."""
    gone: set[tuple[int, Place]] = field(default_factory=set)
    looks: dict[int, Row] = field(default_factory=dict)
    """By track id: what of a track the user has set."""

    def edit(self) -> bool:
        """One edit; False where nothing stands yet that could be edited, or a build came between."""
        before = seen(self.client)
        tracks = [track for track in before.tracks if track["track_id"] and before.clips[track["index"]]]
        if not tracks:
            return False
        track = self.rng.choice(tracks)
        does: list[Callable[[Seen, Row], str]] = [
            *(self._move, self._delete, self._mute, self._transpose, self._turn_gain, self._place),
            *(self._rename, self._fade, self._move_foreign),
        ]
        done = self.rng.choice(does)(before, track)
        if done:
            self.edits.append(f"{done} on {track['name']}")
        return bool(done)

    def faults(self) -> list[str]:
        """What is not as the user left it."""
        now = seen(self.client)
        found = []
        for (track_id, place), wanted in self.stays.items():
            clips = [clip for clip in now.of_track(track_id) if place_of(clip) == place]
            if len(clips) != 1:
                found.append(f"{place} on {track_id} stands {len(clips)} times")
            elif any(clips[0][name] != value for name, value in wanted.items()):
                told = {name: clips[0][name] for name in wanted}
                found.append(f"{place} on {track_id} should be {wanted}, is {told}")
        for track_id, place in self.gone:
            if any(place_of(clip) == place for clip in now.of_track(track_id)):
                found.append(f"{place} on {track_id} is back")
        for track_id, wanted in self.looks.items():
            track = now.track(track_id)
            if track is None or any(track[name] != value for name, value in wanted.items()):
                found.append(f"track {track_id} should be {wanted}, is {track}")
        return found

    def _clip(self, before: Seen, track: Row) -> tuple[int, Row]:
        clips = before.clips[track["index"]]
        number = self.rng.randrange(len(clips))
        return number, clips[number]

    def _do(self, action: str, *arguments: Any) -> Seen:
        self.live.ask(action, *arguments)
        return seen(self.client)

    def _keeps(self, after: Seen, track: Row, place: Place, **values: Any) -> bool:
        """Notes that the clip there has these values from now on, if that is so: else a build came between."""
        clips = [clip for clip in after.of_track(track["track_id"]) if place_of(clip) == place]
        if len(clips) != 1 or any(clips[0][name] != value for name, value in values.items()):
            self._did_something_else(after)
            return False
        self.stays.setdefault((track["track_id"], place), {}).update(values)
        self.gone.discard((track["track_id"], place))
        return True

    def _loses(self, track: Row, place: Place) -> None:
        self.stays.pop((track["track_id"], place), None)
        self.gone.add((track["track_id"], place))

    def _did_something_else(self, after: Seen) -> None:
        """The edit met another clip, as a build had come between: perhaps one that the user had edited before."""
        for (track_id, place), wanted in list(self.stays.items()):
            clips = [clip for clip in after.of_track(track_id) if place_of(clip) == place]
            if clips:
                wanted.update({name: clips[0][name] for name in wanted})
            else:
                del self.stays[track_id, place]

    def _free_beats(self, before: Seen, track: Row, length_beats: float) -> float:
        """Where so much fits, behind all that stands."""
        end = max(clip["end_beats"] for clips in before.clips.values() for clip in clips)
        return float(round(end + self.rng.randrange(1, 8) + length_beats))

    def _move(self, before: Seen, track: Row) -> str:
        number, clip = self._clip(before, track)
        start = self._free_beats(before, track, 0.0)
        after = self._do("user_move_clip", track["index"], number, start)
        if not self._keeps(after, track, (clip["file_path"], start)):
            return ""
        if any(place_of(other) == place_of(clip) for other in after.of_track(track["track_id"])):
            self._did_something_else(after)  # moved another clip of the same file
            return ""
        moved = self.stays.pop((track["track_id"], place_of(clip)), {})
        self.stays[track["track_id"], (clip["file_path"], start)].update(moved)
        self._loses(track, place_of(clip))
        return f"moved {place_of(clip)} to {start}"

    def _delete(self, before: Seen, track: Row) -> str:
        number, clip = self._clip(before, track)
        after = self._do("user_delete_clip", track["index"], number)
        if any(place_of(other) == place_of(clip) for other in after.of_track(track["track_id"])):
            self._did_something_else(after)
            return ""
        self._loses(track, place_of(clip))
        return f"deleted {place_of(clip)}"

    def _mute(self, before: Seen, track: Row) -> str:
        number, clip = self._clip(before, track)
        after = self._do("user_mute_clip", track["index"], number, True)
        return f"muted {place_of(clip)}" if self._keeps(after, track, place_of(clip), muted=True) else ""

    def _transpose(self, before: Seen, track: Row) -> str:
        number, clip = self._clip(before, track)
        semitones = clip["pitch_coarse"] + self.rng.choice((1, 2, 3))
        after = self._do("user_transpose_clip", track["index"], number, semitones)
        done = self._keeps(after, track, place_of(clip), pitch_coarse=semitones)
        return f"transposed {place_of(clip)} to {semitones}" if done else ""

    def _turn_gain(self, before: Seen, track: Row) -> str:
        number, clip = self._clip(before, track)
        gain = self.rng.randrange(1, 8) / 16  # Live's single precision has these
        after = self._do("user_set_clip_gain", track["index"], number, gain)
        return f"set the gain of {place_of(clip)}" if self._keeps(after, track, place_of(clip), gain=gain) else ""

    def _place(self, before: Seen, track: Row) -> str:
        start = self._free_beats(before, track, OWN_BEATS)
        after = self._do("user_place_clip", track["index"], str(self.own_file), start)
        done = self._keeps(after, track, (str(self.own_file), start), ours=False)
        return f"placed a clip at {start}" if done else ""

    def _rename(self, before: Seen, track: Row) -> str:
        name = f"Mine {len(self.edits)}"
        self._do("user_rename_track", track["index"], name)
        return self._looks(track, name=name)

    def _fade(self, before: Seen, track: Row) -> str:
        volume = self.rng.randrange(7, 15) / 16
        self._do("user_move_fader", track["index"], volume)
        return self._looks(track, volume=volume)

    def _looks(self, track: Row, **values: Any) -> str:
        after = seen(self.client).track(track["track_id"])
        if after is None or any(after[name] != value for name, value in values.items()):
            return ""
        self.looks.setdefault(track["track_id"], {}).update(values)
        return f"set {values}"

    def _move_foreign(self, before: Seen, track: Row) -> str:
        """A clip of a track that is the user's own."""
        foreign = [other for other in before.tracks if not other["track_id"] and before.clips[other["index"]]]
        if not foreign:
            return ""
        mine = self.rng.choice(foreign)
        number, _ = self._clip(before, mine)
        self._do("user_set_clip_gain", mine["index"], number, self.rng.randrange(1, 8) / 16)
        return "set the gain of a clip of the user's own"
