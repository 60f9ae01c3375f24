"""The picture of a set is sound SVG with a box for each clip."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.benchmarks.set_picture import Bar, Lane, Moment, picture

SVG = "{http://www.w3.org/2000/svg}"
BASS = Lane("Bass <1> & a long name", (Bar(0.0, 4.0, "#5480e4"), Bar(6.0, 8.0, "#5480e4", "changed")))
DRUMS = Lane("Drums", (Bar(0.0, 8.0, "#c98b1f", "deleted"),))


def panels(*moments: Moment) -> list[list[ElementTree.Element]]:
    """The boxes of each."""
    root = ElementTree.fromstring(picture(moments))
    return [list(group.iter(f"{SVG}rect")) for group in root.iter(f"{SVG}g")]


def test_clips_lie_where_they_start_and_are_as_wide_as_they_are_long() -> None:
    first, second = panels(Moment("1 s", (BASS,)), Moment("2 s: < done", (BASS, DRUMS)))
    assert [len(first), len(second)] == [2, 3]
    whole = second[2].attrib
    for box, start_beats, beats in ((second[0], 0, 4), (second[1], 6, 2)):
        left, width = float(box.attrib["x"]) - float(whole["x"]), float(box.attrib["width"])
        assert left == pytest.approx(float(whole["width"]) * start_beats / 8, abs=0.2)
        assert width == pytest.approx(float(whole["width"]) * beats / 8, abs=0.2)
    assert [box.attrib["x"] for box in first] == [box.attrib["x"] for box in second[:2]]
    assert second[0].attrib["fill"] == "#5480e4"


def test_what_the_user_did_can_be_told_apart() -> None:
    (boxes,) = panels(Moment("1 s", (BASS, DRUMS)))
    plain, changed, deleted = ({"stroke", "stroke-dasharray"} & box.attrib.keys() for box in boxes)
    assert (plain, changed, deleted) == (set(), {"stroke"}, {"stroke", "stroke-dasharray"})


def test_panels_do_not_overlap_and_fit() -> None:
    moments = [Moment(str(number), (BASS,) * (1 + number)) for number in range(5)]
    root = ElementTree.fromstring(picture(moments))
    corners = []
    for group in root.iter(f"{SVG}g"):
        x, y = map(float, group.attrib["transform"].removeprefix("translate(").removesuffix(")").split())
        bottoms = [float(box.attrib["y"]) + float(box.attrib["height"]) for box in group.iter(f"{SVG}rect")]
        corners.append((x, y, y + max(bottoms)))
    assert max(bottom for _, _, bottom in corners) <= float(root.attrib["height"])
    for x in {x for x, _, _ in corners}:
        column = [(top, bottom) for at, top, bottom in corners if at == x]
        assert all(bottom <= top for (_, bottom), (top, _) in pairwise(column))
