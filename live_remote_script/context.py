"""What the commands work with: the song that is open, and what the script itself keeps from tick to tick."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, NamedTuple, Optional, Tuple

from .askers import Asker
from .borrowing import Borrowed
from .jobs import Jobs, Refused, Turns
from .live_versions import set_start_marker, start_marker

STRUCTURE = "structure"
"""The turn for adding and deleting tracks: one a tick, as several in one tick have crashed Live."""
TRANSPORT = "transport"
"""The turn for playing, stopping and recording."""


class LiveFacts(NamedTuple):
    """Of the running Live, read once when the script starts."""

    version: str
    variant: str
    can_place: bool
    simulated: bool


class Playhead:
    """Placing a clip moves a standing playhead; this puts it back where the user left it.

    Writes to the song's position take effect a tick later, so where the user left it is noted once, before the first
    of several placings, and is written back when the last of them is done.
    """

    def __init__(self) -> None:
        self._left_at: Optional[Tuple[float, float]] = None
        self._holders = 0
        self._written = 0

    @property
    def at_rest(self) -> bool:
        return self._left_at is None

    @contextmanager
    def held(self, song: Any) -> Iterator[None]:
        """While something is placed."""
        self._holders += 1
        try:
            self._written = 0
            if self._left_at is None and not song.is_playing:
                self._left_at = (float(song.current_song_time), start_marker(song))
            yield
        finally:
            self._holders -= 1

    def forget(self) -> None:
        """The transport is moved on purpose: nothing is put back."""
        self._left_at = None

    def run_tick(self, song: Callable[[], Any]) -> None:
        """Puts back, one write a tick: a standing playhead takes the start marker along, so the marker comes second.

        A position behind the set's end, where the playhead may have stood before clips went, is refused by Live."""
        if self._left_at is None or self._holders:
            return
        position, marker = self._left_at
        self._written += 1
        if self._written > 2 or song().is_playing:
            self._left_at = None
        elif self._written == 1:
            song().current_song_time = min(position, float(song().song_length))
        else:
            set_start_marker(song(), marker)


class Take:
    """What is recorded, or was and is still there: whose it is, and whether it is to end early."""

    def __init__(self) -> None:
        self.owner: Optional[Asker] = None
        self.is_running = False
        self._ending: Optional[Refused] = None

    def begin(self, owner: Asker) -> None:
        self.owner, self.is_running, self._ending = owner, True, None

    def end(self) -> None:
        """Its recording ends in the next tick, and is refused."""
        self._ending = self._ending or Refused("cancelled", "another command took its place, or its asker was silent")

    def require_wanted(self) -> None:
        if self._ending is not None:
            raise self._ending


class Context:
    def __init__(self, song: Callable[[], Any], live: LiveFacts, jobs: Jobs) -> None:
        self.song = song
        """The open set's; asked for at each use, as another set has another one."""
        self.live = live
        self.jobs = jobs
        self.turns = Turns()
        self.playhead = Playhead()
        self.borrowed = Borrowed()
        self.take = Take()


@contextmanager
def kept_selection(song: Any) -> Iterator[None]:
    """Live selects what is created; the selection, track and clip, goes back to where the user had it.

    Where Live refuses that it stays elsewhere: what was created must not be lost sight of for it."""
    track, clip = song.view.selected_track, song.view.detail_clip
    yield
    try:
        if song.view.selected_track != track:
            song.view.selected_track = track
        if clip is not None and song.view.detail_clip != clip:
            song.view.detail_clip = clip
    except RuntimeError:
        return
