"""`jacqueesbot simulate`: the simulated Live as a process that ends with this one, in real time, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

import live_simulator
from controller.config import Settings
from controller.install_script import copy_script
from controller.token import read_or_make_token, token_path
from embedding.errors import BadOption
from live_remote_script.protocol import DEFAULT_HOST
from live_simulator.errors import BadOptions
from live_simulator.options import live_options

END_SECONDS = 20.0


def simulate_options(arguments: Sequence[str]) -> Namespace:
    """What `jacqueesbot simulate` takes. BadOption; SystemExit behind --help."""
    parser = live_options("jacqueesbot simulate")
    try:
        options = parser.parse_args(arguments)
    except BadOptions as why:
        raise BadOption(f"{why} (`jacqueesbot simulate --help` lists what is allowed)") from why
    if options.script is not None and not Path(options.script, "__init__.py").is_file():
        found = "has no __init__.py" if Path(options.script).is_dir() else "there is no such folder"
        raise BadOption(f"--script {options.script}: {found}; give a MIDI Remote Script folder")
    return options


def simulate_live(settings: Settings, options: Namespace) -> int:
    """The exit status, once it has ended. Hosts the script's folder, else ours on the configured port.

    Prints one line of JSON when the script is loaded; Live's log, and what happens, goes to standard error. SIGTERM
    ends it as Ctrl-C does.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    given = ["--narrate", "--clock", options.clock, "--sample-rate-hz", str(settings.stage.sample_rate_hz)]
    given += ["--live-version", ".".join(map(str, options.live_version)), "--edition", options.edition]
    given += ["--tick-ms", str(options.tick_ms), "--control-port", str(options.control_port)]
    given += ["--verbose"] if options.verbose else []
    given += ["--audio", options.audio] if options.audio else []
    given += ["--python", options.python] if options.python else []
    if options.script is not None:
        return _run([*given, "--script", str(Path(options.script).absolute())])
    _require_free(settings.osc.script_port)
    with tempfile.TemporaryDirectory(prefix="jacqueesbot-script-") as folder:
        token = token_path(settings.osc.token_file)
        read_or_make_token(token)
        copy_script(Path(folder, "JacqueesBot"), {"port": settings.osc.script_port, "token_file": str(token)})
        return _run([*given, "--script", str(Path(folder, "JacqueesBot"))])


def _run(given: list[str]) -> int:
    """Ctrl-C in a terminal reaches both processes; one for this alone is passed on."""
    root = str(Path(live_simulator.__file__).parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "live_simulator", *given, "--exit-with-parent"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
    ) as process:
        assert process.stdin is not None
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.stdin.close()
            return process.wait(END_SECONDS)


def _require_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((DEFAULT_HOST, port))
        except OSError as why:
            raise BadOption(
                f"osc.script_port {port}: {why.strerror}; set a free port in config.yaml (is Live, or another, open?)"
            ) from why
