"""Audio clips: creating, units, warping, edges, repitch, overlaps, gain and names."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.curves import clip_gain_db

from set_case import NEWEST, ONE_SECOND, TWO_SECONDS, SetCase


class Creating(SetCase):
    def test_a_new_clip_is_warped_at_the_songs_tempo(self) -> None:
        clip = self.place(8.0)
        self.assertEqual((clip.warping, clip.warp_mode, clip.looping), (True, 0, False))
        self.assertEqual((clip.start_time, clip.end_time, clip.length), (8.0, 12.0, 4.0))
        self.assertEqual((clip.file_path, clip.name), (TWO_SECONDS, "two seconds"))
        self.assertEqual((clip.sample_length, clip.sample_rate), (88200, 44100.0))
        self.assertEqual((clip.is_audio_clip, clip.is_midi_clip, clip.is_arrangement_clip), (True, False, True))
        self.assertEqual(clip.canonical_parent, self.track)

    def test_lives_refusals(self) -> None:
        with self.refused(RuntimeError, "Audio clips can only be created on audio tracks"):
            self.song.tracks[0].create_audio_clip(TWO_SECONDS, 0.0)
        with self.refused(RuntimeError, "Audio clips can only be created on audio tracks"):
            self.song.return_tracks[0].create_audio_clip(TWO_SECONDS, 0.0)
        with self.refused(ValueError, "Please provide an absolute path"):
            self.place(0.0, "missing.wav")
        with self.refused(ValueError, "The provided path does not appear to point to a valid audio file"):
            self.place(0.0, "/missing.wav")
        for position in (-1.0, 1576801.0, float("nan")):
            with self.refused(RuntimeError):
                self.place(position)
        self.assertEqual(self.spans(), [])

    def test_a_track_that_is_frozen_or_recorded_into_takes_no_clips(self) -> None:
        clip = self.track.clip_slots[0].create_audio_clip(TWO_SECONDS)
        self.live.song.tracks[2].is_frozen = True
        self.assertTrue(self.track.is_frozen)
        for call in (
            lambda: self.place(0.0),
            lambda: self.track.clip_slots[1].create_audio_clip(TWO_SECONDS),
            lambda: self.track.duplicate_clip_to_arrangement(clip, 0.0),
        ):
            with self.refused(RuntimeError, "Clips cannot be created on frozen tracks"):
                call()
        self.live.song.tracks[2].is_frozen = False
        self.track.arm = self.song.record_mode = True
        self.tick(40)
        with self.refused(RuntimeError, "recorded into"):
            self.place(0.0)

    def test_the_playhead_goes_there_when_stopped(self) -> None:
        self.place(8.0)
        self.assertEqual((self.song.current_song_time, self.song.start_time), (8.0, 8.0))

    def test_the_playhead_stays_when_playing(self) -> None:
        self.place(8.0)
        self.song.start_playing()
        self.tick(2)
        self.place(30.0)
        self.assertLess(self.song.current_song_time, 9.0)

    def test_a_session_slot_holds_one_clip(self) -> None:
        slot = self.track.clip_slots[0]
        clip = slot.create_audio_clip(TWO_SECONDS)
        self.assertEqual((slot.has_clip, slot.clip), (True, clip))
        self.assertEqual((clip.is_arrangement_clip, clip.canonical_parent), (False, slot))
        with self.refused(RuntimeError, "This clip slot already has a clip"):
            slot.create_audio_clip(TWO_SECONDS)
        slot.delete_clip()
        self.assertEqual((slot.has_clip, slot.clip), (False, None))
        self.assertTrue(clip == None)  # noqa: E711

    def test_a_clip_is_deleted_by_its_own_track_only(self) -> None:
        clip = self.place(0.0)
        with self.refused(RuntimeError):
            self.song.tracks[3].delete_clip(clip)
        self.track.delete_clip(clip)
        self.assertEqual(self.spans(), [])


class Unwarped(SetCase):
    def test_warping_is_switched_off_a_tick_later(self) -> None:
        clip = self.place(0.0)
        clip.warping = False
        self.assertEqual((clip.warping, clip.loop_end), (True, 4.0))
        self.tick()
        self.assertEqual((clip.warping, clip.loop_end, clip.end_time), (False, 2.0, 4.0))

    def test_edges_are_beats_when_warped_and_seconds_when_not(self) -> None:
        self.song.tempo = 90.0
        clip = self.place(0.0)
        self.assertEqual((clip.loop_end, clip.end_time), (3.0, 3.0))
        clip.warping = False
        self.tick()
        self.assertEqual((clip.loop_start, clip.loop_end, clip.end_marker, clip.end_time), (0.0, 2.0, 2.0, 3.0))

    def test_the_extent_follows_the_tempo(self) -> None:
        clip, warped = self.place_unwarped(0.0), self.place(16.0)
        self.song.tempo = 60.0
        self.assertEqual((clip.end_time, warped.end_time), (2.0, 20.0))

    def test_a_clip_that_grows_with_the_tempo_ends_where_the_next_begins(self) -> None:
        self.place_unwarped(0.0)
        self.place_unwarped(4.0)
        self.song.tempo = 240.0
        self.assertEqual(self.spans(), [(0.0, 4.0), (4.0, 12.0)])

    def test_a_new_end_shows_a_tick_later(self) -> None:
        clip = self.place_unwarped(0.0)
        clip.loop_end = 0.5
        self.assertEqual((clip.loop_end, clip.end_time), (0.5, 4.0))
        self.tick()
        self.assertEqual((clip.loop_end, clip.end_time), (0.5, 1.0))

    def test_the_end_is_clamped_to_the_file(self) -> None:
        clip = self.place_unwarped(0.0)
        clip.loop_end = 5.0
        self.tick()
        self.assertEqual((clip.loop_end, clip.end_time), (2.0, 4.0))

    def test_a_warped_clips_end_shows_at_once_and_is_not_clamped(self) -> None:
        clip = self.place(0.0)
        clip.loop_end = 6.0
        self.assertEqual((clip.loop_end, clip.end_time), (6.0, 6.0))

    def test_loop_start_cuts_the_head_and_takes_the_marker_along(self) -> None:
        clip = self.place_unwarped(4.0)
        clip.loop_start = 0.5
        self.tick()
        self.assertEqual((clip.start_time, clip.end_time, clip.start_marker), (4.0, 7.0, 0.5))

    def test_start_marker_is_ignored_and_end_marker_changes_nothing(self) -> None:
        clip = self.place_unwarped(0.0)
        clip.start_marker = 0.5
        clip.end_marker = 99999.0
        self.tick()
        self.assertEqual((clip.start_marker, clip.end_marker, clip.end_time), (0.0, 99999.0, 4.0))

    def test_start_stays_before_end(self) -> None:
        clip = self.place_unwarped(0.0)
        for name, value in (("loop_start", 2.0), ("loop_end", 0.0), ("loop_start", -0.1), ("start_marker", 3.0)):
            with self.refused(RuntimeError):
                setattr(clip, name, value)

    def test_unwarped_audio_cannot_loop(self) -> None:
        clip = self.place_unwarped(0.0)
        self.tick()
        with self.refused(RuntimeError, "Unwarped audio cannot be looped"):
            clip.looping = True

    def test_looping_and_warping_in_one_tick_is_refused(self) -> None:
        clip = self.place(0.0)
        clip.looping = True
        with self.refused(RuntimeError):
            clip.warping = False
        self.tick()
        clip.warping = False
        self.tick()
        self.assertEqual((clip.looping, clip.warping), (False, False))

    def test_transposing_is_a_repitch_of_unwarped_clips_only(self) -> None:
        clip, warped = self.place_unwarped(0.0), self.place(8.0)
        clip.pitch_coarse = warped.pitch_coarse = 12
        self.assertEqual((clip.end_time, warped.end_time), (2.0, 12.0))
        clip.pitch_coarse, clip.pitch_fine = -12, 0.0
        self.assertEqual(clip.end_time, 8.0)
        clip.pitch_coarse, clip.pitch_fine = 0, 49.0
        self.assertAlmostEqual(clip.end_time, 4.0 / 2 ** (0.49 / 12), places=12)

    def test_back_to_warped(self) -> None:
        clip = self.place_unwarped(0.0)
        clip.warping = True
        self.tick()
        self.assertEqual((clip.warping, clip.loop_end, clip.end_time), (True, 4.0, 4.0))


class Overlaps(SetCase):
    def test_a_covered_clip_goes(self) -> None:
        short = self.place_unwarped(1.0, ONE_SECOND)
        self.place(0.0)
        self.assertEqual(self.spans(), [(0.0, 4.0)])
        self.assertTrue(short == None)  # noqa: E711

    def test_a_tail_is_cut(self) -> None:
        clip = self.place_unwarped(0.0)
        self.place(3.0)
        self.assertEqual(self.spans(), [(0.0, 3.0), (3.0, 7.0)])
        self.assertEqual(clip.loop_end, 1.5)

    def test_a_head_is_cut_and_the_rest_stays_in_time(self) -> None:
        clip = self.place_unwarped(2.0)
        self.place(0.0)
        self.assertEqual(self.spans(), [(0.0, 4.0), (4.0, 6.0)])
        self.assertEqual((clip.loop_start, clip.loop_end), (1.0, 2.0))

    def test_cuts_regard_the_repitch(self) -> None:
        clip = self.place_unwarped(0.0)
        clip.pitch_coarse = 12
        self.place_unwarped(1.0, ONE_SECOND)
        self.assertEqual((clip.end_time, clip.loop_end), (1.0, 1.0))

    def test_in_the_middle_of_a_clip_its_end_is_lost(self) -> None:
        self.place(0.0)
        self.place(1.0, ONE_SECOND)
        self.assertEqual(self.spans(), [(0.0, 1.0), (1.0, 3.0)])

    def test_clips_that_touch_stay(self) -> None:
        self.place(4.0)
        self.place(0.0)
        self.place(8.0)
        self.assertEqual(self.spans(), [(0.0, 4.0), (4.0, 8.0), (8.0, 12.0)])

    def test_a_clip_that_is_lengthened_overwrites_too(self) -> None:
        clip = self.place(0.0)
        self.place(4.0)
        clip.loop_end = 5.0
        self.assertEqual(self.spans(), [(0.0, 5.0), (5.0, 8.0)])


class OverlapsInNewerVersions(SetCase):
    version = NEWEST

    def test_in_the_middle_of_a_clip_both_ends_stay(self) -> None:
        self.place(0.0)
        self.place(1.0, ONE_SECOND)
        self.assertEqual(self.spans(), [(0.0, 1.0), (1.0, 3.0), (3.0, 4.0)])
        self.assertEqual(self.track.arrangement_clips[2].loop_start, 3.0)


class FromTheSession(SetCase):
    def prepare(self, end_seconds: float) -> Any:
        clip = self.track.clip_slots[0].create_audio_clip(TWO_SECONDS)
        clip.warping = False
        self.tick()
        clip.loop_end = end_seconds
        self.tick()
        return clip

    def test_a_copy_spans_the_markers(self) -> None:
        clip = self.prepare(0.75)
        clip.gain, clip.pitch_coarse, clip.color_index = 0.5, 3, 7
        copied = self.track.duplicate_clip_to_arrangement(clip, 2.0)
        self.assertEqual((copied.loop_end, copied.gain, copied.pitch_coarse, copied.color_index), (0.75, 0.5, 3, 7))
        self.assertAlmostEqual(copied.end_time, 2.0 + 1.5 / 2 ** (3 / 12))
        self.assertNotEqual(copied, clip)

    def test_it_goes_between_others(self) -> None:
        clip = self.prepare(0.5)
        self.place(3.0)
        self.track.duplicate_clip_to_arrangement(clip, 2.0)
        self.assertEqual(self.spans(), [(2.0, 3.0), (3.0, 7.0)])

    def test_a_looping_clip_is_copied_by_its_loop(self) -> None:
        clip = self.track.clip_slots[0].create_audio_clip(TWO_SECONDS)
        clip.looping = True
        clip.loop_end = 1.0
        copied = self.track.duplicate_clip_to_arrangement(clip, 2.0)
        self.assertEqual((copied.looping, copied.end_time), (True, 3.0))

    def test_an_audio_clip_does_not_go_onto_a_midi_track(self) -> None:
        with self.refused(RuntimeError, "Incompatible track types for clip duplication"):
            self.song.tracks[0].duplicate_clip_to_arrangement(self.prepare(1.0), 0.0)


class Looks(SetCase):
    def test_gain_and_its_text(self) -> None:
        clip = self.place(0.0)
        self.assertEqual(clip.gain_display_string, "0.0 dB")
        for gain, text in ((1.0, "24.0 dB"), (0.5, "4.0 dB"), (0.35, "-2.6 dB"), (0.0, "-inf dB"), (0.4325, "1.3 dB")):
            clip.gain = gain
            self.assertEqual(clip.gain_display_string, text)
        for wrong in (1.01, -0.01, float("nan")):
            with self.refused(RuntimeError, "Gain is out of range"):
                clip.gain = wrong

    def test_gains_are_those_measured_in_live(self) -> None:
        """Points of the curve as others measured them; the lowest are only met within 2 dB."""
        for gain, level_db in (
            (0.001, -67.5),
            (0.009765625, -57.6),
            (0.029296875, -43.2),
            (0.05078125, -39.0),
            (0.099609375, -30.7),
            (0.19921875, -16.5),
            (0.30078125, -6.13),
            (0.55078125, 6.03),
            (0.849609375, 18.0),
        ):
            self.assertAlmostEqual(clip_gain_db(gain), level_db, delta=0.1 if gain > 0.03 else 2.0)

    def test_pitch_and_warp_mode_have_ranges(self) -> None:
        clip = self.place(0.0)
        for name, value in (("pitch_coarse", 49), ("pitch_fine", 50.0), ("pitch_fine", -50.5), ("warp_mode", 5)):
            with self.refused(RuntimeError):
                setattr(clip, name, value)

    def test_colours_snap_to_the_palette(self) -> None:
        self.track.color = 0xFF0102
        self.assertNotEqual(self.track.color, 0xFF0102)
        snapped, index = self.track.color, self.track.color_index
        self.track.color = snapped
        self.assertEqual((self.track.color, self.track.color_index), (snapped, index))
        with self.refused(RuntimeError):
            self.track.color_index = 70

    def test_a_hash_sign_in_a_name_becomes_the_number(self) -> None:
        self.track.name = "Take #"
        self.assertEqual(self.track.name, "Take 3")
        clip = self.place(4.0)
        self.place(0.0)
        clip.name = "#b"
        self.assertEqual(clip.name, "2b")

    def test_a_name_that_looks_like_a_default_one_is_one(self) -> None:
        self.track.name = "9-Audio"
        self.assertEqual(self.track.name, "3-Audio")
        self.track.name = ""
        self.assertEqual(self.track.name, "3-Audio")

    def test_default_names_are_renumbered_and_others_are_not(self) -> None:
        self.song.tracks[3].name = "Bass"
        self.song.create_audio_track(0)
        self.assertEqual([track.name for track in self.song.tracks], ["1-Audio", "2-MIDI", "3-MIDI", "4-Audio", "Bass"])


if __name__ == "__main__":
    unittest.main()
