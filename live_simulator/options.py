"""The options of the simulated Live as a process, for `python -m live_simulator` and `jacqueesbot simulate`."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from live_simulator.clock import CLOCKS, LEAST_TICK_MS, MOST_TICK_MS, TICK_MS
from live_simulator.editions import EDITIONS
from live_simulator.errors import BadOptions
from live_simulator.versions import DEFAULT_VERSION, parse_version

SAMPLE_RATES_HZ = (44100, 48000)


class OptionParser(argparse.ArgumentParser):
    """Raises BadOptions where the options are wrong."""

    def error(self, message: str) -> NoReturn:
        raise BadOptions(message[len("argument ") :] if message.startswith("argument ") else message)


def live_options(prog: str) -> OptionParser:
    """What is asked of a simulated Live by whoever starts it."""
    parser = OptionParser(
        prog=prog, description="Runs the simulated Live, which hosts a MIDI Remote Script folder.", allow_abbrev=False
    )
    parser.add_argument("--script", metavar="DIR", help="the script's folder")
    parser.add_argument(
        "--live-version",
        metavar="V",
        type=_live_version,
        default=DEFAULT_VERSION,
        help=f"11.0 to {DEFAULT_VERSION} (the default, the newest that is known)",
    )
    parser.add_argument(
        "--edition", choices=list(EDITIONS), default="suite", help="how many tracks there may be: suite (the default)"
    )
    parser.add_argument(
        "--tick-ms",
        metavar="MS",
        type=_tick_ms,
        default=TICK_MS,
        help=f"the period of Live's fastest timers: {TICK_MS} (the default; macOS), 34 (Windows), up to {MOST_TICK_MS}",
    )
    parser.add_argument("--clock", choices=sorted(CLOCKS), default="real", help="virtual: nothing waits for the music")
    parser.add_argument(
        "--python",
        metavar="PATH",
        default="",
        help="the interpreter for Live and the script; 3.7 is that of Live to 12.0",
    )
    parser.add_argument(
        "--control-port",
        metavar="PORT",
        type=_port,
        default=0,
        help="UDP port on 127.0.0.1 for acting as the user; 0 (the default) takes a free one",
    )
    parser.add_argument(
        "--audio",
        metavar="DEVICE",
        default="",
        help="play through this audio device: (part of) its name, `default`, or `jack`; without it nothing is heard",
    )
    parser.add_argument("--verbose", action="store_true", help="tell every change, however many there are")
    return parser


def process_options() -> OptionParser:
    """Those, and what a program needs that starts one."""
    parser = live_options("live_simulator")
    parser.set_defaults(clock="virtual")
    parser.add_argument("--sample-rate-hz", type=int, choices=SAMPLE_RATES_HZ, default=44100)
    parser.add_argument(
        "--engine-python", default=sys.executable, help="the Python that has numpy, for the audio engine"
    )
    parser.add_argument("--narrate", action="store_true", help="tell what happens, in each tick the first changes")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when standard input or the parent does")
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
