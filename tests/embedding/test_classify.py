"""`classify`: the contract, and an answer for whatever is given."""

from typing import Any

import numpy as np
import pytest
import torch

from embedding.audio import Audio
from embedding.classify import classify
from embedding.ears import CLASSES, Ears, ears_of
from embedding.network import SLIM, EarsNetwork


@pytest.fixture(scope="module")
def ears() -> Ears:
    torch.manual_seed(1)
    return ears_of(EarsNetwork(SLIM), {})


def tone(seconds: float, sample_rate_hz: int = 22050, channels: int = 1) -> Audio:
    at = np.arange(round(seconds * sample_rate_hz)) / sample_rate_hz
    sound = 0.5 * np.sin(2 * np.pi * 440.0 * at)
    return Audio(np.tile(sound.astype(np.float32), (channels, 1)), sample_rate_hz)


def check_contract(answer: dict[str, Any], windows: int) -> None:
    assert set(answer) == {"probabilities", "windows"}
    assert len(answer["windows"]) == windows
    for named in (answer["probabilities"], *(window["probabilities"] for window in answer["windows"])):
        assert tuple(named) == CLASSES
        assert all(type(p) is float and 0.0 <= p <= 1.0 for p in named.values())
    starts = [window["start_seconds"] for window in answer["windows"]]
    np.testing.assert_allclose(starts, np.arange(windows) * 43 * 512 / 22050, atol=1e-6)


def test_contract_and_mean_over_windows(ears: Ears) -> None:
    noisy = tone(6.5).samples + np.random.default_rng(0).normal(0, 0.1, 143325).astype(np.float32) ** 3
    answer = classify(Audio(noisy, 22050), ears)
    check_contract(answer, 4)
    for name in CLASSES:
        mean = np.mean([window["probabilities"][name] for window in answer["windows"]])
        assert answer["probabilities"][name] == pytest.approx(mean, abs=2e-6)


@pytest.mark.parametrize("seconds", [0.0, 1 / 22050, 0.1, 2.99, 3.0])
def test_short_is_padded_to_one_window(ears: Ears, seconds: float) -> None:
    check_contract(classify(tone(seconds), ears), 1)


@pytest.mark.parametrize(("sample_rate_hz", "channels"), [(8000, 1), (44100, 2), (48000, 6), (192000, 1)])
def test_any_rate_and_channels(ears: Ears, sample_rate_hz: int, channels: int) -> None:
    check_contract(classify(tone(4.1, sample_rate_hz, channels), ears), 2)


def test_level_does_not_matter(ears: Ears) -> None:
    loud, quiet = tone(3.0), Audio(tone(3.0).samples * np.float32(2.0**-10), 22050)
    assert classify(loud, ears)["probabilities"] == pytest.approx(classify(quiet, ears)["probabilities"], abs=1e-4)


def test_silence_holds_nothing(ears: Ears) -> None:
    answer = classify(Audio(np.zeros((1, 100_000), np.float32), 22050), ears)
    check_contract(answer, 2)
    assert set(answer["probabilities"].values()) == {0.0}


def test_silent_windows_are_no_part_of_the_mean(ears: Ears) -> None:
    sound = np.zeros((1, 10 * 22050), np.float32)
    sound[:, :22050] = tone(1.0).samples
    answer = classify(Audio(sound, 22050), ears)
    # Windows 0 and 1 begin at 0 s and 0.998 s: both hold some of the first second.
    sounding = [window for window in answer["windows"] if window["start_seconds"] < 1.0]
    assert len(sounding) == 2
    for name in CLASSES:
        mean = np.mean([window["probabilities"][name] for window in sounding])
        assert answer["probabilities"][name] == pytest.approx(mean, abs=2e-6)
    assert set(answer["windows"][-1]["probabilities"].values()) == {0.0}


def test_a_constant_is_defined(ears: Ears) -> None:
    check_contract(classify(Audio(np.full((1, 70_000), 0.3, np.float32), 22050), ears), 1)
