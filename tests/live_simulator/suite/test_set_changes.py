"""Another set is opened, the control surface is toggled or selected twice: all in one process, modules stay loaded."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.boost import ArgumentError
from live_simulator.errors import BadRequest
from live_simulator.nodes.node import Node
from live_simulator.nodes.songs import SongNode
from live_simulator.saved_sets import SavedSets

from set_case import ONE_SECOND, SetCase
from test_set_script import ScriptCase

COUNTS_ITSELF = """
    instances = []

    def create_instance(c_instance):
        return Counted(c_instance)

    class Counted:
        def __init__(self, c_instance):
            self.c_instance = c_instance
            instances.append(self)
            self.song = c_instance.song()
            self.song.add_tempo_listener(self.hear)
            c_instance.log_message("created %d of slot %d" % (len(instances), c_instance.instance_identifier()))

        def hear(self):
            self.c_instance.log_message("heard")

        def disconnect(self):
            self.c_instance.log_message("disconnected, tempo %.0f" % self.song.tempo)
"""


def every_node(song: SongNode) -> set[Node]:
    """All that is reached from the song, by whatever field."""
    found: set[Node] = set()
    waiting: list[Any] = [song]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Node) and thing not in found:
            found.add(thing)
            waiting.extend(vars(thing).values())
        elif isinstance(thing, (tuple, list, dict)):
            waiting.extend(thing.values() if isinstance(thing, dict) else thing)
            waiting.extend(thing if isinstance(thing, dict) else ())
    return found


class AnotherSet(SetCase):
    def open_song(self, song: Any = None) -> None:
        self.live.open_song(song)
        self.song = self.modules["Live.Application"].get_application().get_document()
        self.track = self.song.tracks[2]

    def test_all_of_the_old_set_is_dead(self) -> None:
        clip = self.place(0.0)
        old = [self.song, self.song.view, self.track, self.track.mixer_device, self.track.mixer_device.volume]
        old += [self.song.scenes[0], self.track.clip_slots[0], self.song.master_track, self.song.return_tracks[0], clip]
        self.open_song()
        for thing in old:
            self.assertTrue(thing == None)  # noqa: E711 (Live's own test of it)
            with self.refused(ArgumentError):
                thing.canonical_parent  # noqa: B018
        self.assertEqual(len(self.track.arrangement_clips), 0)

    def test_no_object_of_the_old_set_is_left_alive(self) -> None:
        self.place(0.0)
        self.song.create_midi_track(0)
        self.song.tracks[0].clip_slots[0].create_clip(4.0)
        old = every_node(self.live.song)
        self.assertGreater(len(old), 100)
        self.open_song()
        alive = {type(node).__name__ for node in old if node.pointer or node.alive}
        self.assertEqual(alive, set())

    def test_a_copy_shares_no_object_with_what_was_saved(self) -> None:
        saved = SavedSets()
        self.place(0.0)
        saved.save(self.live.song, "/music/one.als")
        opened = saved.open("/music/one.als")
        self.assertEqual(every_node(opened) & every_node(self.live.song), set())

    def test_the_application_outlives_the_set(self) -> None:
        application = self.modules["Live.Application"].get_application()
        old = self.song
        self.open_song()
        self.assertEqual(application, self.modules["Live.Application"].get_application())
        self.assertNotEqual(application.get_document(), old)

    def test_nothing_of_the_old_set_happens_later(self) -> None:
        self.song.tempo = 99.0
        self.song.loop = True
        self.song.begin_undo_step()
        self.song.metronome = True
        self.open_song()
        self.tick(40)
        self.assertFalse(self.song.can_undo)
        self.assertEqual(self.song.undo(), "")
        self.assertFalse(self.song.loop)
        self.song.tempo = 98.0
        self.assertTrue(self.song.can_undo)
        self.assertNotIn("RemoteScriptError", "".join(self.log))

    def test_a_saved_set_says_so_and_comes_back_as_new_objects(self) -> None:
        saved = SavedSets()
        heard: list[int] = []
        self.song.add_tempo_listener(lambda: heard.append(1))
        self.track.name = "Drums"
        self.track.set_data("tag", [1, "two"])
        self.song.set_data("tag", {"version": 3})
        clip = self.place_unwarped(4.0)
        clip.gain = 0.25
        self.song.start_playing()
        self.tick(2)
        saved.save(self.live.song, "/music/my song.als")
        self.assertEqual((self.song.name, self.song.file_path), ("my song", "/music/my song.als"))
        self.assertEqual(clip.gain, 0.25)
        self.track.name = "changed since"
        pointers = {thing._live_ptr for thing in (self.song, self.track, clip)}
        self.open_song(saved.open("/music/my song.als"))
        again = self.track.arrangement_clips[0]
        self.assertEqual((self.song.name, self.song.is_playing), ("my song", False))
        self.assertEqual((self.track.name, self.track.get_data("tag", None)), ("Drums", [1, "two"]))
        self.assertEqual(self.song.get_data("tag", None), {"version": 3})
        self.assertEqual((again.start_time, again.end_time, again.gain, again.warping), (4.0, 8.0, 0.25, False))
        self.assertTrue(pointers.isdisjoint({thing._live_ptr for thing in (self.song, self.track, again)}))
        self.song.tempo = 90.0
        self.assertEqual(heard, [])
        self.assertEqual(self.song.master_track.mixer_device.song_tempo.value, 90.0)

    def test_a_saved_set_can_be_opened_twice_and_stays_as_it_was_saved(self) -> None:
        saved = SavedSets()
        saved.save(self.live.song, "/music/empty.als")
        for _ in range(2):
            self.open_song(saved.open("/music/empty.als"))
            self.assertEqual(len(self.track.arrangement_clips), 0)
            self.place(0.0, ONE_SECOND)

    def test_sets_that_cannot_be_saved_or_opened(self) -> None:
        saved = SavedSets()
        for wrong in ("song.als", "/music/song.wav"):
            with self.refused(BadRequest, f"{wrong}: not an absolute path that ends in .als"):
                saved.save(self.live.song, wrong)
        saved.save(self.live.song, "/music/a.als")
        with self.refused(BadRequest, "/music/b.als: no such set was saved here; saved are /music/a.als"):
            saved.open("/music/b.als")


class Toggling(ScriptCase):
    def messages(self) -> list[str]:
        found = [line.split(": ", 1)[1] for line in self.log]
        self.log.clear()
        return found

    def test_a_set_change_disconnects_while_the_old_set_lives_and_creates_again_from_the_loaded_modules(self) -> None:
        self.live.load_script(self.script(COUNTS_ITSELF))
        self.live.open_song()
        self.assertEqual(self.messages(), ["created 1 of slot 1", "disconnected, tempo 120", "created 2 of slot 1"])
        self.live.binding.wrap(self.live.song).tempo = 100.0
        self.assertEqual(self.messages(), ["heard"])

    def test_switched_off_and_on_in_the_preferences(self) -> None:
        self.live.load_script(self.script(COUNTS_ITSELF))
        self.live.surfaces.disable()
        self.live.surfaces.disable()
        self.tick(20)
        self.live.open_song()
        self.assertEqual(self.messages(), ["created 1 of slot 1", "disconnected, tempo 120"])
        self.live.surfaces.enable()
        self.live.surfaces.enable()
        self.assertEqual(self.messages(), ["created 2 of slot 1"])

    def test_the_same_script_in_two_slots(self) -> None:
        self.live.load_script(self.script(COUNTS_ITSELF))
        self.live.surfaces.double()
        self.live.open_song()
        expected = ["created 1 of slot 1", "created 2 of slot 2", "disconnected, tempo 120", "disconnected, tempo 120"]
        self.assertEqual(self.messages(), [*expected, "created 3 of slot 1", "created 4 of slot 2"])
        for _ in range(4):
            self.live.surfaces.double()
        with self.refused(BadRequest, "6 slots have the script"):
            self.live.surfaces.double()

    def test_a_script_that_fails_in_the_next_set_is_logged_and_live_goes_on(self) -> None:
        source = COUNTS_ITSELF.replace("instances.append(self)", "instances.append(self); 1 / (2 - len(instances))")
        self.live.load_script(self.script(source))
        self.live.open_song()
        self.assertIn("RemoteScriptError: (control surface 1 failed to start)", self.log)
        self.tick(20)
        self.live.surfaces.enable()
        self.assertEqual(self.log[-1], "RemoteScriptMessage: created 3 of slot 1")


if __name__ == "__main__":
    unittest.main()
