"""The simulated Live beside the controller: started with our script, asked, rendered, ended."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from controller.calls import Step
from controller.osc_client import ScriptClient
from controller.simulated import NotStarted, SimulatedLive
from embedding.errors import StageError, StageLost
from tests.python37 import require_python37


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "half.wav"
    soundfile.write(path, np.full(44100, 0.5, dtype=np.float32), 44100, subtype="FLOAT")
    return path


def build(live: SimulatedLive, sound: Path) -> None:
    """Two clips on a track of the script's: at beat 0 half of the sound, at beat 2 all of it, an octave up."""
    with ScriptClient(port=live.script_port, token=live.token) as script:
        script.greet([str(sound.parent)])
        script.request("reserve_tracks", 1)
        steps = [
            Step("set_track", (1, "Ours", 0x112233, 0.7, 0.0)),
            Step("create_clip", (1, str(sound), 2.0, 1.0, 0.4, 12, 0.0, "second", 0xFF0000)),
            Step("create_clip", (1, str(sound), 0.0, 0.5, 0.4, 0, 0.0, "first", 0xFF0000)),
        ]
        script.carry_out(steps, 0.0)
        script.request("settle")


@pytest.mark.parametrize(
    ("live_version", "python"),
    [(None, "this"), ("12.4.6", "this"), ("11.3.25", "3.7"), ("12.0.5", "3.7"), ("12.1", "this")],
)
def test_what_our_script_builds_is_what_sounds(live_version: str | None, python: str, sound: Path) -> None:
    executable = sys.executable if python == "this" else require_python37()
    with SimulatedLive(48000, live_version=live_version, python=executable) as live:
        build(live, sound)
        main, stems = live.render(0.0, 2.0)
        assert live.state()["arrangement_clips"] == 2
    level = 0.5 * 10 ** (-6 / 20)
    assert list(stems) == [4]
    assert main.sample_rate_hz == 48000
    assert main.samples.shape == stems[4].samples.shape == (2, 96000)
    for audio in (main, stems[4]):
        for sounds, span in ((1, (1000, 23000)), (0, (24000, 48000)), (1, (49000, 71000)), (0, (72000, 96000))):
            assert np.allclose(audio.samples[:, slice(*span)], level * sounds, atol=1e-4), span


def test_it_is_over_when_the_block_is(sound: Path) -> None:
    with SimulatedLive() as live:
        assert live.alive
        folder = Path(live._folder.name)
        assert folder.exists()
    assert not live.alive
    assert not folder.exists()


def test_an_error_inside_ends_it_too() -> None:
    with pytest.raises(ZeroDivisionError), SimulatedLive() as live:
        _ = 1 / 0
    assert not live.alive


def test_its_death_is_told_with_its_last_words(sound: Path) -> None:
    with SimulatedLive() as live:
        build(live, sound)
        os.kill(live.process_id, signal.SIGKILL)
        with pytest.raises(StageLost, match=r"ended \(exit status -9\); its last words: .*listening on port"):
            live.render(0.0, 1.0)


def test_it_does_not_start_with_a_version_that_does_not_exist() -> None:
    with (
        pytest.raises(NotStarted, match=r"does not start: .*expected 11.0 or newer"),
        SimulatedLive(live_version="3.1"),
    ):
        raise AssertionError("it started")


def test_what_cannot_be_rendered_is_told(sound: Path) -> None:
    with SimulatedLive() as live:
        build(live, sound)
        live.act_as_user("user_place_clip", 3, str(sound), 0.0)
        live.act_as_user("user_set_tempo", 130.0)
        with pytest.raises(StageError, match="clip 'half' at beat 0: is warped"):
            live.render(0.0, 1.0)


def test_ctrl_c_in_the_terminal_does_not_reach_it(sound: Path) -> None:
    with SimulatedLive() as live:
        assert os.getpgid(live.process_id) != os.getpgid(0)
        build(live, sound)
        assert live.state()["tracks"] == 5
