"""What can be asked of the controller, and how it is read from OSC messages."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from controller.triggers.patterns import is_pattern, matches

ROOT = "jacquees"
LEAST_LIKENESS = 0.75
"""Of the first part of an address to ROOT, for it to be a slip; other programs' messages are none of ours."""
MOST_MORE_SECONDS = 3600.0
ANSWER_NAMES = ("progress", "score", "done", "error")
"""Below ROOT, and told rather than asked; `status` is both."""


@dataclass(frozen=True)
class Cover:
    """`path` is as the sender wrote it; None: the clip selected in Live."""

    path: str | None = None


@dataclass(frozen=True)
class Stop:
    pass


@dataclass(frozen=True)
class Keep:
    pass


@dataclass(frozen=True)
class Undo:
    pass


@dataclass(frozen=True)
class Status:
    pass


@dataclass(frozen=True)
class More:
    """Go on searching; more than 0 seconds, at most MOST_MORE_SECONDS."""

    seconds: float


@dataclass(frozen=True)
class Variation:
    pass


@dataclass(frozen=True)
class Again:
    """Another cover of the same target."""


Trigger = Cover | Stop | Keep | Undo | Status | More | Variation | Again


@dataclass(frozen=True)
class Refusal:
    """Why a message is no trigger: a sentence with the value, what is allowed and the likely mistake."""

    text: str


def read_message(address: str, arguments: Sequence[object]) -> list[Trigger | Refusal]:
    """What a message asks for, by its address, which begins with '/'. More than one thing where that is a pattern that
    matches more, in the order of `NAMES`.

    Nothing where it is not meant for us: an address that is not below /jacquees/ (unless that is nearly so, which is a
    slip and refused), an answer of ours that comes back, and a button that is let go: OSC buttons send 1 when they
    are pressed and 0 when they are let go.
    """
    root, *below = address.split("/")[1:]
    if not matches(root, ROOT):
        return _if_a_slip(address, root, below)
    names = [name for name in NAMES if len(below) == 1 and matches(below[0], name)]
    if not names:
        return _if_unknown(address, root, below)
    if names == ["status"] and len(arguments) == 4:
        return []  # an answer of ours
    read = (NAMES[name](f"/{ROOT}/{name}", arguments) for name in names)
    return [found for found in read if found is not None]


def _plain(trigger: Trigger) -> Callable[[str, Sequence[object]], Trigger | Refusal | None]:
    def read(address: str, arguments: Sequence[object]) -> Trigger | Refusal | None:
        is_pressed = _pressed(arguments)
        if is_pressed is None:
            told = ", ".join(map(_shown, arguments))
            return Refusal(
                f"{address} {told}: takes no arguments, or the value of a button (1, or 0 when it is let go)"
            )
        return trigger if is_pressed else None

    return read


def _cover(address: str, arguments: Sequence[object]) -> Trigger | Refusal | None:
    is_pressed = _pressed(arguments)
    if is_pressed is not None:
        return Cover() if is_pressed else None
    told = ", ".join(map(_shown, arguments))
    if len(arguments) > 1:
        return Refusal(
            f"{address} {told:.200}: has {len(arguments)} arguments; give one path, or none for the clip selected in "
            "Live (a path with spaces that is not in quotes?)"
        )
    path = arguments[0]
    if not isinstance(path, str):
        return Refusal(f"{address} {told}: should be a path as text, or nothing for the clip selected in Live")
    if not path.strip():
        return Refusal(f"{address} {told}: is no path; leave it out for the clip selected in Live (no file chosen?)")
    return Cover(path)


def _more(address: str, arguments: Sequence[object]) -> Trigger | Refusal | None:
    allowed = f"give one number of seconds, more than 0 and at most {MOST_MORE_SECONDS:g}"
    if len(arguments) != 1:
        return Refusal(f"{address}: has {len(arguments)} arguments; {allowed} (e.g. {address} 30)")
    seconds = _number(arguments[0])
    if seconds is None or not 0.0 < seconds <= MOST_MORE_SECONDS:
        mistake = (
            "a number sent as text?"
            if isinstance(arguments[0], str)
            else "a button's own value?"
            if seconds == 0.0
            else "milliseconds?"
            if seconds is not None and seconds > 0.0
            else f"e.g. {address} 30"
        )
        return Refusal(f"{address} {_shown(arguments[0])}: {allowed} ({mistake})")
    return More(seconds)


NAMES: Mapping[str, Callable[[str, Sequence[object]], Trigger | Refusal | None]] = {
    "cover": _cover,
    "stop": _plain(Stop()),
    "keep": _plain(Keep()),
    "undo": _plain(Undo()),
    "status": _plain(Status()),
    "more": _more,
    "variation": _plain(Variation()),
    "again": _plain(Again()),
}


def _pressed(arguments: Sequence[object]) -> bool | None:
    """Whether a button is pressed rather than let go; None where the arguments are not those of a button.

    No argument is a press, as are "bang" (Max, Pure Data), True, nil and any number but 0.
    """
    if not arguments:
        return True
    if len(arguments) > 1:
        return None
    (value,) = arguments
    if value is None or value == "bang":
        return True
    if isinstance(value, bool):
        return value
    number = _number(value)
    return None if number is None else number != 0.0


def _number(value: object) -> float | None:
    """None where it is no number, or not a finite one. True and False are none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _if_a_slip(address: str, root: str, below: Sequence[str]) -> list[Trigger | Refusal]:
    like = difflib.SequenceMatcher(None, root[: 2 * len(ROOT)].lower(), ROOT).ratio()
    if is_pattern(root) or not below or like < LEAST_LIKENESS:
        return []
    meant = repr("/".join(["", ROOT, *below]))[1:-1]
    return [Refusal(f"{address!r:.120}: no such address; ours begin with /{ROOT}/ (did you mean {meant:.120}?)")]


def _if_unknown(address: str, root: str, below: Sequence[str]) -> list[Trigger | Refusal]:
    if is_pattern(root):
        return []  # meant for many programs
    name = below[0] if len(below) == 1 else "/".join(below).strip("/")
    if any(matches(name, answer) for answer in ANSWER_NAMES):
        return []
    known = ", ".join(f"/{ROOT}/{one}" for one in NAMES)
    if is_pattern(name):
        return [Refusal(f"{address!r:.120}: matches no address; there are {known} (brackets that are not closed?)")]
    near = difflib.get_close_matches(name[:40].lower(), NAMES, n=1)
    hint = f" (did you mean /{ROOT}/{near[0]}?)" if near else ""
    return [Refusal(f"{address!r:.120}: no such address; there are {known}{hint}")]


def _shown(value: object) -> str:
    """For a sentence; float32 values as they were written."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, bytes):
        return f"a blob of {len(value)} bytes"
    return f"{value!r:.80}"
