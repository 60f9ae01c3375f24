"""The script hosted by the simulated Live, in this process, asked over a real UDP socket. Runs in Python 3.7 too."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sys
import tempfile
import time
import unittest

from live_remote_script import fields, osc, protocol, seal
from live_simulator.clock import charges_seen
from live_simulator.editions import SUITE
from live_simulator.nodes.node import AudioFile
from live_simulator.simulator import Simulator
from live_simulator.user import act

SCRIPT = os.path.dirname(os.path.abspath(protocol.__file__))
SOUNDS = os.path.abspath(os.sep + "sounds")
TOKEN = bytes(range(32))
USUAL = (12, 3, 6)
USERS_TRACKS = 4
"""The set begins with two MIDI and two audio tracks."""


def sound(name):
    return os.path.join(SOUNDS, name)


KICK, PAD = sound("kick.wav"), sound("pad.wav")


class ScriptCase(unittest.TestCase):
    version = USUAL

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.files = {KICK: AudioFile(KICK, 44100, 44100, 1), PAD: AudioFile(PAD, 8 * 48000, 48000, 2)}
        self.log = []
        self.seconds = 0.0
        """What passes, besides real time, on the clock by which controllers are silent."""
        self.host(self.version)
        self.request_id = 0
        self.socket = self.new_socket()
        self.session = b""

    def host(self, version, edition=SUITE):
        """A simulated Live of that version, whose clock the script sees."""
        self.live = Simulator(version, self.files.get, self.log.append, edition=edition)
        clock = charges_seen(self.live.clock)
        clock.__enter__()
        self.addCleanup(clock.__exit__, None, None, None)
        monotonic = time.monotonic
        time.monotonic = lambda: monotonic() + self.seconds
        self.addCleanup(setattr, time, "monotonic", monotonic)
        self.addCleanup(self.live.close)

    @property
    def song(self):
        return self.live.modules()["Live.Application"].get_application().get_document()

    @property
    def our_live_tracks(self):
        return list(self.song.tracks)[USERS_TRACKS:]

    def new_socket(self):
        asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asker.bind(("127.0.0.1", 0))
        asker.settimeout(2)
        self.addCleanup(asker.close)
        return asker

    def start(self, token=TOKEN, name="JacqueesBot", **settings):
        """Loads a copy of the script; its port is the system's choice unless `port` is given. Greets it."""
        name = re.sub(r"\W", "_", "%s_%s" % (name, os.path.basename(self.folder)))
        token_file = os.path.join(self.folder, "token")
        with open(token_file, "w", encoding="ascii") as file:
            file.write(token.hex())
        copy = os.path.join(self.folder, name)
        shutil.copytree(SCRIPT, copy, ignore=shutil.ignore_patterns("__pycache__"))
        with open(os.path.join(copy, "settings.json"), "w", encoding="utf-8") as file:
            json.dump(dict({"port": 0, "token_file": token_file}, **settings), file)
        self.addCleanup(self.forget_modules, name)
        self.live.load_script(copy)
        if self.port is not None:
            self.greet()

    def forget_modules(self, name):
        for module in [one for one in sys.modules if one.split(".")[0] == name]:
            del sys.modules[module]

    def greet(self, folders=(SOUNDS,), asker=None):
        self.session = bytes.fromhex(self.ask("version", asker=asker)[-1])
        self.ask("hello", "\n".join(folders), asker=asker)

    @property
    def port(self):
        """As the script's newest line in the log tells; None where it could not have one."""
        told = [re.search(r"listening on port (\d+)", line) for line in self.log]
        found = [match.group(1) for match in told if match]
        return int(found[-1]) if found else None

    def messages(self):
        """What was shown in Live's status bar."""
        return [line for line in self.log if line.startswith("status bar")]

    def packet(self, name, *arguments, **more):
        command = protocol.BY_NAME[name]
        values = (more["request_id"],) + arguments
        if command.keyed:
            return seal.sealed(command.address, values, more.get("token", TOKEN), self.session)
        return osc.encode(command.address, values)

    def send(self, name, *arguments, **more):
        """The request's id. `asker`: another socket; `request_id`, `token`: not the usual ones."""
        request_id = more.get("request_id")
        if request_id is None:
            self.request_id += 1
            request_id = self.request_id
        packet = self.packet(name, *arguments, request_id=request_id, token=more.get("token", TOKEN))
        (more.get("asker") or self.socket).sendto(packet, ("127.0.0.1", self.port))
        return request_id

    def receive(self, asker=None):
        return osc.decode_message((asker or self.socket).recv(65535))

    def answer(self, name, *arguments, **more):
        """The message that answers; progress and reports before it are left out, parts are joined."""
        request_id = self.send(name, *arguments, **more)
        asker = more.get("asker") or self.socket
        parts = {}
        while True:
            self.run_until_received(asker)
            message = self.receive(asker)
            if message.address == protocol.PART:
                parts[message.arguments[1]] = message.arguments[3]
                if len(parts) == message.arguments[2]:
                    return osc.decode_message(b"".join(parts[place] for place in sorted(parts)))
            elif message.address in (protocol.OK, protocol.ERROR) and message.arguments[0] == request_id:
                return message

    def run_until_received(self, asker, ticks=3000):
        asker.setblocking(False)
        try:
            for _ in range(ticks):
                try:
                    asker.recv(1, socket.MSG_PEEK)
                    return
                except OSError as why:
                    if os.name == "nt" and why.errno == 10040:  # there is more than the one byte asked for
                        return
                self.live.tick()
        finally:
            asker.settimeout(2)
        self.fail("nothing received in %d ticks" % ticks)

    def ask(self, name, *arguments, **more):
        """The reply's values; AssertionError with the code where it is an error."""
        message = self.answer(name, *arguments, **more)
        self.assertEqual(message.address, protocol.OK, message)
        values = list(message.arguments[1:])
        command = protocol.BY_NAME[name]
        return fields.checked_rows(command, values) if command.rows else fields.checked(command.reply, values)

    def refused(self, name, *arguments, **more):
        """The error's code."""
        message = self.answer(name, *arguments, **more)
        self.assertEqual(message.address, protocol.ERROR, message)
        self.assertIn(message.arguments[1], protocol.ERRORS)
        return message.arguments[1]

    def bundle(self, *steps):
        """Steps, each a list of name and arguments."""
        return osc.bundle([osc.encode(protocol.STEP_BY_NAME[step[0]].address, tuple(step[1:])) for step in steps])

    def sent_plan(self, *steps, **more):
        """Its id; everything but `commit`."""
        (plan_id,) = self.ask("begin", more.get("origin_beats", 0.0), len(steps))
        for first in range(0, len(steps), 10):
            self.ask("steps", plan_id, first, self.bundle(*steps[first : first + 10]))
        return plan_id

    def do(self, *steps, **more):
        self.assertEqual(self.ask("commit", self.sent_plan(*steps, **more)), [len(steps)])

    def refused_plan(self, *steps):
        """The error's code."""
        return self.refused("commit", self.sent_plan(*steps))

    def track(self, name="drums", colour=0xFF0000, volume=0.8, pan=-0.5):
        """The id of one more track of ours."""
        before = [row["track_id"] for row in self.rows("tracks")]
        self.ask("reserve_tracks", len([one for one in before if one]) + 1)
        (track_id,) = [row["track_id"] for row in self.rows("tracks") if row["track_id"] not in before]
        self.do(["set_track", track_id, name, colour, volume, pan])
        return track_id

    def clip(self, track_id, start_beats, file_path=KICK, end_seconds=0.5, **changes):
        """The step that creates it."""
        wanted = dict(gain=0.5, coarse=0, fine=0.0, name="kick", colour=0xFF0000)
        wanted.update(changes)
        look = [wanted[key] for key in ("gain", "coarse", "fine", "name", "colour")]
        return ["create_clip", track_id, file_path, start_beats, end_seconds] + look

    def rows(self, name, *arguments):
        found, first = [], 0
        while first != protocol.LAST_PAGE:
            first, page = self.ask(name, *(arguments + (first,)))
            found += page
        names = [field.name for field in protocol.BY_NAME[name].rows]
        return [dict(zip(names, row)) for row in found]

    def starts(self, track):
        return [clip.start_time for clip in track.arrangement_clips]

    def tick(self, count=1):
        for _ in range(count):
            self.live.tick()

    def act(self, name, *arguments):
        """As the user; one of live_simulator.user.ACTIONS."""
        act(self.live, "user_" + name, arguments)
