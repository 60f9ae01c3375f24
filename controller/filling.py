"""The set fills: what a search has found is built in Live, again and again, and what the user edits meanwhile stays."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from controller.stage import Stage
from controller.stage_building import SetTempo
from controller.stage_built import Built, Standing
from controller.stage_values import Applied
from search.arrangement import Arrangement

BAR_PATIENCE_SECONDS = 8.0
"""A bar may last so long, in slow music."""
LOOK_SECONDS = 0.02
BAR_LINE_BEATS = 0.15
"""So near behind a bar line is on it."""
Proceed = Callable[[], None]
Tell = Callable[[int, int], None]


@dataclass(eq=False)
class Filling:
    """One cover in the set of `live`, its 0 s at `origin_beats`. What stands of ours when it is first asked anything is
    ours to change, but for what the user has muted or warped."""

    live: Stage
    set_tempo: SetTempo
    """At the first build; from then on the set's tempo is as the user has it."""
    origin_beats: float = 0.0
    _built: Built | None = field(init=False, default=None)

    def build(self, arrangement: Arrangement, tell: Tell, proceed: Proceed = lambda: None) -> Applied:
        """`arrangement`, but for what the user has changed; where Live plays, from a bar line on. What `proceed` raises
        while that is awaited comes out. StageError as `Stage.apply`."""
        known = self._known()
        self.live.changes()  # the set is read after these
        filled = self.live.fill(
            arrangement,
            known,
            self.origin_beats,
            self.set_tempo,
            tell,
            self._remember,
            lambda: self._await_bar_line(proceed),
        )
        self._remember(filled.built)
        return filled.applied

    def standing(self) -> Standing:
        """What is in the set, and what of it is the user's; nothing is being written then."""
        self.live.settle()
        return self.live.standing(self._known())

    def _await_bar_line(self, proceed: Proceed) -> bool:
        """Returns at the next bar line where Live plays, at once where it stands: whether the set is as it was read."""
        deadline = time.monotonic() + BAR_PATIENCE_SECONDS
        beats_per_bar = self.live.beats_per_bar()
        while time.monotonic() < deadline:
            proceed()
            status = self.live.status()
            if not status["playing"] or status["position_beats"] % beats_per_bar < BAR_LINE_BEATS:
                break
            time.sleep(LOOK_SECONDS)
        return not self.live.changes()

    def _known(self) -> Built:
        if self._built is None:
            self.live.watch()
            self._built = self.live.begin(self.origin_beats)
        return self._built

    def _remember(self, built: Built) -> None:
        self._built = built
        self.set_tempo = "never"
