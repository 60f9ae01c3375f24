"""A song that plays on an audio device: what the device is told, and that the song is where it is heard."""

from __future__ import annotations

import json
import unittest
from typing import Any

from live_simulator.outputs import TAKE_OVER_SECONDS, DeviceOutput
from live_simulator.player_client import NOTHING_HEARD, Heard
from live_simulator.user import act

from set_case import TWO_SECONDS, SetCase

LATENCY_SECONDS = 0.1


class Player:
    """In place of the process that plays; a test says what is heard. The real one: test_playing_aloud.py."""

    def __init__(self) -> None:
        self.is_open = True
        self.is_busy = False
        self.heard = NOTHING_HEARD
        self.orders: list[dict[str, Any]] = []
        self.figures = {"latency_seconds": LATENCY_SECONDS}

    def tell(self, order: dict[str, Any]) -> None:
        self.orders.append(json.loads(json.dumps(order)))

    def poll(self) -> None:
        pass

    def close(self) -> None:
        self.is_open = False

    def reopen(self) -> None:
        self.is_open = True


class OutputCase(SetCase):
    def setUp(self) -> None:
        super().setUp()
        self.player: Any = Player()
        self.live.output = DeviceOutput(self.live.runtime, self.player)

    def tick(self, count: int = 1) -> None:
        for _ in range(count):
            self.live.tick()
            self.live.output.tell(self.live.song)

    def start(self) -> None:
        self.song.start_playing()
        self.tick()

    def hear(self, beats: float, played_beats: float, run: int = 1) -> None:
        """At 120 bpm."""
        self.player.heard = Heard(run, beats, played_beats, played_beats / 2.0)
        self.tick()

    def told(self) -> list[str]:
        found = [order["do"] for order in self.player.orders]
        del self.player.orders[:]
        return found

    def clips_told(self, mix: dict[str, Any]) -> list[tuple[float, float]]:
        return [(clip["start_beats"], clip["end_beats"]) for clip in mix["tracks"][2]["clips"]]


class Following(OutputCase):
    def test_the_song_is_where_it_is_heard(self) -> None:
        self.song.start_time = 3.0
        self.tick()
        self.start()
        self.assertEqual(self.player.orders[0]["beats"], 3.0)
        self.tick(5)
        self.assertEqual(self.song.current_song_time, 3.0)
        self.hear(3.5, 0.5)
        self.assertEqual(self.song.current_song_time, 3.5)
        self.tick(5)
        self.assertEqual(self.song.current_song_time, 3.5)
        self.assertEqual(self.told(), ["start"])

    def test_it_jumps_at_once_and_waits_there_until_that_is_heard(self) -> None:
        self.start()
        self.hear(1.0, 1.0)
        self.place(0.0)
        self.place(20.0)
        self.tick()
        self.song.current_song_time = 8.0
        self.tick()
        self.assertEqual(self.told(), ["start", "change", "jump"])
        self.hear(1.5, 1.5, run=1)
        self.assertEqual(self.song.current_song_time, 8.0)
        self.hear(8.5, 2.5, run=2)
        self.assertEqual(self.song.current_song_time, 8.5)
        self.assertEqual(self.told(), [])

    def test_what_was_heard_before_a_stop_moves_nothing_after_it(self) -> None:
        self.start()
        self.hear(1.0, 1.0)
        self.song.stop_playing()
        self.tick()
        self.hear(1.2, 1.2, run=2)
        self.assertEqual(self.song.current_song_time, 1.0)
        self.start()
        self.assertEqual(self.song.current_song_time, 0.0)
        self.hear(1.2, 1.2, run=2)
        self.assertEqual(self.song.current_song_time, 0.0)
        self.hear(0.5, 1.5, run=3)
        self.assertEqual(self.song.current_song_time, 0.5)
        self.assertEqual(self.told(), ["start", "stop", "start"])

    def test_a_loop_is_the_devices_to_go_round(self) -> None:
        self.song.loop_start, self.song.loop_length, self.song.loop = 4.0, 4.0, True
        self.tick()
        self.start()
        self.assertEqual((self.player.orders[0]["beats"], self.player.orders[0]["plan"]["loop"]), (4.0, [4.0, 8.0]))
        self.hear(7.9, 3.9)
        self.hear(4.1, 4.1)
        self.assertEqual(self.song.current_song_time, 4.1)
        self.assertEqual(self.told(), ["start"])

    def test_without_a_device_it_stands_and_then_plays_on(self) -> None:
        self.start()
        self.hear(1.0, 1.0)
        act(self.live, "user_lose_audio", ())
        self.hear(1.5, 1.5)
        self.assertEqual((self.song.current_song_time, self.song.is_playing), (1.0, True))
        self.song.stop_playing()
        self.tick()
        self.start()
        self.tick(5)
        self.assertEqual((self.song.is_playing, self.song.current_song_time), (True, 0.0))
        self.assertEqual(self.told(), ["start"])
        act(self.live, "user_regain_audio", ())
        self.tick()
        self.assertEqual(self.told(), ["start"])

    def test_a_count_in_is_not_the_devices(self) -> None:
        act(self.live, "user_set_count_in", (1,))
        self.song.start_time = 8.0
        self.song.record_mode = True
        self.tick(100)
        self.assertEqual((self.song.is_counting_in, self.told()), (True, []))
        self.tick(135)
        self.assertEqual((self.song.is_counting_in, self.player.orders[0]["beats"]), (False, 8.0))
        self.assertEqual(self.told(), ["start"])

    def test_another_set_is_not_where_the_last_one_was(self) -> None:
        self.start()
        self.hear(1.0, 1.0)
        self.live.open_song()
        self.tick()
        self.hear(1.5, 1.5)
        self.assertEqual(self.live.song.current_song_time, 0.0)
        self.assertEqual(self.told(), ["start", "stop"])


class Changing(OutputCase):
    def test_what_changes_what_is_heard_is_told_once(self) -> None:
        self.place(0.0)
        self.start()
        self.tick(3)
        self.track.mute = True
        self.tick(3)
        self.assertEqual(self.told(), ["start", "change"])
        self.song.metronome = True
        self.tick()
        self.assertEqual(self.told(), [])

    def test_one_change_waits_until_the_last_one_is_taken_over(self) -> None:
        self.start()
        self.player.is_busy = True
        for volume in (0.25, 0.5, 0.75):
            self.track.mixer_device.volume.value = volume
            self.tick()
        self.assertEqual(self.told(), ["start"])
        self.player.is_busy = False
        self.tick()
        self.assertEqual(self.player.orders[0]["plan"]["mix"]["tracks"][2]["volume"], 0.75)
        self.assertEqual(self.told(), ["change"])

    def test_nothing_is_told_while_it_stands(self) -> None:
        self.place(0.0)
        self.tick(3)
        self.assertEqual(self.told(), [])


class SessionView(OutputCase):
    def setUp(self) -> None:
        super().setUp()
        self.clip: Any = self.track.clip_slots[0].create_audio_clip(TWO_SECONDS)
        self.tick()

    def test_a_launch_on_a_line_is_told_ahead(self) -> None:
        self.place(0.0)
        self.start()
        self.hear(1.0, 1.0)
        self.clip.fire()
        self.tick()
        plan = self.player.orders[-1]["plan"]
        self.assertEqual(self.clips_told(plan["mix"]), [(0.0, 4.0)])
        self.assertEqual([one["at_played_beats"] for one in plan["expected"]], [4.0])
        self.assertEqual(self.clips_told(plan["expected"][0]["mix"]), [(4.0, float("inf"))])
        self.hear(4.01, 4.01)
        self.assertTrue(self.clip.is_playing)
        plan = self.player.orders[-1]["plan"]
        self.assertEqual((self.clips_told(plan["mix"]), plan["expected"]), ([(4.0, float("inf"))], []))

    def test_one_at_once_begins_when_it_can_be_heard_whole(self) -> None:
        self.song.clip_trigger_quantization = 0
        self.start()
        self.hear(1.0, 1.0)
        self.clip.fire()
        self.tick()
        at_beats = self.player.orders[-1]["plan"]["expected"][0]["at_played_beats"]
        self.assertAlmostEqual(at_beats, 1.0 + 2.0 * (LATENCY_SECONDS + TAKE_OVER_SECONDS))
        self.hear(1.1, 1.1)
        self.assertFalse(self.clip.is_playing)
        self.hear(1.3, 1.3)
        self.assertTrue(self.clip.is_playing)
        self.assertAlmostEqual(self.clip.playing_position, 1.3 - at_beats)

    def test_the_first_one_starts_the_song(self) -> None:
        self.clip.fire()
        self.tick()
        order = self.player.orders[-1]
        self.assertEqual((order["do"], order["beats"]), ("start", 0.0))
        self.assertEqual(self.clips_told(order["plan"]["mix"]), [(0.0, float("inf"))])

    def test_a_stop_and_a_scenes_tempo_are_told_ahead(self) -> None:
        self.clip.fire()
        self.tick()
        self.hear(1.0, 1.0)
        self.song.scenes[1].tempo_enabled = True
        self.song.scenes[1].tempo = 90.0
        self.song.scenes[1].fire()
        self.track.stop_all_clips()
        self.tick()
        expected = self.player.orders[-1]["plan"]["expected"]
        self.assertEqual([one["at_played_beats"] for one in expected], [4.0])
        self.assertEqual(expected[0]["mix"]["tempo_bpm"], 90.0)
        self.assertEqual(self.clips_told(expected[0]["mix"]), [])

    def test_it_goes_on_through_a_jump(self) -> None:
        self.place(0.0)
        self.place(20.0)
        self.clip.fire()
        self.tick()
        self.hear(1.0, 1.0)
        self.song.current_song_time = 8.0
        self.tick()
        self.assertEqual(self.clips_told(self.player.orders[-1]["plan"]["mix"]), [(0.0, float("inf"))])
        self.hear(1.5, 1.5, run=1)
        self.assertEqual((self.song.current_song_time, self.clip.playing_position), (8.0, 1.5))


class CuePoints(OutputCase):
    def test_a_jump_on_a_line_is_told_ahead_and_not_again(self) -> None:
        self.place(20.0)
        self.song.current_song_time = 16.0
        self.tick(2)
        self.song.set_or_delete_cue()
        self.song.current_song_time = 0.0
        self.tick(2)
        self.start()
        self.hear(1.0, 1.0)
        self.song.cue_points[0].jump()
        self.tick()
        expected = self.player.orders[-1]["plan"]["expected"]
        self.assertEqual(expected, [{"at_played_beats": 4.0, "mix": None, "jump_to_beats": 16.0}])
        self.told()
        self.hear(16.02, 4.02)
        self.assertAlmostEqual(self.song.current_song_time, 16.02)
        self.hear(16.1, 4.1)
        self.assertNotIn("jump", self.told())


if __name__ == "__main__":
    unittest.main()
