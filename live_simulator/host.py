"""The embedded Live as a process: `python -m live_simulator --script DIR`.

Prints one JSON line on stdout when the script is loaded; Live's log goes to stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import threading
from typing import Any, Callable

from live_simulator.clock import CLOCKS, LEAST_TICK_MS, MOST_TICK_MS, TICK_MS, charges_seen
from live_simulator.control import Control
from live_simulator.editions import EDITIONS
from live_simulator.engine_client import EngineClient
from live_simulator.errors import BadScript, EngineLost
from live_simulator.narration import Narration
from live_simulator.nodes.node import AudioFile
from live_simulator.simulator import Simulator
from live_simulator.versions import DEFAULT_VERSION, parse_version

SAMPLE_RATES_HZ = (44100, 48000)
BAD_INPUT = 2
FAILED = 1


def main(argv: list[str] | None = None) -> int:
    """Runs until it is asked to end; the exit status: 0, 1 where the audio engine failed, 2 for bad input."""
    options = _parser().parse_args(argv)
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
        self.asked = True


def _run(options: argparse.Namespace, output: Any) -> int:
    ending = Ending()
    _watch_signals(ending)
    if options.exit_with_parent:
        threading.Thread(target=_await_end_of_input, args=(ending,), daemon=True).start()
    engine = EngineClient(options.engine_python)
    clock = CLOCKS[options.clock](options.tick_ms)
    simulator = Simulator(options.live_version, _prober(engine, ending), log_line, clock, EDITIONS[options.edition])
    if options.verbose:
        simulator.runtime.trace = Narration(simulator.runtime, log_line, None).note
    try:
        control = Control(options.control_port, simulator, engine, options.sample_rate_hz)
    except OSError as why:
        engine.close()
        log_line(f"control port {options.control_port}: {why} (is another simulated Live running?)")
        return BAD_INPUT
    try:
        with charges_seen(clock):
            return _live(options, output, simulator, control, engine, ending)
    except KeyboardInterrupt:
        return 0
    finally:
        simulator.close()
        control.close()
        engine.close()


def _live(
    options: argparse.Namespace,
    output: Any,
    simulator: Simulator,
    control: Control,
    engine: EngineClient,
    ending: Ending,
) -> int:
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
    try:
        while not ending.asked and not control.quit_asked:
            simulator.tick()
            engine.poll()
            control.poll()
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


def _watch_signals(ending: Ending) -> None:
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, ending.ask)


def _await_end_of_input(ending: Ending) -> None:
    while os.read(0, 4096):
        pass
    ending.ask()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="live_simulator", description="Hosts a MIDI Remote Script folder in an embedded Live."
    )
    parser.add_argument("--script", required=True, help="the script's folder")
    parser.add_argument(
        "--live-version", type=_live_version, default=DEFAULT_VERSION, help=f"such as {DEFAULT_VERSION} (the default)"
    )
    parser.add_argument("--edition", choices=list(EDITIONS), default="suite")
    parser.add_argument(
        "--control-port", type=_port, default=0, help="UDP port on 127.0.0.1; 0 (the default) takes a free one"
    )
    parser.add_argument("--sample-rate-hz", type=int, choices=SAMPLE_RATES_HZ, default=44100)
    parser.add_argument("--clock", choices=sorted(CLOCKS), default="virtual")
    parser.add_argument(
        "--tick-ms", type=_tick_ms, default=TICK_MS, help="the period of Live's fastest timers: 10 (macOS) to 100"
    )
    parser.add_argument(
        "--engine-python", default=sys.executable, help="the Python that has numpy, for the audio engine"
    )
    parser.add_argument("--verbose", action="store_true", help="log every change of the set")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when standard input does")
    return parser


def _live_version(text: str) -> Any:
    try:
        return parse_version(text)
    except ValueError as why:
        raise argparse.ArgumentTypeError(str(why)) from why


def _tick_ms(text: str) -> int:
    if not text.isdigit() or not LEAST_TICK_MS <= int(text) <= MOST_TICK_MS:
        raise argparse.ArgumentTypeError(f"{text!r}; a tick is {LEAST_TICK_MS} to {MOST_TICK_MS} ms")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r}; a port is 0 to 65535")
    return int(text)
