"""Where recorded files lie and how they are called, and who writes them.

"<the set's folder>/Samples/Recorded/<track> 0001 [<date> <time>].wav"; of a set that was never saved in "Live
Recordings/<date> <time> Temp Project", in a temporary folder that is deleted when Live ends.
"""

from __future__ import annotations

import re
import struct
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Callable

from live_simulator.engine_client import EngineClient
from live_simulator.nodes.songs import SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.routing import shown_name
from live_simulator.takes import Take

Done = Callable[[str], None]
"""Told when a file is complete; why it is not, '' where it is."""
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""In file names, on one system or another. Live makes `_` of them."""
SUBTYPE_BITS = 24
WRITTEN_AFTER_MS = 30.0


class TakeFiles:
    """Of a set alone, without an audio engine: files get their names, nothing is written."""

    def __init__(self, rate_hz: int = 44100, now: Callable[[], datetime] = datetime.now) -> None:
        self.rate_hz = rate_hz
        self._now = now
        self._began = now()
        self._given: set[str] = set()

    def begin(self, song: SongNode, track: TrackNode) -> str:
        """The path of a new file. OSError."""
        folder = self._project(song) / "Samples" / "Recorded"
        name = FORBIDDEN.sub("_", shown_name(track)).strip() or "Audio"
        number = 1
        while self._is_taken(folder, f"{name} {number:04d}"):
            number += 1
        self._given.add(str(folder / f"{name} {number:04d}"))
        return str(folder / f"{name} {number:04d} [{self._now():%Y-%m-%d %H%M%S}].wav")

    def write(self, take: Take, orders: list[dict[str, Any]], done: Done) -> None:
        """Completes a take's file; `orders` are its log's, none for silence."""
        take.track.runtime.defer(lambda: done(""), delay_ms=WRITTEN_AFTER_MS)

    def close(self) -> None:
        """Nothing is recorded any more."""

    def _project(self, song: SongNode) -> Path:
        if song.file_path:
            return Path(song.file_path).parent
        return self._root() / "Live Recordings" / f"{self._began:%Y-%m-%d %H%M%S} Temp Project"

    def _root(self) -> Path:
        return Path(tempfile.gettempdir())

    def _is_taken(self, folder: Path, name: str) -> bool:
        return str(folder / name) in self._given


class EngineTakeFiles(TakeFiles):
    """Written by the audio engine once a take is over; until then a file has a header that promises nothing."""

    def __init__(self, engine: EngineClient, rate_hz: int, log: Callable[[str], None]) -> None:
        super().__init__(rate_hz)
        self._engine = engine
        self._log = log
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    def begin(self, song: SongNode, track: TrackNode) -> str:
        path = Path(super().begin(song, track))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_unfinished_header(self.rate_hz))
        return str(path)

    def write(self, take: Take, orders: list[dict[str, Any]], done: Done) -> None:
        def answer(reply: dict[str, Any]) -> None:
            for line in reply.get("ok", {}).get("unheard", ()):
                self._log(f"recording: {line}")
            done(reply.get("error", ""))

        request = {
            "do": "record",
            "file": take.file_path,
            "sample_rate_hz": self.rate_hz,
            "first": take.first_sample,
            "count": take.count,
            "orders": orders,
        }
        self._engine.ask(request, answer)

    def close(self) -> None:
        if self._temporary is not None:
            self._temporary.cleanup()

    def _root(self) -> Path:
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="simulated-live-")
        return Path(self._temporary.name)

    def _is_taken(self, folder: Path, name: str) -> bool:
        return folder.is_dir() and any(path.name.startswith(f"{name} [") for path in folder.iterdir())


def _unfinished_header(rate_hz: int) -> bytes:
    """Of a stereo wav that is still being written."""
    frame_bytes = 2 * SUBTYPE_BITS // 8
    shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, rate_hz, rate_hz * frame_bytes, frame_bytes, SUBTYPE_BITS)
    return struct.pack("<4sI4s", b"RIFF", 0, b"WAVE") + shape + struct.pack("<4sI", b"data", 0)
