"""classify, score and index on recordings that nobody would make on purpose: an answer within bounds, or a refusal."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from controller.cli import run
from tests.conftest import RATE_HZ, Jacqueesbot, noise, tone, write

SECONDS = 4


def a_click(at_seconds: float) -> np.ndarray:
    samples = np.zeros(SECONDS * RATE_HZ, np.float32)
    samples[round(at_seconds * RATE_HZ)] = 1.0
    return samples


NOTE = tone(440.0, SECONDS)
ODD = {
    "click": (a_click(1.0), RATE_HZ),
    "click at the beginning": (a_click(0.0), RATE_HZ),
    "click at the end": (a_click(SECONDS - 1 / RATE_HZ), RATE_HZ),
    "constant": (np.full(SECONDS * RATE_HZ, 0.5, np.float32), RATE_HZ),
    "full scale": (np.sign(np.sin(np.arange(SECONDS * RATE_HZ) / 50.0)), RATE_HZ),
    "overloaded": (1000.0 * NOTE, RATE_HZ),
    "hardly audible": (NOTE * np.float32(2e-4), RATE_HZ),
    "fading in from nothing": (NOTE * np.linspace(0.0, 1.0, NOTE.size, dtype=np.float32) ** 16, RATE_HZ),
    "two samples": (np.array([0.5, -0.5], np.float32), RATE_HZ),
    "shorter than a frame": (noise(0.02), RATE_HZ),
    "shorter than a window": (noise(2.9), RATE_HZ),
    "8 kHz": (tone(440.0, SECONDS)[::6], 8000),
    "192 kHz": (np.repeat(NOTE, 4), 192000),
    "six channels": (np.stack([NOTE * np.float32(0.1 * k) for k in range(6)], axis=1), RATE_HZ),
    "channels that cancel": (np.stack([NOTE, -NOTE], axis=1), RATE_HZ),
}


@pytest.fixture(params=ODD)
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    samples, rate_hz = ODD[request.param]
    return write(tmp_path / f"{request.param}.wav", samples, rate_hz, subtype="FLOAT")


@pytest.fixture
def ordinary(tmp_path: Path) -> Path:
    return write(tmp_path / "ordinary.wav", np.concatenate([NOTE, noise(0.5), NOTE[:RATE_HZ]]))


def numbers(document: object) -> Iterator[float]:
    if isinstance(document, dict):
        for value in document.values():
            yield from numbers(value)
    elif isinstance(document, float):
        yield document


def answer(capsys: pytest.CaptureFixture[str], config_file: Path, *arguments: object) -> dict:
    assert run(["--config", str(config_file), *map(str, arguments), "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return json.loads(printed.out)


def assert_within_bounds(document: dict) -> None:
    found = list(numbers(document))
    assert found
    assert all(math.isfinite(number) and 0.0 <= number <= 1.0 for number in found), document


def test_classify_answers(odd: Path, config_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard = answer(capsys, config_file, "classify", odd)
    assert_within_bounds(heard["probabilities"])
    for window in heard["windows"]:
        assert_within_bounds(window["probabilities"])


def test_score_answers(odd: Path, ordinary: Path, config_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for target, cover in ((odd, ordinary), (ordinary, odd)):
        assert_within_bounds(answer(capsys, config_file, "score", target, cover))
    itself = answer(capsys, config_file, "score", odd, odd)
    assert_within_bounds(itself)
    assert itself["total"] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("samples", [np.zeros(RATE_HZ), np.ones(1)], ids=["silence", "one sample"])
def test_what_is_no_target_may_be_a_cover(
    samples: np.ndarray, ordinary: Path, config_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = write(tmp_path / "nothing.wav", samples)
    terms = answer(capsys, config_file, "score", ordinary, nothing)
    assert_within_bounds(terms)
    assert terms["total"] < 0.1
    assert run(["--config", str(config_file), "score", str(nothing), str(ordinary)]) == 2
    assert "nothing.wav: is " in capsys.readouterr().err


def test_index_takes_all_of_them(jacqueesbot: Jacqueesbot, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    for name, (samples, rate_hz) in ODD.items():
        write(folder / f"{name}.wav", samples, rate_hz, subtype="FLOAT")
    done = jacqueesbot("index", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{len(ODD)} samples (")


BAD = {
    "nan": (np.where(np.arange(NOTE.size) == 999, np.nan, NOTE), "holds NaN or infinite samples"),
    "infinite": (np.where(np.arange(NOTE.size) == 999, -np.inf, NOTE), "holds NaN or infinite samples"),
    "integers as floats": (NOTE * 2.0**31, "holds samples up to"),
}


@pytest.mark.parametrize("name", BAD)
def test_samples_that_are_no_sound_are_refused_by_name(
    name: str, ordinary: Path, config_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples, says = BAD[name]
    bad = write(tmp_path / f"{name}.wav", samples.astype(np.float32), subtype="FLOAT")
    for arguments in (["classify", bad], ["score", bad, ordinary], ["score", ordinary, bad]):
        assert run(["--config", str(config_file), *map(str, arguments)]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        (line,) = printed.err.splitlines()
        assert f"{name}.wav: {says}" in line


def test_index_leaves_them_out_and_says_so(jacqueesbot: Jacqueesbot, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    write(folder / "good.wav", NOTE)
    for name, (samples, _) in BAD.items():
        write(folder / f"{name}.wav", samples.astype(np.float32), subtype="FLOAT")
    done = jacqueesbot("index", folder)
    assert done.returncode == 0
    assert done.stdout.endswith(", 3 left out\n")
    for line, name in zip(done.stderr.splitlines(), sorted(BAD), strict=True):
        assert f"{name}.wav: {BAD[name][1]}" in line
