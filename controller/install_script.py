"""Copies the remote script: into Live's User Library, or beside a simulated Live with settings of its own."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import live_remote_script

MARK = "jacqueesbot-script.txt"
"""Lies in every copy, with the protocol's version; a folder without it is not ours to replace or remove."""
SETTINGS = "settings.json"


def copy_script(destination_folder: Path, settings: Mapping[str, Any] | None = None) -> None:
    """Makes `destination_folder`, which must not exist or be empty, a copy of the script: complete, or not at all.

    `settings` become its settings.json, e.g. {"port": 19105}; without them it listens on its default port.
    """
    from live_remote_script.protocol import PROTOCOL_VERSION, SCRIPT_VERSION

    destination_folder = destination_folder.absolute()
    destination_folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".jacqueesbot-script-", dir=destination_folder.parent) as beside:
        fresh = Path(beside, "fresh")
        fresh.mkdir()
        for source in sorted(Path(live_remote_script.__file__).parent.glob("*.py")):
            shutil.copyfile(source, fresh / source.name)
        (fresh / MARK).write_text(
            f"JacqueesBot script {SCRIPT_VERSION}, protocol {PROTOCOL_VERSION}\n", encoding="utf-8"
        )
        if settings is not None:
            (fresh / SETTINGS).write_text(json.dumps(dict(settings)), encoding="utf-8")
        if destination_folder.is_dir():
            destination_folder.rmdir()  # an empty one; OSError where it is not
        fresh.rename(destination_folder)
