import unittest

from live_remote_script import protocol
from script_case import KICK, PAD, SOUNDS, USERS_TRACKS, ScriptCase, sound

from live_simulator.nodes.node import AudioFile


class ReadingTest(ScriptCase):
    def test_version_names_script_protocol_and_live(self):
        self.start()
        found = self.ask("version")
        names = [field.name for field in protocol.BY_NAME["version"].reply]
        told = dict(zip(names, found))
        self.assertEqual((told["script_version"], told["protocol_version"]), (protocol.SCRIPT_VERSION, 5))
        self.assertEqual((told["live_version"], told["live_variant"]), ("12.3.6", "Suite"))
        self.assertEqual((told["can_place"], told["mend"]), (True, ""))

    def test_the_song_says_who_owns_its_tempo(self):
        self.start()
        self.assertEqual(self.ask("song")[:3], [120.0, "free", 0.0])
        self.act("automate_tempo", True)
        self.assertEqual(self.ask("song")[1], "automated")
        self.assertEqual(self.refused("set_tempo", 100.0), "tempo_owned")
        self.act("automate_tempo", False)
        self.act("switch_link", True)
        self.assertEqual(self.ask("song")[1], "link")
        self.assertEqual(self.refused("set_tempo", 100.0), "tempo_owned")
        self.assertEqual(self.song.tempo, 120.0)

    def test_loop_marker_end_and_selection_are_told(self):
        self.start()
        self.act("place_clip", 2, KICK, 6.0)
        self.song.loop_start, self.song.loop_length, self.song.loop = 4.0, 8.0, True
        self.song.start_time = 3.0
        self.act("select_track", 3)
        self.tick(2)
        names = [field.name for field in protocol.BY_NAME["song"].reply]
        told = dict(zip(names, self.ask("song")))
        self.assertEqual((told["loop"], told["loop_start_beats"], told["loop_length_beats"]), (True, 4.0, 8.0))
        self.assertEqual((told["start_marker_beats"], told["last_event_beats"]), (3.0, 8.0))
        self.assertEqual((told["selected_track"], told["track_count"]), (3, USERS_TRACKS))

    def test_many_tracks_and_clips_come_in_small_pages(self):
        self.start()
        self.ask("reserve_tracks", 30)
        self.do(*[["set_track", number, "track %d " % number * 8, 0, 0.5, 0.0] for number in range(1, 31)])
        self.do(*[self.clip(1, 2.0 * number) for number in range(25)])
        self.assertEqual([row["index"] for row in self.rows("tracks")], list(range(USERS_TRACKS + 30)))
        starts = [row["start_beats"] for row in self.rows("clips", USERS_TRACKS)]
        self.assertEqual(starts, [2.0 * number for number in range(25)])
        self.send("tracks", 0)
        self.run_until_received(self.socket)
        self.assertLessEqual(len(self.socket.recv(65535)), protocol.MOST_REPLY_BYTES)
        self.assertEqual(self.refused("clips", 99, 0), "no_such_track")

    def test_a_row_longer_than_a_page_comes_alone_and_in_parts(self):
        path = sound("folder/" * 400 + "kick.wav")
        self.files[path] = AudioFile(path, 44100, 44100, 1)
        self.start()
        track_id = self.track()
        self.do(self.clip(track_id, 0.0, path), self.clip(track_id, 4.0, path))
        self.assertEqual([row["file_path"] for row in self.rows("clips", USERS_TRACKS)], [path, path])

    def test_the_selected_clip_and_its_warp_markers_are_told(self):
        self.start()
        names = [field.name for field in protocol.BY_NAME["selected_clip"].reply]
        self.assertEqual(self.ask("selected_clip")[:5], ["none", "", "", False, -1])
        self.assertEqual(self.refused("warp_markers", 0), "no_such_clip")
        self.act("place_clip", 2, PAD, 6.0)
        self.act("select_clip", 2, 0)
        told = dict(zip(names, self.ask("selected_clip")))
        self.assertEqual((told["kind"], told["file_path"], told["track_index"]), ("audio", PAD, 2))
        self.assertEqual((told["start_beats"], told["end_beats"], told["in_arrangement"]), (6.0, 22.0, True))
        self.assertTrue(told["warping"])
        seconds = [row["sample_seconds"] for row in self.rows("warp_markers")]
        self.assertEqual(seconds, sorted(seconds))
        self.assertGreaterEqual(len(seconds), 1)

    def test_locators_are_told(self):
        self.start()
        self.act("place_clip", 2, PAD, 0.0)
        self.song.current_song_time = 8.0
        self.tick(2)
        self.song.set_or_delete_cue()
        self.tick(2)
        self.assertEqual([row["start_beats"] for row in self.rows("cue_points")], [8.0])


class OldLiveTest(ScriptCase):
    version = (12, 0, 2)

    def test_a_live_that_cannot_place_is_told_which_one_can(self):
        self.start()
        self.assertIn("12.0.5", self.messages()[0])
        told = dict(zip([field.name for field in protocol.BY_NAME["version"].reply], self.ask("version")))
        self.assertEqual((told["live_version"], told["can_place"]), ("12.0.2", False))
        self.assertIn("11.3.25", told["mend"])
        self.assertEqual(len(self.rows("tracks")), USERS_TRACKS)
        for name, *arguments in (
            ("undo",),
            ("reserve_tracks", 1),
            ("begin", 0.0, 0),
            ("set_tempo", 99.0),
            ("prepare", 0.0),
            ("play", 0.0),
        ):
            self.assertEqual(self.refused(name, *arguments), "unsupported_live")
        self.assertFalse(self.song.is_playing)
        self.assertEqual(len(self.song.tracks), USERS_TRACKS)


class OldestLiveTest(OldLiveTest):
    version = (11, 0, 0)

    def test_a_live_that_cannot_place_is_told_which_one_can(self):
        self.start()
        self.assertIn("11.3.25", self.messages()[0])
        self.assertEqual(self.ask("song")[0], 120.0)
        self.assertEqual(self.refused("reserve_tracks", 1), "unsupported_live")


class AuthenticTest(ScriptCase):
    def test_only_who_has_the_token_can_write(self):
        self.start()
        self.assertEqual(self.refused("reserve_tracks", 1, token=b"another"), "not_authentic")
        self.session = b"12345678"
        self.assertEqual(self.refused("reserve_tracks", 1), "not_authentic")
        self.assertEqual(len(self.song.tracks), USERS_TRACKS)
        self.greet()
        self.assertEqual(self.ask("reserve_tracks", 1)[0], 1)

    def test_strangers_do_not_push_out_who_has_the_token(self):
        self.start()
        track_id = self.track()
        plan_id = self.sent_plan(self.clip(track_id, 0.0))
        for _ in range(100):
            self.ask("status", asker=self.new_socket())
        self.assertEqual(self.ask("commit", plan_id), [1])

    def test_a_refused_forgery_does_not_use_up_the_id(self):
        self.start()
        self.assertEqual(self.refused("reserve_tracks", 1, token=b"another", request_id=500), "not_authentic")
        self.assertEqual(self.ask("reserve_tracks", 1, request_id=500)[0], 1)

    def test_without_a_token_nothing_can_be_written(self):
        self.start(token=b"")
        self.assertTrue(any("install-script" in line for line in self.messages()))

    def greet(self, *arguments, **more):
        if not self.messages():
            super().greet(*arguments, **more)

    def test_only_files_of_the_named_folders_are_placed(self):
        elsewhere = sound("../elsewhere/kick.wav")
        self.files[elsewhere] = AudioFile(elsewhere, 44100, 44100, 1)
        self.start()
        track_id = self.track()
        for path in (elsewhere, SOUNDS + "2/kick.wav", "kick.wav", SOUNDS):
            self.assertEqual(self.refused_plan(self.clip(track_id, 0.0, path)), "not_allowed")
        self.assertEqual(self.refused("hello", "sounds"), "bad_request")
        self.do(self.clip(track_id, 0.0))


if __name__ == "__main__":
    unittest.main()
