"""What Live's editions allow: how many tracks, scenes and returns a set may have.

Intro, Standard and Suite by Ableton's public comparison of editions. Lite has 8 tracks; newer versions of it may allow
more, so it is the stricter number that counts here.
"""

from __future__ import annotations

from typing import NamedTuple

MOST_RETURNS = 12
"""Of any edition"""


class LimitationError(Exception):
    """Live.Base.LimitationError. Its text in Live is not known; shipped scripts never read it."""


LimitationError.__module__ = "Base"


class Edition(NamedTuple):
    """`variant` is what Application.get_variant answers; None: no limit."""

    variant: str
    most_tracks: int | None
    most_scenes: int | None
    most_returns: int

    def require_room(self, what: str, count: int) -> None:
        """LimitationError where a set with `count` 'tracks', 'scenes' or 'returns' can have no more of them."""
        most = {"tracks": self.most_tracks, "scenes": self.most_scenes, "returns": self.most_returns}[what]
        if most is not None and count >= most:
            raise LimitationError(f"Live {self.variant} has at most {most} {what}")


EDITIONS = {
    "suite": Edition("Suite", None, None, MOST_RETURNS),
    "standard": Edition("Standard", None, None, MOST_RETURNS),
    "intro": Edition("Intro", 16, 16, 2),
    "lite": Edition("Lite", 8, 8, 2),
    "trial": Edition("Trial", None, None, MOST_RETURNS),
}
SUITE = EDITIONS["suite"]
