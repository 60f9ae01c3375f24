"""A set as it filled: its tracks and clips at some moments, beside each other in one SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from tests.benchmarks.svg import document

Edit = Literal["", "changed", "deleted"]

COLUMNS = 2
PANEL_WIDTH = 470
NAME_WIDTH = 112
ROW_HEIGHT, BAR_HEIGHT = 15, 11
HEAD_HEIGHT, FOOT_HEIGHT = 24, 26
LEGEND_HEIGHT = 24
MOST_NAME_CHARACTERS = 17
BEATS_PER_BAR = 4
OUTLINES: dict[Edit, str] = {
    "": "",
    "changed": ' stroke="#000000" stroke-width="1.6"',
    "deleted": ' stroke="#000000" stroke-dasharray="3 2" fill-opacity="0.08"',
}


@dataclass(frozen=True)
class Bar:
    """A clip; `edit` is what the user did to it."""

    start_beats: float
    end_beats: float
    color: str
    edit: Edit = ""


@dataclass(frozen=True)
class Lane:
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Moment:
    title: str
    lanes: tuple[Lane, ...]


def picture(moments: Sequence[Moment]) -> str:
    """The SVG; time runs in bars, the same ones in all panels."""
    end_beats = max((bar.end_beats for moment in moments for lane in moment.lanes for bar in lane.bars), default=1.0)
    bars = math.ceil(end_beats / BEATS_PER_BAR)
    parts = [_legend()]
    top = LEGEND_HEIGHT
    for first in range(0, len(moments), COLUMNS):
        row = moments[first : first + COLUMNS]
        for column, moment in enumerate(row):
            parts += [f'<g transform="translate({column * PANEL_WIDTH} {top})">', *_panel(moment, bars), "</g>"]
        top += HEAD_HEIGHT + FOOT_HEIGHT + ROW_HEIGHT * max(len(moment.lanes) for moment in row)
    return document(parts, PANEL_WIDTH * min(COLUMNS, len(moments)), top)


def _legend() -> str:
    x, boxes = 8, []
    for edit, words in (("", "a clip"), ("changed", "moved or placed by the user"), ("deleted", "deleted by the user")):
        boxes.append(f'<rect x="{x}" y="8" width="22" height="{BAR_HEIGHT}" fill="#8fb3d9"{OUTLINES[edit]}/>')
        boxes.append(f'<text x="{x + 28}" y="18">{words}</text>')
        x += 60 + 6 * len(words)
    return "".join(boxes)


def _panel(moment: Moment, bars: int) -> list[str]:
    bottom = HEAD_HEIGHT + ROW_HEIGHT * len(moment.lanes)
    width = PANEL_WIDTH - NAME_WIDTH - 12

    def x_of(beats: float) -> float:
        return NAME_WIDTH + width * beats / (bars * BEATS_PER_BAR)

    parts = [f'<text x="8" y="16" font-weight="bold">{escape(moment.title)}</text>']
    for bar in range(bars + 1):
        x = x_of(bar * BEATS_PER_BAR)
        parts.append(f'<path d="M{x:.1f} {HEAD_HEIGHT}V{bottom}" stroke="#dddddd"/>')
        if bar < bars:
            parts.append(f'<text x="{x + 2:.1f}" y="{bottom + 11}" fill="#777777" font-size="9">{bar + 1}</text>')
    for number, lane in enumerate(moment.lanes):
        y = HEAD_HEIGHT + ROW_HEIGHT * number
        parts.append(f'<text x="8" y="{y + 11}" font-size="10">{escape(_short(lane.name))}</text>')
        for one in lane.bars:
            left, right = x_of(one.start_beats), x_of(one.end_beats)
            shape = f'x="{left:.1f}" y="{y + 2}" width="{max(1.0, right - left):.1f}" height="{BAR_HEIGHT}"'
            parts.append(f'<rect {shape} fill="{one.color}"{OUTLINES[one.edit]}/>')
    return parts


def _short(name: str) -> str:
    return name if len(name) <= MOST_NAME_CHARACTERS else name[: MOST_NAME_CHARACTERS - 1] + "…"
