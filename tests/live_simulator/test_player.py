"""What the player makes of a plan, a change, a jump: compared, sample by sample, with what a render has there.

A reader takes the place of the device: it takes blocks as fast as they are made, as a JACK server does that freewheels.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from live_simulator.feeder import Feeder
from live_simulator.mix import Clip, Mix, Track
from live_simulator.mixdown import Mixdown
from live_simulator.orders import change_of
from live_simulator.plan import Expected, Plan
from live_simulator.program import FADE_SECONDS
from live_simulator.ring import Ring
from live_simulator.sounds import Sounds

Heard = npt.NDArray[np.float32]

RATE_HZ = 48000
FADE = round(FADE_SECONDS * RATE_HZ)
BEAT = RATE_HZ // 2
"""Samples, at 120 bpm."""


class Desk:
    """A player with a device that asks for blocks of 500 samples whenever `hear` says so."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.sounds = Sounds()
        self.ring = Ring(8 * RATE_HZ, RATE_HZ, time.perf_counter)
        self._feeder = Feeder(self.ring, RATE_HZ, self.sounds, self.said.append)
        self._thread = threading.Thread(target=self._feeder.feed, daemon=True)
        self._thread.start()
        self._run = 0
        self._heard: list[Heard] = []

    def hear(self, blocks: int) -> None:
        for _ in range(blocks):
            out = np.empty((500, 2), dtype=np.float32)
            self.ring.take(out, False)
            self._heard.append(out)

    def order(self, what: str, **fields: Any) -> int:
        """The output sample from which on it is obeyed; the device asks on meanwhile."""
        self._run += what != "change"
        change, lines = change_of({"do": what, "run": self._run, **fields}, self.sounds)
        self.said += lines
        taken: list[int] = []
        self._feeder.change(change, taken.append)
        while not taken:
            time.sleep(0.001)
        return taken[0]

    def start(self, plan: Plan, beats: float = 0.0) -> int:
        return self.order("start", beats=beats, played_beats=0.0, played_seconds=0.0, plan=asdict(plan))

    def place(self, sample: int) -> tuple[float, float]:
        """(beats, beats played in all) at an output sample."""
        stretch = self._feeder.sounding_at(sample).stretch
        return stretch.beats_at(sample), stretch.played_beats_at(sample)

    @property
    def heard(self) -> Heard:
        """[2, n], all of it."""
        assert self.ring.underflows == 0
        return np.concatenate(self._heard).T

    def rendered(self, mix: Mix, start_beats: float, first: int, count: int) -> Heard:
        block = Mixdown(mix, RATE_HZ, start_beats, self.sounds).block(first, count)
        return block.main.astype(np.float32)

    def close(self) -> None:
        self._feeder.end()
        self._thread.join()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds, stereo."""
    path = tmp_path_factory.mktemp("sounds") / "noise.wav"
    samples = np.random.default_rng(0).uniform(-0.3, 0.3, (10 * RATE_HZ, 2))
    soundfile.write(path, samples, RATE_HZ, subtype="PCM_16")
    return path


def clip(path: Path, start_beats: float, length_beats: float, from_seconds: float = 0.0) -> Clip:
    return Clip(
        name=path.stem,
        file_path=str(path),
        file_frames=10 * RATE_HZ,
        file_rate_hz=RATE_HZ,
        start_beats=start_beats,
        end_beats=start_beats + length_beats,
        plays_from=from_seconds,
        plays_to=10.0,
        repeats_from=None,
        gain=0.4,
        pitch_coarse=0,
        pitch_fine=0.0,
        warping=False,
        warp_mode=0,
        warp_tempo_bpm=120.0,
        refusal="",
    )


def track(*clips: Clip, volume: float = 0.85) -> Track:
    return Track("a", volume, 0.0, True, False, (), None, True, True, "", clips)


def mix_of(*tracks: Track, tempo_bpm: float = 120.0) -> Mix:
    return Mix(tempo_bpm, 0.85, 0.0, "", tracks, ())


@pytest.fixture
def song(noise: Path) -> Mix:
    return mix_of(track(clip(noise, 0.0, 8.0)), track(clip(noise, 1.0, 8.0, 3.0), volume=0.7))


def plan(mix: Mix, loop: tuple[float, float] | None = None, *expected: Expected) -> Plan:
    return Plan(mix, loop, expected)


def test_a_song_is_heard_from_where_it_starts(desk: Desk, song: Mix) -> None:
    desk.hear(3)
    first = desk.start(plan(song), beats=1.5)
    desk.hear(100)
    heard = desk.heard
    assert not heard[:, :first].any()
    assert np.array_equal(heard[:, first:], desk.rendered(song, 1.5, 0, heard.shape[1] - first))
    assert desk.place(first + BEAT) == (2.5, 1.0)


def test_a_change_is_faded_over_and_moves_nothing(desk: Desk, song: Mix) -> None:
    first = desk.start(plan(song))
    desk.hear(50)
    muted = replace(song, tracks=(song.tracks[0], replace(song.tracks[1], is_active=False)))
    changed = desk.order("change", plan=asdict(plan(muted)))
    desk.hear(100)
    heard = desk.heard[:, first:]
    at, count = changed - first, heard.shape[1]
    before, after = (desk.rendered(mix, 0.0, 0, count) for mix in (song, muted))
    assert np.array_equal(heard[:, :at], before[:, :at])
    assert np.array_equal(heard[:, at + FADE :], after[:, at + FADE :])
    rising = (np.arange(FADE) + 0.5) / FADE
    fade = before[:, at : at + FADE] * (1.0 - rising) + after[:, at : at + FADE] * rising
    assert np.abs(heard[:, at : at + FADE] - fade).max() < 1e-6


def test_it_stops_within_a_fade_and_stands(desk: Desk, song: Mix) -> None:
    first = desk.start(plan(song))
    desk.hear(50)
    stopped = desk.order("stop")
    desk.hear(100)
    heard = desk.heard
    assert not heard[:, stopped + FADE :].any()
    assert desk.place(stopped) == desk.place(stopped + RATE_HZ) == pytest.approx(2 * ((stopped - first) / BEAT,))


def test_a_jump(desk: Desk, song: Mix) -> None:
    first = desk.start(plan(song))
    desk.hear(50)
    jumped = desk.order("jump", beats=5.0, plan=asdict(plan(song)))
    desk.hear(100)
    heard = desk.heard
    begin = jumped + FADE
    assert np.array_equal(heard[:, begin:], desk.rendered(song, 5.0, FADE, heard.shape[1] - begin))
    assert desk.place(jumped + BEAT) == (6.0, pytest.approx((jumped - first) / BEAT + 1.0))


@pytest.mark.parametrize("length_beats", [2.0, 1.00003, 0.01])
def test_a_loop_goes_round_without_a_seam(desk: Desk, song: Mix, length_beats: float) -> None:
    loop = (0.5, 0.5 + length_beats)
    first = desk.start(plan(song, loop), beats=0.25)
    desk.hear(300)
    heard = desk.heard[:, first:]
    edges = [round((0.25 + length_beats * (1 + turn)) * BEAT) for turn in range(math.ceil(6.0 / length_beats))]
    assert np.array_equal(heard[:, : edges[0]], desk.rendered(song, 0.25, 0, edges[0]))
    for begin, end in pairwise(edges):
        turn = heard[:, begin:end]
        assert np.array_equal(turn, desk.rendered(song, 0.5, 0, turn.shape[1]))


def test_it_loops_no_more_from_behind_the_loops_end(desk: Desk, song: Mix) -> None:
    first = desk.start(plan(song, (0.0, 2.0)), beats=2.0)
    desk.hear(150)
    heard = desk.heard[:, first:]
    assert np.array_equal(heard, desk.rendered(song, 2.0, 0, heard.shape[1]))


def test_a_clip_of_the_session_view_goes_on_through_loops_and_jumps(desk: Desk, noise: Path) -> None:
    session = mix_of(track(replace(clip(noise, 0.0, math.inf), repeats_from=1.0, plays_to=2.0)))
    first = desk.start(plan(session, (0.0, 1.00003)))
    desk.hear(200)
    desk.order("jump", beats=20.0, plan=asdict(plan(session)))
    desk.hear(100)
    heard = desk.heard[:, first:]
    assert np.abs(heard - desk.rendered(session, 0.0, 0, heard.shape[1])).max() < 1e-6


def test_another_tempo_begins_where_the_song_is(desk: Desk, song: Mix) -> None:
    first = desk.start(plan(song))
    desk.hear(40)
    slower = replace(song, tempo_bpm=90.0)
    changed = desk.order("change", plan=asdict(plan(slower)))
    desk.hear(150)
    heard = desk.heard
    beats = (changed - first) / BEAT
    begin = changed + FADE
    assert np.array_equal(heard[:, begin:], desk.rendered(slower, beats, FADE, heard.shape[1] - begin))
    assert desk.place(changed + RATE_HZ)[0] == pytest.approx(beats + 1.5)


def test_a_launch_that_waits_for_its_beat_is_heard_on_it(desk: Desk, song: Mix, noise: Path) -> None:
    launched = replace(song, tracks=(song.tracks[0], track(clip(noise, 2.0, math.inf))))
    first = desk.start(plan(song, None, Expected(2.0, launched, None)), beats=4.0)
    desk.hear(200)
    heard = desk.heard[:, first:]
    as_placed = replace(launched, tracks=(song.tracks[0], track(clip(noise, 6.0, math.inf))))
    assert np.array_equal(heard[:, : 2 * BEAT], desk.rendered(song, 4.0, 0, 2 * BEAT))
    rest = heard.shape[1] - 2 * BEAT
    assert np.array_equal(heard[:, 2 * BEAT :], desk.rendered(as_placed, 4.0, 2 * BEAT, rest))


def test_what_was_launched_already_may_be_expected_again(desk: Desk, song: Mix, noise: Path) -> None:
    """The host hears of it later than it leaves for the device."""
    launched = replace(song, tracks=(track(clip(noise, 0.25, math.inf)),))
    expecting = plan(song, None, Expected(0.25, launched, 4.0))
    first = desk.start(expecting)
    desk.hear(60)
    desk.order("change", plan=asdict(expecting))
    desk.hear(60)
    heard = desk.heard[:, first:]
    quarter = BEAT // 4
    as_placed = mix_of(track(clip(noise, 4.0, math.inf)))
    expected = desk.rendered(as_placed, 4.0, 0, heard.shape[1] - quarter)
    assert np.abs(heard[:, quarter:] - expected).max() < 1e-6
    assert desk.place(first + BEAT) == (4.75, 1.0)


def test_what_cannot_be_played_is_silent_and_said(desk: Desk, song: Mix, noise: Path, tmp_path: Path) -> None:
    stretched = replace(clip(noise, 1.0, 4.0), warping=True, warp_tempo_bpm=100.0, name="stretched")
    gone = replace(clip(noise, 1.0, 4.0), file_path=str(tmp_path / "gone.wav"))
    refused = replace(track(clip(noise, 0.0, 8.0)), refusal="its output goes elsewhere", name="refused")
    first = desk.start(plan(replace(song, tracks=(*song.tracks, track(stretched), track(gone), refused))))
    desk.hear(200)
    heard = desk.heard[:, first:]
    assert np.array_equal(heard, desk.rendered(song, 0.0, 0, heard.shape[1]))
    assert len(desk.said) == 3
    for word in ("stretched", "gone.wav", "its output goes elsewhere"):
        assert [line for line in desk.said if word in line], desk.said


def test_changes_that_follow_each_other_at_once_do_not_click(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "steady.wav"
    soundfile.write(path, np.full((10 * RATE_HZ, 2), 0.5), RATE_HZ, subtype="FLOAT")
    steady = mix_of(track(clip(path, 0.0, 20.0)))
    first = desk.start(plan(steady))
    desk.hear(20)
    for number in range(12):
        silent = replace(steady, tracks=(replace(steady.tracks[0], is_active=number % 2 == 1),))
        desk.order("change", plan=asdict(plan(silent)))
        desk.hear(number % 3)
    desk.order("stop")
    desk.hear(20)
    steps = np.abs(np.diff(desk.heard[:, first:], axis=1))
    assert 0.0 < steps.max() < 0.5 / FADE * 1.01


def test_nothing_is_dropped_when_it_is_changed_while_it_freewheels(desk: Desk, song: Mix) -> None:
    first = desk.start(plan(song))
    asking = threading.Thread(target=desk.hear, args=(800,))
    asking.start()
    for _ in range(10):
        desk.order("change", plan=asdict(plan(replace(song, master_volume=0.84))))
        desk.order("change", plan=asdict(plan(song)))
    asking.join()
    heard = desk.heard[:, first:]
    expected = desk.rendered(song, 0.0, 0, heard.shape[1])
    assert np.all(np.abs(heard) <= np.abs(expected) + 1e-6)
    assert np.all(np.abs(heard) >= np.abs(expected) * 0.95 - 1e-6)
    assert expected.any()
