"""The selected clip as a recording: what is heard of it is what the simulated Live renders, where that renders it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from controller.selected_clip import ClipTarget, heard_clip
from controller.stage import Stage
from embedding.audio import read_audio
from embedding.errors import BadAudio, StageError, StageRefused
from embedding.kernels import FloatArray
from live_simulator import mix, snapshot
from live_simulator.mixdown import Mixdown
from live_simulator.simulator import Simulator
from live_simulator.sounds import Sounds
from live_simulator.user import act
from tests.controller.arrangements import RATE_HZ, made_sounds, song
from tests.controller.stepped_live import stepped_live

AUDIO_TRACK = 2
REPITCH, COMPLEX = 3, 4
"""Clip.warp_mode"""
stretches = pytest.mark.skipif(find_spec("python_stretch") is None, reason="python-stretch is not installed")
SAME = 2e-5
"""-94 dBFS: resampling from elsewhere in the file, or at a speed that differs by rounding."""


@dataclass
class User:
    """With Live's set, as a hand or a script edits it, and what is heard of it."""

    live: Simulator
    stage: Stage

    @property
    def song(self) -> Any:
        return self.live.binding.wrap(self.live.song)

    def does(self, action: str, *arguments: Any) -> None:
        act(self.live, f"user_{action}", arguments)
        self.live.tick()

    def places(self, path: str, start_beats: float = 0.0) -> Any:
        """A clip, warped as it comes, and selects it."""
        self.does("place_clip", AUDIO_TRACK, path, start_beats)
        clips = self.song.tracks[AUDIO_TRACK].arrangement_clips
        (place,) = [place for place, clip in enumerate(clips) if clip.start_time == start_beats]
        self.does("select_clip", AUDIO_TRACK, place)
        return clips[place]

    def drops_into_a_slot(self, path: str) -> Any:
        clip = self.song.tracks[AUDIO_TRACK].clip_slots[0].create_audio_clip(path)
        self.song.view.detail_clip = clip
        self.live.tick()
        return clip

    def sets(self, clip: Any, **members: Any) -> None:
        """One after the other, a tick apart."""
        for name, value in members.items():
            setattr(clip, name, value)
            self.live.tick()

    def warps(self, clip: Any, *at: tuple[float, float]) -> None:
        """More markers: (seconds of the file, beats)."""
        for seconds, beats in at:
            clip.add_warp_marker(self.live.modules()["Live.Clip"].WarpMarker(seconds, beats))
        self.live.tick()

    def hears(self, start_beats: float, count: int) -> FloatArray:
        """[2, count] of what the simulated Live renders from there on."""
        values = mix.from_json(json.loads(json.dumps(snapshot.mix(self.live.song, start_beats))))
        return Mixdown(values, RATE_HZ, start_beats, Sounds()).block(0, count).main.astype(np.float32)

    def target(self) -> ClipTarget:
        return heard_clip(self.stage)


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with stepped_live(tmp_path) as (live, stage):
        yield User(live, stage)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two seconds of it."""
    return made_sounds(tmp_path_factory.mktemp("sounds"))[2]


def assert_heard(user: User, target: ClipTarget, length_samples: int) -> None:
    """That the target is as long, and what the set renders from where it begins; and behind it is silence."""
    assert target.audio.sample_rate_hz == RATE_HZ
    assert target.audio.samples.shape == (1, length_samples)
    rendered = user.hears(target.origin_beats, length_samples + 1000)
    assert np.abs(rendered[:, :length_samples]).max() > 0.001
    assert np.abs(rendered[:, :length_samples] - target.audio.samples).max() < SAME
    assert not rendered[:, length_samples:].any()


# Unwarped


def test_an_unwarped_clip_is_its_file(user: User, sound: str) -> None:
    user.sets(user.places(sound, 6.0), warping=False)
    target = user.target()
    assert (target.origin_beats, target.file, target.name) == (6.0, Path(sound), Path(sound).stem)
    assert np.array_equal(target.audio.samples, read_audio(sound).samples)
    assert_heard(user, target, 2 * RATE_HZ)


@pytest.mark.parametrize(
    ("gain", "coarse", "fine"), [(0.4, 7, 0.0), (0.85, -12, 0.0), (0.2, 0, 37.0), (0.05, 3, -50.0)]
)
def test_its_region_is_heard_with_its_repitch_and_gain(
    user: User, sound: str, gain: float, coarse: int, fine: float
) -> None:
    clip = user.places(sound, 5.0)
    user.sets(clip, warping=False, loop_start=0.25, loop_end=1.5, gain=gain, pitch_coarse=coarse, pitch_fine=fine)
    length = round(1.25 / 2.0 ** ((coarse + fine / 100.0) / 12.0) * RATE_HZ)
    assert_heard(user, user.target(), length)


def test_a_clip_that_grew_into_the_next_one_ends_there(user: User, sound: str) -> None:
    user.sets(user.places(sound, 4.0), warping=False)
    grown = user.places(sound, 0.0)
    user.sets(grown, warping=False, pitch_coarse=-12)
    user.does("mute_clip", AUDIO_TRACK, 1, True)
    assert_heard(user, user.target(), 2 * RATE_HZ)


def test_an_unwarped_clip_needs_no_tempo(user: User, sound: str) -> None:
    user.sets(user.places(sound, 2.0), warping=False)
    user.does("automate_tempo", True)
    assert np.array_equal(user.target().audio.samples, read_audio(sound).samples)


# Warped, where the simulated Live renders it


def test_a_warped_clip_at_its_own_tempo_is_heard_as_it_is(user: User, sound: str) -> None:
    clip = user.places(sound, 3.0)
    user.sets(clip, loop_start=0.5, loop_end=3.25, gain=0.5)
    assert_heard(user, user.target(), round(2.75 * RATE_HZ / 2))


@pytest.mark.parametrize(
    ("start_marker", "tempo_bpm"),
    [(-1.0, 120.0), (0.25, 120.0), (0.25, 103.0), (1.5, 103.0), (1.5, 141.5), (2.5, 120.0)],
)
def test_in_repitch_mode_speed_is_pitch_and_a_loop_repeats_within_the_edges(
    user: User, sound: str, start_marker: float, tempo_bpm: float
) -> None:
    clip = user.places(sound, 0.0)
    user.sets(clip, warp_mode=REPITCH, looping=True, start_marker=start_marker, loop_start=0.5, loop_end=2.0)
    user.sets(clip, pitch_coarse=5)  # which this mode ignores
    user.does("trim_clip", AUDIO_TRACK, 0, 0.0, 3.75)
    user.does("set_tempo", tempo_bpm)
    assert_heard(user, user.target(), round(3.75 * 60.0 / tempo_bpm * RATE_HZ))


@stretches
def test_a_loops_passes_follow_each_other_without_a_gap(user: User, tmp_path: Path) -> None:
    steady = tmp_path / "steady.wav"
    soundfile.write(steady, np.full(2 * RATE_HZ, 0.5), RATE_HZ, subtype="FLOAT")
    clip = user.places(str(steady), 0.0)
    user.sets(clip, looping=True, loop_start=1.0, loop_end=1.13)
    user.does("set_tempo", 97.31)
    for warp_mode in (REPITCH, COMPLEX):
        user.sets(clip, warp_mode=warp_mode)
        heard = user.target().audio.samples[:, 2000:-2000]
        assert np.abs(heard).min() > 0.2


# Stretched


def hits(path: Path, seconds: Sequence[float], length_seconds: float) -> str:
    samples = np.zeros(round(length_seconds * RATE_HZ))
    burst = 0.4 * np.random.default_rng(3).standard_normal(1500) * np.exp(-np.arange(1500) / 300.0)
    for at in seconds:
        begin = round(at * RATE_HZ)
        samples[begin : begin + 1500] += burst[: len(samples) - begin]
    soundfile.write(path, samples, RATE_HZ, subtype="FLOAT")
    return str(path)


def assert_onset(target: ClipTarget, due_seconds: float) -> None:
    begin = max(0, round((due_seconds - 0.1) * RATE_HZ))
    level = np.abs(target.audio.samples[0, begin : round((due_seconds + 0.1) * RATE_HZ)])
    level = np.convolve(level, np.ones(44) / 44.0, "same")
    found_seconds = (begin + np.argmax(level > 0.25 * level.max())) / RATE_HZ
    assert found_seconds == pytest.approx(due_seconds, abs=0.005)


@stretches
@pytest.mark.parametrize("tempo_bpm", [93.0, 126.0, 174.0])
@pytest.mark.parametrize(("warp_mode", "semitones"), [(0, 0), (COMPLEX, -3), (REPITCH, 0)])
def test_a_click_track_lies_on_the_grid_of_the_set(
    user: User, tmp_path: Path, tempo_bpm: float, warp_mode: int, semitones: int
) -> None:
    clip = user.places(hits(tmp_path / "clicks.wav", np.arange(0.5, 8.0, 0.5).tolist(), 8.0), 7.0)
    user.sets(clip, loop_end=15.5, warp_mode=warp_mode, pitch_coarse=semitones)
    user.does("set_tempo", tempo_bpm)
    target = user.target()
    assert target.origin_beats == 7.0
    assert target.audio.samples.shape == (1, round(15.5 * 60.0 / tempo_bpm * RATE_HZ))
    for beat in range(1, 16):
        assert_onset(target, beat * 60.0 / tempo_bpm)


@stretches
def test_what_was_played_freely_lies_on_the_grid_where_its_markers_put_it(user: User, tmp_path: Path) -> None:
    played = [(0.53, 1.0), (1.02, 2.0), (1.61, 3.0), (2.05, 4.0), (2.58, 5.0), (3.4, 6.0)]
    clip = user.places(hits(tmp_path / "played.wav", [at for at, _ in played], 4.0), 16.0)
    user.warps(clip, *played)
    user.sets(clip, looping=True, loop_start=0.75, loop_end=6.75, start_marker=2.75)
    user.does("trim_clip", AUDIO_TRACK, 0, 16.0, 24.0)
    user.does("set_tempo", 109.0)
    target = user.target()
    assert target.audio.samples.shape == (1, round(8.0 * 60.0 / 109.0 * RATE_HZ))
    for grid_beats in (0.25, 1.25, 2.25, 3.25, 4.25, 5.25, 6.25, 7.25):  # 3 to 6, then 1 to 4
        assert_onset(target, grid_beats * 60.0 / 109.0)


@stretches
def test_the_markers_are_those_of_the_clip(user: User, sound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although another one is selected while they are asked for."""
    user.places(sound, 0.0)
    user.warps(user.places(sound, 8.0), (1.0, 2.0), (1.5, 4.0))
    user.does("select_clip", AUDIO_TRACK, 0)
    asked = user.stage.warp_markers

    def in_a_hurry() -> object:
        user.does("select_clip", AUDIO_TRACK, 1)
        return asked()

    monkeypatch.setattr(user.stage, "warp_markers", in_a_hurry)
    target = user.target()
    assert target.origin_beats == 8.0
    assert np.abs(target.audio.samples[:, : RATE_HZ // 2] - read_audio(sound).samples[:, : RATE_HZ // 2]).max() < SAME


def test_a_selection_that_keeps_changing_is_not_read(user: User, sound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for start_beats in (0.0, 8.0):
        user.places(sound, start_beats)
    asked, clips = user.stage.warp_markers, itertools.cycle((0, 1))

    def restless() -> object:
        user.does("select_clip", AUDIO_TRACK, next(clips))
        return asked()

    monkeypatch.setattr(user.stage, "warp_markers", restless)
    with pytest.raises(StageError, match="keeps changing"):
        user.target()


# Session clips


def test_a_session_clip_is_heard_once_from_the_sets_beginning(user: User, sound: str) -> None:
    clip = user.drops_into_a_slot(sound)
    user.sets(clip, warping=False, start_marker=0.5, end_marker=1.25, pitch_coarse=3)
    target = user.target()
    assert target.origin_beats == 0.0
    user.does("fire_clip", AUDIO_TRACK, 0)
    assert_heard(user, target, round(0.75 / 2.0 ** (3 / 12.0) * RATE_HZ))


@pytest.mark.parametrize(("start_marker", "length_beats"), [(1.0, 2.5), (2.25, 2.5), (0.0, 3.5)])
def test_a_session_loop_is_heard_once_with_what_comes_before_it(
    user: User, sound: str, start_marker: float, length_beats: float
) -> None:
    """Begun within its loop, it is the whole loop from there on, as it goes round."""
    clip = user.drops_into_a_slot(sound)
    user.sets(clip, looping=True, loop_start=1.0, loop_end=3.5, start_marker=start_marker)
    target = user.target()
    count = round(length_beats * RATE_HZ / 2)
    assert target.audio.samples.shape == (1, count)
    user.does("fire_clip", AUDIO_TRACK, 0)
    assert np.abs(user.hears(0.0, count) - target.audio.samples).max() < SAME


# What cannot be covered


def refusal(user: User) -> StageRefused:
    with pytest.raises(StageRefused) as why:
        user.target()
    return why.value


def test_nothing_selected(user: User) -> None:
    why = refusal(user)
    assert why.code == "nothing_selected"
    assert "click on an audio clip" in str(why)


def test_a_midi_clip(user: User) -> None:
    slot = user.song.tracks[0].clip_slots[0]
    slot.create_clip(4.0)
    user.sets(slot.clip, name="Bass line")
    user.song.view.detail_clip = slot.clip
    why = refusal(user)
    assert why.code == "midi_clip"
    assert "'Bass line' is a MIDI clip" in str(why)


@pytest.mark.parametrize(
    ("action", "mend"),
    [(("automate_tempo", True), "delete the tempo automation"), (("switch_link", True), "switch Link off")],
)
def test_a_warped_clip_where_the_tempo_is_not_one_number(
    user: User, sound: str, action: tuple[str, bool], mend: str
) -> None:
    user.places(sound)
    user.does(*action)
    why = refusal(user)
    assert why.code == "tempo_owned"
    assert mend in str(why)


def test_a_clip_of_the_cover_until_it_is_the_users(user: User, sound: str) -> None:
    user.stage.apply(song(made_sounds(Path(sound).parent), 2, 1))
    user.does("select_clip", 4, 0)
    assert refusal(user).code == "ours"
    user.stage.keep()
    assert user.target().audio.samples.any()


def test_a_clip_of_the_users_on_a_track_of_the_cover(user: User, sound: str) -> None:
    user.stage.apply(song(made_sounds(Path(sound).parent), 2, 1))
    user.does("place_clip", 4, sound, 64.0)
    user.does("select_clip", 4, 2)
    assert user.target().origin_beats == 64.0


def test_a_muted_clip_counts(user: User, sound: str) -> None:
    user.places(sound)
    user.does("mute_clip", AUDIO_TRACK, 0, True)
    assert user.target().audio.seconds == 2.0


def test_a_clip_that_is_too_long(user: User, sound: str) -> None:
    clip = user.places(sound)
    user.sets(clip, loop_end=1300.0)
    why = refusal(user)
    assert why.code == "too_long"
    assert "10.8 minutes" in str(why)


def test_a_loop_that_is_too_short(user: User, sound: str) -> None:
    user.sets(user.places(sound), looping=True, loop_end=1e-4)
    assert refusal(user).code == "no_length"


def test_a_clip_that_is_turned_down(user: User, sound: str) -> None:
    user.sets(user.places(sound), gain=0.0)
    assert refusal(user).code == "silent"


def test_a_region_that_is_silent(user: User, sound: str) -> None:
    user.sets(user.places(sound), loop_end=9.0, loop_start=5.0)
    with pytest.raises(BadAudio, match=r"clip 'söund of 2.0 s 🥁': is silent"):
        user.target()


@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: file.write_bytes(b"RIFF of old")])
def test_a_file_that_is_not_there_any_more(user: User, tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    path = tmp_path / "gone.wav"
    soundfile.write(path, np.full(RATE_HZ, 0.1), RATE_HZ)
    user.places(str(path))
    spoil(path)
    with pytest.raises(BadAudio, match=r"gone\.wav"):
        user.target()
