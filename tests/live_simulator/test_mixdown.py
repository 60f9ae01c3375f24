"""What the audio engine makes of a set, against mixes that are written out here sample by sample.

The sounds are noise at the engine's own rate, so that what is played untransposed is the file's own samples.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedding.kernels import resample
from live_simulator.errors import CannotRender
from live_simulator.mix import Clip, Mix, Track, from_json, to_json
from live_simulator.mixdown import Block, Mixdown
from live_simulator.sounds import Sounds

Wave = npt.NDArray[np.float64]

RATE_HZ = 8000
FRAMES = 12000
TEMPO_BPM = 120.0
BEAT = 4000
"""Samples of a beat at that tempo."""
UNITY, HALF = 0.85, 0.85 - 20 * math.log10(2.0) / 40.0
"""Positions of a volume fader."""
RESAMPLED = 1e-6


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Wave]:
    """(a stereo file, its samples [2, n])."""
    path = tmp_path_factory.mktemp("noise") / "noise.wav"
    samples = np.random.default_rng(0).uniform(-0.4, 0.4, (FRAMES, 2)).astype(np.float32)
    soundfile.write(path, samples, RATE_HZ, subtype="FLOAT")
    return str(path), samples.T.astype(np.float64)


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return Sounds()


def clip_of(path: str, start_beats: float, **fields: Any) -> Clip:
    """The whole file unwarped, at 0 dB."""
    clip = Clip(
        name="noise",
        file_path=path,
        file_frames=FRAMES,
        file_rate_hz=RATE_HZ,
        start_beats=start_beats,
        end_beats=start_beats + FRAMES / BEAT,
        plays_from=0.0,
        plays_to=FRAMES / RATE_HZ,
        repeats_from=None,
        gain=0.4,
        pitch_coarse=0,
        pitch_fine=0.0,
        warping=False,
        warp_mode=0,
        warp_tempo_bpm=TEMPO_BPM,
        refusal="",
    )
    return replace(clip, **fields)


def track_of(*clips: Clip, **fields: Any) -> Track:
    track = Track(
        name="a track",
        volume=UNITY,
        pan=0.0,
        is_active=True,
        solo=False,
        sends=(0.0, 0.0),
        group=None,
        has_stem=True,
        reaches_output=True,
        refusal="",
        clips=clips,
    )
    return replace(track, **fields)


def mix_of(*tracks: Track, returns: tuple[Track, Track] | None = None, **fields: Any) -> Mix:
    mix = Mix(TEMPO_BPM, UNITY, 0.0, "", tracks, returns or (track_of(), track_of()))
    return replace(mix, **fields)


def heard(mix: Mix, sounds: Sounds, count: int = 4 * BEAT, start_beats: float = 0.0) -> Block:
    return Mixdown(mix, RATE_HZ, start_beats, sounds).block(0, count)


def silence(count: int = 4 * BEAT) -> Wave:
    return np.zeros((2, count))


def same(one: Wave, other: Wave) -> bool:
    """But for the rounding of factors that are 1: cos(pi / 4) * sqrt(2)."""
    return one.shape == other.shape and float(np.abs(one - other).max()) < 1e-9


# Clips


def test_a_loop_goes_on_with_its_start_at_the_sample_behind_its_end(noise: tuple[str, Wave], sounds: Sounds) -> None:
    """From its start marker, which lies before the loop, and over and over up to the clip's right edge."""
    path, wave = noise
    loop = clip_of(
        path, 0.5, warping=True, plays_from=0.25, plays_to=1.0, repeats_from=0.5, end_beats=0.5 + 1.5 + 2 * 1.0 + 0.25
    )
    expected = silence(6 * BEAT)
    expected[:, 2000 : 2000 + 6000] = wave[:, 2000:8000]
    for start in (8000, 12000):
        expected[:, start : start + 4000] = wave[:, 4000:8000]
    expected[:, 16000:17000] = wave[:, 4000:5000]
    assert same(heard(mix_of(track_of(loop)), sounds, 6 * BEAT).main, expected)


def test_repetitions_at_a_tempo_that_fits_no_samples_neither_overlap_nor_leave_gaps(
    noise: tuple[str, Wave], sounds: Sounds, tmp_path: Path
) -> None:
    path = tmp_path / "ones.wav"
    soundfile.write(path, np.ones(FRAMES), RATE_HZ, subtype="FLOAT")
    tempo_bpm = 97.31
    loop = clip_of(
        str(path),
        0.0,
        warping=True,
        warp_tempo_bpm=tempo_bpm,
        plays_to=0.25 * 60.0 / tempo_bpm,
        repeats_from=0.0,
        end_beats=1000.0,
    )
    main = heard(mix_of(track_of(loop), tempo_bpm=tempo_bpm), sounds, 100_000).main
    assert same(main, np.ones_like(main))


def test_a_session_clip_loops_without_end(noise: tuple[str, Wave], sounds: Sounds) -> None:
    path, wave = noise
    loop = clip_of(path, 0.0, warping=True, plays_to=1.0, repeats_from=0.0, end_beats=math.inf)
    mixdown = Mixdown(mix_of(track_of(loop)), RATE_HZ, 0.0, sounds)
    assert same(mixdown.block(2 * BEAT * 100_000, 2 * BEAT).main, wave[:, : 2 * BEAT])


def test_a_clip_that_begins_behind_its_loop_plays_on_to_its_files_end(noise: tuple[str, Wave], sounds: Sounds) -> None:
    path, wave = noise
    late = clip_of(path, 0.0, warping=True, plays_from=1.0, plays_to=0.5, repeats_from=0.0, end_beats=math.inf)
    expected = silence()
    expected[:, :4000] = wave[:, 8000:]
    assert same(heard(mix_of(track_of(late)), sounds).main, expected)


def test_what_lies_before_and_behind_the_file_is_silent(noise: tuple[str, Wave], sounds: Sounds) -> None:
    path, wave = noise
    wide = clip_of(path, 0.0, warping=True, plays_from=-0.25, plays_to=3.0, end_beats=6.5)
    expected = silence()
    expected[:, 2000:14000] = wave
    assert same(heard(mix_of(track_of(wide)), sounds).main, expected)


@pytest.mark.parametrize("tempo_bpm", [60.0, 97.31, 240.0])
def test_repitch_plays_the_file_at_the_ratio_of_the_tempos(
    tempo_bpm: float, noise: tuple[str, Wave], sounds: Sounds
) -> None:
    """Whatever its transposition is."""
    path, wave = noise
    clip = clip_of(path, 1.0, warping=True, warp_mode=3, pitch_coarse=7, end_beats=4.0)
    first = round(60.0 / tempo_bpm * RATE_HZ)
    sound = resample(wave.astype(np.float32), RATE_HZ * tempo_bpm / TEMPO_BPM, RATE_HZ)
    expected = silence(40_000)
    expected[:, first : first + sound.shape[1]] = sound
    main = heard(mix_of(track_of(clip), tempo_bpm=tempo_bpm), sounds, 40_000).main
    assert np.abs(main - expected).max() < RESAMPLED


@pytest.mark.parametrize(
    "fields", [{"warp_tempo_bpm": 121.0}, {"pitch_coarse": 1}, {"warp_tempo_bpm": None}, {"pitch_fine": 0.5}]
)
def test_what_would_have_to_be_stretched_is_refused_where_it_is_heard(
    fields: dict[str, Any], noise: tuple[str, Wave], sounds: Sounds
) -> None:
    stretched = track_of(clip_of(noise[0], 8.0, warping=True, **fields))
    with pytest.raises(CannotRender, match="clip 'noise' at beat 8: is warped and would have to be stretched"):
        Mixdown(mix_of(stretched), RATE_HZ, 0.0, sounds).require(0, 9 * BEAT)
    Mixdown(mix_of(stretched), RATE_HZ, 0.0, sounds).require(0, 8 * BEAT)
    Mixdown(mix_of(replace(stretched, is_active=False)), RATE_HZ, 0.0, sounds).require(0, 9 * BEAT)


def test_a_loop_shorter_than_a_sample_is_refused(noise: tuple[str, Wave], sounds: Sounds) -> None:
    loop = clip_of(noise[0], 0.0, warping=True, plays_to=0.0001, repeats_from=0.0)
    with pytest.raises(CannotRender, match="its loop is shorter than a sample"):
        heard(mix_of(track_of(loop)), sounds)


# The mixer


def levels(mix: Mix, wave: Wave, sounds: Sounds) -> list[float]:
    """How loud each track of `mix`, all of which play the same noise at once, is in the main output: in multiples of
    the noise. Told apart by the track's clips, which sound one after the other."""
    tracks = tuple(
        replace(
            track,
            clips=tuple(replace(clip, start_beats=number * 3.0, end_beats=number * 3.0 + 3.0) for clip in track.clips),
        )
        for number, track in enumerate(mix.tracks)
    )
    main = heard(replace(mix, tracks=tracks), sounds, len(tracks) * FRAMES).main
    spans = [main[:, number * FRAMES : (number + 1) * FRAMES] for number in range(len(tracks))]
    found = [float((span * wave).sum() / (wave * wave).sum()) for span in spans]
    for span, level in zip(spans, found, strict=True):
        assert np.allclose(span, level * wave, atol=1e-9)
    return found


def three(noise: tuple[str, Wave], **fields: Any) -> list[Track]:
    return [track_of(clip_of(noise[0], 0.0), name=f"track {number}", **fields) for number in range(3)]


def approx(*found: float) -> Any:
    return pytest.approx(found, abs=1e-6)


def test_volume_pan_and_gain_multiply(noise: tuple[str, Wave], sounds: Sounds) -> None:
    path, wave = noise
    track = track_of(clip_of(path, 0.0, gain=0.4 + 20 * math.log10(2.0) / 40.0), volume=HALF, pan=-1.0)
    block = heard(mix_of(track, master_volume=HALF), sounds, FRAMES)
    assert np.allclose(block.tracks[0], wave * np.array([[math.sqrt(2.0)], [0.0]]), atol=1e-6)
    assert np.allclose(block.main, block.tracks[0] / 2.0, atol=1e-6)


def test_solo_mutes_the_others_and_revives_no_muted_track(noise: tuple[str, Wave], sounds: Sounds) -> None:
    one, two, other = three(noise)
    assert levels(mix_of(one, two, other), noise[1], sounds) == approx(1, 1, 1)
    assert levels(mix_of(replace(one, solo=True), two, other), noise[1], sounds) == approx(1, 0, 0)
    assert levels(mix_of(replace(one, solo=True), replace(two, solo=True), other), noise[1], sounds) == approx(1, 1, 0)
    muted = replace(one, solo=True, is_active=False)
    assert levels(mix_of(muted, two, other), noise[1], sounds) == approx(0, 0, 0)


def test_a_send_is_behind_the_fader_and_reaches_the_output_by_the_returns_own(
    noise: tuple[str, Wave], sounds: Sounds
) -> None:
    """A send of 1 is 0 dB: the track itself and its return add up."""
    sent = track_of(clip_of(noise[0], 0.0), volume=HALF, sends=(0.0, 1.0))
    returns = (track_of(), track_of(volume=HALF))
    assert levels(mix_of(sent, returns=returns), noise[1], sounds) == approx(0.5 + 0.25)
    assert levels(mix_of(replace(sent, is_active=False), returns=returns), noise[1], sounds) == approx(0)
    muted = (track_of(), track_of(is_active=False))
    assert levels(mix_of(sent, returns=muted), noise[1], sounds) == approx(0.5)
    assert levels(mix_of(replace(sent, reaches_output=False), returns=returns), noise[1], sounds) == approx(0.25)


def test_solo_and_returns(noise: tuple[str, Wave], sounds: Sounds) -> None:
    """A soloed track keeps its returns; a soloed return is fed by all tracks, and nothing else is heard."""
    one, two, other = three(noise, sends=(1.0, 1.0))
    assert levels(mix_of(replace(one, solo=True), two, other), noise[1], sounds) == approx(3, 0, 0)
    returns = (track_of(), track_of(solo=True))
    assert levels(mix_of(one, two, other, returns=returns), noise[1], sounds) == approx(1, 1, 1)
    assert levels(mix_of(replace(one, solo=True), two, other, returns=returns), noise[1], sounds) == approx(2, 0, 0)


def test_a_groups_mixer_goes_over_what_lies_in_it(noise: tuple[str, Wave], sounds: Sounds) -> None:
    clip = clip_of(noise[0], 0.0)
    outer = track_of(volume=HALF)
    inner = track_of(volume=HALF, group=0, sends=(1.0, 0.0))
    member, deep, beside = track_of(clip, group=0), track_of(clip, group=1), track_of(clip)

    def found(outer: Track, inner: Track, member: Track, deep: Track, beside: Track) -> list[float]:
        return levels(mix_of(outer, inner, member, deep, beside), noise[1], sounds)[2:]

    assert found(outer, inner, member, deep, beside) == approx(0.5, 0.25 + 0.5, 1)
    assert found(replace(outer, is_active=False), inner, member, deep, beside) == approx(0, 0.5, 1)
    assert found(outer, replace(inner, solo=True), member, deep, beside) == approx(0, 0.75, 0)
    assert found(outer, inner, member, replace(deep, solo=True), beside) == approx(0, 0.75, 0)
    assert found(replace(outer, solo=True), inner, member, deep, beside) == approx(0.5, 0.75, 0)


@pytest.mark.parametrize("at", ["track", "group", "return"])
def test_a_mixer_that_cannot_be_rendered_is_refused_where_it_may_be_heard(
    at: str, noise: tuple[str, Wave], sounds: Sounds
) -> None:
    refused = {name: "no such pan mode" if name == at else "" for name in ("track", "group", "return")}
    group = track_of(name="group", refusal=refused["group"])
    track = track_of(clip_of(noise[0], 1.0), name="track", refusal=refused["track"], group=0, sends=(1.0, 0.0))
    returns = (track_of(name="return", refusal=refused["return"]), track_of(refusal="nothing is sent to it"))
    with pytest.raises(CannotRender, match=f"track '{at}': no such pan mode"):
        Mixdown(mix_of(group, track, returns=returns), RATE_HZ, 0.0, sounds).require(0, BEAT)
    muted = [replace(one, is_active=False, sends=(0.0, 0.0)) for one in (group, track)]
    Mixdown(mix_of(*muted, returns=returns), RATE_HZ, 0.0, sounds).require(0, BEAT)


def test_a_mix_survives_json(noise: tuple[str, Wave]) -> None:
    mix = mix_of(*three(noise, sends=(0.5, 0.0)))
    listed = to_json(mix)
    listed["tracks"] = [{**track, "sends": list(track["sends"])} for track in listed["tracks"]]
    assert from_json(listed) == mix


# Blocks


@st.composite
def mixes(draw: st.DrawFn) -> Mix:
    """Of clips of the file '?', with all that a mixer does."""
    real = st.floats(0.0, 1.0)

    def clip(start_beats: float) -> Clip:
        end_beats = start_beats + draw(st.floats(0.01, 3.0))
        warping = draw(st.booleans())
        looping = warping and draw(st.booleans())
        return clip_of(
            "?",
            start_beats,
            end_beats=draw(st.sampled_from([end_beats, math.inf])) if looping else end_beats,
            plays_from=draw(st.floats(-0.2, 0.5)) if warping else draw(st.floats(0.0, 0.5)),
            plays_to=draw(st.floats(0.51, 1.5)),
            repeats_from=draw(st.floats(0.0, 0.5)) if looping else None,
            gain=draw(real),
            pitch_coarse=draw(st.integers(-12, 12)),
            warping=warping,
            warp_mode=3,
            warp_tempo_bpm=draw(st.floats(60.0, 200.0)),
        )

    def track(number: int) -> Track:
        starts = draw(st.lists(st.floats(0.0, 6.0), max_size=3))
        return track_of(
            *(clip(start) for start in sorted(starts)),
            volume=draw(real),
            pan=draw(st.floats(-1.0, 1.0)),
            solo=draw(st.sampled_from([False, False, False, True])),
            sends=(draw(real), 0.0),
            group=draw(st.sampled_from([None, *range(number)])),
        )

    tracks = tuple(track(number) for number in range(draw(st.integers(1, 4))))
    returns = (track_of(pan=draw(st.floats(-1.0, 1.0)), volume=draw(real)), track_of())
    return Mix(draw(st.floats(60.0, 200.0)), draw(real), draw(st.floats(-1.0, 1.0)), "", tracks, returns)


def with_file(mix: Mix, path: str) -> Mix:
    tracks = (
        replace(track, clips=tuple(replace(clip, file_path=path) for clip in track.clips)) for track in mix.tracks
    )
    return replace(mix, tracks=tuple(tracks))


COUNT = 3 * RATE_HZ
many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(mix=mixes(), cuts=st.lists(st.integers(1, COUNT - 1), max_size=6), start_beats=st.floats(0.0, 3.0))
def test_blocks_that_follow_each_other_are_the_whole(
    mix: Mix, cuts: list[int], start_beats: float, noise: tuple[str, Wave], sounds: Sounds
) -> None:
    """Sample for sample, also for a player that begins with nothing decoded and for the stems."""
    mix = with_file(mix, noise[0])
    whole = heard(mix, sounds, COUNT, start_beats)
    edges = [0, *sorted(set(cuts)), COUNT]
    mixdown = Mixdown(mix, RATE_HZ, start_beats, Sounds(most_bytes=1))
    blocks = [mixdown.block(first, behind - first) for first, behind in pairwise(edges)]
    assert np.array_equal(np.concatenate([block.main for block in blocks], axis=1), whole.main)
    for index in whole.tracks:
        parts = [block.tracks.get(index, silence(block.main.shape[1])) for block in blocks]
        assert np.array_equal(np.concatenate(parts, axis=1), whole.tracks[index])


@many
@given(mix=mixes(), beats=st.integers(0, 10).map(lambda quarters: quarters / 4), clip_beats=st.integers(0, 12))
def test_a_render_from_later_on_is_the_rest_of_the_whole(
    mix: Mix, beats: float, clip_beats: int, noise: tuple[str, Wave], sounds: Sounds
) -> None:
    """Where both begin with a whole sample, as they do here."""
    mix = replace(with_file(mix, noise[0]), tempo_bpm=TEMPO_BPM)
    later = round(beats * BEAT)
    whole = heard(mix, sounds, COUNT).main
    assert np.array_equal(heard(mix, sounds, COUNT - later, beats).main, whole[:, later:])


@many
@given(mix=mixes())
def test_stems_and_returns_sum_to_the_main_output(mix: Mix, noise: tuple[str, Wave], sounds: Sounds) -> None:
    mix = replace(with_file(mix, noise[0]), master_volume=UNITY, master_pan=0.0)
    block = heard(mix, sounds, COUNT)
    summed = silence(COUNT)
    for index, samples in block.tracks.items():
        if mix.tracks[index].group is None:
            summed += samples
    for samples in block.returns.values():
        summed += samples
    assert np.abs(summed - block.main).max() < 1e-9


def test_what_was_prepared_is_not_read_again(noise: tuple[str, Wave], tmp_path: Path) -> None:
    path = tmp_path / "copy.wav"
    path.write_bytes(Path(noise[0]).read_bytes())
    mixdown = Mixdown(mix_of(track_of(clip_of(str(path), 0.0, pitch_coarse=3))), RATE_HZ, 0.0, Sounds())
    mixdown.prepare(0, 100)
    path.unlink()
    assert mixdown.block(0, 100).main.any()
