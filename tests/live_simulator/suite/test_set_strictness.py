"""Types, wrappers, deleted objects, vectors: as strict as Boost.Python."""

from __future__ import annotations

import sys
import unittest
from typing import Any

from live_simulator.api.classes import ALL
from live_simulator.boost import ArgumentError
from live_simulator.keywords import NAMES

from set_case import SetCase


class Arguments(SetCase):
    def test_an_int_takes_no_float_and_no_text(self) -> None:
        clip = self.place(0.0)
        for wrong in (3.0, "3", None):
            with self.refused(ArgumentError):
                clip.pitch_coarse = wrong
        self.assertEqual(clip.pitch_coarse, 0)

    def test_the_error_is_a_type_error_with_boosts_text(self) -> None:
        self.assertTrue(issubclass(ArgumentError, TypeError))
        self.assertEqual((ArgumentError.__module__, ArgumentError.__name__), ("Boost.Python", "ArgumentError"))
        with self.assertRaises(TypeError) as caught:
            self.track.mute = 1.0
        self.assertEqual(
            str(caught.exception),
            "Python argument types in\n    None.None(Track, float)\n"
            "did not match C++ signature:\n    None(TTrackPyHandle, bool)",
        )

    def test_methods_take_their_arguments_by_position_only(self) -> None:
        with self.refused(
            ArgumentError, "Song.delete_track(Song, int)\ndid not match C++ signature:\n    delete_track("
        ):
            self.song.delete_track(index=0)
        with self.refused(ArgumentError, "Track.create_audio_clip(Track, str, str)"):
            self.track.create_audio_clip("/a.wav", "0")
        with self.refused(ArgumentError):
            self.track.create_audio_clip("/a.wav")
        with self.refused(ArgumentError):
            self.song.delete_track(1.0)
        with self.refused(ArgumentError):
            self.song.create_audio_track(1.0)

    def test_those_whose_arguments_have_names_in_live_take_them_by_name(self) -> None:
        clip = self.song.tracks[0].clip_slots[0].create_clip(4.0)
        clip.set_notes(((60, 0.0, 1.0, 100, False), (64, 1.0, 1.0, 100, False)))
        found = clip.get_notes_extended(from_time=1.0, time_span=3.0, from_pitch=0, pitch_span=128)
        self.assertEqual([note.pitch for note in found], [64])
        clip.remove_notes_extended(0, 128, time_span=1.0, from_time=0.0)
        self.assertEqual(clip.get_notes(0.0, 0, time_span=4.0, pitch_span=128), ((64, 1.0, 1.0, 100, False),))
        self.song.create_audio_track(Index=0)
        self.assertEqual(len(self.song.tracks), 5)
        self.song.scenes[0].fire(force_legato=True)
        self.track.set_data(value=1, key="tag")
        self.assertEqual(self.track.get_data("tag", default_value=0), 1)
        for given, named in (
            ((0, 128), {"from_time": 0.0}),
            ((0, 128), {"from_time": 0.0, "span": 1.0}),
            ((0, 128, 0.0), {"from_time": 0.0}),
            ((), {"from_time": 0.0, "time_span": 1.0}),
            ((), {"from_pitch": 0.0, "pitch_span": 128, "from_time": 0.0, "time_span": 1.0}),
        ):
            with self.refused(ArgumentError, "get_notes_extended"):
                clip.get_notes_extended(*given, **named)

    def test_every_method_that_takes_names_is_there_with_as_many_arguments(self) -> None:
        methods = {(made.name, one.name): one for made in ALL for one in made.methods}
        for name, named in NAMES.items():
            for method, names in named.items():
                with self.subTest(class_name=name, method=method):
                    self.assertEqual(len(methods[name, method].kinds), len(names))

    def test_a_float_takes_an_int_and_a_text_nothing_else(self) -> None:
        self.song.tempo = 90
        self.assertEqual(self.song.tempo, 90.0)
        for wrong in ("90", None, [90]):
            with self.refused(ArgumentError):
                self.song.tempo = wrong
        for wrong in (3, None, b"x"):
            with self.refused(ArgumentError):
                self.track.name = wrong

    def test_an_object_of_another_class_is_refused(self) -> None:
        with self.refused(ArgumentError, "Track.delete_clip(Track, Track)"):
            self.track.delete_clip(self.track)
        with self.refused(ArgumentError):
            self.song.view.selected_track = None
        self.song.view.detail_clip = None

    def test_an_int_beyond_c_is_an_overflow(self) -> None:
        with self.refused(OverflowError):
            self.song.delete_track(2**40)

    def test_a_read_only_property_raises_attribute_error(self) -> None:
        text = "property of 'Song' object has no setter" if sys.version_info >= (3, 11) else "can't set attribute"
        with self.refused(AttributeError, text):
            self.song.can_undo = True

    def test_a_misspelt_attribute_is_refused(self) -> None:
        with self.refused(AttributeError):
            self.song.tmepo = 100.0

    def test_a_property_that_does_not_apply_raises_runtime_error_on_read(self) -> None:
        for track, name in (
            (self.song.master_track, "mute"),
            (self.song.return_tracks[0], "arm"),
            (self.track, "fold_state"),
        ):
            with self.refused(RuntimeError):
                getattr(track, name)
        clip = self.song.tracks[0].clip_slots[0].create_clip(4.0)
        with self.refused(RuntimeError):
            _ = clip.gain

    def test_values_are_single_precision_where_live_has_floats(self) -> None:
        self.track.mixer_device.volume.value = 0.7
        self.assertEqual(self.track.mixer_device.volume.value, 0.699999988079071)


class Wrappers(SetCase):
    def test_two_wrappers_of_an_object_are_equal_and_not_the_same(self) -> None:
        one, other = self.song.tracks[0], self.song.tracks[0]
        self.assertIsNot(one, other)
        self.assertEqual(one, other)
        self.assertEqual(one._live_ptr, other._live_ptr)
        self.assertEqual(hash(one), hash(other))
        self.assertNotEqual(one, self.song.tracks[1])
        self.assertFalse(one == one._live_ptr)

    def test_a_deleted_object_equals_none_and_raises_on_any_read(self) -> None:
        track = self.song.create_audio_track(-1)
        parts = [track, track.mixer_device.volume, track.clip_slots[0]]
        self.assertTrue(all(part != None for part in parts))  # noqa: E711 (Live's own liveness test)
        self.song.delete_track(4)
        for part in parts:
            self.assertTrue(part == None)  # noqa: E711
            with self.refused(ArgumentError):
                _ = part._live_ptr
        with self.refused(ArgumentError):
            track.name = "x"
        with self.refused(ArgumentError):
            track.create_audio_clip("/a.wav", 0.0)
        with self.refused(ArgumentError):
            track.add_name_listener(lambda: None)

    def test_a_deleted_clip_is_no_argument(self) -> None:
        clip = self.place(0.0)
        self.track.delete_clip(clip)
        with self.refused(ArgumentError):
            self.track.delete_clip(clip)

    def test_objects_cannot_be_made(self) -> None:
        with self.refused(RuntimeError):
            self.modules["Live.Track"].Track()


class Vectors(SetCase):
    def test_a_vector_is_no_list(self) -> None:
        tracks = self.song.tracks
        self.assertNotIsInstance(tracks, (list, tuple))
        self.assertEqual((type(tracks).__module__, type(tracks).__name__), ("Base", "Vector"))
        self.assertEqual([track.name for track in tracks], ["1-MIDI", "2-MIDI", "3-Audio", "4-Audio"])
        self.assertEqual((len(tracks), tracks[-1]), (4, tracks[3]))
        self.assertIn(self.track, tracks)
        with self.refused(IndexError):
            _ = tracks[4]
        with self.refused(TypeError):
            _ = tracks + tracks

    def test_a_vector_is_a_copy(self) -> None:
        before = self.song.tracks
        self.song.create_audio_track(-1)
        self.assertEqual((len(before), len(self.song.tracks)), (4, 5))

    def test_vectors_of_numbers(self) -> None:
        modes = self.place(0.0).available_warp_modes
        self.assertEqual((type(modes).__name__, list(modes)), ("IntVector", [0, 1, 2, 3, 4, 6]))

    def test_enums_are_integers_with_names_and_values(self) -> None:
        states = self.modules["Live.Track"].Track.monitoring_states
        self.assertEqual((states.OFF, states.names["AUTO"], states.values[0]), (2, 1, states.IN))
        self.assertIsInstance(states.IN, int)


class Listeners(SetCase):
    def test_a_listener_hears_a_change_after_it_is_complete(self) -> None:
        heard: list[Any] = []
        self.track.add_arrangement_clips_listener(lambda: heard.append(self.spans()))
        self.place(1.0)
        self.assertEqual(heard, [[(1.0, 5.0)]])

    def test_nothing_changed_is_not_told(self) -> None:
        heard: list[int] = []
        self.song.add_tempo_listener(lambda: heard.append(1))
        self.song.tempo = 120.0
        self.assertEqual(heard, [])
        self.song.tempo = 121.0
        self.assertEqual(heard, [1])

    def test_adding_twice_and_removing_an_unknown_one_is_refused(self) -> None:
        def listener() -> None:
            pass

        self.song.add_tempo_listener(listener)
        self.assertTrue(self.song.tempo_has_listener(listener))
        with self.refused(RuntimeError):
            self.song.add_tempo_listener(listener)
        self.song.remove_tempo_listener(listener)
        with self.refused(RuntimeError, "Observer not connected"):
            self.song.remove_tempo_listener(listener)

    def test_changes_inside_a_listener_are_refused_and_reads_are_not(self) -> None:
        errors: list[str] = []

        def listener() -> None:
            self.assertEqual(self.song.tempo, 99.0)
            for change in (lambda: setattr(self.track, "name", "x"), self.song.start_playing, lambda: self.place(0.0)):
                try:
                    change()
                except RuntimeError as why:
                    errors.append(str(why))

        self.song.add_tempo_listener(listener)
        self.song.tempo = 99.0
        refusal = "Changes cannot be triggered by notifications. You will need to defer your response."
        self.assertEqual(errors, [refusal] * 3)
        self.assertEqual(self.track.name, "3-Audio")
        self.track.name = "y"

    def test_an_error_in_a_listener_is_logged_and_stops_no_other(self) -> None:
        heard: list[int] = []
        self.song.add_tempo_listener(lambda: 1 / 0)
        self.song.add_tempo_listener(lambda: heard.append(1))
        self.song.tempo = 99.0
        self.assertEqual(heard, [1])
        self.assertTrue(any("ZeroDivisionError" in line for line in self.log))

    def test_a_property_that_is_not_listenable_has_no_listener_methods(self) -> None:
        self.assertFalse(hasattr(self.song, "add_last_event_time_listener"))


if __name__ == "__main__":
    unittest.main()
