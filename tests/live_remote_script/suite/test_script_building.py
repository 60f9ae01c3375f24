import os
import unicodedata
import unittest

from live_remote_script import protocol
from live_remote_script.context import kept_selection
from live_remote_script.ours import KEY, MARK
from script_case import KICK, PAD, USERS_TRACKS, ScriptCase, sound

from live_simulator.editions import EDITIONS
from live_simulator.nodes.node import AudioFile


class TracksTest(ScriptCase):
    def test_tracks_are_made_behind_the_users_and_not_armed(self):
        self.start()
        self.assertEqual(self.ask("reserve_tracks", 3), [3, "", ""])
        self.assertEqual(self.ask("reserve_tracks", 3), [3, "", ""])
        self.assertEqual([row["track_id"] for row in self.rows("tracks")], [0] * USERS_TRACKS + [1, 2, 3])
        self.assertFalse(any(track.arm for track in self.our_live_tracks))

    def test_the_selection_stays_where_the_user_had_it(self):
        self.start()
        self.act("select_track", 2)
        self.ask("reserve_tracks", 2)
        self.do(self.clip(1, 0.0))
        self.assertEqual(self.song.view.selected_track, self.song.tracks[2])

    def test_the_selected_clip_stays_selected(self):
        self.start()
        self.act("place_clip", 2, PAD, 0.0)
        self.act("select_clip", 2, 0)
        track_id = self.track()
        self.do(self.clip(track_id, 8.0))
        self.do(self.clip(track_id, 0.0))
        self.assertEqual(self.song.view.detail_clip, self.song.tracks[2].arrangement_clips[0])

    def test_an_editions_limit_is_told_and_what_could_be_had_is_there(self):
        self.host((12, 3, 6), EDITIONS["lite"])
        self.start()
        room = len(self.song.tracks)
        count, refusal, _ = self.ask("reserve_tracks", 100)
        self.assertEqual(room + count, len(self.song.tracks))
        self.assertLess(count, 100)
        self.assertTrue(refusal)

    def test_a_track_of_ours_is_as_asked_and_bears_our_mark(self):
        self.start()
        track_id = self.track("drums #1", 0xF00000, 0.8, -0.5)
        row = self.rows("tracks")[USERS_TRACKS]
        self.assertEqual((row["track_id"], row["name"], row["colour"]), (track_id, "drums #1", 0xF00000))
        self.assertAlmostEqual(row["volume"], 0.8, 6)
        self.assertAlmostEqual(row["pan"], -0.5, 6)
        (track,) = self.our_live_tracks
        self.assertEqual(track.name, MARK + "drums \u266f1")

    def test_what_the_user_made_of_name_and_colour_is_told_until_it_is_set_again(self):
        self.start()
        track_id = self.track("drums", 0xFF0000)
        (track,) = self.our_live_tracks
        self.act("rename_track", USERS_TRACKS, "my drums")
        self.act("recolour_track", USERS_TRACKS, 3)
        row = self.rows("tracks")[USERS_TRACKS]
        self.assertEqual((row["name"], row["colour"]), ("my drums", track.color))
        self.act("rename_track", USERS_TRACKS, MARK + "my drums")
        self.assertEqual(self.rows("tracks")[USERS_TRACKS]["name"], "my drums")
        self.do(["set_track", track_id, "drums", 0xFF0000, 0.7, 0.0])
        row = self.rows("tracks")[USERS_TRACKS]
        self.assertEqual((row["name"], row["colour"]), ("drums", 0xFF0000))

    def test_what_the_user_makes_of_a_track_of_ours_is_told(self):
        self.start()
        track_id = self.track("drums")
        self.ask("reserve_tracks", 2)
        given = ["set_track", track_id, "drums #1", 0xFF0000, 0.7, 0.1]
        edits = [("rename_track", "my drums"), ("recolour_track", 3), ("move_fader", 0.6), ("turn_pan", 0.0)]
        for name, value in edits:
            self.do(given)
            self.assertEqual([row["users_look"] for row in self.rows("tracks")[USERS_TRACKS:]], [False, False])
            self.act(name, USERS_TRACKS, value)
            self.assertEqual([row["users_look"] for row in self.rows("tracks")[USERS_TRACKS:]], [True, False])

    def test_ids_stay_when_tracks_move(self):
        self.start()
        first, second = self.track("a"), self.track("b")
        self.act("move_track", USERS_TRACKS + 1, 0)
        self.do(["delete_track", first])
        rows = self.rows("tracks")
        self.assertEqual([row["track_id"] for row in rows], [second] + [0] * USERS_TRACKS)
        self.assertEqual(self.refused_plan(["delete_track", first]), "no_such_track")
        self.assertEqual(self.refused_plan(["set_track", first, "a", 0, 0.5, 0.0]), "no_such_track")

    def test_a_users_duplicate_of_our_track_is_the_users(self):
        self.start()
        track_id = self.track("drums")
        self.act("duplicate_track", USERS_TRACKS)
        self.assertEqual([row["track_id"] for row in self.rows("tracks")][USERS_TRACKS:], [track_id, 0])
        self.do(["delete_track", track_id])
        self.assertEqual(len(self.our_live_tracks), 1)

    def test_many_tracks_are_deleted_one_a_tick(self):
        self.start()
        self.ask("reserve_tracks", 5)
        self.do(*[["delete_track", number] for number in range(1, 6)])
        self.assertEqual(len(self.song.tracks), USERS_TRACKS)
        self.assertEqual(self.live.figures()["late_calls"], 0)

    def test_a_track_with_a_clip_of_the_users_stays(self):
        self.start()
        track_id = self.track()
        self.do(self.clip(track_id, 0.0))
        self.act("place_clip", USERS_TRACKS, PAD, 64.0)
        self.assertEqual(self.refused_plan(["delete_track", track_id]), "not_ours")
        self.assertEqual(self.refused_plan(["delete_clip", track_id, 64.0, PAD]), "not_ours")
        self.assertEqual(len(self.our_live_tracks), 1)

    def test_a_track_with_a_device_of_the_users_stays(self):
        self.start()
        first, second = self.track("a"), self.track("b")
        self.do(self.clip(first, 0.0))
        self.our_live_tracks[0].insert_device("Reverb", 0)
        self.assertEqual([row["users_device_count"] for row in self.rows("tracks")[USERS_TRACKS:]], [1, 0])
        self.assertEqual(self.refused_plan(["delete_track", first]), "not_ours")
        self.assertEqual(self.ask("undo")[:3], [1, 1, 1])
        (track,) = self.our_live_tracks
        self.assertEqual(([device.name for device in track.devices], self.starts(track)), (["Reverb"], []))

    def test_tracks_whose_tags_are_lost_are_recognised_by_name_and_files(self):
        self.start()
        self.do(self.clip(self.track("drums"), 0.0))
        self.track("empty")
        for track in self.our_live_tracks:
            track.set_data(KEY, None)
        self.song.set_data(KEY, None)
        self.assertEqual([row["track_id"] for row in self.rows("tracks")], [0] * (USERS_TRACKS + 2))
        self.greet(folders=("/other",))
        self.assertEqual([row["track_id"] for row in self.rows("tracks")], [0] * (USERS_TRACKS + 2))
        self.greet()
        found = [(row["track_id"], row["name"]) for row in self.rows("tracks")[USERS_TRACKS:]]
        self.assertEqual(found, [(1, "drums"), (0, MARK + "empty")])
        self.do(["delete_clip", 1, 0.0, KICK])


class CollectedTest(ScriptCase):
    """The user collects all files into the set's project, and saves."""

    def setUp(self):
        super().setUp()
        self.start()
        self.track_id = self.track()
        self.do(self.clip(self.track_id, 0.0), self.clip(self.track_id, 8.0))
        self.project = os.path.abspath(os.sep + os.path.join("songs", "cover Project"))
        self.copy = os.path.join(self.project, "Samples", "Imported", "kick.wav")
        self.files[self.copy] = AudioFile(self.copy, 44100, 44100, 1)

    def collect(self, copy):
        with self.live.runtime.change(""):
            for clip in self.live.song.tracks[USERS_TRACKS].clips:
                clip.put("file", copy)
        self.act("save_set", os.path.join(self.project, "cover.als"))

    def ours(self):
        return [row["ours"] for row in self.rows("clips", USERS_TRACKS)]

    def test_clips_whose_files_were_collected_are_still_ours(self):
        self.collect(self.files[self.copy])
        self.assertEqual(self.ours(), [False, False])
        self.greet()
        self.assertEqual(self.ours(), [True, True])
        self.assertEqual(self.ask("undo")[:3], [2, 1, 0])

    def test_what_the_user_put_there_is_the_users(self):
        self.act("save_set", os.path.join(self.project, "cover.als"))
        elsewhere, other = sound("mine/kick.wav"), os.path.join(self.project, "snare.wav")
        for path in (elsewhere, other):
            self.files[path] = AudioFile(path, 44100, 44100, 1)
        for place, path in enumerate((elsewhere, other, self.copy)):
            self.act("place_clip", USERS_TRACKS, path, 64.0 + 16.0 * place)
        self.greet()
        self.assertEqual(self.ours(), [True, True, False, False, False])


class StubbornView:
    """Selects what is made, and lets nothing else be selected."""

    detail_clip = None
    made = False

    @property
    def selected_track(self):
        return "made" if self.made else "the user's"

    @selected_track.setter
    def selected_track(self, track):
        raise RuntimeError("cannot be selected")

    @property
    def view(self):
        return self


class SelectionTest(unittest.TestCase):
    def test_what_is_made_is_not_lost_where_live_keeps_it_selected(self):
        song = StubbornView()
        with kept_selection(song):
            song.made = True
        self.assertEqual(song.selected_track, "made")


class PlacingTest(ScriptCase):
    def test_a_clip_is_unwarped_trimmed_and_as_asked(self):
        self.start()
        track_id = self.track()
        self.do(self.clip(track_id, 3.25, end_seconds=0.5, coarse=12, gain=0.6))
        (row,) = self.rows("clips", USERS_TRACKS)
        self.assertEqual((row["start_beats"], row["end_beats"], row["pitch_coarse"]), (3.25, 3.75, 12))
        self.assertEqual((row["loop_start"], row["loop_end"], row["warping"], row["ours"]), (0.0, 0.5, False, True))
        self.assertAlmostEqual(row["gain"], 0.6, 6)

    def test_before_a_later_clip_nothing_is_overwritten(self):
        self.start()
        track_id = self.track()
        for start_beats in (8.0, 2.0, 4.0, 0.0, 3.0):
            self.do(self.clip(track_id, start_beats))
        (track,) = self.our_live_tracks
        self.assertEqual(self.starts(track), [0.0, 2.0, 3.0, 4.0, 8.0])
        self.assertEqual({clip.end_time - clip.start_time for clip in track.arrangement_clips}, {1.0})
        self.assertFalse(any(slot.has_clip for slot in track.clip_slots))

    def test_many_at_once_on_one_track_keep_each_other(self):
        self.start()
        track_id = self.track()
        self.do(*[self.clip(track_id, float(number)) for number in range(20)])
        (track,) = self.our_live_tracks
        self.assertEqual(self.starts(track), [float(number) for number in range(20)])
        self.assertEqual({clip.end_time - clip.start_time for clip in track.arrangement_clips}, {1.0})

    def test_nothing_is_placed_over_a_clip(self):
        self.start()
        track_id = self.track()
        self.do(self.clip(track_id, 4.0, end_seconds=1.0))
        for start_beats in (3.5, 4.0, 5.5):
            self.assertEqual(self.refused_plan(self.clip(track_id, start_beats)), "occupied")
        self.do(self.clip(track_id, 6.0))
        self.do(self.clip(track_id, 3.0))
        self.assertEqual(self.starts(self.our_live_tracks[0]), [3.0, 4.0, 6.0])

    def test_no_empty_slot_to_prepare_in_is_said(self):
        self.start()
        track_id = self.track()
        self.do(self.clip(track_id, 4.0))
        for slot in self.our_live_tracks[0].clip_slots:
            slot.create_audio_clip(PAD)
        message = self.answer("commit", self.sent_plan(self.clip(track_id, 0.0)))
        self.assertEqual(message.arguments[1], "occupied")
        self.assertIn("Session slot", message.arguments[2])

    def test_what_live_cannot_make_as_asked_is_taken_back(self):
        self.start()
        track_id = self.track()
        self.assertEqual(self.refused_plan(self.clip(track_id, 0.0, end_seconds=1.5)), "not_as_asked")
        self.do(self.clip(track_id, 8.0))
        self.assertEqual(self.refused_plan(self.clip(track_id, 0.0, end_seconds=1.5)), "not_as_asked")
        (track,) = self.our_live_tracks
        self.assertEqual(self.starts(track), [8.0])
        self.assertFalse(any(slot.has_clip for slot in track.clip_slots))

    def test_a_clip_that_the_user_deletes_while_it_is_placed_is_said(self):
        self.start()
        track_id = self.track()
        self.send("commit", self.sent_plan(self.clip(track_id, 4.0)))
        while not self.starts(self.our_live_tracks[0]):
            self.tick()
        self.act("delete_clip", USERS_TRACKS, 0)
        self.run_until_received(self.socket)
        self.assertEqual(self.receive().arguments[1], "no_such_clip")
        self.do(self.clip(track_id, 4.0))

    def test_lives_spelling_of_a_file_is_known_as_soon_as_the_clip_is_there(self):
        path = sound("tr\u00f6mmel.wav")
        spelled = unicodedata.normalize("NFD", path)
        self.files[path] = AudioFile(spelled, 44100, 44100, 1)
        self.start()
        track_id = self.track()
        self.send("commit", self.sent_plan(self.clip(track_id, 4.0, path)))
        while not self.starts(self.our_live_tracks[0]):
            self.tick()
        self.assertEqual(self.our_live_tracks[0].get_data(KEY, None)["files"], [path, spelled])

    def test_lives_refusals_come_back_in_its_words(self):
        self.start()
        track_id = self.track()
        message = self.answer("commit", self.sent_plan(self.clip(track_id, 0.0, sound("none.wav"))))
        self.assertEqual(message.arguments[1], "live_refused")
        self.assertIn("valid audio file", message.arguments[2])
        self.assertEqual(self.refused_plan(self.clip(99, 0.0)), "no_such_track")
        self.do(self.clip(track_id, 0.0))

    def test_a_clip_is_deleted_by_start_and_file(self):
        self.start()
        track_id = self.track()
        self.do(self.clip(track_id, 0.0), self.clip(track_id, 4.0))
        self.assertEqual(self.refused_plan(["delete_clip", track_id, 4.0, PAD]), "no_such_clip")
        self.assertEqual(self.refused_plan(["delete_clip", track_id, 4.1, KICK]), "no_such_clip")
        self.do(["delete_clip", track_id, 4.0, KICK])
        self.assertEqual(self.starts(self.our_live_tracks[0]), [0.0])

    def test_a_path_that_live_spells_otherwise_is_still_ours(self):
        path = sound("trömmel.wav")
        self.files[path] = AudioFile(unicodedata.normalize("NFD", path), 44100, 44100, 1)
        self.start()
        track_id = self.track()
        self.do(self.clip(track_id, 4.0, path))
        self.do(self.clip(track_id, 0.0, path))
        rows = self.rows("clips", USERS_TRACKS)
        self.assertEqual([row["ours"] for row in rows], [True, True])
        self.do(["delete_clip", track_id, 0.0, rows[0]["file_path"]])
        self.assertEqual(self.ask("undo")[0], 1)

    def test_the_playhead_is_put_back(self):
        self.start()
        track_id = self.track()
        self.act("place_clip", 2, PAD, 16.0)
        self.song.current_song_time = 17.0
        self.tick(2)
        self.song.start_time = 16.0
        self.tick(2)
        self.do(*[self.clip(track_id, float(number)) for number in range(6)])
        self.ask("settle")
        self.tick(2)
        self.assertEqual((self.song.current_song_time, self.song.start_time), (17.0, 16.0))

    def test_the_song_may_play_while_clips_are_placed(self):
        self.start()
        track_id = self.track()
        self.ask("play", 0.0)
        self.do(self.clip(track_id, 4.0))
        self.ask("settle")
        self.assertTrue(self.song.is_playing)


class PlansTest(ScriptCase):
    def test_nothing_is_done_before_all_steps_are_there(self):
        self.start()
        self.ask("reserve_tracks", 1)
        (plan_id,) = self.ask("begin", 0.0, 2)
        self.ask("steps", plan_id, 1, self.bundle(self.clip(1, 4.0)))
        self.assertEqual(self.refused("commit", plan_id), "incomplete")
        self.tick(20)
        self.assertEqual(self.starts(self.our_live_tracks[0]), [])
        self.ask("steps", plan_id, 0, self.bundle(self.clip(1, 0.0)))
        self.assertEqual(self.ask("commit", plan_id), [2])
        self.assertEqual(self.starts(self.our_live_tracks[0]), [0.0, 4.0])

    def test_a_bad_step_is_refused_with_its_bundle(self):
        self.start()
        self.ask("reserve_tracks", 1)
        (plan_id,) = self.ask("begin", 0.0, 2)
        bad = self.clip(1, 4.0)
        bad[5] = 2.0  # the gain
        self.assertEqual(self.refused("steps", plan_id, 0, self.bundle(self.clip(1, 0.0), bad)), "bad_request")
        self.assertEqual(self.refused("steps", plan_id, 0, b"rubbish!"), "bad_request")
        self.assertEqual(self.refused("steps", plan_id, 1, self.bundle(*[self.clip(1, 0.0)] * 2)), "bad_request")
        self.assertEqual(self.refused("commit", plan_id), "incomplete")
        self.assertEqual(self.refused("commit", 99), "no_such_plan")

    def test_progress_is_reported_and_costly_calls_begin_in_time(self):
        self.start()
        self.ask("reserve_tracks", 4)
        steps = [self.clip(1 + number % 4, 2.0 * number) for number in range(60)]
        self.send("commit", self.sent_plan(*steps))
        told = []
        while True:
            self.run_until_received(self.socket)
            message = self.receive()
            if message.address == protocol.OK:
                break
            self.assertEqual(message.address, protocol.PROGRESS)
            told.append(message.arguments[1:])
        self.assertEqual(told, sorted(told))
        self.assertGreater(len(told), 2)
        self.assertTrue(all(count == 60 and 0 <= done <= 60 for done, count in told))
        figures = self.live.figures()
        self.assertEqual(figures["late_calls"], 0)
        self.assertEqual(figures["costly_calls"]["Track.create_audio_clip"], 60)

    def test_a_cancelled_plan_ends_soon_and_leaves_whole_clips(self):
        self.start()
        self.ask("reserve_tracks", 1)
        plan_id = self.sent_plan(*[self.clip(1, 2.0 * number) for number in range(60)])
        commit = self.send("commit", plan_id)
        self.tick(20)
        cancel = self.send("cancel", plan_id)
        answers = {}
        while len(answers) < 2:
            self.run_until_received(self.socket)
            message = self.receive()
            if message.address != protocol.PROGRESS:
                answers[message.arguments[0]] = message
        self.assertEqual(answers[cancel].address, protocol.OK)
        self.assertEqual(answers[commit].arguments[1], "cancelled")
        clips = self.our_live_tracks[0].arrangement_clips
        self.assertTrue(0 < len(clips) < 60)
        self.assertEqual({(clip.warping, clip.end_time - clip.start_time) for clip in clips}, {(False, 1.0)})

    def test_a_second_plan_waits_for_the_first(self):
        self.start()
        self.ask("reserve_tracks", 1)
        self.send("commit", self.sent_plan(*[self.clip(1, 2.0 * number) for number in range(20)]))
        self.tick(3)
        other = self.new_socket()
        self.assertEqual(self.refused("begin", 0.0, 0, asker=other), "busy")
        self.ask("settle", asker=other)
        self.assertEqual(self.ask("begin", 0.0, 0, asker=other), [2])
        self.assertEqual(self.refused("commit", 2), "no_such_plan")
        self.assertEqual(self.ask("commit", 2, asker=other), [0])

    def test_reading_goes_on_while_a_plan_is_carried_out(self):
        self.start()
        self.ask("reserve_tracks", 1)
        commit = self.send("commit", self.sent_plan(*[self.clip(1, 2.0 * number) for number in range(20)]))
        self.tick(3)
        self.assertEqual(self.ask("status")[0], False)
        self.assertEqual(self.ask("settle"), [])
        self.assertEqual(len(self.starts(self.our_live_tracks[0])), 20)
        self.assertGreater(commit, 0)

    def test_what_a_tick_writes_is_one_undo_step(self):
        self.start()
        self.ask("reserve_tracks", 1)
        self.do(self.clip(1, 0.0))
        self.ask("settle")
        self.act("rename_track", 0, "the user's own")
        self.act("undo")
        self.assertNotEqual(self.song.tracks[0].name, "the user's own")
        self.assertEqual(self.starts(self.our_live_tracks[0]), [0.0])


class UndoTest(ScriptCase):
    def test_undo_takes_back_what_is_ours_and_the_tempo(self):
        self.start()
        self.act("place_clip", 2, KICK, 0.0)
        self.assertEqual(self.ask("set_tempo", 93.5), [93.5])
        first, mixed = self.track("a"), self.track("b")
        self.do(self.clip(first, 16.0), self.clip(mixed, 16.0), origin_beats=16.0)
        self.assertEqual(self.ask("song")[2], 16.0)
        self.act("place_clip", USERS_TRACKS + 1, PAD, 64.0)
        self.assertEqual(self.ask("undo"), [2, 1, 1, 120.0])
        (left,) = self.our_live_tracks
        self.assertEqual((left.name, self.starts(left)), ("b", [64.0]))
        self.assertEqual([row["track_id"] for row in self.rows("tracks")], [0] * (USERS_TRACKS + 1))
        self.assertEqual(self.ask("undo"), [0, 0, 0, 120.0])
        self.assertEqual(self.starts(self.song.tracks[2]), [0.0])

    def test_a_tempo_that_the_user_changed_since_stays(self):
        self.start()
        self.ask("set_tempo", 90.0)
        self.act("set_tempo", 111.0)
        self.assertEqual(self.ask("undo")[3], 111.0)

    def test_the_tempo_that_comes_back_is_the_users_last(self):
        self.start()
        self.do(self.clip(self.track(), 0.0))
        self.act("set_tempo", 128.0)
        self.ask("set_tempo", 90.0)
        self.ask("set_tempo", 91.0)
        self.assertEqual(self.ask("undo")[3], 128.0)

    def test_the_last_track_stays(self):
        self.start()
        self.do(self.clip(self.track(), 0.0))
        for _ in range(USERS_TRACKS):
            self.act("delete_track", 0)
        self.assertEqual(self.ask("undo"), [1, 0, 1, 120.0])
        self.assertEqual(self.starts(self.song.tracks[0]), [])

    def test_undo_ends_a_plan_that_is_at_work(self):
        self.start()
        self.ask("reserve_tracks", 1)
        self.send("commit", self.sent_plan(*[self.clip(1, 2.0 * number) for number in range(40)]))
        self.tick(10)
        other = self.new_socket()
        self.ask("undo", asker=other)
        self.assertEqual(len(self.song.tracks), USERS_TRACKS)

    def test_undo_goes_on_when_the_user_deletes_a_track_or_puts_a_clip_there_meanwhile(self):
        for meanwhile, left in (
            (("delete_track", USERS_TRACKS + 2), []),
            (("place_clip", USERS_TRACKS + 2, PAD, 64.0), [[64.0]]),
        ):
            with self.subTest(meanwhile=meanwhile):
                self.host((12, 3, 6))
                self.start(name=meanwhile[0])
                self.ask("reserve_tracks", 4)
                self.do(*[self.clip(track_id, 0.0) for track_id in (1, 2, 3, 4)])
                undo = self.send("undo")
                while len(self.our_live_tracks) == 4:
                    self.tick()
                self.act(meanwhile[0], meanwhile[1] - 1, *meanwhile[2:])
                self.run_until_received(self.socket)
                self.assertEqual(self.receive().arguments[0], undo)
                self.assertEqual([self.starts(track) for track in self.our_live_tracks], left)
                self.assertEqual([row["track_id"] for row in self.rows("tracks")], [0] * len(self.song.tracks))

    def test_keep_makes_all_the_users_and_changes_no_clip(self):
        self.start()
        track_id = self.track("drums")
        self.do(self.clip(track_id, 0.0))
        pointers = [clip._live_ptr for clip in self.our_live_tracks[0].arrangement_clips]
        self.assertEqual(self.ask("keep"), [1])
        (track,) = self.our_live_tracks
        self.assertEqual(track.name, "drums")
        self.assertEqual([clip._live_ptr for clip in track.arrangement_clips], pointers)
        self.assertEqual([row["track_id"] for row in self.rows("tracks")], [0] * (USERS_TRACKS + 1))
        self.assertEqual(self.ask("undo")[:3], [0, 0, 0])


class OtherVersionsTest(ScriptCase):
    def test_a_clip_is_placed_in_every_version_that_can(self):
        for version in ((11, 3, 25), (11, 3, 43), (12, 0, 5), (12, 1, 0), (12, 2, 0), (12, 4, 6)):
            with self.subTest(version=version):
                self.host(version)
                self.start(name="V%d_%d_%d" % version)
                self.do(self.clip(self.track(), 3.25))
                self.assertEqual(self.starts(self.our_live_tracks[0]), [3.25])


if __name__ == "__main__":
    unittest.main()
