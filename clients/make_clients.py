"""Writes JacqueesBot.maxpat and JacqueesBot.amxd: `python -m clients.make_clients`, in the folder above this one.

For other ports than the usual (osc.* in config.yaml): `--controller-port`, `--display-port`; `--folder` says where.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from clients.device import AUDIO_THROUGH, PROJECT, to_amxd
from clients.max_patch import Box, Json, patcher, to_text
from clients.panel import DROP_SHOWN, HEIGHT, WIDTH, panel

CONTROLLER_PORT, DISPLAY_PORT = 19100, 19101

_DROP_AT = (20.0, 150.0)
_DROP_IN_MAX = Box("drop", "dropfile", _DROP_AT, 1, ("", ""), None, DROP_SHOWN)
_DROP_IN_LIVE = Box(
    "drop",
    "live.drop",
    _DROP_AT,
    1,
    ("", ""),
    None,
    DROP_SHOWN,
    {"decodemode": 0, "legend": "drop a recording here", "parameter_enable": 0},
)
"""Takes files from Live's browser, too."""


def max_patch(controller_port: int, display_port: int) -> Json:
    return patcher(panel(controller_port, display_port, _DROP_IN_MAX), (80.0, 120.0, WIDTH + 20.0, HEIGHT + 50.0))


def live_device(controller_port: int, display_port: int) -> Json:
    return patcher(
        panel(controller_port, display_port, _DROP_IN_LIVE) + AUDIO_THROUGH,
        (80.0, 120.0, 1100.0, 720.0),
        devicewidth=WIDTH,
        description="Covers a recording or the selected clip with your own samples; jacqueesbot run has to be running.",
        latency=0,
        project=PROJECT,
        autosave=0,
    )


def write(folder: Path, controller_port: int, display_port: int) -> tuple[Path, Path]:
    patch, device = folder / "JacqueesBot.maxpat", folder / "JacqueesBot.amxd"
    patch.write_text(to_text(max_patch(controller_port, display_port)), encoding="utf-8", newline="\n")
    device.write_bytes(to_amxd(live_device(controller_port, display_port)))
    return patch, device


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the Max patch and the Max for Live device.")
    parser.add_argument("--controller-port", type=int, default=CONTROLLER_PORT)
    parser.add_argument("--display-port", type=int, default=DISPLAY_PORT)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    given = parser.parse_args()
    write(given.folder, given.controller_port, given.display_port)


if __name__ == "__main__":
    main()
