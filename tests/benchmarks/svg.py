"""Line charts side by side in one SVG, of a few shapes and no package."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 300, 200
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 40, 12, 26, 30
COLORS = ("#0b62a4", "#d1495b", "#8a8a8a", "#2a9d5c", "#b07cc6", "#c98b1f")


@dataclass(frozen=True)
class Line:
    """`points` (x, y), x > 0 and rising; a value holds until the next. Lines of a name have one colour."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Chart:
    title: str
    lines: tuple[Line, ...]


def charts(all_charts: Sequence[Chart], x_range: tuple[float, float], x_label: str, columns: int = 3) -> str:
    """The SVG. x is logarithmic and cut to `x_range`, y is one range for all charts."""
    values = [y for chart in all_charts for line in chart.lines for x, y in line.points if x_range[0] <= x]
    low, high = math.floor(10 * min(values, default=0.0)) / 10, math.ceil(10 * max(values, default=1.0)) / 10
    y_range = (low, max(high, low + 0.1))
    names = list(dict.fromkeys(line.name for chart in all_charts for line in chart.lines))
    colors = {name: COLORS[place % len(COLORS)] for place, name in enumerate(names)}
    parts = []
    for place, chart in enumerate(all_charts):
        at = f"translate({place % columns * WIDTH} {place // columns * HEIGHT + MARGIN_TOP})"
        parts += [f'<g transform="{at}">', *_chart(chart, x_range, y_range, x_label, colors), "</g>"]
    for place, name in enumerate(names):
        parts.append(f'<text x="{MARGIN_LEFT + 90 * place}" y="16" fill="{colors[name]}">{escape(name)}</text>')
    width = WIDTH * min(columns, len(all_charts))
    height = HEIGHT * math.ceil(len(all_charts) / columns) + MARGIN_TOP
    return document(parts, width, height)


def document(parts: Sequence[str], width: int, height: int) -> str:
    """An SVG of these shapes on white."""
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">'
    return "\n".join([opening, '<rect width="100%" height="100%" fill="#ffffff"/>', *parts, "</svg>"]) + "\n"


def _chart(
    chart: Chart, x_range: tuple[float, float], y_range: tuple[float, float], x_label: str, colors: dict[str, str]
) -> list[str]:
    right, bottom = WIDTH - MARGIN_RIGHT, HEIGHT - MARGIN_BOTTOM

    def x_of(x: float) -> float:
        share = math.log(x / x_range[0]) / math.log(x_range[1] / x_range[0])
        return MARGIN_LEFT + min(1.0, max(0.0, share)) * (right - MARGIN_LEFT)

    def y_of(y: float) -> float:
        return bottom - (y - y_range[0]) / (y_range[1] - y_range[0]) * (bottom - MARGIN_TOP)

    parts = [f'<text x="{MARGIN_LEFT}" y="{MARGIN_TOP - 8}" font-weight="bold">{escape(chart.title)}</text>']
    for y in (step / 10 for step in range(round(10 * y_range[0]), round(10 * y_range[1]) + 1)):
        parts.append(f'<path d="M{MARGIN_LEFT} {y_of(y):.1f}H{right}" stroke="#dddddd"/>')
        parts.append(f'<text x="{MARGIN_LEFT - 6}" y="{y_of(y) + 4:.1f}" text-anchor="end">{y:.1f}</text>')
    for x in (head * 10.0**power for power in range(-3, 7) for head in (1, 3)):
        if x_range[0] <= x <= x_range[1]:
            parts.append(f'<text x="{x_of(x):.1f}" y="{bottom + 14}" text-anchor="middle">{x:g}</text>')
    parts.append(f'<text x="{right}" y="{bottom + 26}" text-anchor="end">{escape(x_label)}</text>')
    for line in chart.lines:
        inside = [(f"{x_of(x):.1f}", f"{y_of(max(y, y_range[0])):.1f}") for x, y in line.points if x <= x_range[1]]
        heights = [None, *(y for _, y in inside)]
        steps = [f"H{x}V{y}" for (x, y), before in zip(inside, heights, strict=False) if y != before]
        if inside:
            path = f"M{inside[0][0]} {inside[0][1]}{''.join(steps)}H{right}"
            parts.append(f'<path d="{path}" fill="none" stroke="{colors[line.name]}" stroke-width="1.5"/>')
    return parts
