"""Scripts as people write them, hosted by the real process under both Pythons of Live."""

from __future__ import annotations

import json
import socket
import sys
import time
from pathlib import Path

import pytest
from simulator_process import PATIENCE_SECONDS, SimulatorProcess, write_script

from tests.python37 import require_python37

OVER_V2 = """
    import logging
    from ableton.v2.base import EventObject, listenable_property, listens, liveobj_valid, task
    from ableton.v2.control_surface import Component, ControlSurface
    from . import words

    logger = logging.getLogger("OverV2")

    def create_instance(c_instance):
        return Surface(c_instance)

    class Counter(EventObject):
        count = listenable_property.managed(0)

    class TempoWatcher(Component):
        def __init__(self, counter, *a, **k):
            super(TempoWatcher, self).__init__(*a, **k)
            self._counter = counter
            self._on_tempo.subject = self.song
            self._on_name.subject = self.song
            self._tasks.add(task.sequence(task.wait(0.3), task.run(self._late)))

        @listens("tempo")
        def _on_tempo(self):
            self._counter.count += 1

        @listens("view.selected_track.name")
        def _on_name(self):
            self._counter.count += 100

        def _late(self):
            assert liveobj_valid(self.song.tracks[0])
            self.song.tracks[0].name = words.LATE

    class Surface(ControlSurface):
        def __init__(self, c_instance):
            super(Surface, self).__init__(c_instance)
            self.ticks = 0
            self.counter = Counter()
            with self.component_guard():
                self.watcher = TempoWatcher(self.counter, name="Watcher")
            self._on_count.subject = self.counter
            self.schedule_message(0, self.tick)
            logger.info("over v2 %d", self.application.get_major_version())

        @listens("count")
        def _on_count(self, count):
            logger.info("count %d", count)

        def tick(self):
            self.ticks += 1
            if self.ticks == 2:
                self.song.tempo = 101.0
            if self.ticks == 4:
                self.song.view.selected_track = self.song.tracks[1]
            if self.ticks == 6:
                self.song.view.selected_track.name = "heard"
            if self.ticks == 8:
                self.song.tempo = 77.0
                return
            self.schedule_message(1, self.tick)

        def disconnect(self):
            self.show_message("goodbye")
            super(Surface, self).disconnect()
"""

OVER_FRAMEWORK = """
    from _Framework.ButtonElement import ButtonElement
    from _Framework.ButtonMatrixElement import ButtonMatrixElement
    from _Framework.ControlSurface import ControlSurface
    from _Framework.InputControlElement import MIDI_CC_TYPE, MIDI_NOTE_TYPE
    from _Framework.MixerComponent import MixerComponent
    from _Framework.SessionComponent import SessionComponent
    from _Framework.SliderElement import SliderElement
    from _Framework.SubjectSlot import subject_slot
    from _Framework.TransportComponent import TransportComponent
    from past.utils import old_div
    from future.utils import string_types

    def create_instance(c_instance):
        return Surface(c_instance)

    class Surface(ControlSurface):
        def __init__(self, c_instance):
            ControlSurface.__init__(self, c_instance)
            with self.component_guard():
                self.mixer = MixerComponent(2, 2)
                self.session = SessionComponent(2, 2)
                self.session.set_mixer(self.mixer)
                self.set_highlighting_session_component(self.session)
                self.transport = TransportComponent()
                self.transport.set_metronome_button(ButtonElement(True, MIDI_NOTE_TYPE, 0, 10))
                self.mixer.channel_strip(0).set_mute_button(ButtonElement(True, MIDI_CC_TYPE, 0, 20))
                self.mixer.channel_strip(0).set_volume_control(SliderElement(MIDI_CC_TYPE, 0, 21))
                rows = [[ButtonElement(True, MIDI_NOTE_TYPE, 1, 2 * y + x) for x in range(2)] for y in range(2)]
                self.session.set_clip_launch_buttons(ButtonMatrixElement(rows=rows))
                self.session.set_offsets(1, 0)
            self._on_metronome.subject = self.song()
            self.log_message(old_div(7, 2), isinstance("x", string_types))
            self.schedule_message(2, self.play, "by note")

        @subject_slot("metronome")
        def _on_metronome(self):
            self.log_message("metronome", self.song().metronome)

        def play(self, how):
            self.log_message("playing", how)
            self.receive_midi((0x90, 10, 127))
            self.receive_midi((0x80, 10, 0))
            self.receive_midi((0xB0, 20, 127))
            self.song().tracks[1].clip_slots[0].create_clip(4.0)
            self.receive_midi((0x91, 0, 127))
            self.schedule_message(3, self.finish)

        def finish(self):
            slot = self.song().tracks[1].clip_slots[0]
            self.log_message("mute", self.song().tracks[1].mute, "fired", slot.is_triggered or slot.is_playing)
            self.song().tempo = 77.0
"""

BARE_WITH_THREADS = """
    import json
    import logging
    import os
    import queue
    import socket
    import threading
    import Live
    from importlib import reload
    from . import words

    def get_capabilities():
        return {}

    def create_instance(c_instance):
        return Script(c_instance)

    class Script:
        def __init__(self, c_instance):
            self.c_instance = c_instance
            self.asked = queue.Queue()
            self.server = socket.socket()
            self.server.bind(("127.0.0.1", 0))
            self.server.listen(1)
            here = os.path.dirname(__file__)
            with open(os.path.join(here, "port.txt.part"), "w") as file:
                file.write(str(self.server.getsockname()[1]))
            os.rename(os.path.join(here, "port.txt.part"), os.path.join(here, "port.txt"))
            threading.Thread(target=self.serve, daemon=True).start()
            logging.getLogger("bare").info("logged by the script")
            print("printed by the script")

        def serve(self):
            connection, _ = self.server.accept()
            with connection:
                for line in connection.makefile():
                    answer = queue.Queue()
                    self.asked.put((json.loads(line), answer))
                    connection.sendall((json.dumps(answer.get(timeout=30)) + "\\n").encode())

        def update_display(self):
            while not self.asked.empty():
                (name, value), answer = self.asked.get()
                answer.put(getattr(self, name)(value))

        def tempo(self, value):
            self.c_instance.song().tempo = value
            return self.c_instance.song().tempo

        def reload(self, source):
            with open(words.__file__, "w") as file:
                file.write(source)
            return reload(words).LATE

        def disconnect(self):
            self.server.close()
"""


@pytest.fixture(params=["3.7", "3.11 or newer"])
def python(request: pytest.FixtureRequest) -> str:
    return require_python37() if request.param == "3.7" else sys.executable


def version_for(python: str) -> str:
    return "12.3.6" if python == sys.executable else "11.3.43"


def hosted(tmp_path: Path, source: str, name: str = "Hosted") -> Path:
    folder = write_script(tmp_path / name, source)
    (folder / "words.py").write_text('LATE = "late"\n', encoding="utf-8")
    return folder


def await_tempo(simulator: SimulatorProcess, tempo_bpm: float) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while simulator.state()["tempo_bpm"] != tempo_bpm:
        assert time.monotonic() < deadline


def log_of(simulator: SimulatorProcess) -> str:
    assert simulator.ask("quit") == ("ok", ())
    status, log = simulator.finish()
    assert status == 0
    assert "RemoteScriptError" not in log
    return log


def test_a_script_over_ableton_v2(python: str, tmp_path: Path) -> None:
    script = hosted(tmp_path, OVER_V2)
    with SimulatorProcess(script, "--live-version", version_for(python), python=python) as simulator:
        await_tempo(simulator, 77.0)
        log = log_of(simulator)
    assert f"INFO:OverV2: over v2 {version_for(python)[:2]}" in log
    counts = [line.rsplit(" ", 1)[1] for line in log.splitlines() if "OverV2: count" in line]
    # The tempo changes; the selected track's name does, late; another is selected; that one's name; the tempo again.
    assert counts == ["1", "101", "201", "301", "302"]
    assert "status bar: goodbye" in log


def test_a_script_over_the_older_framework(python: str, tmp_path: Path) -> None:
    script = hosted(tmp_path, OVER_FRAMEWORK)
    with SimulatorProcess(script, "--live-version", version_for(python), python=python) as simulator:
        await_tempo(simulator, 77.0)
        log = log_of(simulator)
    assert [line.split("(Surface) ")[1] for line in log.splitlines() if "(Surface) " in line] == [
        "3 True",
        "playing by note",
        "metronome True",
        "mute True fired True",
    ]


def test_a_bare_script_with_a_server_of_its_own(python: str, tmp_path: Path) -> None:
    script = hosted(tmp_path, BARE_WITH_THREADS, "Bare-script 2")
    with SimulatorProcess(script, "--live-version", version_for(python), python=python) as simulator:
        port = int((script / "port.txt").read_text(encoding="utf-8"))
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
            answers = connection.makefile(encoding="utf-8")
            for asked, answered in (
                (["tempo", 133.5], 133.5),
                (["reload", "LATE = 'reloaded while it ran'\n"], "reloaded while it ran"),
            ):
                connection.sendall((json.dumps(asked) + "\n").encode())
                assert json.loads(answers.readline()) == answered
        assert simulator.state()["tempo_bpm"] == 133.5
        log = log_of(simulator)
    assert "Python: INFO:bare: logged by the script" in log
    assert "printed by the script" in log


def failing(tmp_path: Path, source: str, *options: str) -> tuple[int, str]:
    simulator = SimulatorProcess(write_script(tmp_path / "Failing", source), *options)
    found = simulator.finish()
    simulator.__exit__()
    return found


def test_what_a_script_fails_with_is_in_the_log(tmp_path: Path) -> None:
    status, log = failing(
        tmp_path,
        """
        def create_instance(c_instance):
            raise ValueError("not today")
        """,
    )
    assert status == 1
    assert "RemoteScriptError: ValueError: not today" in log
    assert "in create_instance" in log


@pytest.mark.parametrize("wanted", ["numpy", "ableton.v2.control_surface.never_heard_of", "Live.NeverHeardOf"])
def test_a_script_cannot_import_what_live_does_not_have(tmp_path: Path, wanted: str) -> None:
    status, log = failing(tmp_path, f"import {wanted}\ndef create_instance(c_instance): ...")
    assert status == 1
    assert f"ModuleNotFoundError: No module named '{wanted}'" in log


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing", "there is no such folder"),
        ("empty", "has no __init__.py"),
        ("_hidden", "Live does not list scripts whose name begins with '_'"),
        ("two.parts", "a dot in the name"),
        ("json", "a module called json is already loaded from elsewhere"),
    ],
)
def test_a_folder_that_is_no_script(tmp_path: Path, name: str, why: str) -> None:
    folder = tmp_path / name
    if name == "empty":
        folder.mkdir()
    elif name != "missing":
        write_script(folder, "def create_instance(c_instance): ...")
    simulator = SimulatorProcess(folder)
    status, log = simulator.finish()
    simulator.__exit__()
    assert status == 2
    assert f"{folder}: " in log
    assert why in log
    assert "Traceback" not in log
