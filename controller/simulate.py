"""`jacqueesbot simulate`: the simulated Live in this process, in real time, until Ctrl-C."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

from controller.config import Settings
from controller.install_script import copy_script
from controller.token import read_or_make_token, token_path
from embedding.errors import BadOption
from live_simulator.host import main
from live_simulator.versions import DEFAULT_VERSION, parse_version


def simulate_live(settings: Settings, script: Path | None, live_version: str | None, audio: str | None) -> int:
    """The exit status, once it has ended. Hosts the `script` folder, else ours on the configured port.

    Prints one line of JSON when the script is loaded; Live's log goes to standard error.
    """
    if audio is not None:
        raise BadOption(f"--audio {audio}: is not there yet; leave it out, the simulated Live renders without a device")
    try:
        parse_version(live_version or DEFAULT_VERSION)
    except ValueError as why:
        raise BadOption(f"--live-version {live_version}: {why}") from why
    options = ["--clock", "real", "--sample-rate-hz", str(settings.stage.sample_rate_hz)]
    options += ["--live-version", live_version or DEFAULT_VERSION]
    if script is not None:
        if not (script / "__init__.py").is_file():
            raise BadOption(f"--script {script}: has no __init__.py; give a MIDI Remote Script folder")
        return main([*options, "--script", str(script.absolute())])
    _require_free(settings.osc.host, settings.osc.script_port)
    with tempfile.TemporaryDirectory(prefix="jacqueesbot-script-") as folder:
        token = token_path(settings.osc.token_file)
        read_or_make_token(token)
        copy_script(Path(folder, "JacqueesBot"), {"port": settings.osc.script_port, "token_file": str(token)})
        return main([*options, "--script", str(Path(folder, "JacqueesBot"))])


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((host, port))
        except OSError as why:
            raise BadOption(
                f"osc.script_port {port}: {why.strerror}; set a free port in config.yaml (is Live, or another, open?)"
            ) from why
