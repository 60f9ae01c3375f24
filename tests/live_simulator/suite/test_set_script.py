"""Hosting a script: create_instance, timers, update_display, errors."""

from __future__ import annotations

import itertools
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path
from typing import Any

from live_simulator.boost import ArgumentError
from live_simulator.errors import BadScript

from set_case import SetCase

NUMBERS = itertools.count()
PLAIN = """
    def create_instance(c_instance):
        c_instance.log_message("created")
        return Plain(c_instance)

    class Plain:
        def __init__(self, c_instance):
            self.c_instance = c_instance
            self.updates = 0

        def update_display(self):
            self.updates += 1

        def disconnect(self):
            self.c_instance.log_message("%d updates" % self.updates)
"""


class ScriptCase(SetCase):
    def setUp(self) -> None:
        super().setUp()
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        known = set(sys.modules)
        self.addCleanup(lambda: [sys.modules.pop(name) for name in set(sys.modules) - known])

    def script(self, source: str, **others: str) -> str:
        """A script folder with that __init__.py, under a name of its own."""
        folder = self.folder / f"Script{next(NUMBERS)}"
        folder.mkdir()
        for name, text in dict(others, __init__=source).items():
            (folder / f"{name}.py").write_text(textwrap.dedent(text))
        return str(folder)


class Hosting(ScriptCase):
    def test_a_plain_object_is_enough(self) -> None:
        self.live.load_script(self.script(PLAIN))
        self.tick(35)
        self.live.close()
        self.assertEqual(self.log, ["RemoteScriptMessage: created", "RemoteScriptMessage: 3 updates"])

    def test_live_is_importable_as_a_package(self) -> None:
        source = """
            import Live
            import Live.Track
            from Live.Song import Song
            from . import part

            def create_instance(c_instance):
                song = c_instance.song()
                assert isinstance(song, Song) and song == Live.Application.get_application().get_document()
                assert isinstance(song.tracks[0], Live.Track.Track)
                assert isinstance(song.view, Live.Song.Song.View)
                assert Live.Clip.WarpMode.complex_pro == 6
                c_instance.log_message(part.TEXT)
                return object()
        """
        self.live.load_script(self.script(source, part="TEXT = __name__"))
        self.assertRegex(self.log[0], r"RemoteScriptMessage: Script\d+\.part$")

    def test_an_error_in_a_call_is_logged_and_live_goes_on(self) -> None:
        source = PLAIN.replace("self.updates += 1", "self.updates += 1; raise KeyError(self.updates)")
        self.live.load_script(self.script(source))
        self.tick(20)
        self.assertEqual([line for line in self.log if line.endswith("(in update_display)")], self.log[-1:] * 2)
        self.assertIn("RemoteScriptError: KeyError: 2", self.log)

    def test_folders_that_live_would_not_load(self) -> None:
        with self.refused(BadScript, "has no create_instance"):
            self.live.load_script(self.script("x = 1"))
        with self.refused(BadScript, "has no __init__.py"):
            self.live.load_script(str(self.folder))
        hidden = self.folder / "_hidden"
        hidden.mkdir()
        (hidden / "__init__.py").write_text("")
        with self.refused(BadScript, "begins with"):
            self.live.load_script(str(hidden))
        with self.refused(ZeroDivisionError):
            self.live.load_script(self.script("1 / 0"))


class LiveTimers(SetCase):
    def timer(self, **arguments: Any) -> Any:
        return self.modules["Live.Base"].Timer(**arguments)

    def test_a_timer_runs_every_interval_but_not_more_often_than_10_ms(self) -> None:
        counts: dict[int, int] = {1: 0, 10: 0, 25: 0, 100: 0}

        def counter(interval: int) -> Any:
            def count() -> None:
                counts[interval] += 1

            return count

        for interval in counts:
            self.timer(callback=counter(interval), interval=interval, repeat=True, start=True)
        self.tick(60)
        self.assertEqual(counts, {1: 60, 10: 60, 25: 20, 100: 6})

    def test_without_repeat_it_runs_once_and_can_be_restarted(self) -> None:
        heard: list[int] = []
        timer = self.timer(callback=lambda: heard.append(1), interval=10)
        self.tick(3)
        self.assertEqual((heard, timer.running), ([], False))
        timer.start()
        self.assertTrue(timer.running)
        self.tick(3)
        self.assertEqual((heard, timer.running), ([1], False))
        timer.restart()
        timer.stop()
        self.tick(3)
        self.assertEqual(heard, [1])

    def test_an_error_stops_the_timer_and_is_logged(self) -> None:
        heard: list[int] = []

        def fail() -> None:
            heard.append(1)
            raise ValueError("why")

        timer = self.timer(callback=fail, interval=10, repeat=True, start=True)
        self.tick(3)
        self.assertEqual((heard, timer.running), ([1], False))
        self.assertIn("RemoteScriptError: ValueError: why", self.log)
        timer.restart()
        self.tick(1)
        self.assertEqual(heard, [1, 1])

    def test_what_it_takes(self) -> None:
        for wrong in ({"callback": print}, {"callback": print, "interval": 1.0}, {"callback": 1, "interval": 1}):
            with self.refused(ArgumentError):
                self.timer(**wrong)
        with self.refused(ArgumentError):
            self.timer(callback=print, interval=1, often=True)
        self.assertFalse(self.modules["Live.Base"].Timer(print, 10, True).running)

    def test_what_a_timer_writes_is_deferred_to_the_next_tick(self) -> None:
        seen: list[Any] = []

        def work() -> None:
            seen.append(self.song.loop)
            self.song.loop = True
            seen.append(self.song.loop)

        self.timer(callback=work, interval=10, repeat=True, start=True)
        self.tick(2)
        self.assertEqual(seen, [False, False, True, True])


if __name__ == "__main__":
    unittest.main()
