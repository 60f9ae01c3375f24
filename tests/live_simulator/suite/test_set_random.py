"""Random changes of a full set: who listens hears of each, undo takes each back, redo brings each again."""

from __future__ import annotations

import random
import unittest
from contextlib import suppress
from typing import Any, Callable

from live_simulator.tracks import group_tracks

from full_set import FullSetCase, readable
from golden import live_members
from set_case import ONE_SECOND, TWO_SECONDS

LIVE = live_members()
SEEDS = range(4)
CHANGES = 12
NOT_UNDONE = {
    "song": ("view", "is_playing", "current_song_time", "start_time", "can_undo", "can_redo", "groove_pool"),
    "any": ("canonical_parent", "_live_ptr", "view", "group_track", "can_jump_to_next_cue", "can_jump_to_prev_cue"),
    "selected": ("is_part_of_selection",),
}
IGNORED = {name for names in NOT_UNDONE.values() for name in names}


def plain(value: Any) -> Any:
    """For comparing before with after: objects by pointer, lists by what is in them."""
    if type(value).__name__.endswith("Vector"):
        return [plain(item) for item in value]
    if hasattr(type(value), "_live_ptr"):
        return value._live_ptr if value != None else None  # noqa: E711 (Live's test of a deleted one)
    node = getattr(value, "_node", None)
    return repr(node) if isinstance(node, dict) else getattr(value, "display_name", repr(value))


def described(thing: Any) -> Any:
    """All that is undoable of an object and what is in it, without pointers."""
    if type(thing).__name__.endswith("Vector"):
        return [described(item) for item in thing]
    if not hasattr(type(thing), "_live_ptr"):
        return plain(thing)
    return {name: described(value) for name, value in readable(thing) if name not in IGNORED}


def difference(one: Any, other: Any, path: str = "") -> str:
    """Where two descriptions differ first."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        found = [difference(one[key], other[key], f"{path}.{key}") for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        found = [difference(*both, path=f"{path}[{place}]") for place, both in enumerate(zip(one, other))]
    else:
        return "" if one == other else f"{path}: {one} != {other}"
    return next((text for text in found if text), "")


class RandomChanges(FullSetCase):
    def changes(self, dice: random.Random) -> Callable[[], Any]:
        """One change that undo takes back, as a script or (groups) the user makes it."""
        song = self.song
        track = dice.choice([each for each in song.tracks if each.can_be_armed])
        audio = dice.choice([each for each in song.tracks if each.can_be_armed and each.has_audio_input])
        scene = dice.choice(list(song.scenes))
        clips = [clip for each in song.tracks if each.can_be_armed for clip in each.arrangement_clips]
        mixer = track.mixer_device

        def put(thing: Any, name: str, value: Any) -> Callable[[], None]:
            return lambda: setattr(thing, name, value)

        def group() -> None:
            first = dice.randrange(len(song.tracks))
            with self.live.runtime.change("Group Tracks"):
                group_tracks(self.live.song, first, first)

        found = [
            put(song, "tempo", float(dice.randrange(60, 180))),
            put(song, "signature_numerator", dice.randrange(2, 9)),
            put(song, "signature_denominator", dice.choice([4, 8, 16])),
            put(song, "loop_start", float(dice.randrange(64))),
            put(song, "loop_length", float(dice.randrange(1, 64))),
            put(song, "loop", dice.random() < 0.5),
            put(song, "punch_in", dice.random() < 0.5),
            put(song, "root_note", dice.randrange(12)),
            put(song, "scale_name", dice.choice(["Minor", "Dorian", "Iwato"])),
            put(song, "swing_amount", dice.random()),
            put(song, "clip_trigger_quantization", dice.randrange(14)),
            put(track, "name", dice.choice("abc")),
            put(track, "color_index", dice.randrange(70)),
            put(track, "mute", dice.random() < 0.5),
            put(track, "solo", dice.random() < 0.5),
            put(track, "arm", dice.random() < 0.5),
            put(track, "current_monitoring_state", dice.randrange(3)),
            put(track, "input_routing_type", dice.choice(list(track.available_input_routing_types))),
            put(track, "output_routing_type", dice.choice(list(track.available_output_routing_types))),
            put(mixer.volume, "value", dice.random()),
            put(mixer.panning, "value", dice.random()),
            put(scene, "name", dice.choice("xyz")),
            put(scene, "color_index", dice.randrange(70)),
            put(scene, "tempo_enabled", dice.random() < 0.5),
            group,
            song.create_audio_track,
            song.create_return_track,
            song.set_or_delete_cue,
            lambda: song.create_midi_track(dice.randrange(len(song.tracks))),
            lambda: song.create_scene(dice.randrange(len(song.scenes))),
            lambda: song.delete_scene(dice.randrange(len(song.scenes))),
            lambda: song.delete_track(dice.randrange(len(song.tracks))),
            lambda: song.duplicate_track(dice.randrange(len(song.tracks))),
            lambda: song.duplicate_scene(dice.randrange(len(song.scenes))),
            lambda: song.delete_return_track(dice.randrange(len(song.return_tracks))),
            lambda: audio.create_audio_clip(dice.choice([ONE_SECOND, TWO_SECONDS]), float(dice.randrange(64))),
            lambda: track.duplicate_clip_slot(dice.randrange(len(song.scenes))),
        ]
        if clips:
            clip = dice.choice(clips)
            found += [
                put(clip, "name", dice.choice("abc")),
                put(clip, "muted", dice.random() < 0.5),
                put(clip, "loop_end", clip.loop_start + dice.choice([0.5, 1.0, 1.5])),
                lambda: clip.canonical_parent.delete_clip(clip),
            ]
        return dice.choice(found)

    def make(self, dice: random.Random) -> bool:
        """Whether a change was made; some do not apply to what they meet."""
        change = self.changes(dice)
        try:
            change()
        except RuntimeError:
            return False
        return True

    def test_undo_and_redo(self) -> None:
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.setUp()
                dice = random.Random(seed)
                self.live.runtime.forget_history()
                stood = [described(self.song)]
                for _ in range(CHANGES):
                    self.make(dice)
                    self.tick()
                    stood.append(described(self.song))
                for again in range(2):
                    self.back(stood, again)

    def back(self, stood: list[Any], again: int) -> None:
        """Undoes all, each time to what stood once, and redoes all."""
        place = len(stood) - 1
        while self.song.can_undo:
            label = self.song.undo()
            now = described(self.song)
            earlier = [index for index in range(place + 1) if stood[index] == now]
            if not earlier:
                self.fail(f"undo {again} of {label!r}: {difference(now, stood[place - 1])}")
            place = max(earlier)
        self.assertEqual(described(self.song), stood[0])
        while self.song.can_redo:
            self.song.redo()
        self.assertEqual(described(self.song), stood[-1])

    def test_whoever_listens_hears_of_every_change(self) -> None:
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.setUp()
                dice = random.Random(1000 + seed)
                for _ in range(CHANGES):
                    self.listen_to_one(dice)

    def listen_to_one(self, dice: random.Random) -> None:
        change = self.changes(dice)
        heard: set[tuple[str, str, int]] = set()
        before: dict[tuple[str, str, int], Any] = {}
        things = [(owner, thing) for owner, found in self.objects().items() for thing in found]
        for owner, thing in things:
            for name, value in readable(thing):
                if LIVE[owner][name].listenable and hasattr(thing, "_live_ptr"):
                    key = (owner, name, thing._live_ptr)
                    before[key] = plain(value)
                    getattr(thing, f"add_{name}_listener")(lambda key=key: heard.add(key))
        with suppress(RuntimeError):
            change()
        self.tick(2)
        for owner, thing in things:
            if not hasattr(type(thing), "_live_ptr") or thing == None:  # noqa: E711
                continue
            for name, value in readable(thing):
                key = (owner, name, thing._live_ptr)
                if key in before and plain(value) != before[key]:
                    self.assertTrue(key in heard, f"{owner}.{name}: {before[key]} is now {plain(value)}, unheard")


if __name__ == "__main__":
    unittest.main()
