import os
import random
from unittest import mock

from script_case import KICK, PAD, USERS_TRACKS, ScriptCase

from live_remote_script import protocol
from live_simulator.sound_log import PRE_ROLL_SAMPLES
from live_simulator.take_files import TakeFiles

RATE_HZ = 44100
PRE_ROLL_SECONDS = PRE_ROLL_SAMPLES / RATE_HZ
RESAMPLING = 2
OFF = 2


class NotedFiles(TakeFiles):
    """Where each take begins and ends in the sound that was played, and of what its clip said so. What is in a real
    file: tests/controller/test_stage_recording.py."""

    def __init__(self):
        super().__init__(RATE_HZ)
        self.takes = []

    def write(self, take, orders, done):
        self.takes.append((take, orders))
        super().write(take, orders, done)


class RecordingCase(ScriptCase):
    def setUp(self):
        super().setUp()
        self.files_written = NotedFiles()
        self.live.recorder.files = self.files_written
        self.start()
        self.do(self.clip(self.track(), 4.0))
        self.act("place_clip", 2, PAD, 0.0)
        self.act("place_clip", 2, PAD, 28.0)
        self.tick()

    def users_set(self):
        """Things that a recording has to give back."""
        self.act("set_loop", True, 4.0, 8.0)
        self.act("punch", True, False)
        self.act("switch_metronome", True)
        self.act("solo_track", 2, True)
        self.act("arm_track", 3, True)
        self.act("arm_track", 0, True)
        self.song.overdub = True
        self.song.start_time = 2.0
        self.tick(3)

    def facts(self):
        song = self.song
        tracks = [
            (track.name, track.solo, track.arm, track.implicit_arm, track.current_monitoring_state, self.starts(track))
            for track in song.tracks
        ]
        switches = ("loop", "loop_start", "loop_length", "punch_in", "punch_out", "metronome", "overdub", "start_time")
        return tracks, [getattr(song, name) for name in switches + ("is_playing", "record_mode")]

    @property
    def take_track(self):
        found = [track for track in self.song.tracks if track.name == "JB\u00b7 resampling"]
        return found[0] if found else None

    def recorded(self, from_beats=4.0, to_beats=12.0):
        self.ask("prepare", from_beats)
        return self.ask("record", from_beats, to_beats)

    def began(self, from_beats=4.0, to_beats=200.0, ticks=100):
        """A recording that runs; its request's id."""
        self.ask("prepare", from_beats)
        request_id = self.send("record", from_beats, to_beats)
        self.tick(ticks)
        self.assertTrue(self.song.record_mode)
        self.assertTrue(self.take_track.arrangement_clips[0].is_recording)
        return request_id

    def outcome(self, request_id):
        """The error's code, once it has come."""
        while True:
            self.run_until_received(self.socket)
            message = self.receive()
            if message.arguments[0] == request_id and message.address in (protocol.OK, protocol.ERROR):
                return message.arguments[1]


CAPTURE = (
    ("prepare", (4.0,)),
    ("play", (4.0,)),
    ("stop", ()),
    ("record", (4.0, 12.0)),
    ("forget_recording", (False,)),
    ("restore", ()),
)


class RecordTest(RecordingCase):
    def test_the_file_has_what_was_asked_for_from_where_it_is_told_on(self):
        for tempo, from_beats, to_beats in ((120.0, 4.0, 12.0), (97.0, 0.0, 3.0), (140.0, 5.37, 9.0)):
            with self.subTest(tempo):
                self.song.tempo = tempo
                self.tick()
                path, start_seconds, clip_start = self.recorded(from_beats, to_beats)
                take = self.files_written.takes[-1][0]
                self.assertEqual(path, take.file_path)
                self.assertEqual(os.path.basename(path)[:15], "JB\u00b7 resampling ")
                self.assertAlmostEqual(clip_start, from_beats)
                self.assertAlmostEqual(start_seconds, PRE_ROLL_SECONDS, 6)
                seconds = take.count / RATE_HZ - start_seconds
                self.assertTrue(0.05 < seconds - (to_beats - from_beats) * 60.0 / tempo < 0.3)
                self.assertFalse(self.song.is_playing or self.song.record_mode)

    def test_it_records_resampling_on_a_track_of_its_own_that_is_not_heard(self):
        self.began()
        track = self.take_track
        self.assertEqual(track.input_routing_type.category, RESAMPLING)
        self.assertEqual((track.current_monitoring_state, track.arm, track.solo), (OFF, True, False))
        self.assertEqual([other.arm for other in self.song.tracks if other != track], 5 * [False])
        self.assertEqual([track.solo for track in self.song.tracks], [False] * USERS_TRACKS + [True, False])
        self.assertEqual((self.song.metronome, self.song.punch_in, self.song.overdub), (False, False, False))

    def test_its_track_is_none_of_the_arrangements(self):
        before = self.rows("tracks")
        self.recorded()
        self.assertEqual([row["name"] for row in self.rows("tracks")], [row["name"] for row in before])
        self.ask("restore")
        self.assertEqual(self.rows("tracks"), before)
        self.assertEqual(self.ask("reserve_tracks", 1)[0], 1)
        self.greet()
        self.tick(5)
        self.assertIsNotNone(self.take_track)
        self.assertEqual(self.ask("keep"), [1])
        self.assertIsNotNone(self.take_track)
        self.assertEqual(self.ask("forget_recording", False), [1])

    def test_all_is_given_back(self):
        self.users_set()
        before = self.facts()
        selected = self.song.view.selected_track
        self.recorded()
        self.assertEqual(self.ask("forget_recording", False), [1])
        self.ask("restore")
        self.tick(3)
        self.assertEqual(self.facts(), before)
        self.assertEqual(self.song.view.selected_track, selected)
        self.assertEqual(self.ask("status")[4], "")

    def test_live_that_arms_new_tracks_alone(self):
        self.users_set()
        self.act("arm_new_tracks", True)
        before = self.facts()
        self.recorded()
        self.ask("forget_recording", False)
        self.ask("restore")
        self.tick(3)
        self.assertEqual(self.facts(), before)
        self.ask("reserve_tracks", 2)
        self.tick(3)
        self.assertEqual([track.arm for track in self.song.tracks], [True, False, False, True, False, False])

    def test_a_kept_one_is_the_users(self):
        self.recorded()
        track = self.take_track
        self.assertEqual(self.ask("forget_recording", True), [1])
        self.assertEqual((track.name, track.arm, track.mute), ("resampling", False, True))
        self.assertIn("resampling", [row["name"] for row in self.rows("tracks") if not row["track_id"]])
        self.assertEqual(self.ask("forget_recording", False), [0])
        self.ask("undo")
        self.assertEqual(len(self.starts(track)), 1)

    def test_the_next_one_takes_its_place(self):
        first = self.recorded()[0]
        second = self.recorded(8.0, 10.0)[0]
        self.assertNotEqual(first, second)
        self.assertEqual(len(self.song.tracks), USERS_TRACKS + 2)
        self.assertEqual(self.starts(self.take_track), [8.0])

    def test_a_count_in_is_waited_for(self):
        self.act("set_count_in", 2)
        path, start_seconds, clip_start = self.recorded()
        self.assertAlmostEqual(start_seconds, PRE_ROLL_SECONDS, 6)
        self.assertEqual(clip_start, 4.0)

    def test_session_clips_are_neither_heard_nor_recorded(self):
        self.song.tracks[3].clip_slots[0].create_audio_clip(KICK)
        self.act("fire_clip", 3, 0)
        self.tick(3)
        self.recorded()
        mix = self.files_written.takes[0][1][0]["plan"]["mix"]
        self.assertEqual(mix["tracks"][3]["clips"], ())
        self.assertEqual(self.starts(self.song.tracks[3]), [])

    def test_what_it_was_asked_wrongly(self):
        self.assertEqual(self.refused("record", 4.0, 8.0), "not_prepared")
        self.ask("play", 4.0)
        self.assertEqual(self.refused("record", 4.0, 8.0), "not_prepared")
        self.ask("prepare", 4.0)
        self.assertEqual(self.refused("record", 4.0, 4.0), "bad_request")
        self.assertEqual(len(self.song.tracks), USERS_TRACKS + 1)

    def test_nobody_else_can_meanwhile(self):
        self.began()
        other = self.new_socket()
        for name, arguments in (("prepare", (4.0,)), ("play", (4.0,)), ("record", (4.0, 8.0))):
            self.assertEqual(self.refused(name, *arguments, asker=other), "busy")
        self.assertEqual(self.refused("forget_recording", False, asker=other), "busy")
        self.assertEqual(self.refused("commit", self.ask("begin", 0.0, 0, asker=other)[0], asker=other), "busy")
        self.assertEqual(self.ask("status", asker=other)[0], True)

    def test_how_far_it_is_is_told(self):
        self.ask("prepare", 4.0)
        request_id = self.send("record", 4.0, 12.0)
        told = []
        while True:
            self.run_until_received(self.socket)
            message = self.receive()
            if message.address != protocol.PROGRESS:
                break
            self.assertEqual(message.arguments[0], request_id)
            told.append(message.arguments[1:])
        self.assertEqual(message.address, protocol.OK)
        self.assertEqual(told, sorted(told))
        self.assertEqual((told[0][1], told[-1]), (8, (8, 8)))
        self.assertGreater(len(told), 30)

    def test_no_undo_step_is_opened_while_it_only_looks_on(self):
        """The user's own last step can be undone, after what was done for the recording."""
        self.act("rename_track", 2, "mine")
        self.recorded()
        self.ask("forget_recording", False)
        self.ask("restore")
        for _ in range(40):
            if not self.song.can_undo or self.song.tracks[2].name != "mine":
                break
            self.song.undo()
            self.tick()
        self.assertNotEqual(self.song.tracks[2].name, "mine")


class EndedRecordingTest(RecordingCase):
    def setUp(self):
        super().setUp()
        self.users_set()
        self.before = self.facts()

    def assert_as_before(self):
        self.tick(60)
        self.assertIsNone(self.take_track)
        self.assertEqual(self.facts(), self.before)

    def test_by_another_command_of_its_asker(self):
        for name, arguments in (("stop", ()), ("restore", ()), ("forget_recording", (True,)), ("undo", ())):
            with self.subTest(name):
                request_id = self.began()
                self.send(name, *arguments)
                self.assertEqual(self.outcome(request_id), "cancelled")
                self.tick(60)
                if name == "undo":
                    continue
                self.ask("restore")
                self.assert_as_before()
        self.ask("restore")
        self.assertEqual(len(self.song.tracks), USERS_TRACKS)

    def test_by_the_user(self):
        def delete():
            self.act("delete_track", USERS_TRACKS + 1)

        def jump():
            self.song.current_song_time = 0.0

        def switch_off():
            self.song.record_mode = False

        doings = {
            "stop": lambda: self.act("stop"),
            "record off": switch_off,
            "jump back": jump,
            "arm": lambda: self.act("arm_track", 1, True),
            "delete": delete,
        }
        for name, do in doings.items():
            with self.subTest(name):
                request_id = self.began(from_beats=4.0, ticks=200)
                do()
                self.assertEqual(self.outcome(request_id), "interrupted")
                if name == "arm":
                    self.act("arm_track", 1, False)
                    self.tick(60)
                    self.act("delete_clip", 1, 0)
                self.ask("restore")
                self.assert_as_before()

    def test_by_a_jump_forward_which_shows_at_its_end(self):
        self.ask("prepare", 4.0)
        request_id = self.send("record", 4.0, 30.0)
        self.tick(100)
        self.song.current_song_time = 20.0
        self.assertEqual(self.outcome(request_id), "interrupted")
        self.ask("restore")
        self.assert_as_before()

    def test_by_silence(self):
        self.began()
        self.seconds += 3.1
        self.assert_as_before()

    def test_at_any_moment_of_a_capture_by_silence_and_by_a_script_that_is_switched_off(self):
        chance = random.Random(11)
        recorded = 0
        for moment in range(40):
            asker = self.new_socket()
            self.session = bytes.fromhex(self.ask("version", asker=asker)[-1])
            last = chance.choice(["prepare", "play", "stop", "restore", "record", "record", "forget_recording"])
            for name, arguments in CAPTURE:
                if name == last:
                    break
                self.ask(name, *arguments, asker=asker)
            self.send(name, *arguments, asker=asker)
            self.tick(chance.randrange(1, 300 if last == "record" else 10))
            recorded += bool(self.song.record_mode)
            with self.subTest("%d: %s" % (moment, last)):
                if moment % 2:
                    self.act("disable_script")
                    self.tick(60)
                    if last == "record":
                        self.rearm()
                    self.act("enable_script")
                    self.tick()
                else:
                    self.seconds += 3.1
                self.greet()
                self.assert_as_before()
        self.assertGreater(recorded, 5)

    def test_not_while_its_asker_waits_for_it(self):
        self.ask("prepare", 4.0)
        request_id = self.send("record", 4.0, 40.0)
        for _ in range(10):
            self.tick(100)
            self.seconds += 2.5
            self.send("record", 4.0, 40.0, request_id=request_id)
        found = []
        while not found or found[-1].address not in (protocol.OK, protocol.ERROR):
            self.run_until_received(self.socket)
            found.append(self.receive())
        self.assertEqual(found[-1].address, protocol.OK, found[-1])
        self.assertIn(protocol.PENDING, [message.address for message in found])

    def test_a_take_of_a_silent_asker_goes_after_all_was_given_back(self):
        self.recorded()
        self.ask("restore")
        self.assertIsNotNone(self.take_track)
        self.seconds += 3.1
        self.assert_as_before()

    def test_by_a_script_that_is_switched_off(self):
        """Live still records for a moment: what the user had armed stays disarmed, so that it is not recorded to."""
        self.began()
        self.act("disable_script")
        self.tick(60)
        self.assertEqual([track.arm for track in self.song.tracks], 5 * [False])
        self.rearm()
        self.assert_as_before()

    def rearm(self):
        """As `users_set` armed them."""
        for place in (3, 0):
            self.act("arm_track", place, True)

    def test_what_a_script_that_is_switched_off_must_leave_the_next_one_takes_away(self):
        """Live may not let a track go that it records to."""
        self.began()
        with mock.patch("live_simulator.tracks.remove_track", side_effect=RuntimeError("not now")):
            self.act("disable_script")
        self.tick(60)
        self.assertFalse(self.song.is_playing or self.song.record_mode or self.take_track.arm)
        self.rearm()
        self.act("enable_script")
        self.tick()
        self.greet()
        self.assert_as_before()

    def test_with_its_take_by_a_script_that_is_switched_off(self):
        self.recorded()
        self.act("disable_script")
        self.assert_as_before()

    def test_by_a_sound_device_that_goes(self):
        request_id = self.began()
        self.act("lose_audio")
        self.assertEqual(self.outcome(request_id), "no_audio")
        self.ask("restore")
        self.assert_as_before()

    def test_without_a_sound_device_it_does_not_begin(self):
        self.act("lose_audio")
        self.ask("prepare", 4.0)
        self.assertEqual(self.refused("record", 4.0, 8.0), "no_audio")
        self.ask("restore")
        self.assert_as_before()

    def test_what_the_user_puts_on_its_track_stays(self):
        self.recorded()
        track = self.take_track
        self.act("place_clip", USERS_TRACKS + 1, KICK, 40.0)
        self.assertEqual(self.ask("forget_recording", False), [0])
        self.assertEqual((track.name, self.starts(track)), ("resampling", [4.0, 40.0]))

    def test_a_copy_that_the_user_made_of_its_track_stays(self):
        self.recorded()
        self.act("duplicate_track", USERS_TRACKS + 1)
        self.tick()
        self.assertEqual(self.ask("forget_recording", False), [1])
        self.assertEqual(self.song.tracks[USERS_TRACKS + 1].name, "resampling")
        self.assertEqual(self.ask("forget_recording", False), [0])


class LowEditionTest(RecordingCase):
    def test_where_live_has_no_room_for_one_more_track(self):
        self.ask("prepare", 4.0)
        edition = self.live.song.edition
        self.live.song.edition = edition._replace(most_tracks=5)
        message = self.answer("record", 4.0, 8.0)
        self.assertEqual(message.arguments[1], "live_refused")
        self.assertIn("one more track", message.arguments[2])
