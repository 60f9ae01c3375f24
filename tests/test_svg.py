"""Charts of curves are sound SVG that shows what it was given."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests.benchmarks.svg import (
    HEIGHT,
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    MARGIN_RIGHT,
    MARGIN_TOP,
    WIDTH,
    Chart,
    Line,
    charts,
)

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*lines: Line, title: str = "a < b & c") -> ElementTree.Element:
    return ElementTree.fromstring(charts([Chart(title, lines)], (1.0, 100.0), "seconds"))


def paths_of(root: ElementTree.Element) -> list[str]:
    return [path.attrib["d"] for path in root.iter(f"{SVG}path") if path.get("fill") == "none"]


def test_names_and_titles_are_written_whatever_is_in_them() -> None:
    texts = [text.text for text in drawn(Line("<mcts>", ((1.0, 0.1), (9.0, 0.5)))).iter(f"{SVG}text")]
    assert {"a < b & c", "<mcts>", "seconds", "0.1", "0.5"} <= set(texts)


def test_a_value_holds_until_the_next_and_to_the_right_edge() -> None:
    """0.2 from 1 s, 0.4 from 10 s, which is the middle of a logarithmic axis from 1 to 100."""
    right, bottom = WIDTH - MARGIN_RIGHT, HEIGHT - MARGIN_BOTTOM
    (path,) = paths_of(drawn(Line("one", ((1.0, 0.2), (10.0, 0.4)))))
    middle = (MARGIN_LEFT + right) / 2
    expected = [MARGIN_LEFT, bottom, MARGIN_LEFT, bottom, middle, MARGIN_TOP, right]
    assert [float(number) for number in re.findall(r"[\d.]+", path)] == expected


def test_lines_without_points_or_beyond_the_range_draw_nothing() -> None:
    assert paths_of(drawn(Line("none", ()), Line("late", ((200.0, 0.5),)))) == []


def test_charts_stand_in_rows_of_three() -> None:
    root = ElementTree.fromstring(charts([Chart(str(n), ()) for n in range(4)], (1.0, 10.0), "x"))
    assert (float(root.attrib["width"]), float(root.attrib["height"])) == (3 * WIDTH, 2 * HEIGHT + MARGIN_TOP)
    assert root.findall(f"{SVG}g")[3].attrib["transform"] == f"translate(0 {HEIGHT + MARGIN_TOP})"
