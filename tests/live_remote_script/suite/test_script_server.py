import random
import unittest

from live_remote_script import jobs, osc, protocol
from script_case import ScriptCase


class RepeatedRequestsTest(ScriptCase):
    def test_a_repeated_request_is_answered_again_and_done_once(self):
        self.start()
        for _ in range(3):
            self.send("create_track", "drums", 0, 0.5, 0.0, request_id=5)
        self.live.tick(5)
        self.send("create_track", "drums", 0, 0.5, 0.0, request_id=5)
        self.live.tick(5)
        replies = [self.receive() for _ in range(4)]
        self.assertEqual(sorted(reply.address for reply in replies), [protocol.OK] * 2 + [protocol.PENDING] * 2)
        self.assertEqual({reply.arguments[0] for reply in replies}, {5})
        self.assertEqual(len(self.live.song.tracks), 1)

    def test_the_same_id_of_another_asker_is_another_request(self):
        self.start()
        other = self.new_socket()
        self.send("create_track", "a", 0, 0.5, 0.0, request_id=5)
        self.send("create_track", "b", 0, 0.5, 0.0, request_id=5, asker=other)
        self.live.tick(10)
        self.assertEqual({self.receive().address, self.receive(other).address}, {protocol.OK})
        self.assertEqual([track.name for track in self.live.song.tracks], ["a", "b"])

    def test_an_id_used_for_another_request_is_refused(self):
        self.start()
        self.send("create_track", "a", 0, 0.5, 0.0, request_id=5)
        self.live.tick(5)
        self.receive()
        self.send("create_track", "b", 0, 0.5, 0.0, request_id=5)
        self.live.tick(5)
        self.assertEqual(self.receive().arguments[:2], (5, "bad_request"))
        self.assertEqual(len(self.live.song.tracks), 1)

    def test_shuffled_and_doubled_datagrams_change_nothing(self):
        self.start()
        track_id = self.track()
        chance = random.Random(3)
        wanted = [(100 + number, float(number)) for number in range(12)] * 3
        chance.shuffle(wanted)
        for request_id, start_beats in wanted:
            self.send("create_clip", *self.clip_arguments(track_id, start_beats), request_id=request_id)
            if chance.random() < 0.3:
                self.live.tick()
        self.live.tick(200)
        clips = self.live.song.tracks[0].arrangement_clips
        self.assertEqual([clip.start_time for clip in clips], [float(number) for number in range(12)])
        self.assertFalse(any(clip.overwritten for clip in clips))


class BadRequestsTest(ScriptCase):
    def test_bad_arguments_and_unknown_commands_are_typed_errors(self):
        self.start()
        self.assertEqual(self.refused("set_tempo"), "bad_request")
        self.assertEqual(self.refused("set_tempo", "fast"), "bad_request")
        self.assertEqual(self.refused("set_tempo", 5.0), "bad_request")
        self.assertEqual(self.refused("set_tempo", float("nan")), "bad_request")
        self.socket.sendto(osc.encode(protocol.PREFIX + "make_it_good", (9,)), ("127.0.0.1", self.script.port))
        self.live.tick(2)
        self.assertEqual(self.receive().arguments[:2], (9, "unknown_command"))
        self.assertEqual(self.live.undo_steps, 4)

    def test_rubbish_is_ignored_and_does_not_fill_the_log(self):
        self.start()
        chance = random.Random(5)
        lines = len(self.live.log)
        for number in range(1000):
            rubbish = bytes(chance.getrandbits(8) for _ in range(chance.randrange(64)))
            self.socket.sendto(rubbish, ("127.0.0.1", self.script.port))
            if number % 50 == 0:
                self.live.tick(2)
        self.live.tick(2)
        self.socket.sendto(osc.encode(protocol.BY_NAME["hello"].address, ("no id",)), ("127.0.0.1", self.script.port))
        self.live.tick()
        self.assertEqual(self.ask("hello")[2], "12.3.6")
        self.assertLess(len(self.live.log) - lines, 20)

    def test_a_defect_is_an_internal_error_with_its_traceback_in_the_log(self):
        self.start()
        del self.live.song.signature_numerator
        self.assertEqual(self.refused("song"), "internal")
        self.assertTrue(any("Traceback" in line and "AttributeError" in line for line in self.live.log))
        self.assertEqual(self.ask("status")[0], False)

    def test_a_bundle_is_as_good_as_its_messages(self):
        self.start()
        packets = [
            osc.encode(protocol.BY_NAME[name].address, (number,)) for number, name in enumerate(("hello", "status"))
        ]
        bundle = b"#bundle\x00" + b"\x00" * 7 + b"\x01" + b"".join(len(one).to_bytes(4, "big") + one for one in packets)
        self.socket.sendto(bundle, ("127.0.0.1", self.script.port))
        self.live.tick(2)
        self.assertEqual([self.receive().arguments[0] for _ in range(2)], [0, 1])


class LifeTest(ScriptCase):
    def test_another_set_in_the_same_process_can_listen_on_the_same_port(self):
        port = self.start().port
        self.script.disconnect()
        again = self.start(port=port)
        self.assertEqual(again.port, port)
        self.assertEqual(self.ask("hello")[2], "12.3.6")
        self.assertEqual([timer.running for timer in self.live.timers], [False, True])

    def test_unfinished_requests_are_refused_when_the_set_closes(self):
        self.start()
        track_id = self.track()
        self.send("create_clip", *self.clip_arguments(track_id, 0.0))
        self.live.tick()
        self.script.disconnect()
        self.assertEqual(self.receive().arguments[1], "set_closed")

    def test_a_taken_port_is_said_once_and_tried_again(self):
        taken = self.new_socket()
        script = self.start(port=taken.getsockname()[1])
        self.assertIsNone(script.port)
        self.assertIn(str(taken.getsockname()[1]), self.live.messages[0])
        for _ in range(40):
            script.update_display()
        self.assertEqual(len(self.live.messages), 1)
        taken.close()
        for _ in range(40):
            script.update_display()
        self.assertEqual(self.ask("hello")[2], "12.3.6")

    def test_bad_settings_are_said_and_the_default_port_is_used(self):
        script = self.start(port="19102")
        self.assertIn("settings.json", self.live.messages[0])
        self.assertIn(script.port, (None, protocol.DEFAULT_PORT))

    def test_a_stopped_timer_is_started_again(self):
        script = self.start()
        self.live.timers[0].stop()
        script.update_display()
        self.assertTrue(self.live.timers[0].running)

    def test_a_song_that_is_gone_does_not_stop_the_timer(self):
        script = self.start()
        song, self.live.song = self.live.song, None
        self.assertEqual(self.refused("song"), "internal")
        self.assertEqual(self.refused("begin", 0.0), "internal")
        self.assertTrue(self.live.timers[0].running)
        self.live.song = song
        self.ask("begin", 0.0)
        self.assertIsNotNone(script.port)

    def test_whatever_live_calls_is_there(self):
        script = self.start()
        script.connect_script_instances([])
        script.build_midi_map(1)
        script.refresh_state()
        script.receive_midi((144, 60, 1))
        script.port_settings_changed()
        self.assertFalse(script.can_lock_to_devices())
        self.assertFalse(script.supports_pad_translation())
        self.assertEqual((script.suggest_input_port(), script.suggest_output_port()), ("", ""))


class JobsTest(unittest.TestCase):
    def setUp(self):
        self.seconds = 0.0
        self.seen = []
        self.jobs = jobs.Jobs(clock=lambda: self.seconds, budget_seconds=0.005)

    def add(self, name, cost_seconds, ticks):
        def steps():
            for _ in range(ticks):
                self.seconds += cost_seconds
                self.seen.append(name)
                yield
            return [name]

        self.jobs.add(jobs.Job(steps(), False, lambda values: self.seen.append(values), self.fail))

    def test_a_tick_stops_at_its_budget_and_the_next_goes_on_there(self):
        for name in "abcde":
            self.add(name, 0.002, 2)
        self.jobs.run_tick(lambda: None)
        self.assertEqual(self.seen, ["a", "b", "c"])
        self.jobs.run_tick(lambda: None)
        self.assertEqual(self.seen, ["a", "b", "c", "d", "e", "a"])

    def test_one_job_goes_on_even_if_it_costs_more_than_the_budget(self):
        self.add("slow", 1.0, 2)
        self.add("quick", 0.0, 1)
        for _ in range(5):
            self.jobs.run_tick(lambda: None)
        self.assertEqual(self.seen, ["slow", "quick", "slow", ["quick"], ["slow"]])

    def test_turns_come_in_order_of_arrival(self):
        turns = jobs.Turns()

        def steps(name):
            yield from turns.take("track")
            self.seen.append(name)
            yield
            turns.give_back("track")
            return []

        for name in "abc":
            self.jobs.add(jobs.Job(steps(name), False, lambda values: None, self.fail))
        for _ in range(6):
            self.jobs.run_tick(lambda: None)
        self.assertEqual(self.seen, ["a", "b", "c"])


if __name__ == "__main__":
    unittest.main()
