"""Warp markers, and the times that they relate."""

from __future__ import annotations

import unittest

from live_simulator import warping
from live_simulator.boost import ArgumentError

from set_case import SetCase


class Markers(SetCase):
    def test_a_new_clip_is_straight_at_the_songs_tempo(self) -> None:
        self.song.tempo = 90.0
        clip = self.place(0.0)
        markers = clip.warp_markers
        self.assertEqual((type(markers).__module__, type(markers).__name__), ("Clip", "WarpMarkerVector"))
        self.assertEqual((markers[0].sample_time, markers[0].beat_time), (0.0, 0.0))
        self.assertAlmostEqual(clip.beat_to_sample_time(3.0), 88200.0)
        self.assertAlmostEqual(clip.sample_to_beat_time(44100.0), 1.5)

    def test_markers_are_added_moved_and_removed(self) -> None:
        clip, marker = self.place(0.0), self.modules["Live.Clip"].WarpMarker
        clip.add_warp_marker(marker(1.0, 2.0))
        clip.add_warp_marker(marker(sample_time=2.0, beat_time=4.0))
        clip.move_warp_marker(4.0, 2.0)
        self.assertEqual([(m.sample_time, m.beat_time) for m in clip.warp_markers][2:], [(1.0, 2.0), (2.0, 6.0)])
        self.assertAlmostEqual(clip.beat_to_sample_time(4.0), 1.5 * 44100)
        self.assertAlmostEqual(clip.sample_to_beat_time(1.5 * 44100), 4.0)
        clip.remove_warp_marker(6.0)
        self.assertAlmostEqual(clip.beat_to_sample_time(4.0), 88200.0)

    def test_markers_that_cannot_be_are_refused(self) -> None:
        clip, marker = self.place(0.0), self.modules["Live.Clip"].WarpMarker
        clip.add_warp_marker(marker(1.0, 2.0))
        for seconds, beats in ((1.0, 3.0), (0.5, 3.0), (1.5, 2.0), (-1.0, -1.0), (2.5, 5.0), (1.0001, 50.0)):
            with self.refused(RuntimeError):
                clip.add_warp_marker(marker(seconds, beats))
        for call in (lambda: clip.move_warp_marker(3.0, 1.0), lambda: clip.remove_warp_marker(3.0)):
            with self.refused(RuntimeError, "no warp marker"):
                call()
        with self.refused(RuntimeError):
            clip.move_warp_marker(2.0, -2.0)
        with self.refused(TypeError):
            clip.add_warp_marker((1.0, 2.0))
        with self.refused(ArgumentError):
            marker(1.0)
        with self.refused(AttributeError):
            marker(1.0, 2.0).beat_time = 3.0

    def test_two_markers_stay(self) -> None:
        clip = self.place(0.0)
        with self.refused(RuntimeError):
            clip.remove_warp_marker(0.0)

    def test_warped_and_unwarped_times_refuse_each_other(self) -> None:
        clip = self.place(0.0)
        with self.refused(RuntimeError):
            clip.seconds_to_sample_time(1.0)
        clip.warping = False
        self.tick()
        self.assertEqual(clip.seconds_to_sample_time(1.5), 66150.0)
        for call in (clip.beat_to_sample_time, clip.sample_to_beat_time):
            with self.refused(RuntimeError):
                call(1.0)

    def test_unwarping_goes_by_the_markers(self) -> None:
        clip, marker = self.place(0.0), self.modules["Live.Clip"].WarpMarker
        clip.add_warp_marker(marker(1.0, 2.0))
        clip.add_warp_marker(marker(2.0, 3.0))
        clip.loop_end = 2.5
        clip.warping = False
        self.tick()
        self.assertAlmostEqual(clip.loop_end, 1.5)

    def test_beats_and_seconds_are_inverse(self) -> None:
        markers = (warping.Marker(0.5, 0.0), warping.Marker(1.0, 2.0), warping.Marker(3.0, 3.0))
        for beats in (-4.0, 0.0, 1.7, 2.0, 2.5, 3.0, 40.0):
            self.assertAlmostEqual(warping.to_beats(markers, warping.to_seconds(markers, beats)), beats)


if __name__ == "__main__":
    unittest.main()
