from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from controller.stage_values import Output
from live_remote_script import protocol

PLAIN = Output(0.85, 0.0, *[""] * 9)


def test_an_output_has_the_fields_of_the_protocols_command() -> None:
    assert [field.name for field in fields(Output)] == [field.name for field in protocol.BY_NAME["output"].reply]


def test_a_plain_mixer_colours_nothing() -> None:
    assert PLAIN.colours == ""
    assert PLAIN.main_gain_db == pytest.approx(0.0)


@pytest.mark.parametrize("name", [field.name for field in fields(Output)])
def test_each_thing_that_colours_is_told(name: str) -> None:
    value = -0.5 if name == "main_pan" else 0.7 if name == "main_volume" else "Pad: Reverb"
    words = replace(PLAIN, **{name: value}).colours
    assert re.search(r"Pad: Reverb|-6\.0 dB|-0\.50", words)
    assert ";" not in words


def test_several_are_told_one_after_the_other() -> None:
    found = replace(PLAIN, main_volume=0.7, main_devices="Limiter")
    assert found.colours == "main fader at -6.0 dB; devices on the main track: Limiter"
    assert found.main_gain_db == pytest.approx(-6.0)
