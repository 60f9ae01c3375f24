"""Our codec against python-osc, written by others."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from live_remote_script import osc

VALUES = st.one_of(
    st.tuples(st.just("i"), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.just("h"), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("d"), st.floats(allow_nan=False)),
    st.tuples(st.just("f"), st.floats(width=32, allow_nan=False)),
    st.tuples(st.just("s"), st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))),
    st.tuples(st.just("b"), st.binary(min_size=1)),
    st.tuples(st.just("T"), st.just(True)),
    st.tuples(st.just("F"), st.just(False)),
    st.tuples(st.just("N"), st.none()),
)


@given(st.lists(VALUES, max_size=20))
def test_both_write_the_same_bytes_and_read_the_same_values(typed: list[tuple[str, object]]) -> None:
    builder = OscMessageBuilder("/jacquees/x")
    for letter, value in typed:
        builder.add_arg(value, letter)
    theirs = builder.build().dgram
    values = tuple(value for _, value in typed)
    ours = osc.encode("/jacquees/x", values, "".join(letter for letter, _ in typed))
    assert ours == theirs
    assert osc.decode(theirs) == [("/jacquees/x", values)]
    assert OscMessage(ours).params == list(values)


@given(st.floats(allow_nan=False))
def test_a_float_loses_nothing_unless_told(value: float) -> None:
    (found,) = osc.decode(osc.encode("/a", (value,)))[0].arguments
    assert struct.pack(">d", found) == struct.pack(">d", value)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(packet: bytes) -> None:
    try:
        osc.decode(packet)
    except osc.OscError as why:
        assert str(why)
