import unittest

from script_case import KICK, PAD, USERS_TRACKS, ScriptCase


class TransportTest(ScriptCase):
    def setUp(self):
        super().setUp()
        self.start()
        self.act("place_clip", 2, PAD, 0.0)
        self.act("place_clip", 2, PAD, 16.0)

    def test_play_starts_at_the_position_and_restore_gives_back_loop_and_marker(self):
        self.act("set_loop", True, 4.0, 8.0)
        self.song.start_time = 2.0
        self.tick(2)
        (position,) = self.ask("play", 12.0)
        self.assertAlmostEqual(position, 12.0, 1)
        self.assertEqual((self.song.is_playing, self.song.loop), (True, False))
        self.assertEqual(self.ask("status")[4], "start marker, loop")
        self.ask("play", 4.0)
        self.ask("stop")
        self.ask("restore")
        self.tick(2)
        self.assertEqual((self.song.is_playing, self.song.loop, self.song.start_time), (False, True, 2.0))
        self.assertEqual(self.ask("status")[4], "")
        self.ask("stop")

    def test_a_song_without_sound_device_is_told(self):
        self.act("lose_audio")
        message = self.answer("play", 0.0)
        self.assertEqual(message.arguments[1], "no_audio")
        self.assertIn("audio device", message.arguments[2])

    def prepared(self):
        self.do(self.clip(self.track(), 0.0))
        self.song.tracks[3].clip_slots[0].create_audio_clip(KICK)
        self.act("fire_clip", 3, 0)
        self.tick(3)
        self.act("solo_track", 2, True)
        self.song.metronome = True
        self.song.punch_in = True
        self.act("set_loop", True, 4.0, 8.0)
        self.tick(2)
        self.ask("prepare", 1.0)
        self.tick(2)
        self.assertEqual([track.solo for track in self.song.tracks], [False] * USERS_TRACKS + [True])
        self.assertEqual((self.song.metronome, self.song.punch_in, self.song.loop), (False, False, False))
        self.assertEqual(self.song.start_time, 1.0)
        self.assertFalse(self.song.back_to_arranger)

    def assert_as_before(self):
        self.tick(3)
        self.assertEqual([track.solo for track in self.song.tracks], [False, False, True, False, False])
        self.assertEqual((self.song.metronome, self.song.punch_in, self.song.loop), (True, True, True))
        self.assertEqual((self.song.start_time, self.song.is_playing), (0.0, False))

    def test_prepare_lets_only_ours_be_heard_and_restore_gives_all_back(self):
        self.prepared()
        self.ask("play", 1.0)
        self.ask("stop")
        self.ask("restore")
        self.assert_as_before()

    def test_nothing_is_recorded_when_it_plays(self):
        """Live can stand with Arrangement Record on, by a preference of the user's."""
        with self.live.runtime.change(""):
            self.live.song.put("record_mode", True, undoable=False)
        self.assertEqual((self.song.record_mode, self.song.is_playing), (True, False))
        self.ask("play", 1.0)
        self.tick(50)
        self.assertFalse(self.song.record_mode)

    def test_a_return_that_is_soloed_does_not_mute_ours(self):
        self.song.return_tracks[0].solo = True
        self.ask("prepare", 1.0)
        self.tick(2)
        self.assertFalse(self.song.return_tracks[0].solo)
        self.ask("restore")
        self.tick(2)
        self.assertTrue(self.song.return_tracks[0].solo)

    def test_what_a_silent_controller_borrowed_is_given_back(self):
        self.prepared()
        self.ask("play", 1.0)
        self.seconds += 2.9
        self.tick(5)
        self.assertTrue(self.song.is_playing)
        self.seconds += 0.2
        self.tick(5)
        self.assert_as_before()

    def test_a_script_that_is_switched_off_gives_all_back(self):
        self.prepared()
        self.act("disable_script")
        self.tick(3)
        self.assert_as_before()

    def test_a_track_that_the_user_deletes_meanwhile_does_not_keep_the_rest(self):
        self.prepared()
        self.act("delete_track", 2)
        self.ask("restore")
        self.tick(3)
        self.assertEqual([track.solo for track in self.song.tracks], [False] * USERS_TRACKS)
        self.assertTrue(self.song.loop)

    def test_another_controller_cannot_play_meanwhile(self):
        self.ask("play", 0.0)
        other = self.new_socket()
        self.assertEqual(self.refused("play", 4.0, asker=other), "busy")
        self.assertEqual(self.refused("prepare", 4.0, asker=other), "busy")
        self.ask("restore")
        self.ask("play", 4.0, asker=other)


class SilentControllerTest(ScriptCase):
    def test_a_plan_whose_controller_is_gone_is_carried_out_to_its_end(self):
        self.start()
        self.ask("reserve_tracks", 1)
        self.do(*[self.clip(1, 2.0 * number) for number in range(10)])
        steps = [["delete_clip", 1, 2.0 * number, KICK] for number in range(10)]
        steps += [self.clip(1, 2.0 * number, PAD) for number in range(10)]
        self.send("commit", self.sent_plan(*steps))
        while len(self.starts(self.our_live_tracks[0])) > 5:
            self.tick()
        self.seconds += 3.1
        other = self.new_socket()
        self.ask("settle", asker=other)
        clips = self.our_live_tracks[0].arrangement_clips
        found = [(clip.start_time, clip.file_path) for clip in clips]
        self.assertEqual(found, [(2.0 * number, PAD) for number in range(10)])
        (plan_id,) = self.ask("begin", 0.0, 0, asker=other)
        self.assertEqual(self.ask("commit", plan_id, asker=other), [0])

    def test_a_plan_that_was_never_committed_is_dropped(self):
        self.start()
        plan_id = self.sent_plan()
        self.seconds += 3.1
        self.tick(2)
        self.assertEqual(self.refused("commit", plan_id), "no_such_plan")


class WatchTest(ScriptCase):
    def setUp(self):
        super().setUp()
        self.start()
        self.first, self.second = self.track("a"), self.track("b")
        self.do(self.clip(self.first, 0.0), self.clip(self.first, 8.0), self.clip(self.second, 0.0))
        self.assertEqual(self.ask("watch", True), [0])
        self.tick(20)

    def reports(self):
        """What was reported since: (what, track_id); revisions are in order."""
        self.tick(10)
        self.socket.setblocking(False)
        found = []
        try:
            while True:
                found.append(self.receive().arguments)
        except BlockingIOError:
            pass
        finally:
            self.socket.settimeout(2)
        revisions = [revision for revision, _, _ in found]
        self.assertEqual(revisions, sorted(set(revisions)))
        return [(what, track_id) for _, what, track_id in found]

    def test_each_change_of_ours_is_reported_once_and_others_are_not(self):
        self.assertEqual(self.reports(), [])
        ours, second = USERS_TRACKS, USERS_TRACKS + 1
        for action, arguments, expected in (
            ("move_clip", (ours, 0, 2.0), ("clips", self.first)),
            ("delete_clip", (ours, 1), ("clips", self.first)),
            ("set_clip_gain", (ours, 0, 0.3), ("clips", self.first)),
            ("transpose_clip", (ours, 0, 5), ("clips", self.first)),
            ("mute_clip", (ours, 0, True), ("clips", self.first)),
            ("place_clip", (second, PAD, 32.0), ("clips", self.second)),
            ("rename_track", (ours, "mine"), ("track", self.first)),
            ("mute_track", (second, True), ("track", self.second)),
            ("move_fader", (second, 0.3), ("track", self.second)),
            ("set_tempo", (97.0,), ("tempo", 0)),
            ("delete_track", (second,), ("track_deleted", self.second)),
        ):
            with self.subTest(action=action):
                self.act(action, *arguments)
                self.assertEqual(self.reports(), [expected])
        self.act("place_clip", 2, KICK, 0.0)
        self.act("rename_track", 0, "the user's")
        self.act("add_track", "audio")
        self.assertEqual(self.reports(), [])
        self.assertEqual(self.ask("status")[3], 11)

    def test_what_the_script_does_itself_is_not_reported(self):
        self.do(self.clip(self.second, 4.0), ["set_track", self.first, "other", 0x00FF00, 0.5, 0.2])
        self.ask("settle")
        self.assertEqual(self.reports(), [])
        self.act("delete_clip", USERS_TRACKS + 1, 1)
        self.assertEqual(self.reports(), [("clips", self.second)])

    def test_a_new_clip_is_listened_to(self):
        self.act("place_clip", USERS_TRACKS, PAD, 32.0)
        self.reports()
        self.act("mute_clip", USERS_TRACKS, 2, True)
        self.assertEqual(self.reports(), [("clips", self.first)])

    def test_a_moved_fader_makes_no_clip_be_listened_to_anew(self):
        heard = [clip.listeners for clip in self.live.song.tracks[USERS_TRACKS].clips]
        before = [{event: list(found) for event, found in one.items()} for one in heard]
        for step in range(5):
            self.act("move_fader", USERS_TRACKS, 0.1 * step)
            self.assertEqual(self.reports(), [("track", self.first)])
        self.assertTrue(any(any(one.values()) for one in before))
        self.assertEqual([{event: list(found) for event, found in one.items()} for one in heard], before)

    def test_after_a_build_each_clip_is_listened_to_once(self):
        self.do(["delete_clip", self.first, 0.0, KICK], self.clip(self.first, 16.0))
        self.ask("undo")
        self.track("c")
        self.do(self.clip(1, 0.0))
        self.tick(20)
        nodes = [clip for track in self.live.song.tracks for clip in track.clips]
        self.assertTrue(nodes)
        self.assertEqual({len(found) for clip in nodes for found in clip.listeners.values() if found}, {1})

    def test_a_script_that_is_switched_off_listens_no_more(self):
        self.act("disable_script")
        nodes = [self.live.song, *self.live.song.tracks]
        nodes += [clip for track in self.live.song.tracks for clip in track.clips]
        self.assertEqual([node for node in nodes if any(node.listeners.values())], [])
        self.act("new_set")
        self.act("enable_script")
        self.greet()

    def test_who_is_gone_is_watched_for_no_more(self):
        self.seconds += 59.0
        self.tick(2)
        self.act("delete_clip", USERS_TRACKS, 0)
        self.assertEqual(self.reports(), [("clips", self.first)])
        self.seconds += 2.0
        self.tick(2)
        self.act("delete_clip", USERS_TRACKS, 0)
        self.assertEqual(self.reports(), [])

    def test_who_does_not_watch_any_more_is_told_nothing(self):
        self.ask("watch", False)
        self.act("delete_clip", USERS_TRACKS, 0)
        self.assertEqual(self.reports(), [])
        self.ask("watch", True)
        self.tick(20)
        self.act("delete_clip", USERS_TRACKS, 0)
        self.assertEqual(self.reports(), [("clips", self.first)])


if __name__ == "__main__":
    unittest.main()
