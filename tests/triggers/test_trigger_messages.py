"""What messages ask for, and what is said of those that ask for nothing that there is."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.triggers.messages import (
    MOST_MORE_SECONDS,
    NAMES,
    Again,
    Cover,
    Keep,
    More,
    Refusal,
    Status,
    Stop,
    Trigger,
    Undo,
    Variation,
    read_message,
)

PLAIN = {
    "stop": Stop(),
    "keep": Keep(),
    "undo": Undo(),
    "status": Status(),
    "variation": Variation(),
    "again": Again(),
    "cover": Cover(),
}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=20),
)


def refusal(address: str, *arguments: object) -> str:
    (found,) = read_message(address, arguments)
    assert isinstance(found, Refusal)
    return found.text


@pytest.mark.parametrize(("name", "trigger"), PLAIN.items())
@pytest.mark.parametrize("arguments", [(), (1,), (1.0,), (127,), (0.3,), (True,), (None,), ("bang",)])
def test_a_bare_message_and_a_pressed_button_are_triggers(
    name: str, trigger: Trigger, arguments: Sequence[object]
) -> None:
    assert read_message(f"/jacquees/{name}", arguments) == [trigger]


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("value", [0, 0.0, -0.0, False])
def test_a_button_that_is_let_go_is_nothing(name: str, value: object) -> None:
    assert read_message(f"/jacquees/{name}", [value]) == []


@given(st.text(min_size=1).filter(lambda text: text.strip() and text != "bang"))
def test_a_cover_has_the_path_as_it_was_sent(path: str) -> None:
    assert read_message("/jacquees/cover", [path]) == [Cover(path)]


@given(st.one_of(st.integers(1, int(MOST_MORE_SECONDS)), st.floats(0, MOST_MORE_SECONDS, exclude_min=True)))
def test_more_takes_ints_and_floats_alike(seconds: float) -> None:
    assert read_message("/jacquees/more", [seconds]) == [More(float(seconds))]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), r"/jacquees/more: has 0 arguments; give one number of seconds.*e\.g\. /jacquees/more 30"),
        ((10, 20), "has 2 arguments"),
        ((-1,), "-1: give one number of seconds, more than 0"),
        ((0.0,), "0: .*button's own value"),
        ((30000,), r"30000: .*at most 3600 \(milliseconds"),
        (("30",), r"'30': .*\(a number sent as text"),
        ((math.nan,), "nan: "),
        ((math.inf,), "inf: "),
        ((True,), "True: "),
        ((b"ab",), "a blob of 2 bytes: "),
        ((0.1, 0.2, 0.3), "has 3 arguments"),
    ],
)
def test_what_more_refuses(arguments: Sequence[object], says: str) -> None:
    assert re.search(says, refusal("/jacquees/more", *arguments))


@pytest.mark.parametrize(
    ("address", "arguments", "says"),
    [
        ("/jacquees/stop", ("now",), "/jacquees/stop 'now': takes no arguments"),
        ("/jacquees/keep", (1, 1), "/jacquees/keep 1, 1: takes no arguments"),
        ("/jacquees/undo", (b"x",), "a blob of 1 bytes"),
        ("/jacquees/undo", (math.nan,), "/jacquees/undo nan: takes no arguments"),
        ("/jacquees/cover", ("",), "'': is no path; leave it out"),
        ("/jacquees/cover", ("/a/My", "Song", 2, "x.wav"), "has 4 arguments; give one path"),
        ("/jacquees/cover", ("/a/My", "Song.wav"), "a path with spaces that is not in quotes?"),
        ("/jacquees/cover", (b"abc",), "a blob of 3 bytes: should be a path as text"),
        ("/jacquees/cover", (math.nan,), "nan: should be a path as text"),
        ("/jacquees/covr", (), "did you mean /jacquees/cover?"),
        ("/jacquees/Stop", (), "did you mean /jacquees/stop?"),
        ("/jacquees/stop/", (), "did you mean /jacquees/stop?"),
        ("/jacquees/zzz", (), "there are /jacquees/cover, /jacquees/stop, /jacquees/keep, /jacquees/undo"),
        ("/jacquees/", (), "no such address"),
        ("/jacquees", (), "no such address"),
        ("/jacquees/x*", (), "matches no address"),
        ("/jacquees/{stop,keep", (), "brackets that are not closed?"),
        ("/jacques/stop", (), "did you mean /jacquees/stop?"),
        ("/jaquees/cover", ("/a.wav",), "did you mean /jacquees/cover?"),
        ("/Jacquees/cover", (), "did you mean /jacquees/cover?"),
    ],
)
def test_what_is_refused_says_what_is_allowed(address: str, arguments: Sequence[object], says: str) -> None:
    assert says in refusal(address, *arguments)


@pytest.mark.parametrize(
    "address", ["/accxyz", "/ping", "/", "//", "/1/fader1", "/live/song/start_playing", "/stop", "/j", "/*", "/*/fader"]
)
def test_what_is_meant_for_other_programs_is_passed_over(address: str) -> None:
    assert read_message(address, [0.5, 0.5]) == []


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/jacquees/progress", (0.5, "searching")),
        ("/jacquees/score", (0.5,)),
        ("/jacquees/done", ("/a",)),
        ("/jacquees/error", ("busy",)),
        ("/jacquees/status", ("idle", "", 0.0, 0.0)),
        ("/jacquees/{done,error}", ("x",)),
    ],
)
def test_our_own_answers_are_never_answered(address: str, arguments: Sequence[object]) -> None:
    assert read_message(address, arguments) == []


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/jacquees/{stop,keep}", [Stop(), Keep()]),
        ("/jacquees/st*", [Stop(), Status()]),
        ("/jacquees/st?p", [Stop()]),
        ("/*/undo", [Undo()]),
        ("/{jacquees,other}/again", [Again()]),
        ("/jacqu[e]es/[!a-t]*", [Undo(), Variation()]),
    ],
)
def test_a_pattern_acts_on_all_that_it_matches(pattern: str, expected: list[Trigger]) -> None:
    assert read_message(pattern, []) == expected


def test_in_a_pattern_each_address_takes_the_arguments_in_its_own_way() -> None:
    stop, more = read_message("/jacquees/{more,stop}", [])
    assert stop == Stop()
    assert isinstance(more, Refusal)
    assert "/jacquees/more" in more.text
    assert read_message("/jacquees/*", [])[:4] == [Cover(), Stop(), Keep(), Undo()]


@given(st.text().map("/{}".format), st.lists(VALUES, max_size=4))
def test_any_message_is_read_or_refused_in_one_short_line(address: str, arguments: list[object]) -> None:
    for found in read_message(address, arguments):
        if isinstance(found, Refusal):
            assert "\n" not in found.text


@given(st.sampled_from(list(NAMES)), st.lists(VALUES, max_size=6))
def test_any_arguments_are_taken_or_refused_in_one_line(name: str, arguments: list[object]) -> None:
    found = read_message(f"/jacquees/{name}", arguments)
    assert len(found) <= 1
    for one in found:
        if isinstance(one, Refusal):
            assert one.text.startswith(f"/jacquees/{name}")
            assert len(one.text) < 700
            assert "\n" not in one.text
