"""Live's time: ticks, what calls cost of it, what a script sees of it, what comes late."""

from __future__ import annotations

import time
import unittest
from typing import Any

from live_simulator.clock import CLOCKS, RealClock, VirtualClock, charges_seen
from live_simulator.simulator import Simulator

from set_case import FILES, ONE_SECOND, USUAL, SetCase


class WhatCallsCost(SetCase):
    def ms_of(self, call: Any) -> float:
        before_ms = self.live.runtime.now_ms
        call()
        return self.live.runtime.now_ms - before_ms

    def test_the_clock_moves_by_what_a_call_costs_the_real_main_thread(self) -> None:
        slot = self.track.clip_slots[0]
        self.assertEqual(self.ms_of(lambda: self.place(0.0)), 23.0)
        self.assertEqual(self.ms_of(lambda: slot.create_audio_clip(ONE_SECOND)), 23.0)
        self.assertEqual(self.ms_of(lambda: self.track.duplicate_clip_to_arrangement(slot.clip, 8.0)), 23.0)
        self.assertEqual(self.ms_of(slot.delete_clip), 12.0)
        self.assertEqual(self.ms_of(lambda: self.track.delete_clip(self.track.arrangement_clips[0])), 12.0)
        self.assertEqual(self.ms_of(self.song.create_audio_track), 30.0)
        self.assertEqual(self.ms_of(lambda: self.song.create_scene(-1)), 30.0)
        self.assertEqual(self.ms_of(lambda: self.song.delete_track(4)), 30.0)

    def test_reads_writes_and_refusals_cost_nothing(self) -> None:
        clip = self.place(0.0)

        def work() -> None:
            clip.gain = 0.5
            self.song.tempo = 100.0
            list(self.track.arrangement_clips)
            with self.refused(ValueError):
                self.track.create_audio_clip("no/absolute/path.wav", 0.0)
            with self.refused(RuntimeError):
                self.song.tracks[0].create_audio_clip(ONE_SECOND, 0.0)

        self.assertEqual(self.ms_of(work), 0.0)

    def test_every_costly_call_is_counted(self) -> None:
        for start_beats in (0.0, 8.0, 16.0):
            self.place(start_beats)
        self.track.delete_clip(self.track.arrangement_clips[0])
        figures = self.live.figures()
        self.assertEqual(figures["costly_calls"], {"Track.create_audio_clip": 3, "Track.delete_clip": 1})
        self.assertEqual(figures["time_ms"], 81.0)

    def test_late_is_what_begins_after_10_ms_and_is_not_the_tick_s_first(self) -> None:
        self.tick()
        self.place(0.0)
        self.assertEqual(self.live.figures()["late_calls"], 0)
        self.place(8.0)
        self.assertEqual(self.live.figures()["late_calls"], 1)
        self.tick()
        self.place(16.0)
        self.assertEqual(self.live.figures()["late_calls"], 1)

    def test_a_refused_call_is_not_the_tick_s_first(self) -> None:
        with self.refused(ValueError):
            self.track.create_audio_clip("no/absolute/path.wav", 0.0)
        self.place(0.0)
        self.assertEqual(self.live.figures()["late_calls"], 0)

    def test_the_tick_after_a_long_one_starts_right_after_it(self) -> None:
        starts = []
        for _ in range(2):
            self.tick()
            starts.append(self.live.clock.tick_start_ms)
        self.place(0.0)
        for _ in range(2):
            self.tick()
            starts.append(self.live.clock.tick_start_ms)
        self.assertEqual(starts, [10.0, 20.0, 43.0, 53.0])

    def test_the_music_goes_on_while_the_main_thread_is_busy(self) -> None:
        self.place(0.0)
        self.song.start_time = 0.0
        self.tick()
        self.song.start_playing()
        self.tick(2)
        before = self.song.current_song_time
        self.place(64.0)
        self.tick()
        self.assertAlmostEqual(self.song.current_song_time - before, 0.023 * 2.0)


class Periods(SetCase):
    def live_of(self, tick_ms: int) -> Any:
        return Simulator(USUAL, FILES.get, self.log.append, VirtualClock(tick_ms))

    def test_timers_run_at_the_pace_of_the_ticks(self) -> None:
        for tick_ms, expected in ((10, 102), (34, 30), (100, 10)):
            live = self.live_of(tick_ms)
            heard: list[float] = []
            live.modules()["Live.Base"].Timer(
                callback=lambda live=live, heard=heard: heard.append(live.runtime.now_ms),
                interval=10,
                repeat=True,
                start=True,
            )
            while live.runtime.now_ms < 1020.0 - tick_ms / 2.0:
                live.tick()
            self.assertEqual(len(heard), expected)

    def test_recording_starts_after_300_ms_whatever_the_tick(self) -> None:
        for tick_ms, ticks in ((10, 30), (34, 9), (100, 3)):
            live = self.live_of(tick_ms)
            song = live.binding.wrap(live.song)
            song.record_mode = True
            for _ in range(ticks - 1):
                live.tick()
            self.assertFalse(song.record_mode)
            live.tick()
            self.assertTrue(song.record_mode)

    def test_periods_that_no_live_has(self) -> None:
        for wrong in (9, 101):
            with self.refused(ValueError, f"a tick of {wrong} ms; allowed are 10 to 100"):
                VirtualClock(wrong)


class WhatScriptsSee(unittest.TestCase):
    def test_charges_pass_as_time_on_the_performance_counter_alone(self) -> None:
        clock = VirtualClock()
        with charges_seen(clock):
            for read, per_second in ((time.perf_counter, 1.0), (time.perf_counter_ns, 1e9)):
                before, elsewhere = read(), time.monotonic()
                clock.charge(60_000.0)
                self.assertGreaterEqual(read() - before, 60.0 * per_second)
                self.assertLess(time.monotonic() - elsewhere, 60.0)

    def test_time_is_python_s_own_again_afterwards_and_with_a_real_clock(self) -> None:
        original = time.perf_counter
        with charges_seen(VirtualClock()):
            self.assertIsNot(time.perf_counter, original)
        self.assertIs(time.perf_counter, original)
        with charges_seen(RealClock()):
            self.assertIs(time.perf_counter, original)

    def test_both_clocks_take_every_period(self) -> None:
        for make in CLOCKS.values():
            self.assertEqual(make(34).tick_ms, 34)


class RealTime(unittest.TestCase):
    def setUp(self) -> None:
        self.now = 100.0
        self.clock = RealClock(10, lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def test_ticks_come_every_10_ms_and_right_after_a_longer_one(self) -> None:
        ends = []
        for work_seconds in (0.0, 0.004, 0.012, 0.0):
            self.now += work_seconds
            self.clock.next_tick()
            ends.append(round(self.now - 100.0, 6))
        self.assertEqual(ends, [0.01, 0.02, 0.032, 0.042])

    def test_missed_ticks_are_not_made_up_for(self) -> None:
        self.now += 3.0
        self.clock.next_tick()
        self.assertEqual(self.now, 103.0)
        self.clock.next_tick()
        self.assertAlmostEqual(self.now, 103.01)

    def test_a_costly_call_takes_that_long(self) -> None:
        self.clock.next_tick()
        self.clock.charge(23.0)
        self.assertAlmostEqual(self.now, 100.033)
        self.assertAlmostEqual(self.clock.ms_into_tick, 23.0)


if __name__ == "__main__":
    unittest.main()
