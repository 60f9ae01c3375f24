"""Cue points, and song time in other units."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.song_time import smpte_time

from set_case import SetCase


class CuePoints(SetCase):
    def setUp(self) -> None:
        super().setUp()
        self.place(60.0)

    def go(self, beats: float) -> None:
        self.song.current_song_time = beats
        self.tick()

    def set_at(self, *places: float) -> list[Any]:
        for beats in places:
            self.go(beats)
            self.song.set_or_delete_cue()
        return list(self.song.cue_points)

    def times(self) -> list[float]:
        return [cue.time for cue in self.song.cue_points]

    def test_one_is_set_where_the_playhead_was_when_the_tick_began(self) -> None:
        self.go(4.0)
        self.song.current_song_time = 8.0
        self.song.set_or_delete_cue()
        self.assertEqual(self.times(), [4.0])
        self.tick()
        self.song.set_or_delete_cue()
        self.assertEqual(self.times(), [4.0, 8.0])

    def test_a_second_time_deletes_it(self) -> None:
        (cue,) = self.set_at(4.0)
        self.assertTrue(self.song.is_cue_point_selected())
        self.song.set_or_delete_cue()
        self.assertEqual((self.times(), cue == None), ([], True))  # noqa: E711
        self.assertFalse(self.song.is_cue_point_selected())

    def test_it_snaps_to_the_grid(self) -> None:
        self.set_at(4.1, 5.2)
        self.assertEqual(self.times(), [4.0, 5.25])

    def test_the_list_is_in_the_order_of_making_and_the_names_are_numbers(self) -> None:
        cues = self.set_at(8.0, 4.0, 12.0)
        self.assertEqual([(cue.time, cue.name) for cue in cues], [(8.0, "1"), (4.0, "2"), (12.0, "3")])
        self.set_at(4.0)
        self.assertEqual([cue.name for cue in self.set_at(16.0)], ["1", "3", "2"])

    def test_the_name_can_be_set_from_12_1_on_the_time_never(self) -> None:
        (cue,) = self.set_at(4.0)
        cue.name = "Verse"
        self.song.undo()
        self.assertEqual(cue.name, "1")
        with self.refused(AttributeError):
            cue.time = 8.0
        self.version = (12, 0, 5)
        self.setUp()
        (cue,) = self.set_at(4.0)
        with self.refused(AttributeError):
            cue.name = "Verse"

    def test_undo_takes_it_back(self) -> None:
        self.set_at(4.0)
        self.song.undo()
        self.assertEqual(self.times(), [])
        self.song.redo()
        self.assertEqual(self.times(), [4.0])

    def test_there_is_none_behind_the_songs_end(self) -> None:
        self.go(self.song.song_length)
        with self.refused(RuntimeError):
            self.song.set_or_delete_cue()

    def test_jumping_while_the_song_stands(self) -> None:
        self.set_at(8.0, 4.0, 12.0)
        self.go(6.0)
        self.song.jump_to_next_cue()
        self.assertEqual(self.song.current_song_time, 6.0)
        self.tick()
        self.assertEqual((self.song.current_song_time, self.song.start_time), (8.0, 8.0))
        self.assertEqual((self.song.can_jump_to_next_cue, self.song.can_jump_to_prev_cue), (True, True))
        self.song.jump_to_prev_cue()
        self.tick()
        self.assertEqual(self.song.current_song_time, 4.0)
        self.assertFalse(self.song.can_jump_to_prev_cue)
        self.song.cue_points[2].jump()
        self.tick()
        self.assertEqual((self.song.current_song_time, self.song.can_jump_to_next_cue), (12.0, False))

    def test_jumping_while_it_plays_waits_for_the_bar(self) -> None:
        (cue,) = self.set_at(32.0)
        self.go(1.0)
        self.song.start_playing()
        self.tick(51)
        self.assertAlmostEqual(self.song.current_song_time, 2.0)
        cue.jump()
        self.tick(99)
        self.assertAlmostEqual(self.song.current_song_time, 3.98)
        self.tick(2)
        self.assertAlmostEqual(self.song.current_song_time, 32.02)

    def test_without_launch_quantisation_it_does_not_wait(self) -> None:
        (cue,) = self.set_at(32.0)
        self.song.clip_trigger_quantization = self.modules["Live.Song"].Quantization.q_no_q
        self.go(1.0)
        self.song.start_playing()
        self.tick(26)
        cue.jump()
        self.tick()
        self.assertAlmostEqual(self.song.current_song_time, 32.0, 1)

    def test_listeners_hear_when_there_is_one_to_jump_to_and_not_of_each_tick(self) -> None:
        heard: list[tuple[bool, bool]] = []
        self.song.add_can_jump_to_next_cue_listener(
            lambda: heard.append((self.song.can_jump_to_prev_cue, self.song.can_jump_to_next_cue))
        )
        self.set_at(0.5)
        self.go(0.0)
        self.song.start_playing()
        self.tick(60)
        self.assertEqual(heard, [(False, True), (False, False), (True, False)])

    def test_listeners_hear_of_new_ones_and_of_names(self) -> None:
        heard: list[Any] = []
        self.song.add_cue_points_listener(lambda: heard.append(self.times()))
        (cue,) = self.set_at(4.0)
        cue.add_name_listener(lambda: heard.append(cue.name))
        cue.name = "Verse"
        self.assertEqual(heard, [[4.0], "Verse"])


class SongTime(SetCase):
    def at(self, beats: float) -> str:
        self.song.current_song_time = beats
        self.tick()
        return str(self.song.get_current_beats_song_time())

    def test_bars_and_beats_count_from_one(self) -> None:
        self.place(100.0)
        self.assertEqual(self.at(0.0), "001.01.01.000")
        self.assertEqual(self.at(5.5), "002.02.03.000")
        self.assertEqual(self.at(4.125), "002.01.01.030")
        self.song.signature_numerator, self.song.signature_denominator = 6, 8
        self.assertEqual(self.at(3.0), "002.01.01.000")
        self.assertEqual(self.at(4.25), "002.03.02.000")

    def test_the_loops_start_is_a_place_and_its_length_a_length(self) -> None:
        self.song.loop_start, self.song.loop_length = 4.0, 6.0
        self.assertEqual(str(self.song.get_beats_loop_start()), "002.01.01.000")
        self.assertEqual(str(self.song.get_beats_loop_length()), "001.02.00.000")

    def test_hours_minutes_seconds(self) -> None:
        self.place(8000.0)
        formats = self.modules["Live.Song"].TimeFormat
        self.at(2.0 * 3723.5)
        found = self.song.get_current_smpte_song_time(formats.smpte_25)
        self.assertEqual((found.hours, found.minutes, found.seconds, found.frames), (1, 2, 3, 12))
        self.assertEqual(self.song.get_current_smpte_song_time(formats.ms_time).frames, 500)
        with self.refused(RuntimeError):
            self.song.get_current_smpte_song_time(9)

    def test_drop_frame_leaves_numbers_out(self) -> None:
        """The table of SMPTE 12M: no 00 and 01 at each minute, but at each tenth."""
        for frame, wanted in ((1799, (0, 59, 29)), (1800, (1, 0, 2)), (17981, (9, 59, 29)), (17982, (10, 0, 0))):
            found = smpte_time(frame * 1001.0 / 30000.0, 4)
            self.assertEqual((found.minutes, found.seconds, found.frames), wanted)

    def test_a_script_can_make_and_fill_one(self) -> None:
        made = self.modules["Live.Song"].BeatTime()
        made.bars = 3
        self.assertEqual(str(made), "003.00.00.000")
        with self.assertRaises(TypeError):
            made.bars = 1.5
        with self.assertRaises(TypeError):
            self.modules["Live.Song"].SmptTime(1)


if __name__ == "__main__":
    unittest.main()
