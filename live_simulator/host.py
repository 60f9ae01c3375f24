"""The embedded Live as a process: `python -m live_simulator --script DIR`.

Prints one JSON line on stdout when the script is loaded; Live's log, and what happens, goes to stderr.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
import threading
import time
from argparse import Namespace
from contextlib import contextmanager
from typing import Any, Callable, Iterator

from live_simulator.clock import CLOCKS, REST_AFTER_SECONDS, charges_seen
from live_simulator.control import Control
from live_simulator.editions import EDITIONS
from live_simulator.engine_client import EngineClient
from live_simulator.errors import BadOptions, BadScript, EngineLost
from live_simulator.interpreter import note_on_python, run_under
from live_simulator.narration import MOST_LINES_A_TICK, Narration
from live_simulator.nodes.node import AudioFile
from live_simulator.options import process_options
from live_simulator.outputs import DeviceOutput
from live_simulator.player_client import PlayerClient
from live_simulator.simulator import Simulator
from live_simulator.take_files import EngineTakeFiles

BAD_INPUT = 2
FAILED = 1
LAST_WORDS_SECONDS = 10.0
"""What a script or a frozen Live gets to end in when the parent is gone."""


def main(argv: list[str] | None = None) -> int:
    """Runs until it is asked to end; the exit status: 0, 1 where the audio engine failed, 2 for bad input."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        options = process_options().parse_args(arguments)
        if not options.script:
            raise BadOptions("--script DIR is needed: a MIDI Remote Script folder")
        if options.audio and options.clock != "real":
            raise BadOptions(f"--clock {options.clock}: a device plays in real time (give --clock real with --audio)")
        if options.python:
            return run_under(options.python, arguments)
    except BadOptions as why:
        log_line(f"live_simulator: {why}")
        return BAD_INPUT
    output = sys.stdout
    sys.stdout = sys.stderr  # what a script prints belongs to Live's log
    try:
        return _run(options, output)
    finally:
        sys.stdout = output


def log_line(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


class Ending:
    """Why the main loop has to end, if it has."""

    def __init__(self) -> None:
        self.asked = False
        self.engine_lost: EngineLost | None = None

    def ask(self, *_: Any) -> None:
        """A second time it does not wait for the tick to be over."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


class Rest:
    """Whether nothing has happened for so long that nothing is about to."""

    def __init__(self) -> None:
        self._known: Any = None
        self._since = 0.0

    def is_due(self, known: Any, is_busy: bool) -> bool:
        """`known` changes with whatever happens."""
        now = time.monotonic()
        if is_busy or known != self._known:
            self._known, self._since = known, now
        return now - self._since > REST_AFTER_SECONDS


def _run(options: Namespace, output: Any) -> int:
    ending = Ending()
    engine = EngineClient(options.engine_python)
    clock = CLOCKS[options.clock](options.tick_ms)
    edition = EDITIONS[options.edition]
    simulator = Simulator(options.live_version, _prober(engine, ending), log_line, clock, edition)
    simulator.recorder.files = EngineTakeFiles(engine, options.sample_rate_hz, log_line)
    player = PlayerClient(options.engine_python, options.audio, options.sample_rate_hz, log_line)
    try:
        control = Control(options.control_port, simulator, engine, options.sample_rate_hz)
    except OSError as why:
        engine.close()
        log_line(f"control port {options.control_port}: {why} (is another simulated Live running?)")
        return BAD_INPUT
    try:
        if options.audio:
            player.open()
            simulator.output = DeviceOutput(simulator.runtime, player)
    except BadOptions as why:
        control.close()
        engine.close()
        log_line(f"live_simulator: {why}")
        return BAD_INPUT
    if options.exit_with_parent:
        for watch in (_await_end_of_input, _await_end_of_parent):
            threading.Thread(target=watch, args=(ending,), daemon=True).start()
    try:
        with _signals(ending), charges_seen(clock):
            try:
                return _live(options, output, simulator, control, engine, ending)
            finally:
                simulator.close()
    except KeyboardInterrupt:
        return 0
    finally:
        control.close()
        simulator.output.close()
        engine.close()
        simulator.recorder.files.close()


def _live(
    options: Namespace,
    output: Any,
    simulator: Simulator,
    control: Control,
    engine: EngineClient,
    ending: Ending,
) -> int:
    narration = Narration(simulator.runtime, log_line, None if options.verbose else MOST_LINES_A_TICK)
    if options.verbose or options.narrate:
        simulator.runtime.trace = narration.note
    try:
        simulator.load_script(options.script)
    except BadScript as why:
        log_line(str(why))
        return BAD_INPUT
    except Exception:
        simulator.log_error(f"{options.script} failed to load")
        return FAILED
    told = {
        "control_port": control.port,
        "live_version": ".".join(str(number) for number in options.live_version),
        "python": ".".join(platform.python_version_tuple()[:2]),
    }
    output.write(json.dumps(told) + "\n")
    output.flush()
    note = note_on_python(options.live_version)
    if note:
        log_line(note)
    rest = Rest()
    try:
        while not ending.asked and not control.quit_asked:
            simulator.tick()
            engine.poll()
            control.poll()
            simulator.clock.rests = rest.is_due((simulator.runtime.revision, control.asked), simulator.song.is_playing)
            simulator.output.tell(simulator.song)
            narration.end_tick()
            if ending.engine_lost:
                raise ending.engine_lost
    except EngineLost as why:
        log_line(f"the simulated Live cannot go on: {why}")
        return FAILED
    return 0


def _prober(engine: EngineClient, ending: Ending) -> Callable[[str], AudioFile | None]:
    def probe(path: str) -> AudioFile | None:
        try:
            return engine.probe(path)
        except EngineLost as why:
            ending.engine_lost = why
            raise

    return probe


@contextmanager
def _signals(ending: Ending) -> Iterator[None]:
    """SIGTERM and Ctrl-C ask for the end. Only the main thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, ending.ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _await_end_of_input(ending: Ending) -> None:
    while os.read(0, 4096):
        pass
    _end_without_parent(ending)


def _await_end_of_parent(ending: Ending) -> None:
    """Its input may have been inherited by others, and then does not end with it."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    _end_without_parent(ending)


def _end_without_parent(ending: Ending) -> None:
    ending.asked = True
    time.sleep(LAST_WORDS_SECONDS)
    os._exit(FAILED)  # a script that never returns must not outlive whoever started it
