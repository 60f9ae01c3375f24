"""The actions of the planner. The state is the Live set: an arrangement of tracks and clips, objects whose attributes
the actions change (an object-oriented decision process, Diuk, Cohen and Littman 2008), and a cursor in time.

Insert, hold and finish are the paper's; remove, replace, trim, gain and transpose are what a producer does besides.
All act at the cursor: on the moment it stands at, or on the clips that start between it and the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from search.arrangement import Arrangement, Clip
from search.editing import exchange, insert, remove
from search.evaluator import Evaluation
from search.rules import Rulebook

Kind = Literal["insert", "hold", "finish", "remove", "replace", "trim", "gain", "transpose"]


@dataclass(frozen=True)
class Action:
    """`clip` is what an insert or an edit puts there, `old` the clip on track number `track` that an edit acts on."""

    kind: Kind
    clip: Clip | None = None
    role: str = ""
    track: int = -1
    old: Clip | None = None


HOLD = Action("hold")
FINISH = Action("finish")
REFIT = Action("gain")
"""Sets the gains of all clips that start around the cursor together."""


@dataclass(frozen=True, eq=False)
class State:
    """The set, the cursor (a moment's number), and the evaluation of this set or of the nearest one before it."""

    arrangement: Arrangement
    cursor: int
    evaluation: Evaluation | None = None


def step(state: State, action: Action, moments: int, book: Rulebook) -> State | None:
    """The state after `action`; None where the set or the rules do not allow it."""
    after: Arrangement | None = state.arrangement
    if action.clip is not None and action.clip.length_seconds <= 0.0:
        return None
    if action.kind == "hold":
        return replace(state, cursor=state.cursor + 1)
    if action.kind == "finish":
        return replace(state, cursor=moments)
    if action.kind == "insert" and action.clip is not None:
        after = insert(state.arrangement, action.clip, action.role, book)
    elif action.old is not None and (
        action.old in book.held or not _stands(state.arrangement, action.track, action.old)
    ):
        return None
    elif action.kind == "remove" and action.old is not None:
        after = remove(state.arrangement, action.track, action.old)
    elif action.old is not None and action.clip is not None:
        after = exchange(state.arrangement, action.track, action.old, action.clip, book)
    else:
        raise ValueError(f"{action}: an insert needs a clip, an edit the clip it acts on")
    return None if after is None else replace(state, arrangement=after)


def _stands(arrangement: Arrangement, track: int, clip: Clip) -> bool:
    return track < len(arrangement.tracks) and clip in arrangement.tracks[track].clips
