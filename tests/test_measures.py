"""The measures that covers are judged by say what they are said to, by librosa's own figures and by plain cases."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
import pytest

from embedding.audio import Audio
from embedding.kernels import FloatArray
from tests.benchmarks import covers
from tests.benchmarks.measures import HIGHER_IS_BETTER, LOWER_IS_BETTER, measures, psychoacoustic_distance
from tests.conftest import write
from tests.made_sounds import HEARD_RATE_HZ, burst, noise, phrase, placed, pluck, recording

pytest.importorskip("zimtohrli", reason="zimtohrli has no wheel for this processor", exc_type=ImportError)
SECONDS = 3.0


def judged(target: FloatArray, cover: FloatArray) -> dict[str, float]:
    return measures(recording(target), recording(cover))


def test_a_recording_is_its_own_best_cover_however_loud() -> None:
    target = phrase(SECONDS)
    for cover in (target, np.asarray(0.25 * target, np.float32)):
        values = judged(target, cover)
        assert [values[name] for name in LOWER_IS_BETTER] == pytest.approx([0.0] * 5, abs=2e-3)
        assert [values[name] for name in HIGHER_IS_BETTER] == pytest.approx([1.0] * 3, abs=1e-3)


def test_another_phrase_is_worse_by_every_measure() -> None:
    target, other = phrase(SECONDS), placed(SECONDS, (0.2, phrase(SECONDS - 0.2, seed=50)))
    better, worse = judged(target, np.float32(0.9) * target + np.float32(0.1) * other), judged(target, other)
    assert set(better) == {*LOWER_IS_BETTER, *HIGHER_IS_BETTER}
    for name in LOWER_IS_BETTER:
        assert better[name] < worse[name], name
    for name in HIGHER_IS_BETTER:
        assert better[name] > worse[name], name


def test_mfcc_is_the_distance_of_librosas() -> None:
    one, other = noise(22050, seed=1), np.asarray(np.cumsum(noise(22050, seed=2)), np.float32)
    other *= np.sqrt(np.mean(one**2) / np.mean(other**2))
    a, b = (librosa.feature.mfcc(y=y, sr=HEARD_RATE_HZ, n_mfcc=20, n_mels=64)[1:] for y in (one, other))
    assert judged(one, other)["mfcc"] == pytest.approx(np.linalg.norm(a - b, axis=0).mean(), rel=0.02)


def test_levels_are_matched_before_log_mel_is_compared() -> None:
    """Of white noise and another of the same level, 64 bands differ by some dB; by how loud they are, by nothing."""
    one, other = noise(44100, 0.3, seed=1), noise(44100, 0.3, seed=2)
    loud = np.asarray(3.0 * other, np.float32)
    assert judged(one, other)["log_mel_db"] == pytest.approx(judged(one, loud)["log_mel_db"], abs=1e-3)
    assert 0.5 < judged(one, other)["log_mel_db"] < 6.0


def test_half_the_energy_missing_is_the_convergence_of_what_is_missing() -> None:
    """Of two equal bursts the cover has one, sqrt(2) too loud once the RMS is matched."""
    hit = burst(0.2)
    both, one = placed(2.0, (0.3, hit), (1.3, hit)), placed(2.0, (0.3, hit))
    expected = np.sqrt((np.sqrt(2) - 1) ** 2 + 1) / np.sqrt(2)
    assert judged(both, one)["spectral_convergence"] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("late_seconds", "f1"), [(0.03, 1.0), (0.1, 0.0)])
def test_onsets_count_within_50_ms(late_seconds: float, f1: float) -> None:
    hits = [(0.5 + 0.6 * number, burst(0.1, seed=number)) for number in range(4)]
    late = [(start + late_seconds, sound) for start, sound in hits]
    assert judged(placed(SECONDS, *hits), placed(SECONDS, *late))["onset_f1"] == f1


def test_chroma_tells_a_tritone_from_an_octave() -> None:
    target = placed(2.0, (0.0, pluck(220.0, 2.0)))
    octave, tritone = (placed(2.0, (0.0, pluck(hz, 2.0))) for hz in (440.0, 220.0 * 2**0.5))
    assert judged(target, octave)["chroma"] > 0.9 > 0.6 > judged(target, tritone)["chroma"]


def test_a_cover_of_another_length_rate_and_of_two_channels_is_judged_as_well() -> None:
    target = phrase(SECONDS)
    twice = Audio(np.stack([np.pad(target, (0, 5000))] * 2), HEARD_RATE_HZ).at_rate(44100)
    values = measures(recording(target), twice)
    assert values["onset_f1"] == 1.0
    assert values["spectral_convergence"] < 0.05
    silence_behind = measures(recording(target), recording(target[: target.size // 2]))
    assert all(np.isfinite(value) for value in silence_behind.values())


def test_the_psychoacoustic_distance_grows_with_noise() -> None:
    distance = psychoacoustic_distance()
    sound = recording(phrase(2.0)).at_rate(48000).mono()
    little, much = (distance(sound, sound + noise(sound.size, level)) for level in (0.001, 0.05))
    assert distance(sound, sound) == pytest.approx(0.0, abs=1e-3)
    assert little < much


def test_covers_that_stand_are_judged_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = phrase(SECONDS)
    for name in ("one", "two"):
        write(tmp_path / "targets" / f"{name}.wav", sound, HEARD_RATE_HZ)
    write(tmp_path / "covers" / "one" / "cover.wav", sound, HEARD_RATE_HZ)
    arguments = ["covers", "--targets", str(tmp_path / "targets"), "--score-only", str(tmp_path / "covers")]
    monkeypatch.setattr("sys.argv", arguments)
    assert covers.main() == 0
    told = capsys.readouterr()
    assert [line.split(" | ")[0] for line in told.out.splitlines()[2:]] == ["| one", "| mean"]
    assert "two" in told.err
