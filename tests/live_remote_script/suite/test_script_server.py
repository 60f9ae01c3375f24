import random
import unittest

from live_remote_script import jobs, osc, protocol
from script_case import KICK, USERS_TRACKS, ScriptCase


class RepeatedRequestsTest(ScriptCase):
    def test_a_repeated_request_is_answered_again_and_done_once(self):
        self.start()
        for _ in range(3):
            self.send("reserve_tracks", 2, request_id=500)
        self.tick(20)
        self.send("reserve_tracks", 2, request_id=500)
        self.tick(5)
        replies = [self.receive() for _ in range(4)]
        self.assertEqual(sorted(reply.address for reply in replies), [protocol.OK] * 2 + [protocol.PENDING] * 2)
        self.assertEqual({reply.arguments[0] for reply in replies}, {500})
        self.assertEqual(len(self.our_live_tracks), 2)

    def test_the_same_id_of_another_asker_is_another_request(self):
        self.start()
        other = self.new_socket()
        self.ask("status", request_id=500)
        self.assertEqual(self.ask("reserve_tracks", 1, request_id=500, asker=other)[0], 1)

    def test_an_id_used_for_another_request_is_refused(self):
        self.start()
        self.ask("reserve_tracks", 1, request_id=500)
        self.assertEqual(self.refused("reserve_tracks", 2, request_id=500), "bad_request")
        self.assertEqual(len(self.our_live_tracks), 1)

    def test_a_late_double_of_a_forgotten_request_is_not_done(self):
        self.start()
        self.ask("reserve_tracks", 1, request_id=500)
        for number in range(501, 501 + 2200):
            self.ask("status", request_id=number)
        self.act("delete_track", USERS_TRACKS)
        self.send("reserve_tracks", 1, request_id=500)
        self.tick(20)
        self.assertEqual(len(self.our_live_tracks), 0)

    def test_smaller_ids_of_who_has_a_forgotten_askers_port_are_served(self):
        self.start()
        self.ask("reserve_tracks", 1, request_id=5000)
        for number in range(5001, 5001 + 2200):
            self.ask("status", request_id=number)
        self.assertEqual(self.ask("reserve_tracks", 2, request_id=1)[0], 2)

    def test_a_sealed_request_is_not_taken_from_another_address(self):
        self.start()
        packet = self.packet("reserve_tracks", 1, request_id=500)
        self.assertEqual(self.ask("reserve_tracks", 1, request_id=500)[0], 1)
        self.act("delete_track", USERS_TRACKS)
        thief = self.new_socket()
        thief.sendto(packet, ("127.0.0.1", self.port))
        self.run_until_received(thief)
        self.assertEqual(self.receive(thief).arguments[:2], (500, "not_authentic"))
        self.assertEqual(len(self.our_live_tracks), 0)

    def test_shuffled_and_doubled_datagrams_change_nothing(self):
        self.start()
        self.ask("reserve_tracks", 1)
        steps = [self.clip(1, 2.0 * number) for number in range(12)]
        (plan_id,) = self.ask("begin", 0.0, len(steps))
        chance = random.Random(3)
        wanted = [(1000 + place, place) for place in range(12)] * 3
        chance.shuffle(wanted)
        for request_id, place in wanted:
            self.send("steps", plan_id, place, self.bundle(steps[place]), request_id=request_id)
            if chance.random() < 0.3:
                self.tick()
        for _ in range(3):
            self.send("commit", plan_id, request_id=2000)
        self.ask("settle", asker=self.new_socket())
        self.assertEqual(self.starts(self.our_live_tracks[0]), [2.0 * number for number in range(12)])


class BadRequestsTest(ScriptCase):
    def test_bad_arguments_and_unknown_commands_are_typed_errors(self):
        self.start()
        for arguments in ((), ("fast",), (5.0,), (float("nan"),)):
            self.assertEqual(self.refused("set_tempo", *arguments), "bad_request")
        self.socket.sendto(osc.encode(protocol.PREFIX + "make_it_good", (900,)), ("127.0.0.1", self.port))
        self.tick(2)
        self.assertEqual(self.receive().arguments[:2], (900, "unknown_command"))
        self.assertFalse(self.song.can_undo)

    def test_rubbish_is_ignored_counted_and_does_not_fill_the_log(self):
        self.start()
        chance = random.Random(5)
        lines = len(self.log)
        for number in range(1000):
            rubbish = bytes(chance.getrandbits(8) for _ in range(chance.randrange(64)))
            self.socket.sendto(rubbish, ("127.0.0.1", self.port))
            if number % 50 == 0:
                self.tick(2)
        self.tick(2)
        self.socket.sendto(osc.encode(protocol.BY_NAME["version"].address, ("no id",)), ("127.0.0.1", self.port))
        self.socket.sendto(bytes(protocol.MOST_REQUEST_BYTES + 4), ("127.0.0.1", self.port))
        self.tick()
        self.assertEqual(self.ask("status")[5], 1002)
        self.assertLess(len(self.log) - lines, 20)

    def test_ten_thousand_mutated_requests_change_nothing(self):
        self.start()
        self.do(self.clip(self.track(), 0.0))
        requests = [
            self.packet("reserve_tracks", 3, request_id=700),
            self.packet("set_tempo", 99.0, request_id=701),
            self.packet("undo", request_id=702),
            self.packet("begin", 4.0, 7, request_id=703),
            self.packet("steps", 1, 0, self.bundle(["delete_clip", 1, 0.0, KICK]), request_id=704),
            self.packet("keep", request_id=705),
            self.packet("play", 0.0, request_id=706),
            self.packet("hello", "/", request_id=707),
        ]
        before = self.everything()
        chance = random.Random(7)
        other = self.new_socket()
        other.setblocking(False)
        for number in range(10000):
            other.sendto(mutated(chance.choice(requests), requests, chance), ("127.0.0.1", self.port))
            if number % 32 == 31:
                self.tick()
                drain(other)
        self.tick(20)
        self.assertEqual(self.everything(), before)
        self.assertFalse(any("Traceback" in line for line in self.log))
        self.assertEqual(self.ask("reserve_tracks", 2)[0], 2)

    def everything(self):
        """What there is of the set, but its clock."""
        tracks = [(track.name, track.color, track.solo, self.starts(track)) for track in self.song.tracks]
        return tracks, self.song.tempo, self.song.is_playing, self.song.loop, self.rows("tracks")

    def test_a_defect_is_an_internal_error_with_its_traceback_in_the_log(self):
        self.start()
        name = [one for one in __import__("sys").modules if one.endswith(".reading") and "JacqueesBot" in one][-1]
        module = __import__("sys").modules[name]
        original, module.tempo_owner = module.tempo_owner, None
        self.assertEqual(self.refused("song"), "internal")
        module.tempo_owner = original
        self.assertTrue(any("TypeError" in line for line in self.log))
        self.assertEqual(self.ask("status")[0], False)

    def test_what_cannot_be_sent_is_told_instead_of_no_answer(self):
        self.start()
        name = [one for one in __import__("sys").modules if one.endswith(".reading") and "JacqueesBot" in one][-1]
        module = __import__("sys").modules[name]
        original, module.song_file_path = module.song_file_path, lambda song: "\udc80.als"
        self.assertEqual(self.refused("song"), "live_refused")
        module.song_file_path = original

    def test_a_bundle_is_as_good_as_its_messages(self):
        self.start()
        packets = [self.packet(name, request_id=number) for name, number in (("version", 800), ("status", 801))]
        self.socket.sendto(osc.bundle(packets), ("127.0.0.1", self.port))
        self.tick(2)
        self.assertEqual([self.receive().arguments[0] for _ in range(2)], [800, 801])

    def test_sealed_requests_in_a_bundle_are_done(self):
        self.start()
        packets = [self.packet("reserve_tracks", 2, request_id=800), self.packet("watch", True, request_id=801)]
        self.socket.sendto(osc.bundle(packets), ("127.0.0.1", self.port))
        self.tick(20)
        self.assertEqual(len(self.our_live_tracks), 2)


class LifeTest(ScriptCase):
    def test_another_set_in_the_same_process_can_listen_on_the_same_port(self):
        taken = self.new_socket()
        port = taken.getsockname()[1]
        taken.close()
        self.start(port=port)
        session = self.session
        self.ask("reserve_tracks", 1)
        self.act("new_set")
        self.assertEqual(self.refused("reserve_tracks", 1), "not_authentic")
        self.greet()
        self.assertNotEqual(self.session, session)
        self.assertEqual(self.port, port)
        self.assertEqual(self.ask("reserve_tracks", 2)[0], 2)

    def test_it_is_there_again_after_it_was_switched_off_and_on(self):
        self.start()
        self.act("disable_script")
        self.act("enable_script")
        self.greet()
        self.assertEqual(self.ask("reserve_tracks", 1)[0], 1)

    def test_unfinished_requests_are_refused_when_the_set_closes(self):
        self.start()
        self.ask("reserve_tracks", 1)
        self.send("commit", self.sent_plan(*[self.clip(1, 2.0 * number) for number in range(10)]))
        self.tick(3)
        self.act("new_set")
        told = [self.receive()]
        while told[-1].address != protocol.ERROR:
            told.append(self.receive())
        self.assertEqual(told[-1].arguments[1], "set_closed")

    def test_a_doubled_instance_says_that_the_port_is_taken_and_the_first_serves_on(self):
        taken = self.new_socket()
        port = taken.getsockname()[1]
        taken.close()
        self.start(port=port)
        self.act("double_script")
        self.assertEqual(len([line for line in self.messages() if str(port) in line]), 1)
        self.assertEqual(self.ask("reserve_tracks", 1)[0], 1)

    def test_a_taken_port_is_said_once_and_tried_again(self):
        taken = self.new_socket()
        self.start(port=taken.getsockname()[1])
        self.assertIsNone(self.port)
        self.assertIn(str(taken.getsockname()[1]), self.messages()[0])
        self.tick(500)
        self.assertEqual(len(self.messages()), 1)
        taken.close()
        self.tick(500)
        self.greet()

    def test_bad_settings_are_said_and_the_default_port_is_used(self):
        self.start(port="19102")
        self.assertIn("settings.json", self.messages()[0])
        self.assertIn(self.port, (None, protocol.DEFAULT_PORT))

    def greet(self, *arguments, **more):
        if not any("settings.json" in line for line in self.messages()):
            super().greet(*arguments, **more)

    def test_an_error_in_a_tick_does_not_stop_the_script(self):
        """Its timer is stopped by the first that comes through, and started again."""
        self.start()
        timers = list(self.live.timers._running)
        for timer in timers:
            timer.stop()
        self.tick(30)
        self.assertEqual(self.ask("status")[0], False)

    def test_a_modal_menu_holds_it_up_and_it_goes_on_afterwards(self):
        self.start()
        self.act("open_menu")
        ids = [self.send("status") for _ in range(20)]
        self.tick(30)
        self.act("close_menu")
        self.tick(3)
        self.assertEqual([self.receive().arguments[0] for _ in ids], ids)


class JobsTest(unittest.TestCase):
    def setUp(self):
        self.seconds = 0.0
        self.seen = []
        self.jobs = jobs.Jobs(clock=lambda: self.seconds)

    def add(self, name, cost_seconds, ticks, costly=False):
        def steps():
            for _ in range(ticks):
                if costly:
                    yield jobs.COSTLY
                self.seconds += cost_seconds
                self.seen.append(name)
                yield
            return [name]

        self.jobs.add(jobs.Job(steps(), False, lambda values: self.seen.append(values), self.fail))

    def run_tick(self):
        self.jobs.run_tick(lambda: None)
        seen, self.seen = self.seen, []
        return seen

    def test_a_tick_stops_at_its_budget_and_the_next_goes_on_there(self):
        for name in "abcde":
            self.add(name, 0.002, 2)
        self.assertEqual(self.run_tick(), ["a", "b", "c"])
        self.assertEqual(self.run_tick(), ["d", "e", "a"])

    def test_one_job_goes_on_even_if_it_takes_more_than_the_budget(self):
        self.add("slow", 1.0, 2)
        self.add("quick", 0.0, 1)
        found = [self.run_tick() for _ in range(5)]
        self.assertEqual([one for tick in found for one in tick], ["slow", "quick", "slow", ["quick"], ["slow"]])

    def test_costly_calls_come_last_and_none_begins_late(self):
        self.add("costly", 0.023, 1, costly=True)
        self.add("deletes", 0.006, 3, costly=True)
        self.add("cheap", 0.001, 4)
        self.assertEqual(self.run_tick(), ["cheap", "costly"])
        self.assertEqual(self.run_tick(), ["cheap", ["costly"], "deletes"])
        self.assertEqual(self.run_tick(), ["cheap", "deletes"])

    def test_a_costly_call_that_was_held_up_comes_first(self):
        self.add("costly", 0.023, 1, costly=True)
        self.add("slow", 0.011, 2)
        self.assertEqual(self.run_tick(), ["slow"])
        self.assertEqual(self.run_tick(), ["costly", "slow"])

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


def mutated(packet, others, chance):
    """Bytes of it changed, cut out, put in, doubled, or its end that of another request."""
    data = bytearray(packet)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        at = chance.randrange(len(data)) if data else 0
        kind = chance.randrange(5)
        if kind == 0 and data:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and data:
            data[at] = chance.randrange(256)
        elif kind == 2:
            del data[at : at + chance.randrange(1, 9)]
        elif kind == 3:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice((1, 4, 8))))
        else:
            data = data[:at] + chance.choice(others)[at:]
    return bytes(data) if bytes(data) not in others else bytes(data[:-1])


def drain(asker):
    try:
        while True:
            asker.recv(65535)
    except BlockingIOError:
        return


if __name__ == "__main__":
    unittest.main()
