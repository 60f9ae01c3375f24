"""What the script's probes find here is what docs/simulated-live.md says; and they leave the set as it was."""

from __future__ import annotations

import json
import sys
import unittest
from pathlib import Path
from typing import Any, Callable, NamedTuple

from live_remote_script.context import LiveFacts
from live_remote_script.jobs import Refused
from live_remote_script.probes import PROBES

from set_case import TWO_SECONDS, SetCase

PAGE = Path(__file__).parents[3] / "docs" / "simulated-live.md"
TRACK_PROBES = sorted(set(PROBES) - {"versions", "timer_period"})


class Context(NamedTuple):
    song: Callable[[], Any]
    live: LiveFacts


class ProbeCase(SetCase):
    def setUp(self) -> None:
        super().setUp()
        known = set(sys.modules)
        self.addCleanup(lambda: [sys.modules.pop(name) for name in set(sys.modules) - known])
        sys.modules.update(self.modules)
        self.set_up_by_user()
        self.tick(2)

    def set_up_by_user(self) -> None:
        self.song.loop = True
        self.song.loop_start, self.song.loop_length = 2.0, 8.0
        self.song.current_song_time = 3.0
        self.song.view.selected_track = self.song.tracks[1]
        self.song.tracks[0].arm = True
        self.tick(2)
        self.song.start_time = 1.5

    def set_as_it_is(self) -> dict[str, Any]:
        song = self.song
        return {
            "tracks": [(track.name, track.arm, len(track.arrangement_clips)) for track in song.tracks],
            "slots": [slot.has_clip for track in song.tracks for slot in track.clip_slots],
            "transport": (song.current_song_time, song.start_time, song.is_playing, song.record_mode),
            "loop": (song.loop, song.loop_start, song.loop_length),
            "selected": song.view.selected_track.name,
        }

    def steps(self, name: str) -> Any:
        live = LiveFacts(".".join(map(str, self.version)), "Suite", True, True)
        return PROBES[name](Context(lambda: self.song, live), TWO_SECONDS)

    def probe(self, name: str) -> Any:
        steps = self.steps(name)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                (text,) = end.value
                return json.loads(text)
            self.tick()


def documented(what: str) -> str:
    """The last column of that row of the page's table of differences."""
    for row in PAGE.read_text(encoding="utf-8").splitlines():
        columns = [column.strip() for column in row.strip("|").split(" | ")]
        if len(columns) == 3 and columns[0] == what:
            return columns[2]
    raise AssertionError(f"no row {what!r} in {PAGE}")


class LeavingNothing(ProbeCase):
    def test_every_probe_leaves_the_set_as_it_was(self) -> None:
        before = self.set_as_it_is()
        for name in PROBES:
            with self.subTest(name):
                found = self.probe(name)
                self.assertNotIn("not_restored", found)
                self.assertEqual(self.set_as_it_is(), before)

    def test_what_the_user_did_before_is_not_undone(self) -> None:
        self.song.tempo = 97.0
        self.song.tracks[3].name = "mine"
        self.tick()
        for name in PROBES:
            with self.subTest(name):
                self.probe(name)
                self.assertEqual((self.song.tempo, self.song.tracks[3].name), (97.0, "mine"))

    def test_an_answer_fits_into_a_datagram(self) -> None:
        for name in PROBES:
            with self.subTest(name):
                self.assertLess(len(json.dumps(self.probe(name))), 8000)

    def test_an_error_leaves_nothing(self) -> None:
        before = self.set_as_it_is()
        for name in TRACK_PROBES:
            steps = self.steps(name)
            next(steps)
            self.tick()
            with self.subTest(name), self.assertRaisesRegex(ValueError, "the tone is gone"):
                steps.throw(ValueError("the tone is gone"))
                while True:
                    self.tick()
                    next(steps)
            self.assertEqual(self.set_as_it_is(), before)

    def test_an_end_at_any_moment_leaves_no_track_and_no_recording(self) -> None:
        before = self.set_as_it_is()["tracks"]
        for name in TRACK_PROBES:
            for tick_count in (1, 2, 3, 5, 8, 13, 21, 34, 55):
                steps = self.steps(name)
                with self.subTest(name, ticks=tick_count):
                    try:
                        for _ in range(tick_count):
                            next(steps)
                            self.tick()
                    except StopIteration:
                        pass
                    steps.close()
                    self.tick(60)
                    self.assertEqual(self.set_as_it_is()["tracks"], before)
                    self.assertEqual((self.song.record_mode, self.song.is_playing), (False, False))

    def test_a_track_that_the_user_deletes_meanwhile_is_no_matter(self) -> None:
        for name in TRACK_PROBES:
            with self.subTest(name):
                steps = self.steps(name)
                next(steps)
                self.tick()
                self.song.delete_track(4)
                try:
                    while True:
                        next(steps)
                        self.tick()
                except StopIteration:
                    pass
                except Exception as why:
                    self.assertNotIsInstance(why, AttributeError)
                self.assertEqual(len(self.song.tracks), 4)


class Refusing(ProbeCase):
    def assert_all_refuse(self, text: str) -> None:
        before = self.set_as_it_is()
        for name in TRACK_PROBES:
            with self.subTest(name), self.assertRaisesRegex(Refused, text):
                next(self.steps(name))
        self.tick(3)
        self.assertEqual(self.set_as_it_is(), before)

    def test_a_set_with_a_clip_in_the_arrangement(self) -> None:
        self.place(0.0)
        self.assert_all_refuse("holds a clip.*a new, empty one")

    def test_a_set_with_a_session_clip(self) -> None:
        self.song.tracks[0].clip_slots[3].create_clip(4.0)
        self.assert_all_refuse("holds a clip")

    def test_a_set_that_plays(self) -> None:
        self.song.start_playing()
        self.tick(2)
        for name in TRACK_PROBES:
            with self.subTest(name), self.assertRaisesRegex(Refused, "stop it"):
                next(self.steps(name))


class Findings(ProbeCase):
    def test_versions(self) -> None:
        found = self.probe("versions")
        self.assertEqual(found["live"], "12.3.6")
        self.assertEqual(found["application"]["get_version_string"], "12.3.6")
        self.assertEqual(found["python"], sys.version)

    def test_timer_period(self) -> None:
        found = self.probe("timer_period")
        self.assertEqual(found["ticks"], 100)
        self.assertLessEqual(found["least_ms"], found["median_ms"])
        self.assertLessEqual(found["median_ms"], found["most_ms"])

    def test_a_file_comes_in_warped_and_warping_off_shows_a_tick_later(self) -> None:
        self.assertIn("always warped", documented("import"))
        found = self.probe("import_and_warping_off")
        self.assertTrue(found["imported"]["same_tick"]["warping"])
        self.assertEqual([found["warping_off"][when]["warping"] for when in ("same_tick", "next_tick")], [True, False])
        self.assertEqual(found["warping_off"]["next_tick"]["loop_end"], 2.0)
        self.assertIsNone(found["written"])

    def test_clips_start_exactly_where_asked(self) -> None:
        for row in self.probe("start_times")["positions"]:
            self.assertTrue(row["exact"], row)
            self.assertEqual(row["ten_ticks_later"], row["asked"])

    def test_a_session_copy_has_its_end_at_once(self) -> None:
        found = self.probe("session_copy_end")
        self.assertEqual({look["end_time"] for look in found["whole"].values()}, {20.0})
        self.assertEqual({look["end_time"] for look in found["trimmed"].values()}, {66.0})

    def test_mid_clip_overlap(self) -> None:
        self.assertIn("discards the rest before", documented("something put into the middle of a clip"))
        found = self.probe("mid_clip_overlap")
        self.assertEqual(found["the_rest_behind"], "discarded")
        spans = [(row["start_time"], row["end_time"]) for row in found["clips"]["ten_ticks_later"]]
        self.assertEqual(spans, [(0.0, 1.0), (1.0, 1.5)])

    def test_unwarped_audio_cannot_be_looped(self) -> None:
        self.assertEqual(documented("`looping = True` on unwarped audio"), "refused")
        found = self.probe("looping_unwarped")
        self.assertEqual(found["written"]["raised"], "builtins.RuntimeError")
        self.assertFalse(found["after"]["ten_ticks_later"]["looping"])

    def test_a_transposition_is_a_repitch(self) -> None:
        self.assertIn("2 ** (-semitones / 12)", documented("unwarped clip with a transposition"))
        found = self.probe("pitch_unwarped")
        self.assertEqual(found["before"]["end_time"], 4.0)
        for written, semitones in (("pitch_coarse = 12", 12), ("pitch_coarse = -12", -12), ("pitch_fine = 25.0", 0.25)):
            for look in ("same_tick", "ten_ticks_later"):
                self.assertAlmostEqual(found[written][look]["end_time"], 4.0 * 2.0 ** (-semitones / 12))

    def test_what_create_audio_clip_raises(self) -> None:
        found = self.probe("create_errors")
        raised = {name: (seen["raised"], seen["text"]) for name, seen in found.items() if isinstance(seen, dict)}
        no_audio = ("builtins.ValueError", "The provided path does not appear to point to a valid audio file")
        audio_only = ("builtins.RuntimeError", "Audio clips can only be created on audio tracks")
        self.assertEqual(raised["relative path"], ("builtins.ValueError", "Please provide an absolute path"))
        self.assertEqual(raised["missing file"], no_audio)
        self.assertEqual(raised["not audio"], no_audio)
        self.assertEqual(raised["MIDI track"], audio_only)
        self.assertEqual(raised["occupied slot"], ("builtins.RuntimeError", "This clip slot already has a clip"))
        self.assertIn(
            "`RuntimeError`",
            documented("texts and types of errors that nobody has reported (ranges, indices, colours)"),
        )
        for place in ("before the first beat", "behind the last beat"):
            self.assertEqual(raised[place][0], "builtins.RuntimeError")
        self.assertEqual(raised["position as text"][0], "Boost.Python.ArgumentError")
        self.assertEqual(raised["by keyword"][0], "Boost.Python.ArgumentError")
        self.assertEqual(found["clips made"], [16.0])
        self.assertRegex(found["frozen track"], "no script can")

    def test_recording(self) -> None:
        self.assertIn("no clip can be created there meanwhile", documented("recording"))
        found = self.probe("create_while_recording")
        self.assertTrue(found["armed"])
        for place in ("where it records", "elsewhere"):
            self.assertEqual(found[place]["raised"], "builtins.RuntimeError")
        self.assertEqual(found["recording"], found["then"])
        self.assertEqual(len(found["then"]), 1)

    def test_there_is_no_member_for_fades(self) -> None:
        self.assertEqual(documented("default clip fades"), "none")
        self.assertEqual(self.probe("fades")["members_that_name_fades"], [])

    def test_one_undo_takes_back_a_step(self) -> None:
        self.assertIn("all else groups", documented("undo"))
        found = self.probe("undo_grouping")
        self.assertEqual(found["written"], {"name": None, "gain": None, "color": None})
        (undo,) = found["undos"]
        self.assertEqual((undo["clips"], undo["tracks"]), ([], 0))

    def test_costs_are_told_of_every_call(self) -> None:
        found = self.probe("costs")
        counts = {name: len(row["all_ms"]) for name, row in found.items()}
        self.assertEqual(counts["create_audio_clip"], 5)
        self.assertEqual(counts["duplicate"], 5)
        self.assertEqual(counts["delete_clip"], 10)
        self.assertEqual(counts["create_audio_track"], 1)
        self.assertTrue(all(value >= 0 for row in found.values() for value in row["all_ms"]))


class InLive124(Findings):
    version = (12, 4, 6)

    def test_versions(self) -> None:
        self.assertEqual(self.probe("versions")["live"], "12.4.6")

    def test_mid_clip_overlap(self) -> None:
        self.assertIn("splits from 12.4 on", documented("something put into the middle of a clip"))
        found = self.probe("mid_clip_overlap")
        self.assertEqual(found["the_rest_behind"], "split")
        spans = [(row["start_time"], row["end_time"]) for row in found["clips"]["ten_ticks_later"]]
        self.assertEqual(spans, [(0.0, 1.0), (1.0, 1.5), (1.5, 4.0)])


class InLive11(Findings):
    version = (11, 3, 25)

    def test_versions(self) -> None:
        found = self.probe("versions")
        self.assertEqual(found["live"], "11.3.25")
        self.assertEqual(found["application"]["get_variant"]["raised"], "builtins.AttributeError")

    def test_create_audio_clip_returns_nothing(self) -> None:
        self.assertIsNone(self.probe("import_and_warping_off")["returned"])


if __name__ == "__main__":
    unittest.main()
