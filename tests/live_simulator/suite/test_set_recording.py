"""Recording into the arrangement: which tracks, from where to where, and what a script sees of it meanwhile."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.sound_log import PRE_ROLL_SAMPLES
from live_simulator.take_files import TakeFiles
from live_simulator.takes import Take
from live_simulator.user import act

from set_case import ONE_SECOND, TWO_SECONDS, SetCase

RATE_HZ = 44100
RESAMPLING = 2
OFF = 2


class HeldFiles(TakeFiles):
    """Files that are complete when the test says so. The real ones: test_recording.py."""

    def __init__(self) -> None:
        super().__init__(RATE_HZ)
        self.written: list[tuple[Take, list[dict[str, Any]], Any]] = []

    def write(self, take: Take, orders: list[dict[str, Any]], done: Any) -> None:
        self.written.append((take, orders, done))


class RecordingCase(SetCase):
    def setUp(self) -> None:
        super().setUp()
        self.files = HeldFiles()
        self.live.recorder.files = self.files
        self.tick()

    def prepare(self, track: Any = None) -> Any:
        track = self.track if track is None else track
        kinds = track.available_input_routing_types
        track.input_routing_type = next(kind for kind in kinds if kind.category == RESAMPLING)
        track.current_monitoring_state = OFF
        track.arm = True
        return track

    def start(self) -> None:
        """Until the song plays and records."""
        self.song.record_mode = True
        self.tick(31)
        self.assertEqual((self.song.record_mode, self.song.is_playing), (True, True))

    def stop(self) -> None:
        self.song.stop_playing()
        self.tick(2)

    def complete(self, error: str = "") -> None:
        """Files are told of as complete, which is seen a tick later."""
        for _, _, done in self.files.written:
            done(error)
        del self.files.written[:]
        self.tick()

    def clip(self) -> Any:
        (clip,) = self.track.arrangement_clips
        return clip

    def user(self, name: str, *arguments: Any) -> None:
        act(self.live, f"user_{name}", arguments)


class OneTake(RecordingCase):
    def test_a_clip_grows_from_where_recording_began_to_where_it_ended(self) -> None:
        self.song.start_time = 3.0
        self.tick()
        self.prepare()
        self.start()
        self.assertEqual(len(self.track.arrangement_clips), 0)
        self.tick(50)
        clip = self.clip()
        self.assertTrue(clip.is_recording)
        self.assertEqual(clip.start_time, 3.0)
        self.assertAlmostEqual(clip.end_time, 4.0)
        self.assertTrue(clip.file_path.endswith(".wav"))
        self.assertAlmostEqual(clip.end_time, self.song.current_song_time)
        self.stop()
        self.assertEqual((clip.is_recording, self.song.record_mode), (True, False))
        self.tick(20)
        self.assertAlmostEqual(clip.end_time, 4.02)
        self.complete()
        self.assertFalse(clip.is_recording)
        self.assertAlmostEqual(clip.end_time, 4.02)
        self.assertEqual(clip.sample_length, PRE_ROLL_SAMPLES + round(0.51 * RATE_HZ))
        self.assertEqual(clip.sample_rate, 44100.0)

    def test_only_markers_and_warping_tell_where_it_begins_in_its_file(self) -> None:
        self.song.tempo = 97.0
        self.prepare()
        self.start()
        self.tick(40)
        clip = self.clip()
        self.assertTrue(clip.warping)
        self.assertEqual((clip.loop_start, clip.looping), (clip.start_marker, False))
        self.assertAlmostEqual(clip.beat_to_sample_time(clip.start_marker), PRE_ROLL_SAMPLES, delta=1e-6)
        self.assertGreater(abs(clip.start_marker), 0.1)
        self.assertGreater(abs(clip.beat_to_sample_time(0.0)), 1000.0)
        beats = clip.end_time - clip.start_time
        self.assertAlmostEqual(clip.beat_to_sample_time(clip.start_marker + beats), clip.sample_length, delta=1.0)
        self.assertAlmostEqual(clip.loop_end - clip.loop_start, beats)

    def test_changes_of_tempo_become_warp_markers(self) -> None:
        self.prepare()
        self.start()
        self.tick(50)
        self.song.tempo = 240.0
        self.tick(25)
        clip = self.clip()
        self.assertAlmostEqual(clip.end_time, 2.0)
        self.assertEqual(len(clip.warp_markers), 3)
        for beats, seconds in ((0.0, 0.0), (0.5, 0.25), (1.0, 0.5), (2.0, 0.75)):
            frames = clip.beat_to_sample_time(clip.start_marker + beats)
            self.assertAlmostEqual(frames, PRE_ROLL_SAMPLES + seconds * RATE_HZ, delta=1e-6)

    def test_record_mode_and_arming_begin_and_end_it_while_the_song_plays(self) -> None:
        self.prepare()
        self.song.start_playing()
        self.tick(51)
        self.song.record_mode = True
        self.tick(50)
        self.assertAlmostEqual(self.clip().start_time, 1.6, delta=0.03)
        self.track.arm = False
        self.tick(20)
        self.assertAlmostEqual(self.clip().end_time, 2.0, delta=0.03)
        self.assertTrue(self.song.record_mode)
        self.complete()
        self.track.arm = True
        self.tick(10)
        self.song.record_mode = False
        self.tick(60)
        self.assertTrue(self.song.is_playing)
        first, second = self.track.arrangement_clips
        self.assertTrue(second.is_recording)
        self.assertAlmostEqual(second.end_time, 3.2, delta=0.05)
        self.assertFalse(first.is_recording)

    def test_nothing_is_recorded_without_an_armed_track(self) -> None:
        self.start()
        self.tick(50)
        self.stop()
        self.assertEqual(sum(len(track.arrangement_clips) for track in self.song.tracks), 0)

    def test_two_tracks_at_once_are_two_files(self) -> None:
        self.prepare()
        self.prepare(self.song.tracks[3])
        self.start()
        self.tick(20)
        self.stop()
        clips = [self.song.tracks[place].arrangement_clips[0] for place in (2, 3)]
        self.assertEqual(clips[0].end_time, clips[1].end_time)
        self.assertNotEqual(clips[0].file_path, clips[1].file_path)

    def test_a_listener_hears_of_it(self) -> None:
        self.prepare()
        self.start()
        self.tick(2)
        clip, heard = self.clip(), []
        clip.add_is_recording_listener(lambda: heard.append(clip.is_recording))
        self.stop()
        self.complete()
        self.assertEqual(heard, [False])


class WhatItRecords(RecordingCase):
    def orders(self) -> list[dict[str, Any]]:
        ((_, orders, _),) = self.files.written
        return orders

    def test_what_plays_and_every_change_of_it(self) -> None:
        self.prepare()
        other = self.song.tracks[3]
        other.create_audio_clip(TWO_SECONDS, 0.0)
        self.song.start_time = 0.0
        self.tick()
        self.start()
        self.tick(25)
        other.mute = True
        self.tick(25)
        self.stop()
        self.assertEqual([order["do"] for order in self.orders()], ["start", "change"])
        start, change = self.orders()
        self.assertEqual((start["at"], start["beats"]), (PRE_ROLL_SAMPLES, 0.0))
        self.assertEqual(change["at"], PRE_ROLL_SAMPLES + round(0.25 * RATE_HZ))
        self.assertTrue(start["plan"]["mix"]["tracks"][3]["is_active"])
        self.assertFalse(change["plan"]["mix"]["tracks"][3]["is_active"])

    def test_the_tracks_own_clips_are_not_heard_in_it(self) -> None:
        self.place(0.0)
        self.song.start_time = 0.0
        self.prepare()
        self.tick()
        self.start()
        self.tick(25)
        self.stop()
        self.assertEqual([order["plan"]["mix"]["tracks"][2]["clips"] for order in self.orders()], [()])

    def test_silence_where_live_would_record_something_else(self) -> None:
        cases = [
            lambda: setattr(self.track, "current_monitoring_state", 0),
            lambda: setattr(self.track, "current_monitoring_state", 1),
            lambda: setattr(self.track, "current_input_routing", "Ext. In"),
            lambda: setattr(self.track, "current_input_routing", "Main"),
        ]
        for number, change in enumerate(cases):
            with self.subTest(number):
                self.prepare()
                change()
                self.start()
                self.tick(5)
                self.stop()
                self.assertEqual(self.orders(), [])
                self.complete()
                self.assertIn("records silence", self.log[-1])

    def test_a_take_is_silent_throughout_where_it_was_monitored_for_a_while(self) -> None:
        self.prepare()
        self.start()
        for state in (OFF, 0, OFF):
            self.track.current_monitoring_state = state
            self.tick(5)
        self.stop()
        self.assertEqual(self.orders(), [])

    def test_an_armed_midi_track_records_over_its_own_clips(self) -> None:
        midi = self.song.tracks[0]
        midi.create_midi_clip(0.0, 16.0)
        self.song.start_time = 0.0
        midi.arm = True
        self.tick()
        self.start()
        self.tick(50)
        self.stop()
        self.tick(1)
        first = midi.arrangement_clips[0]
        self.assertAlmostEqual(first.end_time, 1.02)
        self.assertEqual((first.is_recording, len(first.get_notes_extended(0, 128, 0.0, 4.0))), (False, 0))

    def test_a_track_that_a_controller_arms_records_too(self) -> None:
        self.prepare()
        self.track.arm = False
        self.track.implicit_arm = True
        self.start()
        self.tick(5)
        self.assertTrue(self.clip().is_recording)


class WhereItRecords(RecordingCase):
    def test_a_jump_ends_the_take_and_begins_another(self) -> None:
        self.song.tracks[3].create_audio_clip(TWO_SECONDS, 30.0)
        self.song.start_time = 0.0
        self.tick()
        self.prepare()
        self.start()
        self.tick(50)
        self.song.current_song_time = 16.0
        self.tick(50)
        self.stop()
        spans = [(clip.start_time, round(clip.end_time, 3)) for clip in self.track.arrangement_clips]
        self.assertEqual(spans, [(0.0, 1.02), (16.0, 17.0)])
        second = self.files.written[1][1]
        self.assertEqual([order["do"] for order in second], ["start", "jump"])
        self.assertEqual((second[1]["beats"], second[1]["at"]), (16.0, PRE_ROLL_SAMPLES + round(0.51 * RATE_HZ)))

    def test_each_round_of_the_loop_is_a_take(self) -> None:
        self.song.loop_start, self.song.loop_length, self.song.loop = 4.0, 1.0, True
        self.tick()
        self.prepare()
        self.start()
        self.tick(60)
        self.stop()
        takes = [take for take, _, _ in self.files.written]
        self.assertEqual([round(take.end.beats, 6) for take in takes], [5.0, 4.22])
        self.assertEqual([take.clip.start_time for take in takes], [4.0, 4.0])
        self.assertEqual(takes[0].count, PRE_ROLL_SAMPLES + RATE_HZ // 2)
        self.complete()
        spans = [(clip.start_time, clip.end_time) for clip in self.track.arrangement_clips]
        self.assertEqual([(round(start, 6), round(end, 6)) for start, end in spans], [(4.0, 4.22), (4.22, 5.0)])

    def test_punching(self) -> None:
        self.song.loop_start, self.song.loop_length = 0.505, 1.25
        self.user("punch", True, True)
        self.tick()
        self.prepare()
        self.start()
        self.tick(10)
        self.assertEqual(len(self.track.arrangement_clips), 0)
        self.tick(90)
        self.assertEqual((self.clip().start_time, round(self.clip().end_time, 9)), (0.505, 1.755))
        self.assertTrue(self.song.record_mode)
        ((take, _, _),) = self.files.written
        self.assertEqual(take.first_sample, round(0.2525 * RATE_HZ))
        self.assertEqual(take.first_sample + take.count, PRE_ROLL_SAMPLES + round(0.8775 * RATE_HZ))

    def test_a_count_in_comes_before_the_start(self) -> None:
        self.user("set_count_in", 1)
        self.assertEqual(self.song.count_in_duration, 1)
        self.song.start_time = 2.0
        self.tick()
        self.prepare()
        self.start()
        self.assertTrue(self.song.is_counting_in)
        self.assertEqual(self.song.current_song_time, -2.0)
        self.tick(150)
        self.assertEqual((len(self.track.arrangement_clips), self.song.is_playing), (0, True))
        self.tick(100)
        self.assertFalse(self.song.is_counting_in)
        self.assertEqual(self.clip().start_time, 2.0)
        with self.refused(AttributeError):
            self.song.count_in_duration = 0

    def test_without_record_mode_nothing_is_counted_in(self) -> None:
        self.user("set_count_in", 3)
        self.song.start_playing()
        self.tick(2)
        self.assertFalse(self.song.is_counting_in)

    def test_a_stop_while_it_counts_in(self) -> None:
        self.user("set_count_in", 2)
        self.prepare()
        self.start()
        self.tick(50)
        self.stop()
        self.assertEqual((self.song.is_counting_in, self.song.is_playing), (False, False))
        self.assertEqual(self.song.current_song_time, 0.0)

    def test_it_overwrites_what_lies_there(self) -> None:
        self.place(0.0)
        self.place(4.0, ONE_SECOND)
        self.song.start_time = 3.0
        self.tick()
        self.prepare()
        self.start()
        self.tick(75)
        self.stop()
        self.complete()
        spans = [(round(start, 6), round(end, 6)) for start, end in self.spans()]
        self.assertEqual(spans, [(0.0, 3.0), (3.0, 4.52), (4.52, 6.0)])

    def test_what_is_armed_after_it_was_called_off_does_not_record(self) -> None:
        self.prepare()
        self.start()
        self.tick(5)
        self.song.record_mode = False
        self.song.tracks[0].arm = True
        self.tick(20)
        self.assertTrue(self.clip().is_recording)
        self.assertEqual(len(self.song.tracks[0].arrangement_clips), 0)


class Keeping(RecordingCase):
    def record(self) -> Any:
        self.prepare()
        self.start()
        self.tick(50)
        self.stop()
        return self.clip()

    def test_undo_takes_the_clip_away_and_redo_brings_it_back(self) -> None:
        self.place(0.0)
        self.song.start_time = 0.0
        self.tick()
        before = self.spans()
        self.prepare()
        self.start()
        self.tick(50)
        self.stop()
        self.complete()
        after = self.spans()
        self.assertEqual(len(after), 2)
        self.song.undo()
        self.assertEqual(self.spans(), before)
        self.song.redo()
        self.assertEqual(self.spans(), after)
        self.assertFalse(self.track.arrangement_clips[0].is_recording)

    def test_an_undo_before_it_is_complete_takes_back_what_was_before(self) -> None:
        self.record()
        self.song.undo()
        self.assertFalse(self.track.arm)
        self.complete()
        self.assertEqual(len(self.track.arrangement_clips), 1)

    def test_while_it_is_recorded_it_cannot_be_deleted_nor_edited(self) -> None:
        clip = self.record()
        with self.refused(RuntimeError, "being recorded"):
            self.track.delete_clip(clip)
        with self.refused(RuntimeError, "being recorded"):
            clip.warping = False
        with self.refused(RuntimeError, "being recorded"):
            clip.loop_end = 1.0
        self.complete()
        self.track.delete_clip(clip)
        self.assertEqual(len(self.track.arrangement_clips), 0)

    def test_a_file_that_cannot_be_written_leaves_no_clip(self) -> None:
        self.record()
        self.complete("no space left")
        self.assertEqual(len(self.track.arrangement_clips), 0)
        self.assertIn("no space left", self.log[-1])

    def test_a_track_that_is_deleted_meanwhile_or_before_its_file_is_complete(self) -> None:
        for ticks in (5, 0):
            self.prepare()
            self.start()
            self.tick(5)
            if ticks == 0:
                self.stop()
            self.user("delete_track", 2)
            self.tick(ticks)
            self.stop()
            self.complete()
            self.tick(2)
            self.assertFalse(self.live.recorder.is_writing)
            self.track = self.song.tracks[2] if ticks else None
        self.assertEqual(sum(len(track.arrangement_clips) for track in self.song.tracks), 0)

    def test_another_set_is_opened_meanwhile(self) -> None:
        self.record()
        held = list(self.files.written)
        self.live.open_song()
        for _, _, done in held:
            done("")
        self.tick(5)
        self.assertFalse(self.live.recorder.is_writing)
        self.assertNotIn("Error", "".join(self.log))

    def test_a_set_is_not_saved_meanwhile(self) -> None:
        self.record()
        with self.assertRaisesRegex(Exception, "recorded"):
            self.user("save_set", "/sets/mine.als")
        self.complete()
        self.user("save_set", "/sets/mine.als")

    def test_where_files_lie(self) -> None:
        self.track.name = "a: b/c"
        path = self.record().file_path
        self.assertRegex(
            path.replace("\\", "/"),
            r"/Live Recordings/\d{4}-\d\d-\d\d \d{6} Temp Project/Samples/Recorded/a_ b_c 0001 \[\d{4}-.*\]\.wav$",
        )
        self.complete()
        self.user("save_set", "/sets/mine.als")
        self.start()
        self.tick(5)
        (path,) = [clip.file_path for clip in self.track.arrangement_clips if clip.is_recording]
        self.assertRegex(path.replace("\\", "/"), r"/sets/Samples/Recorded/a_ b_c 0001 \[.*\]\.wav$")


class Arming(RecordingCase):
    def test_new_tracks_come_up_armed_alone_where_the_user_wants_it(self) -> None:
        self.track.arm = True
        self.user("arm_new_tracks", True)
        track = self.song.create_audio_track()
        self.assertFalse(track.arm)
        self.tick()
        self.assertEqual((track.arm, self.track.arm), (True, False))

    def test_a_track_is_not_armed_before_it_knows_its_inputs(self) -> None:
        self.user("slow_routings", 0.1)
        track = self.song.create_audio_track()
        self.tick(6)
        self.assertEqual([kind.display_name for kind in track.available_input_routing_types], [""])
        track.arm = True
        self.assertFalse(track.arm)
        self.tick(5)
        self.prepare(track)
        self.assertTrue(track.arm)


class NoDevice(RecordingCase):
    def test_the_transport_stands_though_it_says_that_it_plays(self) -> None:
        self.user("lose_audio")
        self.prepare()
        self.start()
        self.tick(50)
        self.assertEqual((self.song.is_playing, self.song.current_song_time), (True, 0.0))
        self.assertEqual(len(self.track.arrangement_clips), 0)
        self.user("regain_audio")
        self.tick(50)
        self.assertAlmostEqual(self.clip().end_time, 1.0)


if __name__ == "__main__":
    unittest.main()
