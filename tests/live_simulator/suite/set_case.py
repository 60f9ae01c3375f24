"""What the tests of the simulated set share. Runs in Python 3.7 too: the standard library only; files are not read."""

from __future__ import annotations

import unittest
from contextlib import contextmanager
from typing import Any, Iterator

from live_simulator.nodes.node import AudioFile
from live_simulator.simulator import Simulator

NEWEST = (12, 4, 6)
USUAL = (12, 3, 6)
TWO_SECONDS = "/samples/two seconds.wav"
ONE_SECOND = "/samples/one second.wav"
FILES = {
    TWO_SECONDS: AudioFile(TWO_SECONDS, 88200, 44100, 2),
    ONE_SECOND: AudioFile(ONE_SECOND, 48000, 48000, 1),
}


class SetCase(unittest.TestCase):
    """A fresh set of Live 12.3.6 with its `song`, an audio `track` of it, a `log`, and `tick`."""

    version: tuple[int, int, int] = USUAL

    def setUp(self) -> None:
        self.log: list[str] = []
        self.live = Simulator(self.version, FILES.get, self.log.append)
        self.modules: dict[str, Any] = self.live.modules()
        self.song: Any = self.modules["Live.Application"].get_application().get_document()
        self.track: Any = self.song.tracks[2]

    def tick(self, count: int = 1) -> None:
        for _ in range(count):
            self.live.tick()

    def place(self, start_beats: float, path: str = TWO_SECONDS) -> Any:
        return self.track.create_audio_clip(path, start_beats)

    def place_unwarped(self, start_beats: float, path: str = TWO_SECONDS) -> Any:
        clip = self.place(start_beats, path)
        clip.warping = False
        self.tick()
        return clip

    def spans(self) -> list[tuple[float, float]]:
        """(start, end) in beats of the track's clips, which are always in order and never overlap."""
        spans = [(clip.start_time, clip.end_time) for clip in self.track.arrangement_clips]
        for before, after in zip(spans, spans[1:]):
            self.assertLessEqual(before[1], after[0])
        return spans

    @contextmanager
    def refused(self, kind: type, text: str = "") -> Iterator[None]:
        """Exactly this kind of error, with `text` in it."""
        with self.assertRaises(kind) as caught:
            yield
        self.assertIs(type(caught.exception), kind)
        self.assertIn(text, str(caught.exception))
