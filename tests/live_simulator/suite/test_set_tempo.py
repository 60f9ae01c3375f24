"""Who sets the tempo, and the song's other settings: recording, quantisation, scale."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator import tempo

from set_case import NEWEST, SetCase


class Tempo(SetCase):
    def setUp(self) -> None:
        super().setUp()
        self.parameter: Any = self.song.master_track.mixer_device.song_tempo

    def automate(self, bpm: Any) -> None:
        with self.live.runtime.change("Automate Tempo"):
            tempo.automate(self.live.song, bpm)

    def test_setting_it_overrides_automation_a_tick_later(self) -> None:
        heard: list[int] = []
        self.parameter.add_automation_state_listener(lambda: heard.append(self.parameter.automation_state))
        self.automate(90.0)
        self.assertEqual((self.song.tempo, self.parameter.automation_state), (90.0, 1))
        self.song.tempo = 120.0
        self.assertEqual((self.song.tempo, self.song.re_enable_automation_enabled), (90.0, False))
        self.tick()
        self.assertEqual((self.song.tempo, self.parameter.automation_state), (120.0, 2))
        self.assertTrue(self.song.re_enable_automation_enabled)
        self.song.re_enable_automation()
        self.assertEqual((self.song.tempo, self.parameter.automation_state, heard), (90.0, 1, [1, 2, 1]))

    def test_by_the_parameter_too(self) -> None:
        self.automate(90.0)
        self.parameter.value = 100.0
        self.assertEqual(self.parameter.value, 90.0)
        self.tick()
        self.assertEqual((self.parameter.value, self.song.tempo), (100.0, 100.0))

    def test_without_automation_there_is_nothing_to_enable(self) -> None:
        self.song.tempo = 100.0
        self.song.re_enable_automation()
        self.assertEqual((self.song.tempo, self.parameter.automation_state), (100.0, 0))

    def test_on_link_the_others_tempo_comes_back(self) -> None:
        with self.live.runtime.change(""):
            tempo.lead_by_link(self.live.song, 128.0)
        self.assertEqual((self.song.tempo, self.song.is_ableton_link_enabled), (128.0, True))
        self.song.tempo = 100.0
        self.tick()
        self.assertEqual(self.song.tempo, 128.0)

    def test_a_tempo_that_follows_the_input_cannot_be_set(self) -> None:
        self.song.tempo_follower_enabled = True
        for write in (lambda: setattr(self.song, "tempo", 100.0), lambda: setattr(self.parameter, "value", 100.0)):
            with self.refused(RuntimeError):
                write()

    def test_taps(self) -> None:
        self.song.tap_tempo()
        self.tick(40)
        self.song.tap_tempo()
        self.assertAlmostEqual(self.song.tempo, 150.0)
        self.tick(1000)
        self.song.tap_tempo()
        self.assertAlmostEqual(self.song.tempo, 150.0)

    def test_the_parameters_listeners_hear_of_the_songs_tempo(self) -> None:
        heard: list[float] = []
        self.parameter.add_value_listener(lambda: heard.append(self.parameter.value))
        self.song.tempo = 99.0
        self.assertEqual(heard, [99.0])


class Settings(SetCase):
    version = NEWEST

    def test_quantisations_read_as_enums(self) -> None:
        song = self.modules["Live.Song"]
        self.assertEqual(repr(self.song.clip_trigger_quantization), "Song.Quantization.q_bar")
        self.song.clip_trigger_quantization = 7
        self.assertEqual(self.song.clip_trigger_quantization, song.Quantization.q_quarter)
        self.song.midi_recording_quantization = song.RecordingQuantization.rec_q_eight
        self.assertEqual(int(self.song.midi_recording_quantization), 2)
        for name in ("clip_trigger_quantization", "midi_recording_quantization"):
            for wrong in (-1, 14):
                with self.refused(RuntimeError):
                    setattr(self.song, name, wrong)
            with self.assertRaises(TypeError):
                setattr(self.song, name, 1.0)

    def test_the_scale(self) -> None:
        heard: list[str] = []
        self.song.add_scale_information_listener(lambda: heard.append(self.song.scale_name))
        self.song.root_note, self.song.scale_name = 9, "Minor Pentatonic"
        self.assertEqual(list(self.song.scale_intervals), [0, 3, 5, 7, 10])
        self.assertEqual(heard, ["Major", "Minor Pentatonic"])
        for name, wrong in (("root_note", 12), ("scale_name", "Minorish")):
            with self.refused(RuntimeError):
                setattr(self.song, name, wrong)

    def test_all_scales_in_lives_order(self) -> None:
        scales = self.modules["Live.Song"].get_all_scales_ordered()
        self.assertEqual((len(scales), scales[0], scales[-1][0]), (35, ("Major", (0, 2, 4, 5, 7, 9, 11)), "Messiaen 7"))

    def test_amounts_are_parts_of_one(self) -> None:
        for name in ("groove_amount", "swing_amount"):
            setattr(self.song, name, 0.5)
            self.assertEqual(getattr(self.song, name), 0.5)
            for wrong in (-0.1, 1.1, float("nan")):
                with self.refused(RuntimeError):
                    setattr(self.song, name, wrong)

    def test_session_record_starts_the_song_and_is_refused_where_it_would_record(self) -> None:
        self.song.session_record = True
        self.assertEqual((self.song.session_record, self.song.session_record_status), (False, 0))
        self.tick()
        self.assertEqual((self.song.session_record_status, self.song.is_playing), (1, True))
        self.song.trigger_session_record()
        self.tick()
        self.assertFalse(self.song.session_record)
        self.track.arm = True
        for start in (self.song.trigger_session_record, lambda: setattr(self.song, "session_record", True)):
            with self.refused(RuntimeError):
                start()

    def test_recording_that_is_called_off_in_time_never_begins(self) -> None:
        for call_off in (lambda: setattr(self.song, "record_mode", False), self.song.stop_playing):
            self.song.record_mode = True
            self.tick(8)
            call_off()
            self.tick(60)
            self.assertEqual((self.song.record_mode, self.song.is_playing), (False, False))

    def test_jumping_by_and_scrubbing(self) -> None:
        self.place(16.0)
        for move in (self.song.jump_by, self.song.scrub_by):
            before = self.song.current_song_time
            move(4.0)
            self.tick()
            self.assertEqual(self.song.current_song_time, before + 4.0)
            with self.refused(RuntimeError):
                move(-100.0)

    def test_parameters_can_join_the_step_from_12_4_on(self) -> None:
        self.song.begin_undo_step()
        self.track.name = "x"
        self.track.mixer_device.volume.value = 0.5
        self.song.sync_parameter_changes()
        self.song.end_undo_step()
        self.song.undo()
        self.assertEqual((self.track.name, self.track.mixer_device.volume.value), ("3-Audio", 0.8500000238418579))

    def test_there_is_nothing_to_capture(self) -> None:
        self.assertFalse(self.song.can_capture_midi)
        with self.refused(RuntimeError):
            self.song.capture_midi()


class Scenes(SetCase):
    def test_a_scene_has_a_tempo_of_its_own_where_that_is_on(self) -> None:
        scene = self.song.scenes[0]
        self.assertEqual(
            (scene.tempo, scene.time_signature_numerator, scene.time_signature_denominator), (-1.0, -1, -1)
        )
        with self.refused(RuntimeError):
            scene.tempo = 100.0
        scene.tempo_enabled = True
        scene.tempo = 100.0
        scene.time_signature_enabled = True
        scene.time_signature_numerator, scene.time_signature_denominator = 3, 8
        scene.fire()
        self.assertEqual(self.song.tempo, 120.0)
        self.tick()
        self.assertEqual((self.song.tempo, self.song.signature_numerator, self.song.is_playing), (100.0, 3, True))

    def test_firing_selects_it_or_the_one_below(self) -> None:
        view = self.song.view
        self.song.scenes[2].fire()
        self.assertEqual(view.selected_scene, self.song.scenes[2])
        self.song.scenes[4].fire(False, False)
        self.assertEqual(view.selected_scene, self.song.scenes[2])
        self.song.scenes[4].fire_as_selected()
        self.assertEqual(view.selected_scene, self.song.scenes[5])


if __name__ == "__main__":
    unittest.main()
