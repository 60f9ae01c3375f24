"""The Session view playing: launching on the beat, over the arrangement, loops, ends, stop buttons, launch modes."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.quantization import quantum_beats
from live_simulator.tracks import group_tracks

from set_case import TWO_SECONDS, SetCase

BAR_TICKS = 200
"""At 120 bpm and ticks of 10 ms."""


class SessionCase(SetCase):
    def clip(self, row: int = 0, track: int = 2) -> Any:
        """Four beats of audio; a tick later, as creating it takes Live some time."""
        clip = self.song.tracks[track].clip_slots[row].create_audio_clip(TWO_SECONDS)
        self.tick()
        return clip

    def midi(self, row: int = 0, length_beats: float = 4.0) -> Any:
        return self.song.tracks[0].clip_slots[row].create_clip(length_beats)

    def fire(self, clip: Any, ticks: int = 1) -> Any:
        clip.fire()
        self.tick(ticks)
        return clip

    def unquantized(self) -> None:
        self.live.song.clip_trigger_quantization = 0


class Firing(SessionCase):
    def test_nothing_happens_in_the_tick_of_the_call(self) -> None:
        clip = self.clip()
        clip.fire()
        self.assertEqual((clip.is_playing, clip.is_triggered, self.song.is_playing), (False, False, False))
        self.assertEqual((self.track.playing_slot_index, self.track.fired_slot_index), (-1, -1))

    def test_firing_starts_the_transport_and_the_clip_at_once(self) -> None:
        clip = self.fire(self.clip(3))
        self.assertEqual((clip.is_playing, clip.is_triggered, self.song.is_playing), (True, False, True))
        self.assertEqual((self.track.playing_slot_index, self.track.fired_slot_index), (3, -1))
        slot = self.track.clip_slots[3]
        self.assertEqual((slot.is_playing, slot.playing_status, slot.is_triggered), (True, 1, False))
        self.assertEqual(clip.playing_position, 0.0)
        self.tick(50)
        self.assertAlmostEqual(clip.playing_position, 1.0)

    def test_it_is_no_undo_step(self) -> None:
        clip = self.clip()
        self.song.undo()
        self.fire(self.clip())
        clip = self.track.clip_slots[0].clip
        self.song.undo()
        self.assertTrue(clip == None)  # noqa: E711
        self.assertFalse(self.song.can_undo)

    def test_while_the_song_plays_it_waits_for_the_bar(self) -> None:
        clip = self.clip(1)
        self.song.start_playing()
        self.tick(51)
        self.fire(clip)
        slot = self.track.clip_slots[1]
        self.assertEqual((clip.is_triggered, slot.is_triggered, clip.is_playing), (True, True, False))
        self.assertEqual((self.track.fired_slot_index, self.track.playing_slot_index), (1, -1))
        self.tick(BAR_TICKS - 52)
        self.assertFalse(clip.is_playing)
        self.tick()
        self.assertEqual((clip.is_playing, clip.is_triggered), (True, False))

    def test_a_clip_begins_on_its_beat_also_between_ticks(self) -> None:
        self.song.tempo = 133.0
        self.song.start_playing()
        self.tick(2)
        clip = self.fire(self.midi(length_beats=16.0), 300)
        self.assertAlmostEqual(clip.playing_position, self.song.current_song_time - 4.0, places=9)

    def test_the_clips_own_quantisation_goes_before_the_songs(self) -> None:
        for quantization, ticks in ((1, 0), (8, 50), (10, 25), (6, 100), (0, 200)):
            self.setUp()
            clip = self.clip()
            self.song.start_playing()
            self.tick(2)
            clip.launch_quantization = quantization
            self.fire(clip)
            self.tick(max(0, ticks - 3))
            self.assertEqual(clip.is_playing, ticks == 0, quantization)
            self.tick(2)
            self.assertTrue(clip.is_playing, quantization)

    def test_the_songs_quantisation(self) -> None:
        self.song.signature_numerator = 3
        for quantization, beats in ((0, 0.0), (1, 24.0), (4, 3.0), (7, 1.0), (8, 2 / 3), (13, 0.125)):
            self.live.song.clip_trigger_quantization = quantization
            found = quantum_beats(self.live.song)
            self.assertAlmostEqual(found, beats)

    def test_another_clip_takes_over(self) -> None:
        self.unquantized()
        first, second = self.fire(self.clip(0), 5), self.clip(1)
        self.fire(second)
        self.assertEqual((first.is_playing, second.is_playing), (False, True))
        self.assertEqual(second.playing_position, 0.0)

    def test_legato_takes_the_position_over(self) -> None:
        self.unquantized()
        first, second = self.clip(0), self.clip(1)
        self.fire(first, 51)
        second.legato = True
        self.fire(second)
        self.assertAlmostEqual(second.playing_position, 1.02)

    def test_a_clip_of_the_arrangement_is_not_launched(self) -> None:
        with self.refused(RuntimeError):
            self.place(0.0).fire()

    def test_recording_is_refused(self) -> None:
        self.track.arm = True
        self.assertTrue(self.track.clip_slots[0].will_record_on_start)
        with self.refused(RuntimeError, "not simulated"):
            self.track.clip_slots[0].fire()

    def test_settings_have_ranges(self) -> None:
        clip = self.clip()
        for name, wrong in (("launch_mode", 4), ("launch_mode", -1), ("launch_quantization", 15)):
            with self.refused(RuntimeError):
                setattr(clip, name, wrong)


class Ending(SessionCase):
    def test_a_clip_that_does_not_loop_is_over_at_its_end(self) -> None:
        clip = self.fire(self.clip())
        self.tick(BAR_TICKS - 1)
        self.assertTrue(clip.is_playing)
        self.tick()
        self.assertEqual((clip.is_playing, self.track.playing_slot_index), (False, -2))

    def test_an_unwarped_clip_lasts_its_seconds(self) -> None:
        self.song.tempo = 60.0
        clip = self.clip()
        clip.warping = False
        self.tick()
        clip.pitch_coarse = 12
        self.fire(clip)
        self.tick(50)
        self.assertAlmostEqual(clip.playing_position, 1.0)
        self.tick(50)
        self.assertFalse(clip.is_playing)

    def test_a_loop_goes_on(self) -> None:
        clip = self.fire(self.midi(length_beats=1.0))
        self.tick(175)
        self.assertTrue(clip.is_playing)
        self.assertAlmostEqual(clip.playing_position, 0.5)

    def test_stopping_waits_for_the_bar_unless_told_otherwise(self) -> None:
        clip = self.fire(self.midi())
        clip.stop()
        self.tick()
        self.assertEqual((clip.is_playing, self.song.tracks[0].fired_slot_index), (True, -2))
        self.song.stop_all_clips(False)
        self.tick()
        self.assertEqual((clip.is_playing, self.song.tracks[0].fired_slot_index), (False, -1))

    def test_an_empty_slots_button_stops_its_track_if_it_has_one(self) -> None:
        self.unquantized()
        clip = self.fire(self.midi())
        slot = self.song.tracks[0].clip_slots[5]
        slot.has_stop_button = False
        slot.fire()
        self.tick()
        self.assertTrue(clip.is_playing)
        slot.has_stop_button = True
        slot.fire()
        self.tick()
        self.assertFalse(clip.is_playing)

    def test_a_clip_that_is_deleted_plays_no_more(self) -> None:
        clip = self.fire(self.midi())
        clip.canonical_parent.delete_clip()
        self.assertEqual(self.song.tracks[0].playing_slot_index, -2)
        self.tick(3)

    def test_the_transport_stops_and_starts_them_from_their_beginning(self) -> None:
        clip = self.fire(self.midi(), 51)
        self.song.stop_playing()
        self.tick(2)
        self.assertTrue(clip.is_playing)
        self.song.start_playing()
        self.tick(26)
        self.assertAlmostEqual(clip.playing_position, 0.5)


class OverTheArrangement(SessionCase):
    def test_a_launched_clip_overrides_its_tracks_arrangement(self) -> None:
        placed = self.place(0.0)
        self.song.start_playing()
        self.tick(2)
        self.assertTrue(placed.is_playing)
        self.unquantized()
        self.fire(self.clip())
        self.assertEqual((placed.is_playing, self.song.back_to_arranger), (False, True))
        self.assertEqual([track.back_to_arranger for track in self.song.tracks], [False, False, True, False])
        self.song.back_to_arranger = False
        self.assertEqual((placed.is_playing, self.song.back_to_arranger), (True, False))
        self.assertEqual(self.track.playing_slot_index, -1)

    def test_one_track_goes_back(self) -> None:
        self.unquantized()
        for track in (2, 3):
            self.fire(self.clip(0, track))
        self.track.back_to_arranger = False
        self.assertEqual((self.song.back_to_arranger, self.song.tracks[3].back_to_arranger), (True, True))

    def test_the_arrangements_position_is_read_from_its_clip(self) -> None:
        clip = self.place_unwarped(2.0)
        self.tick()
        self.song.start_time = 0.0
        self.tick()
        self.song.start_playing()
        self.tick(151)
        self.assertAlmostEqual(clip.playing_position, 0.5)


class Modes(SessionCase):
    def press(self, clip: Any, pressed: bool) -> None:
        clip.set_fire_button_state(pressed)
        self.tick()

    def test_gate_plays_while_held(self) -> None:
        self.unquantized()
        clip = self.midi()
        clip.launch_mode = 1
        self.press(clip, True)
        self.assertTrue(clip.is_playing)
        self.press(clip, False)
        self.assertFalse(clip.is_playing)

    def test_trigger_goes_on_when_let_go(self) -> None:
        self.unquantized()
        clip = self.midi()
        self.press(clip, True)
        self.press(clip, False)
        self.assertTrue(clip.is_playing)

    def test_toggle_stops_a_clip_that_plays(self) -> None:
        self.unquantized()
        clip = self.midi()
        clip.launch_mode = 2
        self.fire(clip)
        self.assertTrue(clip.is_playing)
        self.fire(clip)
        self.assertFalse(clip.is_playing)

    def test_repeat_begins_again_on_each_line_while_held(self) -> None:
        clip = self.midi()
        clip.launch_mode, clip.launch_quantization = 3, 8
        self.press(clip, True)
        self.tick(60)
        self.assertAlmostEqual(clip.playing_position, 0.2)
        self.press(clip, False)
        self.tick(100)
        self.assertAlmostEqual(clip.playing_position, 1.22)

    def test_the_position_can_be_moved(self) -> None:
        clip = self.fire(self.midi())
        clip.move_playing_pos(1.5)
        self.assertAlmostEqual(clip.playing_position, 1.5)


class Groups(SessionCase):
    """Tracks 3 and 4 lie in a group, which is track 3 then."""

    def setUp(self) -> None:
        super().setUp()
        self.unquantized()
        one, other = self.clip(0, 2), self.clip(0, 3)
        with self.live.runtime.change(""):
            group_tracks(self.live.song, 2, 3)
        self.group: Any = self.song.tracks[2]
        self.slot: Any = self.group.clip_slots[0]
        self.clips: Any = [one, other]

    def playing(self) -> list[bool]:
        return [clip.is_playing for clip in self.clips]

    def test_a_group_slot_stands_for_those_in_its_row(self) -> None:
        self.assertEqual(
            (self.slot.is_group_slot, self.slot.has_clip, self.slot.controls_other_clips), (True, False, True)
        )
        self.assertEqual(self.slot.color_index, self.clips[0].color_index)
        self.assertEqual(self.slot.color, self.clips[0].color)
        empty = self.group.clip_slots[1]
        self.assertEqual((empty.controls_other_clips, empty.color, empty.color_index), (False, None, None))
        for clip in self.clips:
            clip.muted = True
        self.assertFalse(self.slot.controls_other_clips)

    def test_it_fires_and_stops_them(self) -> None:
        self.slot.fire()
        self.tick()
        self.assertEqual((self.playing(), self.slot.is_playing, self.slot.playing_status), ([True, True], True, 1))
        self.slot.stop()
        self.tick()
        self.assertEqual((self.playing(), self.slot.is_playing), ([False, False], False))
        self.slot.set_fire_button_state(True)
        self.slot.set_fire_button_state(False)
        self.tick()
        self.assertEqual(self.playing(), [True, True])
        self.group.stop_all_clips(False)
        self.tick()
        self.assertEqual(self.playing(), [False, False])

    def test_scenes_fire_the_tracks_once(self) -> None:
        self.song.scenes[0].fire()
        self.tick()
        self.assertEqual(self.playing(), [True, True])
        self.song.scenes[1].fire()
        self.tick()
        self.assertEqual(self.playing(), [False, False])

    def test_groups_hold_no_clips(self) -> None:
        for call in (lambda: self.slot.create_audio_clip(TWO_SECONDS), lambda: self.slot.create_clip(4.0)):
            with self.refused(RuntimeError):
                call()


class Scenes(SessionCase):
    def test_a_scene_brings_its_tempo(self) -> None:
        clip, scene = self.clip(2), self.song.scenes[2]
        self.song.start_playing()
        self.tick(51)
        scene.tempo_enabled = True
        scene.tempo_enabled = True
        scene.tempo = 90.0
        scene.fire()
        self.tick()
        self.assertEqual((scene.is_triggered, clip.is_triggered, self.song.tempo), (True, True, 120.0))
        self.tick(BAR_TICKS)
        self.assertEqual((scene.is_triggered, clip.is_playing, self.song.tempo), (False, True, 90.0))
        self.assertEqual(self.song.view.selected_scene, scene)


class Listening(SessionCase):
    def test_what_changes_is_told(self) -> None:
        heard: list[str] = []
        clip, slot = self.clip(), self.track.clip_slots[0]
        for place, name in (
            (clip, "playing_status"),
            (slot, "playing_status"),
            (slot, "is_triggered"),
            (self.track, "playing_slot_index"),
            (self.track, "fired_slot_index"),
            (self.song, "back_to_arranger"),
        ):
            getattr(place, f"add_{name}_listener")(lambda name=name, place=place: heard.append(name))
        self.fire(clip)
        self.assertEqual(
            set(heard),
            {"playing_status", "is_triggered", "playing_slot_index", "fired_slot_index", "back_to_arranger"},
        )


if __name__ == "__main__":
    unittest.main()
