"""A set with one of everything that a script can meet, and all of its objects."""

from __future__ import annotations

from typing import Any, Iterator

from live_simulator.tracks import group_tracks

from set_case import NEWEST, TWO_SECONDS, SetCase


class FullSetCase(SetCase):
    """A group with tracks in it, clips of both kinds in both views, a cue point, a track that records from another."""

    version = NEWEST

    def setUp(self) -> None:
        super().setUp()
        with self.live.runtime.change("Group Tracks"):
            group_tracks(self.live.song, 1, 2)
        self.tick()
        self.place_unwarped(0.0)
        self.place(8.0)
        self.track.clip_slots[1].create_audio_clip(TWO_SECONDS)
        midi = self.song.tracks[0]
        midi.clip_slots[0].create_clip(4.0)
        volume = self.track.mixer_device.volume
        self.track.clip_slots[1].clip.create_automation_envelope(volume)
        midi.duplicate_clip_to_arrangement(midi.clip_slots[0].clip, 4.0)
        self.track.insert_device("Audio Effect Rack")
        self.track.devices[0].insert_chain()
        self.track.create_take_lane()
        midi.insert_device("Simpler")
        midi.devices[0].replace_sample(TWO_SECONDS)
        self.song.set_or_delete_cue()
        self.song.tracks[4].input_routing_type = self.song.tracks[4].available_input_routing_types[2]
        self.tick()

    def objects(self) -> dict[str, list[Any]]:
        """Class in Live, such as 'Song.Song.View' -> all objects of it that can be reached from the application."""
        found: dict[str, list[Any]] = {}
        waiting = [self.song, self.modules["Live.Application"].get_application()]
        seen: set[Any] = set()
        while waiting:
            thing = waiting.pop()
            if thing in seen:
                continue
            seen.add(thing)
            found.setdefault(class_of(thing), []).append(thing)
            for _, value in readable(thing):
                waiting.extend(part for part in parts(value) if hasattr(type(part), "_node"))
        return found


def class_of(thing: Any) -> str:
    made = type(thing)
    return str(getattr(thing._node, "LIVE", f"{made.__module__}.{made.__name__}"))


def readable(thing: Any) -> Iterator[tuple[str, Any]]:
    """Its properties with their values; without those that do not apply to it."""
    for name in dir(type(thing)):
        if isinstance(getattr(type(thing), name), property):
            try:
                yield name, getattr(thing, name)
            except RuntimeError:
                continue


def parts(value: Any) -> list[Any]:
    """A value, or what is in a list of them."""
    return list(value) if type(value).__name__.endswith("Vector") else [value]
