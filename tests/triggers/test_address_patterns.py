"""Address patterns as OSC 1.0 has them, against shell patterns, regular expressions and python-osc."""

from __future__ import annotations

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.dispatcher import Dispatcher

from controller.triggers.patterns import is_pattern, matches

NAMES = st.text("abc-", max_size=6)
LITERALS = st.text("abc", max_size=3)
SETS = st.text("abc", min_size=1, max_size=3)
RANGES = st.sampled_from(["a-b", "b-c", "a-c", "a-bc", "ab-c"])
SHELL_PARTS = st.one_of(
    LITERALS,
    st.just("*"),
    st.just("?"),
    st.one_of(SETS, RANGES).map("[{}]".format),
    st.one_of(SETS, RANGES).map("[!{}]".format),
)
WORDS = st.lists(LITERALS, min_size=1, max_size=3)


@given(st.lists(SHELL_PARTS, max_size=6).map("".join), NAMES)
def test_without_words_a_pattern_is_a_shells(pattern: str, name: str) -> None:
    assert matches(pattern, name) == fnmatch.fnmatchcase(name, pattern)


@given(st.lists(st.one_of(LITERALS, st.just("*"), WORDS), max_size=5), NAMES)
def test_words_are_alternatives(parts: list[str | list[str]], name: str) -> None:
    pattern = "".join(part if isinstance(part, str) else "{" + ",".join(part) + "}" for part in parts)
    expression = "".join(
        (".*" if part == "*" else part) if isinstance(part, str) else f"(?:{'|'.join(part)})" for part in parts
    )
    assert matches(pattern, name) == (re.fullmatch(expression, name) is not None)


@given(st.text("abc", min_size=1, max_size=6))
def test_plain_text_matches_itself_alone(name: str) -> None:
    assert not is_pattern(name)
    assert matches(name, name)
    assert not matches(name, name + "a")
    assert not matches(name + "a", name)


@given(st.text("ab*?[]{}!-,", max_size=12), NAMES)
def test_any_text_is_a_pattern_or_matches_nothing(pattern: str, name: str) -> None:
    assert matches(pattern, name) in (True, False)


@pytest.mark.parametrize(
    "pattern", ["{stop,keep}", "st*", "s?op", "[su]top", "[!k]*", "*", "[a-z]top", "*p", "st[op]p"]
)
def test_as_python_osc_dispatches(pattern: str) -> None:
    names = ("cover", "stop", "keep", "undo", "status")
    dispatcher = Dispatcher()
    for name in names:
        dispatcher.map(f"/{name}", print, name)
    theirs = {handler.args[0] for handler in dispatcher.handlers_for_address(f"/{pattern}")}
    assert {name for name in names if matches(pattern, name)} == theirs


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("[ab-]", "-", True),  # a minus at the end is only that
        ("[-ab]", "-", True),
        ("[!-a]", "-", False),
        ("[]", "a", False),
        ("[!]", "a", True),
        ("[c-a]", "b", False),
        ("{,top}", "", True),
        ("s{top,tatus}", "status", True),
        ("[ab", "a", False),
        ("{ab", "ab", False),
        ("a!", "a!", True),  # only in brackets does it mean anything
        ("a,b", "a,b", True),
    ],
)
def test_corners_of_the_specification(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


def test_a_pattern_made_to_take_for_ever_does_not() -> None:
    assert not matches("*" * 4000 + "x", "a" * 60)
    assert not matches("*a" * 2000 + "{a,aa,*}" * 300, "a" * 60)
    assert not matches("{" + "," * 9000 + "}" + "?" * 100, "status")
