"""A script running in the stand-in Live, asked over a real UDP socket."""

import json
import os
import shutil
import socket
import sys
import tempfile
import unittest

from live_remote_script import osc, protocol
from live_stand_in import Live

SCRIPT = os.path.dirname(os.path.abspath(protocol.__file__))


class ScriptCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.live = Live()
        self.live.file_seconds = {"/kick.wav": 1.0, "/pad.wav": 8.0}
        self.request_id = 0
        self.socket = self.new_socket()
        self.script = None

    def new_socket(self):
        asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asker.bind(("127.0.0.1", 0))
        asker.settimeout(2)
        self.addCleanup(asker.close)
        return asker

    def start(self, **settings):
        """Loads a copy of the script, as Live does; its port is the system's choice unless `port` is given."""
        name = "JacqueesBot_%s_%d" % (os.path.basename(self.folder), len(os.listdir(self.folder)))
        shutil.copytree(SCRIPT, os.path.join(self.folder, name), ignore=shutil.ignore_patterns("__pycache__"))
        with open(os.path.join(self.folder, name, "settings.json"), "w", encoding="utf-8") as file:
            json.dump(dict({"port": 0}, **settings), file)
        self.live.install()
        sys.path.insert(0, self.folder)
        try:
            package = __import__(name)
        finally:
            sys.path.remove(self.folder)
        self.script = package.create_instance(self.live.c_instance())
        self.addCleanup(lambda script=self.script: script.disconnect())
        return self.script

    def send(self, name, *arguments, request_id=None, asker=None):
        if request_id is None:
            self.request_id += 1
            request_id = self.request_id
        packet = osc.encode(protocol.BY_NAME[name].address, (request_id,) + arguments)
        (asker or self.socket).sendto(packet, ("127.0.0.1", self.script.port))
        return request_id

    def receive(self, asker=None):
        (message,) = osc.decode((asker or self.socket).recv(65535))
        return message

    def ask(self, name, *arguments):
        """The reply's values; AssertionError with the code where it is an error."""
        message = self.answer(name, *arguments)
        self.assertEqual(message.address, protocol.OK, message)
        self.assertEqual(message.arguments[0], self.request_id)
        values = list(message.arguments[1:])
        command = protocol.BY_NAME[name]
        return protocol.checked_rows(command, values) if command.rows else protocol.checked(command.reply, values)

    def refused(self, name, *arguments):
        """The error's code."""
        message = self.answer(name, *arguments)
        self.assertEqual(message.address, protocol.ERROR, message)
        self.assertIn(message.arguments[1], protocol.ERRORS)
        return message.arguments[1]

    def answer(self, name, *arguments):
        self.send(name, *arguments)
        self.run_until_replied()
        return self.receive()

    def run_until_replied(self, ticks=400):
        self.socket.setblocking(False)
        try:
            for _ in range(ticks):
                self.live.tick()
                try:
                    self.socket.recv(1, socket.MSG_PEEK)
                    return
                except BlockingIOError:
                    pass
        finally:
            self.socket.settimeout(2)
        self.fail("no reply in %d ticks" % ticks)

    def track(self, name="drums", colour=0xFF0000, volume=0.8, pan=-0.5):
        return self.ask("create_track", name, colour, volume, pan)[0]

    def clip(self, track_id, start_beats, file_path="/kick.wav", end_seconds=0.5, **changes):
        return self.ask("create_clip", *self.clip_arguments(track_id, start_beats, file_path, end_seconds, **changes))

    def clip_arguments(self, track_id, start_beats, file_path="/kick.wav", end_seconds=0.5, **changes):
        wanted = dict(gain=0.5, coarse=0, fine=0.0, name="kick", colour=0xFF0000)
        wanted.update(changes)
        tail = [wanted[key] for key in ("gain", "coarse", "fine", "name", "colour")]
        return [track_id, file_path, start_beats, end_seconds] + tail

    def rows(self, name, *arguments):
        found, first = [], 0
        while first != protocol.LAST_PAGE:
            first, page = self.ask(name, *(arguments + (first,)))
            found += page
        fields = [field.name for field in protocol.BY_NAME[name].rows]
        return [dict(zip(fields, row)) for row in found]
