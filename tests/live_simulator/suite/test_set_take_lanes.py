"""Take lanes: clips beside a track's own lane."""

from __future__ import annotations

import unittest

from set_case import ONE_SECOND, TWO_SECONDS, SetCase


class TakeLanes(SetCase):
    def test_lanes_are_made_and_named(self) -> None:
        lane = self.track.create_take_lane()
        self.assertEqual((list(self.track.take_lanes), lane.canonical_parent), ([lane], self.track))
        lane.name = "best"
        self.assertEqual(self.track.take_lanes[0].name, "best")
        with self.refused(RuntimeError):
            self.song.master_track.create_take_lane()

    def test_a_lane_has_clips_of_its_own(self) -> None:
        self.place(0.0)
        lane = self.track.create_take_lane()
        clip = lane.create_audio_clip(TWO_SECONDS, 1.0)
        self.assertEqual(self.spans(), [(0.0, 4.0)])
        self.assertEqual((list(lane.arrangement_clips), clip.canonical_parent), ([clip], lane))
        self.assertEqual((clip.is_take_lane_clip, clip.is_session_clip), (True, False))
        self.assertFalse(self.track.arrangement_clips[0].is_take_lane_clip)
        self.assertEqual((clip.start_time, clip.end_time), (1.0, 5.0))
        lane.create_audio_clip(ONE_SECOND, 3.0)
        self.assertEqual([(one.start_time, one.end_time) for one in lane.arrangement_clips], [(1.0, 3.0), (3.0, 5.0)])

    def test_refusals_are_those_of_tracks(self) -> None:
        lane = self.track.create_take_lane()
        with self.refused(ValueError):
            lane.create_audio_clip("relative.wav", 0.0)
        with self.refused(RuntimeError):
            lane.create_audio_clip(TWO_SECONDS, -1.0)
        with self.refused(RuntimeError, "MIDI clips can only be created on MIDI tracks"):
            lane.create_midi_clip(0.0, 4.0)
        midi = self.song.tracks[0].create_take_lane()
        self.assertEqual(midi.create_midi_clip(2.0, 4.0).end_time, 6.0)

    def test_a_take_is_copied_onto_the_track_and_deleted(self) -> None:
        clip = self.track.create_take_lane().create_audio_clip(TWO_SECONDS, 1.0)
        self.track.duplicate_clip_to_arrangement(clip, 8.0)
        self.assertEqual(self.spans(), [(8.0, 12.0)])
        self.track.delete_clip(clip)
        self.assertEqual(len(self.track.take_lanes[0].arrangement_clips), 0)

    def test_nothing_of_it_is_heard(self) -> None:
        clip = self.track.create_take_lane().create_audio_clip(TWO_SECONDS, 0.0)
        self.song.start_playing()
        self.tick(30)
        self.assertFalse(clip.is_playing)


class BeforeThem(SetCase):
    version = (12, 1, 0)

    def test_there_were_none(self) -> None:
        for name in ("take_lanes", "create_take_lane"):
            self.assertFalse(hasattr(self.track, name))
        self.assertNotIn("Live.TakeLane", self.modules)


if __name__ == "__main__":
    unittest.main()
