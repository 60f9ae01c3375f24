"""Simpler and its sample."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.boost import ArgumentError

from set_case import NEWEST, ONE_SECOND, TWO_SECONDS, SetCase


class SimplerCase(SetCase):
    version = NEWEST

    def setUp(self) -> None:
        super().setUp()
        self.midi: Any = self.song.tracks[0]
        self.simpler: Any = self.midi.insert_device("Simpler")

    def load(self, path: str = TWO_SECONDS) -> Any:
        self.simpler.replace_sample(path)
        return self.simpler.sample


class Simpler(SimplerCase):
    def test_it_is_a_device_without_a_sample(self) -> None:
        self.assertIsInstance(self.simpler, self.modules["Live.Device"].Device)
        self.assertEqual((self.simpler.class_name, self.simpler.sample), ("OriginalSimpler", None))
        self.assertEqual((self.simpler.can_warp_as, self.simpler.guess_playback_length()), (False, 0.0))
        self.assertEqual(self.simpler.view.sample_end, 0)

    def test_a_sample_is_put_in_and_replaced(self) -> None:
        heard: list[int] = []
        self.simpler.add_sample_listener(lambda: heard.append(1))
        sample = self.load()
        self.assertEqual((sample.file_path, sample.length, sample.sample_rate), (TWO_SECONDS, 88200, 44100.0))
        self.assertEqual((sample.canonical_parent, self.simpler.view.sample_end), (self.simpler, 88200))
        self.assertEqual(self.simpler.guess_playback_length(), 4.0)
        self.assertNotEqual(self.load(ONE_SECOND), sample)
        self.assertTrue(sample == None)  # noqa: E711
        self.assertEqual(heard, [1, 1])
        for wrong in ("relative.wav", "/missing.wav"):
            with self.refused(ValueError):
                self.simpler.replace_sample(wrong)

    def test_settings_have_ranges(self) -> None:
        self.assertIn(8, list(self.modules["Live.SimplerDevice"].get_available_voice_numbers()))
        self.simpler.voices, self.simpler.playback_mode = 8, 2
        for name, wrong in (("voices", 9), ("playback_mode", 3), ("slicing_playback_mode", -1)):
            with self.refused(RuntimeError):
                setattr(self.simpler, name, wrong)
        with self.refused(ArgumentError):
            self.simpler.voices = 8.0

    def test_warping(self) -> None:
        sample = self.load()
        for call in (self.simpler.warp_double, lambda: sample.beat_to_sample_time(1.0)):
            with self.refused(RuntimeError):
                call()
        sample.warping = True
        self.assertTrue(self.simpler.can_warp_as)
        self.assertAlmostEqual(sample.beat_to_sample_time(2.0), 44100.0)
        self.simpler.warp_as(8.0)
        self.assertAlmostEqual(sample.beat_to_sample_time(8.0), 88200.0)
        self.simpler.warp_half()
        self.assertAlmostEqual(sample.sample_to_beat_time(88200.0), 4.0)

    def test_a_copy_has_its_sample(self) -> None:
        sample = self.load()
        sample.gain = 0.5
        self.song.duplicate_track(0)
        copied = self.song.tracks[1].devices[0].sample
        self.assertEqual((copied.file_path, copied.gain, copied.gain_display_string()), (TWO_SECONDS, 0.5, "4.0 dB"))
        self.assertNotEqual(copied, sample)

    def test_files_are_not_written(self) -> None:
        self.load()
        for call in (self.simpler.crop, self.simpler.reverse):
            with self.refused(RuntimeError, "not simulated"):
                call()


class Slices(SimplerCase):
    def test_equal_regions(self) -> None:
        sample = self.load()
        sample.slicing_style, sample.slicing_region_count = 2, 4
        self.assertEqual(sample.slices, (0, 22050, 44100, 66150))

    def test_beats(self) -> None:
        sample = self.load()
        sample.slicing_style = 1
        self.assertEqual(sample.slices, (0, 22050, 44100, 66150))

    def test_by_hand(self) -> None:
        sample = self.load()
        sample.slicing_style = 3
        sample.insert_slice(1000)
        sample.insert_slice(500)
        self.assertEqual(sample.slices, (500, 1000))
        self.assertEqual(sample.move_slice(500, 2000), 2000)
        sample.remove_slice(1000)
        self.assertEqual(sample.slices, (2000,))
        for call in (
            lambda: sample.insert_slice(2000),
            lambda: sample.insert_slice(90000),
            lambda: sample.remove_slice(1),
            lambda: sample.move_slice(2000, 90000),
        ):
            with self.refused(RuntimeError):
                call()
        self.assertEqual(sample.slices, (2000,))
        sample.clear_slices()
        self.assertEqual(sample.slices, ())

    def test_markers_keep_their_order(self) -> None:
        sample = self.load()
        sample.start_marker, sample.end_marker = 100, 200
        for name, wrong in (("start_marker", 200), ("end_marker", 100), ("end_marker", 88201), ("start_marker", -1)):
            with self.refused(RuntimeError):
                setattr(sample, name, wrong)


class Before(SetCase):
    def test_samples_could_not_be_replaced(self) -> None:
        simpler = self.song.tracks[0].insert_device("Simpler")
        self.assertFalse(hasattr(simpler, "replace_sample"))


if __name__ == "__main__":
    unittest.main()
