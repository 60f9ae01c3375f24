"""The song: transport and what it defers, tracks and scenes, mixer, undo, data, versions."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.versions import parse_version

from set_case import ONE_SECOND, TWO_SECONDS, SetCase


class DefaultSet(SetCase):
    def test_what_live_opens_with(self) -> None:
        self.assertEqual([track.has_midi_input for track in self.song.tracks], [True, True, False, False])
        self.assertEqual((len(self.song.return_tracks), len(self.song.scenes), self.song.tempo), (2, 8, 120.0))
        self.assertEqual([len(track.clip_slots) for track in self.song.tracks], [8] * 4)
        self.assertEqual((self.song.name, self.song.file_path, self.song.can_undo), ("", "", False))
        self.assertEqual(self.song.master_track.name, "Main")
        self.assertEqual((self.song.signature_numerator, self.song.signature_denominator), (4, 4))

    def test_tempo_has_a_range(self) -> None:
        for wrong in (19.9, 999.1, float("nan")):
            with self.refused(RuntimeError):
                self.song.tempo = wrong
        self.assertEqual(self.song.tempo, 120.0)

    def test_the_tempo_is_a_parameter_of_the_master_too(self) -> None:
        parameter = self.song.master_track.mixer_device.song_tempo
        self.song.tempo = 90.0
        self.assertEqual((parameter.value, parameter.automation_state), (90.0, 0))
        parameter.value = 100.0
        self.assertEqual(self.song.tempo, 100.0)
        with self.refused(RuntimeError):
            _ = self.track.mixer_device.song_tempo

    def test_the_volume_fader(self) -> None:
        volume = self.track.mixer_device.volume
        self.assertEqual((str(volume), volume.min, volume.max), ("0.0 dB", 0.0, 1.0))
        texts = [volume.str_for_value(value) for value in (1.0, 0.7, 0.4, 0.0)]
        self.assertEqual(texts, ["6.0 dB", "-6.0 dB", "-18.0 dB", "-inf dB"])
        self.assertEqual(
            [self.track.mixer_device.panning.str_for_value(pan) for pan in (-1, 0, 0.5)], ["50L", "C", "25R"]
        )
        for wrong in (1.1, -0.1, float("nan")):
            with self.refused(RuntimeError, "Invalid value. Check the parameters range with min/max"):
                volume.value = wrong


class Transport(SetCase):
    def test_what_is_deferred_reads_back_old_in_the_same_tick(self) -> None:
        self.place(0.0)
        for name, value in (("current_song_time", 2.0), ("loop", True), ("punch_in", True), ("punch_out", True)):
            before = getattr(self.song, name)
            setattr(self.song, name, value)
            self.assertEqual(getattr(self.song, name), before)
            self.tick()
            self.assertEqual(getattr(self.song, name), value)

    def test_playing_starts_a_tick_later_at_the_start_marker(self) -> None:
        self.song.start_time = 8.0
        self.tick()
        self.song.start_playing()
        self.assertFalse(self.song.is_playing)
        self.tick()
        self.assertEqual((self.song.is_playing, self.song.current_song_time), (True, 8.0))
        self.tick(50)
        self.assertAlmostEqual(self.song.current_song_time, 9.0)
        self.song.stop_playing()
        self.tick()
        self.assertFalse(self.song.is_playing)

    def test_the_playhead_does_not_pass_the_songs_end(self) -> None:
        with self.refused(RuntimeError, "Cannot set the Songtime behind the Songlength"):
            self.song.current_song_time = 1000.0
        self.place(1000.0)
        self.song.current_song_time = 1000.0
        self.assertEqual(self.song.last_event_time, 1004.0)

    def test_a_jump_and_a_start_in_one_tick_are_refused(self) -> None:
        self.song.current_song_time = 1.0
        with self.refused(RuntimeError, "Changes cannot be triggered by notifications"):
            self.song.start_playing()
        self.tick()
        self.song.start_playing()

    def test_a_jump_of_a_stopped_song_takes_the_start_marker_along(self) -> None:
        self.song.current_song_time = 1.0
        self.tick()
        self.assertEqual(self.song.start_time, 1.0)

    def test_the_loop(self) -> None:
        self.song.loop_start, self.song.loop_length, self.song.loop = 4.0, 1.0, True
        self.tick()
        self.song.start_playing()
        self.tick()
        self.assertEqual(self.song.current_song_time, 4.0)
        self.tick(75)
        self.assertAlmostEqual(self.song.current_song_time, 4.5)

    def test_back_to_arranger_can_only_be_set_to_false(self) -> None:
        self.song.back_to_arranger = False
        with self.refused(RuntimeError):
            self.song.back_to_arranger = True

    def test_recording_comes_on_after_300_ms_and_starts_the_transport(self) -> None:
        self.song.record_mode = True
        self.tick(29)
        self.assertFalse(self.song.record_mode)
        self.tick(2)
        self.assertEqual((self.song.record_mode, self.song.is_playing), (True, True))

    def test_listeners_of_what_is_deferred_are_told_when_it_happens(self) -> None:
        heard: list[bool] = []
        self.song.add_is_playing_listener(lambda: heard.append(self.song.is_playing))
        self.song.start_playing()
        self.assertEqual(heard, [])
        self.tick()
        self.assertEqual(heard, [True])


class Structure(SetCase):
    def test_tracks_are_made_anywhere_and_selected(self) -> None:
        for index, place in ((None, 4), (-1, 5), (0, 0), (7, 7)):
            track = self.song.create_audio_track(index)
            self.assertEqual(self.song.tracks[place], track)
            self.assertEqual(self.song.view.selected_track, track)
            self.assertEqual((len(track.clip_slots), len(track.mixer_device.sends)), (8, 2))
        for wrong in (9, -2):
            with self.refused(RuntimeError):
                self.song.create_audio_track(wrong)

    def test_the_last_track_stays(self) -> None:
        for _ in range(3):
            self.song.delete_track(0)
        with self.refused(RuntimeError):
            self.song.delete_track(0)
        self.assertEqual(self.song.view.selected_track, self.song.tracks[0])

    def test_scenes_and_returns(self) -> None:
        self.song.create_scene(-1)
        self.song.create_return_track()
        self.assertEqual((len(self.track.clip_slots), len(self.track.mixer_device.sends)), (9, 3))
        self.song.delete_scene(8)
        self.assertEqual((len(self.track.clip_slots), len(self.song.scenes)), (8, 8))
        self.assertEqual([scene.is_empty for scene in self.song.scenes], [True] * 8)

    def test_a_solo_mutes_the_others(self) -> None:
        self.track.solo = True
        self.assertEqual([track.muted_via_solo for track in self.song.tracks], [True, True, False, True])

    def test_data_stays_with_the_track(self) -> None:
        value = {"a": [1, 2.5, None, True], "b": "ü"}
        self.track.set_data("key", value)
        value["a"] = []
        self.assertEqual(self.track.get_data("key", None), {"a": [1, 2.5, None, True], "b": "ü"})
        self.assertEqual(self.song.get_data("key", 7), 7)
        for wrong in (object(), {1: 2}, (1, 2), float("nan")):
            with self.refused(RuntimeError):
                self.track.set_data("key", wrong)
        with self.refused(self.argument_error):
            self.track.set_data(1, 2)

    @property
    def argument_error(self) -> Any:
        from live_simulator.boost import ArgumentError

        return ArgumentError


class Undo(SetCase):
    def test_each_change_is_a_step(self) -> None:
        self.track.name = "one"
        self.track.name = "two"
        self.song.undo()
        self.assertEqual(self.track.name, "one")
        self.song.redo()
        self.assertEqual(self.track.name, "two")
        self.song.undo()
        self.song.undo()
        self.assertEqual((self.track.name, self.song.can_undo, self.song.can_redo), ("3-Audio", False, True))

    def test_a_step_groups_what_is_inside(self) -> None:
        self.song.begin_undo_step()
        track = self.song.create_audio_track(-1)
        track.name = "new"
        track.create_audio_clip(TWO_SECONDS, 0.0)
        self.song.end_undo_step()
        self.song.undo()
        self.assertEqual((len(self.song.tracks), self.song.can_undo), (4, False))
        self.assertTrue(track == None)  # noqa: E711

    def test_parameters_are_steps_of_their_own_behind_the_step(self) -> None:
        self.song.begin_undo_step()
        self.track.mixer_device.volume.value = 0.5
        self.track.name = "x"
        self.song.end_undo_step()
        self.song.undo()
        self.assertEqual((self.track.name, self.track.mixer_device.volume.value), ("x", 0.8500000238418579))
        self.song.undo()
        self.assertEqual((self.track.name, self.song.can_undo), ("3-Audio", False))

    def test_steps_of_one_tick_are_one_and_empty_ones_none(self) -> None:
        for name in ("a", "b"):
            self.song.begin_undo_step()
            self.track.name = name
            self.song.end_undo_step()
        self.song.undo()
        self.assertEqual((self.track.name, self.song.can_undo), ("3-Audio", False))
        self.tick()
        self.song.begin_undo_step()
        self.song.end_undo_step()
        self.assertFalse(self.song.can_undo)

    def test_what_a_step_deferred_is_undone_with_it(self) -> None:
        self.song.begin_undo_step()
        clip = self.place(0.0)
        clip.warping = False
        self.song.end_undo_step()
        self.tick()
        clip.loop_end = 0.5
        self.tick()
        self.song.undo()
        self.assertEqual((clip.loop_end, clip.end_time, clip.warping), (2.0, 4.0, False))
        self.song.undo()
        self.assertEqual(self.spans(), [])

    def test_what_is_undone_before_it_took_effect_never_does(self) -> None:
        clip = self.place(0.0)
        clip.warping = False
        self.song.undo()
        self.tick(3)
        self.assertTrue(clip.warping)

    def test_what_undo_brings_back_is_a_new_object(self) -> None:
        clip = self.place(0.0)
        self.track.delete_clip(clip)
        self.song.undo()
        self.assertEqual(self.spans(), [(0.0, 4.0)])
        self.assertTrue(clip == None)  # noqa: E711
        self.assertNotEqual(self.track.arrangement_clips[0], clip)

    def test_overwritten_clips_come_back(self) -> None:
        self.place_unwarped(0.0)
        self.place(3.0)
        self.place_unwarped(1.0, ONE_SECOND)
        for _ in range(2):
            self.song.undo()
        self.assertEqual(self.spans(), [(0.0, 3.0), (3.0, 7.0)])
        self.song.undo()
        self.assertEqual(self.spans(), [(0.0, 4.0)])

    def test_changes_in_listeners_are_refused_during_undo_too(self) -> None:
        errors: list[str] = []

        def listener() -> None:
            try:
                self.song.tempo = 100.0
            except RuntimeError as why:
                errors.append(str(why))

        self.track.name = "x"
        self.track.add_name_listener(listener)
        self.song.undo()
        self.assertEqual(errors, ["Changes cannot be triggered during undo or redo."])


class Versions(SetCase):
    def of(self, version: str) -> Any:
        self.version = parse_version(version)
        self.setUp()
        return self.song

    def test_create_audio_clip_came_returned_nothing_and_returns_the_clip(self) -> None:
        for version in ("11.0", "11.3.20", "12.0.0", "12.0.2"):
            self.of(version)
            self.assertFalse(hasattr(self.track, "create_audio_clip"), version)
            self.assertFalse(hasattr(self.track.clip_slots[0], "create_audio_clip"), version)
        for version in ("11.3.25", "11.3.43", "12.0.5", "12.1.0"):
            self.of(version)
            self.assertIsNone(self.place(0.0), version)
            self.assertEqual(self.spans(), [(0.0, 4.0)])
            self.assertIsNotNone(self.track.clip_slots[0].create_audio_clip(TWO_SECONDS), version)
        for version in ("12.2.0", "12.3.6", "12.4.6"):
            self.of(version)
            self.assertEqual(self.place(0.0), self.track.arrangement_clips[0], version)

    def test_members_appear_with_their_version(self) -> None:
        self.assertFalse(hasattr(self.of("11.1"), "start_time"))
        self.assertTrue(hasattr(self.of("11.2"), "start_time"))
        self.assertIsNone(self.of("11.3.2").undo())
        self.assertEqual(self.of("11.3.10").undo(), "")
        self.assertEqual(self.of("11.0").master_track.name, "Master")

    def test_the_application_tells_its_version(self) -> None:
        self.of("11.3.25")
        application = self.modules["Live.Application"].get_application()
        numbers = application.get_major_version(), application.get_minor_version(), application.get_bugfix_version()
        self.assertEqual(numbers, (11, 3, 25))
        self.assertEqual(application.get_version_string(), "11.3.25")
        self.assertEqual(application.get_document(), self.song)
        self.assertFalse(hasattr(application, "major_version"))

    def test_what_is_no_version(self) -> None:
        for wrong in ("12", "10.1", "12.x", "1.2.3.4", ""):
            with self.assertRaises(ValueError):
                parse_version(wrong)


if __name__ == "__main__":
    unittest.main()
