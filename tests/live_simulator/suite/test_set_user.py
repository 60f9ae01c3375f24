"""Acting as the user: edits, the mixer, the transport, dialogs, menus, the audio device."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator import user
from live_simulator.boost import ArgumentError
from live_simulator.errors import BadRequest
from live_simulator.narration import Narration

from set_case import ONE_SECOND, TWO_SECONDS, SetCase


class UserCase(SetCase):
    def user(self, action: str, *arguments: Any) -> None:
        user.act(self.live, "user_" + action, arguments)


class Edits(UserCase):
    def setUp(self) -> None:
        super().setUp()
        self.user("place_clip", 2, TWO_SECONDS, 0.0)
        self.user("place_clip", 2, ONE_SECOND, 8.0)
        self.clip: Any = self.track.arrangement_clips[0]

    def test_clips_are_placed_moved_trimmed_and_deleted(self) -> None:
        self.assertEqual(self.spans(), [(0.0, 4.0), (8.0, 10.0)])
        self.user("move_clip", 2, 0, 16.0)
        self.assertEqual(self.spans(), [(8.0, 10.0), (16.0, 20.0)])
        self.user("trim_clip", 2, 1, 17.0, 19.5)
        self.assertEqual(self.spans(), [(8.0, 10.0), (17.0, 19.5)])
        self.user("delete_clip", 2, 0)
        self.assertEqual(self.spans(), [(17.0, 19.5)])

    def test_clips_are_written_on(self) -> None:
        for action, value, member in (
            ("mute_clip", True, "muted"),
            ("rename_clip", "mine", "name"),
            ("transpose_clip", -5, "pitch_coarse"),
            ("set_clip_gain", 0.25, "gain"),
        ):
            self.user(action, 2, 0, value)
            self.assertEqual(getattr(self.clip, member), value)
        colours = self.clip.color, self.track.color
        self.user("recolour_clip", 2, 0, 0xFF0000 if self.clip.color_index != 14 else 0x00FF00)
        self.assertNotEqual(self.clip.color, colours[0])
        self.assertEqual(self.track.color, colours[1])

    def test_every_edit_is_an_undo_step(self) -> None:
        for action, arguments in (
            ("move_clip", (2, 0, 16.0)),
            ("trim_clip", (2, 0, 1.0, 2.0)),
            ("delete_clip", (2, 0)),
            ("mute_clip", (2, 0, True)),
            ("rename_clip", (2, 0, "mine")),
            ("rename_track", (2, "mine")),
            ("add_track", ("audio",)),
            ("delete_track", (2,)),
            ("move_track", (2, 0)),
            ("move_fader", (2, 0.25)),
            ("set_tempo", (99.0,)),
            ("automate_tempo", (True,)),
            ("group_tracks", (1, 2)),
            ("duplicate_track", (2,)),
        ):
            before = self.seen()
            self.user(action, *arguments)
            self.assertNotEqual(self.seen(), before, action)
            self.user("undo")
            self.assertEqual(self.seen(), before, action)
            self.user("redo")
            self.assertNotEqual(self.seen(), before, action)
            self.user("undo")

    def seen(self) -> Any:
        clips = [
            (clip.start_time, clip.end_time, clip.name, clip.muted)
            for track in self.song.tracks
            if not track.is_foldable
            for clip in track.arrangement_clips
        ]
        tracks = [(track.name, track.mixer_device.volume.value) for track in self.song.tracks]
        tempo = self.song.master_track.mixer_device.song_tempo
        return clips, tracks, self.song.tempo, tempo.automation_state

    def test_the_user_is_no_script(self) -> None:
        """No costs, no late calls."""
        self.user("add_track", "audio")
        self.user("delete_track", 4)
        figures = self.live.figures()
        self.assertEqual((figures["costly_calls"], figures["late_calls"], figures["time_ms"]), ({}, 0, 0.0))

    def test_listeners_hear_of_it(self) -> None:
        heard: list[str] = []
        self.track.add_arrangement_clips_listener(lambda: heard.append("clips"))
        self.track.add_mute_listener(lambda: heard.append("mute"))
        self.song.view.add_detail_clip_listener(lambda: heard.append("selected"))
        self.user("move_clip", 2, 0, 16.0)
        self.user("mute_track", 2, True)
        self.user("select_clip", 2, 0)
        self.assertEqual(heard, ["clips", "mute", "selected"])

    def test_what_cannot_be_done_says_why(self) -> None:
        for action, arguments, reason in (
            ("delete_clip", (2, 2), "clip 2 of track 2, which has 2 clips"),
            ("move_clip", (2, 0, -1.0), "beat -1.0; Live's arrangement has beats 0 to"),
            ("trim_clip", (2, 0, 0.0, 5.0), "which can be made shorter, has (0.0, 4.0)"),
            ("set_clip_gain", (2, 0, 1.5), "Gain is out of range"),
            ("place_clip", (2, "relative.wav", 0.0), "Please provide an absolute path"),
            ("place_clip", (0, ONE_SECOND, 0.0), "track 0 is no audio track"),
            ("rename_track", (9, "x"), "track 9; the set has tracks 0 to 3"),
            ("add_track", ("video",), "'video' track; there are audio, midi, return"),
            ("fire_clip", (2, 8), "scene 8; track 2 has slots 0 to 7"),
            ("press_dialog_button", (0,), "There is no open dialog"),
            ("close_dialog", (), "no dialog is open"),
            ("freeze", (0.0,), "0.0 s; allowed are up to 600"),
            ("open_set", ("/x.als",), "/x.als: no such set was saved here"),
        ):
            with self.refused(BadRequest, reason):
                self.user(action, *arguments)


class Mixer(UserCase):
    def test_tracks(self) -> None:
        self.user("add_track", "midi")
        self.assertEqual(len(self.song.tracks), 5)
        self.user("rename_track", 2, "Bass")
        self.user("move_track", 2, 0)
        self.assertEqual(self.song.tracks[0].name, "Bass")
        self.assertEqual(self.song.tracks[0], self.track)
        for member in ("arm", "solo", "mute"):
            self.user(member + "_track", 0, True)
            self.assertTrue(getattr(self.track, member))
        self.user("move_fader", 0, 0.5)
        self.user("turn_pan", 0, -0.5)
        mixer = self.track.mixer_device
        self.assertEqual((mixer.volume.value, mixer.panning.value), (0.5, -0.5))
        self.user("delete_track", 0)
        self.assertTrue(self.track == None)  # noqa: E711 (Live's own test of it)

    def test_grouping_and_moving_in_and_out_of_groups(self) -> None:
        self.user("group_tracks", 1, 2)
        group = self.song.tracks[1]
        self.assertTrue(group.is_foldable)
        self.assertEqual([track.is_grouped for track in self.song.tracks], [False, False, True, True, False])
        self.user("move_track", 4, 3)
        self.assertEqual(self.song.tracks[3].group_track, group)
        self.user("move_track", 1, 0)
        self.assertEqual(self.song.tracks[0], group)
        self.assertEqual([track.is_grouped for track in self.song.tracks], [False, True, True, True, False])
        self.user("move_track", 1, 4)
        self.assertEqual([track.is_grouped for track in self.song.tracks], [False, True, True, False, False])
        with self.refused(BadRequest, "tracks 3 to 1; the first comes first"):
            self.user("group_tracks", 3, 1)

    def test_selecting(self) -> None:
        self.user("place_clip", 2, ONE_SECOND, 0.0)
        self.user("select_clip", 2, 0)
        self.assertEqual(self.song.view.detail_clip, self.track.arrangement_clips[0])
        self.user("select_nothing")
        self.assertIsNone(self.song.view.detail_clip)
        self.assertEqual(self.song.view.selected_track, self.track)
        self.user("select_track", 0)
        self.assertEqual(self.song.view.selected_track, self.song.tracks[0])


class Transport(UserCase):
    def test_playing_and_looping(self) -> None:
        self.user("place_clip", 2, TWO_SECONDS, 60.0)
        self.user("set_loop", True, 4.0, 8.0)
        self.user("play")
        self.tick(3)
        self.assertTrue(self.song.is_playing)
        self.assertEqual((self.song.loop, self.song.loop_start, self.song.loop_length), (True, 4.0, 8.0))
        self.user("stop")
        self.tick()
        self.assertFalse(self.song.is_playing)

    def test_who_owns_the_tempo(self) -> None:
        self.user("switch_link", True)
        self.assertTrue(self.song.is_ableton_link_enabled)
        self.user("automate_tempo", True)
        self.assertEqual(self.song.master_track.mixer_device.song_tempo.automation_state, 1)
        self.user("automate_tempo", False)
        self.assertEqual(self.song.master_track.mixer_device.song_tempo.automation_state, 0)

    def test_a_session_clip_is_fired(self) -> None:
        self.track.clip_slots[1].create_audio_clip(ONE_SECOND)
        self.user("fire_clip", 2, 1)
        self.tick(3)
        self.assertEqual(self.track.playing_slot_index, 1)


class Screen(UserCase):
    def test_dialogs_are_seen_heard_and_answered_while_the_script_goes_on(self) -> None:
        application = self.modules["Live.Application"].get_application()
        counts: list[int] = []
        application.add_open_dialog_count_listener(lambda: counts.append(application.open_dialog_count))
        ticks: list[int] = []
        self.modules["Live.Base"].Timer(callback=lambda: ticks.append(1), interval=10, repeat=True, start=True)
        self.user("open_dialog", "Save changes?", 3)
        self.tick(5)
        self.assertEqual(len(ticks), 5)
        self.assertEqual(
            (application.current_dialog_message, application.current_dialog_button_count), ("Save changes?", 3)
        )
        with self.refused(RuntimeError):
            application.press_current_dialog_button(3)
        self.user("open_dialog", "", 0)
        self.assertEqual((application.current_dialog_message, application.current_dialog_button_count), ("", 0))
        self.user("close_dialog")
        application.press_current_dialog_button(1)
        self.assertEqual(counts, [1, 2, 1, 0])
        self.assertEqual(application.current_dialog_message, "")

    def test_an_open_menu_stops_the_script_and_not_the_music(self) -> None:
        self.user("place_clip", 2, TWO_SECONDS, 60.0)
        ticks: list[float] = []
        timer = self.modules["Live.Base"].Timer
        timer(callback=lambda: ticks.append(self.song.current_song_time), interval=10, repeat=True, start=True)
        self.user("play")
        self.tick(2)
        self.user("open_menu")
        heard: list[int] = []
        self.song.add_current_song_time_listener(lambda: heard.append(1))
        self.tick(50)
        self.assertEqual((len(ticks), heard), (2, []))
        self.user("close_menu")
        self.tick()
        self.assertEqual(len(ticks), 3)
        self.assertAlmostEqual(ticks[2] - ticks[1], 0.51 * 2.0)

    def test_without_an_audio_device_the_transport_stands(self) -> None:
        self.user("place_clip", 2, TWO_SECONDS, 60.0)
        self.user("play")
        self.tick(3)
        self.user("lose_audio")
        before = self.song.current_song_time
        self.tick(20)
        self.assertEqual(self.song.current_song_time, before)
        self.user("regain_audio")
        self.tick()
        self.assertAlmostEqual(self.song.current_song_time - before, 0.02)

    def test_without_an_audio_device_a_song_that_is_started_stands(self) -> None:
        self.user("lose_audio")
        self.song.start_playing()
        self.tick(3)
        self.assertEqual((self.song.is_playing, self.song.current_song_time), (True, 0.0))
        self.user("regain_audio")
        self.tick(3)
        self.assertAlmostEqual(self.song.current_song_time, 0.06)

    def test_a_frozen_live_goes_on_where_time_has_gone_to(self) -> None:
        self.tick()
        self.user("freeze", 0.05)
        self.tick()
        self.assertAlmostEqual(self.live.runtime.now_ms, 60.0)
        self.tick()
        self.assertAlmostEqual(self.live.runtime.now_ms, 70.0)


class Sets(UserCase):
    def test_saved_closed_and_opened_again(self) -> None:
        self.track.set_data("tag", "ours")
        self.user("save_set", "/music/one.als")
        self.user("new_set")
        with self.refused(ArgumentError):
            self.track.name  # noqa: B018
        self.user("open_set", "/music/one.als")
        song = self.modules["Live.Application"].get_application().get_document()
        self.assertEqual((song.file_path, song.tracks[2].get_data("tag", "")), ("/music/one.als", "ours"))


class Narrated(UserCase):
    def test_what_happens_is_told_in_words(self) -> None:
        told: list[str] = []
        self.live.runtime.trace = told.append
        self.track.name = "Drums"
        clip = self.place(4.0)
        clip.gain = 0.5
        self.track.delete_clip(clip)
        self.user("rename_track", 2, "Bass")
        self.song.start_playing()
        self.tick(20)
        self.assertEqual(
            told,
            [
                "script: Track '3-Audio'.name = 'Drums'",
                f"script: Track 'Drums'.create_audio_clip({TWO_SECONDS!r}, 4.0)",
                "script: Clip 'two seconds'.gain = 0.5",
                "script: Track 'Drums'.delete_clip(Clip 'two seconds')",
                "user: rename track 2, 'Bass'",
                "script: Song.start_playing()",
            ],
        )

    def test_what_is_refused_is_told_as_refused(self) -> None:
        told: list[str] = []
        self.user("place_clip", 2, ONE_SECOND, 0.0)
        self.live.runtime.trace = told.append
        with self.refused(RuntimeError):
            self.song.tempo = 5.0
        with self.refused(RuntimeError):
            self.song.delete_track(9)
        with self.refused(BadRequest):
            self.user("rename_track", 9, "x")
        with self.refused(BadRequest):
            self.user("set_clip_gain", 2, 0, 1.5)
        self.assertEqual(
            told,
            [
                "script: Song.tempo = 5.0",
                "refused: Tempo is out of range",
                "script: Song.delete_track(9)",
                "refused: Track index is out of range",
                "user: rename track 9, 'x'",
                "refused: track 9; the set has tracks 0 to 3",
                "user: set clip gain 2, 0, 1.5",
                "refused: Gain is out of range",
            ],
        )

    def test_a_busy_tick_does_not_drown_the_rest(self) -> None:
        told: list[str] = []
        narration = Narration(self.live.runtime, told.append, 3)
        self.live.runtime.trace = narration.note
        self.tick(12)
        self.song.begin_undo_step()
        for bpm in range(100, 110):
            self.song.tempo = float(bpm)
        self.song.end_undo_step()
        narration.end_tick()
        narration.end_tick()
        self.assertEqual(told[0], "0.12 s, tick 12: script: Song.tempo = 100.0")
        self.assertEqual(told[3:], ["0.12 s, tick 12: ... and 7 more changes"])


if __name__ == "__main__":
    unittest.main()
