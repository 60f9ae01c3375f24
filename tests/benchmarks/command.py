"""The real command line, run for a benchmark as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from search.arrangement import Arrangement, arrangement_from_json


@dataclass(frozen=True)
class Cover:
    """`seconds` are those of the whole command, from its start to its end."""

    folder: Path
    arrangement: Arrangement
    score_total: float
    seconds: float


def config_with_cache(folder: Path) -> Path:
    """A config.yaml in `folder` of which all is default but the cache, which lies in `folder` as well."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "config.yaml"
    file.write_text(f"library: {{cache_folder: {json.dumps(str(folder.absolute() / 'cache'))}}}\n", encoding="utf-8")
    return file


def indexed(library: Path, config: Path) -> float:
    """Seconds that it took."""
    return _run(config, "index", library)


def cover(target: Path, library: Path, out: Path, config: Path, budget_seconds: float, *arguments: str) -> Cover:
    """CalledProcessError, and what the command said on this process's stderr, where it fails."""
    seconds = _run(config, "cover", target, "--library", library, "--out", out, "--budget", budget_seconds, *arguments)
    document = json.loads((out / "arrangement.json").read_text(encoding="utf-8"))
    return Cover(out, arrangement_from_json(document), document["score"]["total"], seconds)


def _run(config: Path, *arguments: object) -> float:
    began = time.monotonic()
    command = [sys.executable, "-m", "controller", "--config", config, *arguments]
    subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began
