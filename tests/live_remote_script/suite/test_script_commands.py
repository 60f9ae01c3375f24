import unicodedata
import unittest

from live_remote_script import protocol
from live_stand_in import Clip, Live
from script_case import ScriptCase


class ReadingTest(ScriptCase):
    def test_hello_names_script_protocol_and_live(self):
        self.start()
        _, protocol_version, live_version, can_place, mend = self.ask("hello")
        self.assertEqual(
            (protocol_version, live_version, can_place, mend), (protocol.PROTOCOL_VERSION, "12.3.6", True, "")
        )

    def test_the_song_says_who_owns_its_tempo(self):
        self.start()
        self.assertEqual(self.ask("song")[:3], [120.0, "free", 0.0])
        self.live.song.master_track.mixer_device.song_tempo.automation_state = 1
        self.assertEqual(self.ask("song")[1], "automated")
        self.assertEqual(self.refused("set_tempo", 100.0), "tempo_owned")
        self.live.song.master_track.mixer_device.song_tempo.automation_state = 0
        self.live.song.is_ableton_link_enabled = True
        self.assertEqual(self.ask("song")[1], "link")
        self.assertEqual(self.refused("set_tempo", 100.0), "tempo_owned")
        self.assertEqual(self.live.song.tempo, 120.0)

    def test_many_tracks_and_clips_come_in_small_pages(self):
        self.start()
        track_id = self.track("a track with a rather long name " * 4)
        for number in range(30):
            self.live.song.tracks.append(
                self.live.track_class(self.live, "the user's track number %d, %s" % (number, "x" * 60))
            )
        for number in range(25):
            self.clip(track_id, 2.0 * number)
        self.assertEqual([row["index"] for row in self.rows("tracks")], list(range(31)))
        self.assertEqual([row["start_beats"] for row in self.rows("clips", 0)], [2.0 * number for number in range(25)])
        self.send("tracks", 0)
        self.run_until_replied()
        self.assertLess(len(self.socket.recv(65535)), protocol.MOST_REPLY_BYTES + 1)
        self.assertEqual(self.refused("clips", 31, 0), "no_such_track")

    def test_a_row_longer_than_a_page_comes_alone(self):
        self.start()
        path = "/" + "folder/" * 400 + "kick.wav"
        self.live.file_seconds[path] = 1.0
        track_id = self.track()
        self.clip(track_id, 0.0, path)
        self.clip(track_id, 4.0, path)
        self.assertEqual([row["file_path"] for row in self.rows("clips", 0)], [path, path])


class TracksTest(ScriptCase):
    def test_a_track_of_ours_is_as_asked_and_not_armed(self):
        self.start()
        track_id = self.track("drums #1", 0xF00000, 0.8, -0.5)
        (row,) = self.rows("tracks")
        self.assertEqual(
            (row["track_id"], row["name"], row["colour"], row["volume"], row["pan"]),
            (track_id, "drums #1", 0xF00000, 0.8, -0.5),
        )
        (track,) = self.live.song.tracks
        self.assertEqual((track.name, track.color, track.arm), ("drums 11", 0xFF0000, False))

    def test_what_the_user_made_of_name_and_colour_is_told_until_it_is_set_again(self):
        self.start()
        track_id = self.track("drums", 0xFF0000)
        (track,) = self.live.song.tracks
        track.name, track.color = "my drums", 0x00FF00
        (row,) = self.rows("tracks")
        self.assertEqual((row["name"], row["colour"]), ("my drums", 0x00FF00))
        self.ask("set_track", track_id, "my drums", 0x0000F0, 0.7, 0.0)
        (row,) = self.rows("tracks")
        self.assertEqual((row["name"], row["colour"], row["volume"]), ("my drums", 0x0000F0, 0.7))
        self.assertEqual((track.name, track.color), ("my drums", 0x0000FF))
        self.ask("set_track", track_id, "drums", 0xFF0000, 0.7, 0.0)
        self.assertEqual((track.name, track.color), ("drums", 0xFF0000))

    def test_ids_stay_when_tracks_move(self):
        self.start()
        first, second = self.track("a"), self.track("b")
        self.live.song.tracks.insert(0, self.live.track_class(self.live, "the user's"))
        self.live.song.tracks.reverse()
        self.ask("delete_track", first)
        self.assertEqual(
            [(row["name"], row["track_id"]) for row in self.rows("tracks")], [("b", second), ("the user's", 0)]
        )
        self.assertEqual(self.refused("delete_track", first), "no_such_track")
        self.assertEqual(self.refused("set_track", first, "a", 0, 0.5, 0.0), "no_such_track")

    def test_a_users_duplicate_of_our_track_is_the_users(self):
        self.start()
        track_id = self.track("drums")
        copy = self.live.track_class(self.live, "drums")
        copy.data = dict(self.live.song.tracks[0].data)
        self.live.song.tracks.append(copy)
        self.assertEqual([row["track_id"] for row in self.rows("tracks")], [track_id, 0])
        self.ask("delete_track", track_id)
        self.assertEqual(self.live.song.tracks, [copy])

    def test_many_tracks_are_deleted_one_a_tick(self):
        self.start()
        self.live.song.tracks.append(self.live.track_class(self.live, "the user's"))
        ids = [self.track(str(number)) for number in range(5)]
        for track_id in ids:
            self.send("delete_track", track_id)
        self.live.tick(20)
        self.assertEqual({self.receive().address for _ in ids}, {protocol.OK})
        self.assertEqual([track.name for track in self.live.song.tracks], ["the user's"])

    def test_a_track_with_a_clip_of_the_users_stays(self):
        self.start()
        track_id = self.track()
        self.clip(track_id, 0.0)
        (track,) = self.live.song.tracks
        track._clips.append(Clip(track, "/pad.wav", 64.0))
        self.assertEqual(self.refused("delete_track", track_id), "not_ours")
        self.assertEqual(self.refused("delete_clip", track_id, 64.0, "/pad.wav"), "not_ours")
        track._clips.pop()
        track.clip_slots[1].create_audio_clip("/pad.wav")
        self.assertEqual(self.refused("delete_track", track_id), "not_ours")
        self.assertEqual(len(self.live.song.tracks), 1)


class PlacingTest(ScriptCase):
    def test_a_clip_is_unwarped_trimmed_and_as_asked(self):
        for returns_clip in (True, False):
            for comes_warped in (True, False):
                with self.subTest(returns_clip=returns_clip, comes_warped=comes_warped):
                    self.live = Live(returns_clip=returns_clip, comes_warped=comes_warped)
                    self.live.file_seconds = {"/kick.wav": 1.0}
                    self.start()
                    start, end = self.clip(self.track(), 3.25, end_seconds=0.5, coarse=12, fine=0.0, gain=0.6)
                    self.assertEqual((start, end), (3.25, 3.75))
                    (row,) = self.rows("clips", 0)
                    self.assertEqual(
                        [
                            row[key]
                            for key in (
                                "file_path",
                                "gain",
                                "pitch_coarse",
                                "loop_start",
                                "loop_end",
                                "warping",
                                "ours",
                            )
                        ],
                        ["/kick.wav", 0.6, 12, 0.0, 0.5, False, True],
                    )

    def test_before_a_later_clip_nothing_is_overwritten(self):
        self.start()
        track_id = self.track()
        for start_beats in (8.0, 2.0, 4.0, 0.0, 3.0):
            self.clip(track_id, start_beats)
        (track,) = self.live.song.tracks
        self.assertEqual([clip.start_time for clip in track.arrangement_clips], [0.0, 2.0, 3.0, 4.0, 8.0])
        self.assertFalse(any(clip.overwritten for clip in track.arrangement_clips))
        self.assertFalse(any(slot.has_clip for slot in track.clip_slots))

    def test_many_at_once_on_one_track_keep_each_other(self):
        self.start()
        track_id = self.track()
        for number in range(20):
            self.send("create_clip", *self.clip_arguments(track_id, float(number)))
        self.live.tick(200)
        self.assertEqual({self.receive().address for _ in range(20)}, {protocol.OK})
        clips = self.live.song.tracks[0].arrangement_clips
        self.assertEqual([clip.start_time for clip in clips], [float(number) for number in range(20)])
        self.assertFalse(any(clip.overwritten for clip in clips))

    def test_nothing_is_placed_over_a_clip(self):
        self.start()
        track_id = self.track()
        self.clip(track_id, 4.0, end_seconds=1.0)
        for start_beats in (3.5, 4.0, 5.5):
            self.assertEqual(self.refused("create_clip", *self.clip_arguments(track_id, start_beats)), "occupied")
        self.clip(track_id, 6.0)
        self.clip(track_id, 3.0)
        self.assertEqual(len(self.live.song.tracks[0].arrangement_clips), 3)

    def test_no_empty_slot_to_prepare_in_is_said(self):
        self.start()
        track_id = self.track()
        self.clip(track_id, 4.0)
        for slot in self.live.song.tracks[0].clip_slots:
            slot.create_audio_clip("/pad.wav")
        message = self.answer("create_clip", *self.clip_arguments(track_id, 0.0))
        self.assertEqual(message.arguments[1], "occupied")
        self.assertIn("Session slot", message.arguments[2])

    def test_what_live_cannot_make_as_asked_is_taken_back(self):
        self.start()
        track_id = self.track()
        self.assertEqual(
            self.refused("create_clip", *self.clip_arguments(track_id, 0.0, end_seconds=1.5)), "not_as_asked"
        )
        self.clip(track_id, 8.0)
        self.assertEqual(
            self.refused("create_clip", *self.clip_arguments(track_id, 0.0, end_seconds=1.5)), "not_as_asked"
        )
        (track,) = self.live.song.tracks
        self.assertEqual([clip.start_time for clip in track.arrangement_clips], [8.0])
        self.assertFalse(any(slot.has_clip for slot in track.clip_slots))

    def test_lives_refusals_come_back_in_its_words(self):
        self.start()
        track_id = self.track()
        for path, words in (("/none.wav", "valid audio file"), ("kick.wav", "absolute path")):
            message = self.answer("create_clip", *self.clip_arguments(track_id, 0.0, path))
            self.assertEqual(message.arguments[1], "live_refused")
            self.assertIn(words, message.arguments[2])
        self.assertEqual(self.refused("create_clip", *self.clip_arguments(99, 0.0)), "no_such_track")
        self.clip(track_id, 0.0)

    def test_a_clip_is_deleted_by_start_and_file(self):
        self.start()
        track_id = self.track()
        self.clip(track_id, 0.0)
        self.clip(track_id, 4.0)
        self.assertEqual(self.refused("delete_clip", track_id, 4.0, "/pad.wav"), "no_such_clip")
        self.assertEqual(self.refused("delete_clip", track_id, 4.1, "/kick.wav"), "no_such_clip")
        self.ask("delete_clip", track_id, 4.0, "/kick.wav")
        self.assertEqual([clip.start_time for clip in self.live.song.tracks[0].arrangement_clips], [0.0])

    def test_a_path_that_live_spells_otherwise_is_still_ours(self):
        self.start()
        self.live.file_seconds["/trömmel.wav"] = 1.0
        self.live.spelled = lambda path: unicodedata.normalize("NFD", path)
        track_id = self.track()
        for start_beats in (4.0, 0.0):
            self.clip(track_id, start_beats, "/trömmel.wav")
        rows = self.rows("clips", 0)
        self.assertEqual([row["ours"] for row in rows], [True, True])
        self.ask("delete_clip", track_id, 0.0, rows[0]["file_path"])
        self.assertEqual(self.ask("undo")[0], 1)
        self.assertEqual(self.live.song.tracks[0].arrangement_clips, [])

    def test_the_playhead_is_put_back(self):
        self.start()
        song = self.live.song
        track_id = self.track()
        song._time, song.start_time = 17.0, 16.0
        for number in range(6):
            self.send("create_clip", *self.clip_arguments(track_id, float(number)))
        self.send("settle")
        self.live.tick(80)
        self.assertEqual((song.current_song_time, song.start_time), (17.0, 16.0))
        self.assertEqual({self.receive().address for _ in range(7)}, {protocol.OK})

    def test_reading_goes_on_while_a_clip_is_placed(self):
        self.start()
        track_id = self.track()
        placing = self.send("create_clip", *self.clip_arguments(track_id, 0.0))
        reading = self.send("status")
        self.live.tick(10)
        self.assertEqual([self.receive().arguments[0] for _ in range(2)], [reading, placing])

    def test_the_song_may_play_while_clips_are_placed(self):
        self.start()
        track_id = self.track()
        self.ask("play", 0.0)
        self.clip(track_id, 4.0)
        self.ask("settle")
        self.assertTrue(self.live.song.is_playing)


class TransportTest(ScriptCase):
    def test_play_starts_at_the_position_and_stop_restores_the_loop(self):
        self.start()
        song = self.live.song
        song._loop = True
        self.assertEqual(self.ask("play", 12.0), [12.0])
        self.assertEqual((song.is_playing, song.loop), (True, False))
        self.assertEqual(self.ask("play", 4.0), [4.0])
        self.assertEqual(self.ask("status")[0], True)
        self.ask("stop")
        self.live.tick()
        self.assertEqual((song.is_playing, song.loop), (False, True))
        self.assertEqual(self.ask("stop"), [4.0])


class UndoTest(ScriptCase):
    def test_undo_takes_back_what_is_ours_and_the_tempo(self):
        self.start()
        users = self.live.track_class(self.live, "the user's")
        users._clips.append(Clip(users, "/kick.wav", 0.0))
        self.live.song.tracks.append(users)
        self.ask("begin", 16.0)
        self.assertEqual(self.ask("set_tempo", 93.5), [93.5])
        self.assertEqual(self.ask("song")[2], 16.0)
        self.clip(self.track("a"), 16.0)
        mixed = self.track("b")
        self.clip(mixed, 16.0)
        self.live.song.tracks[2]._clips.append(Clip(self.live.song.tracks[2], "/pad.wav", 64.0))
        self.assertEqual(self.ask("undo"), [2, 1, 1, 120.0])
        self.assertEqual([track.name for track in self.live.song.tracks], ["the user's", "b"])
        self.assertEqual([clip.file_path for clip in self.live.song.tracks[1].arrangement_clips], ["/pad.wav"])
        self.assertEqual([row["track_id"] for row in self.rows("tracks")], [0, 0])
        self.assertEqual(self.ask("undo"), [0, 0, 0, 120.0])
        self.assertEqual(len(users._clips), 1)

    def test_a_tempo_that_the_user_changed_since_stays(self):
        self.start()
        self.ask("begin", 0.0)
        self.ask("set_tempo", 90.0)
        self.live.song.tempo = 111.0
        self.assertEqual(self.ask("undo")[3], 111.0)

    def test_the_last_track_stays(self):
        self.start()
        self.clip(self.track(), 0.0)
        self.assertEqual(self.ask("undo"), [1, 0, 1, 120.0])
        self.assertEqual(self.live.song.tracks[0].arrangement_clips, [])


class OldLiveTest(ScriptCase):
    def test_a_live_that_cannot_place_is_told_which_one_can(self):
        self.live = Live(can_place=False, version=(12, 0, 2))
        self.start()
        self.assertIn("12.0.5", self.live.messages[0])
        _, _, version, can_place, mend = self.ask("hello")
        self.assertEqual((version, can_place), ("12.0.2", False))
        self.assertIn("11.3.25", mend)
        self.assertEqual(self.rows("tracks"), [])
        for command in protocol.COMMANDS:
            if command.writes and not command.request:
                self.assertEqual(self.refused(command.name), "unsupported_live")
        self.assertEqual(self.refused("create_track", "a", 0, 0.5, 0.0), "unsupported_live")


if __name__ == "__main__":
    unittest.main()
