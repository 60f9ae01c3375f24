"""Recordings of what the simulated Live puts out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from controller.stage import Stage, connect
from embedding.errors import StageRefused
from tests.controller.arrangements import RATE_HZ, made_sounds, song
from tests.controller.simulated_live import SimulatedLive, set_shape

USERS_AUDIO_TRACK = 2
ORIGIN_BEATS = 4.0
SECONDS = 2.0
BEATS = 4.0


@pytest.fixture
def stage(live: SimulatedLive, tmp_path: Path) -> Iterator[Stage]:
    """With something of the user's and something of ours in the set, at 120 bpm."""
    with connect(port=live.script_port, placement_folder=tmp_path / "placed", token=live.token) as found:
        sounds = made_sounds(tmp_path)
        live.ask("user_place_clip", USERS_AUDIO_TRACK, sounds[3], ORIGIN_BEATS)
        found.apply(song(sounds, tempo_bpm=120.0), ORIGIN_BEATS, "always")
        yield found


def test_it_is_what_the_set_puts_out_with_ours_alone(live: SimulatedLive, stage: Stage, tmp_path: Path) -> None:
    state = set_shape(live)
    stage.prepare(ORIGIN_BEATS)
    recording = stage.record(ORIGIN_BEATS, ORIGIN_BEATS + BEATS, lambda: None)
    rendering = tmp_path / "rendered"
    rendering.mkdir()
    live.ask("render", str(rendering), ORIGIN_BEATS, SECONDS)
    stage.forget_recording()
    stage.restore()
    assert set_shape(live) == state
    rendered, _ = soundfile.read(rendering / "main.wav")
    recorded, rate_hz = soundfile.read(recording.file)
    assert rate_hz == RATE_HZ
    first = round(recording.start_seconds * rate_hz)
    heard = recorded[first : first + len(rendered)]
    assert np.abs(heard - rendered).max() < 2**-22 < np.abs(rendered).max()


def test_it_can_be_kept(live: SimulatedLive, stage: Stage) -> None:
    others = stage.read_set().others
    stage.prepare(ORIGIN_BEATS)
    recording = stage.record(ORIGIN_BEATS, ORIGIN_BEATS + BEATS, lambda: None)
    assert recording.file.is_file()
    assert stage.read_set().others == others
    assert stage.forget_recording(keep=True) == 1
    stage.restore()
    kept = stage.read_set().others[len(others) :]
    assert [(track.name, track.clip_count) for track in kept] == [("resampling", 1)]


def test_what_ends_it_is_told_by_its_code(live: SimulatedLive, stage: Stage) -> None:
    state = set_shape(live)
    calls: list[int] = []

    def user_stops() -> None:
        calls.append(1)
        if len(calls) == 10:
            live.ask("user_stop")

    stage.prepare(ORIGIN_BEATS)
    with pytest.raises(StageRefused, match="transport was stopped") as refused:
        stage.record(ORIGIN_BEATS, ORIGIN_BEATS + 10000.0, user_stops)
    assert refused.value.code == "interrupted"
    live.ask("user_lose_audio")
    with pytest.raises(StageRefused, match="choose an audio device") as refused:
        stage.record(ORIGIN_BEATS, ORIGIN_BEATS + BEATS, lambda: None)
    assert refused.value.code == "no_audio"
    live.ask("user_regain_audio")
    stage.restore()
    assert set_shape(live) == state
