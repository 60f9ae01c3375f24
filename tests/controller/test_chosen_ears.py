"""The ears that config.yaml chooses are those with which every command hears."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from controller.chosen_ears import chosen_ears
from controller.config import load_settings
from embedding.audio import read_audio
from embedding.classify import classify
from embedding.errors import BadOption
from embedding.mfcc import MfccEars
from embedding.network import HAN2016, EarsNetwork
from embedding.reward import NAMED_WEIGHTS, score_recordings
from embedding.weights import load_ears, save_ears
from tests.conftest import Jacqueesbot, tone, write


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return write(tmp_path / "recording.wav", np.concatenate([tone(hz, 0.8) for hz in (220.0, 330.0, 440.0, 110.0)]))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.manual_seed(4)
    file = tmp_path / "mine.pt"
    save_ears(file, EarsNetwork(HAN2016), {})
    return file


def choose(config_file: Path, chosen: str, reward: str = "{}") -> None:
    """In place of what was chosen before."""
    cache = config_file.read_text(encoding="utf-8").splitlines()[0]
    config_file.write_text(f"{cache}\nembedding: {chosen}\nreward: {reward}\n", encoding="utf-8")


def test_classify_and_doctor_hear_with_them(
    jacqueesbot: Jacqueesbot, config_file: Path, recording: Path, weights: Path
) -> None:
    choose(config_file, f"{{network: han2016, weights: '{weights}'}}")
    heard = json.loads(jacqueesbot("classify", recording, "--json").stdout)["probabilities"]
    expected = classify(read_audio(recording), ears := load_ears(weights))["probabilities"]
    assert heard == pytest.approx(expected, abs=1e-4)
    checks = {check["name"]: check for check in json.loads(jacqueesbot("doctor", "--json").stdout)["checks"]}
    assert checks["weights"]["found"] == f"han2016, checksum {ears.card['sha256'][:12]}, on cpu"


@pytest.mark.parametrize("command", ["classify", "score", "index", "cover"])
def test_every_command_refuses_weights_of_another_network(
    jacqueesbot: Jacqueesbot, config_file: Path, recording: Path, weights: Path, small_library: Path, command: str
) -> None:
    choose(config_file, f"{{network: slim, weights: '{weights}'}}")
    out = recording.parent / "out"
    arguments = {
        "classify": [recording],
        "score": [recording, recording],
        "index": [small_library],
        "cover": [recording, "--library", small_library, "--out", out],
    }
    done = jacqueesbot(command, *arguments[command])
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"jacqueesbot: {weights}: is for 'han2016', not for 'slim' as asked")
    assert not out.exists()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one")
def test_a_device_that_is_not_there_is_bad_input(jacqueesbot: Jacqueesbot, config_file: Path, recording: Path) -> None:
    choose(config_file, "{device: cuda}")
    with pytest.raises(BadOption, match=r"embedding\.device cuda: torch finds no such device here; give cpu"):
        chosen_ears(load_settings(config_file).embedding)
    done = jacqueesbot("classify", recording)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_the_measure_of_timbre_is_chosen_for_score_and_cover(
    jacqueesbot: Jacqueesbot, config_file: Path, recording: Path, small_library: Path, tmp_path: Path
) -> None:
    """The network is not even loaded where only MFCCs are compared: `score` does without its weights."""
    other = write(tmp_path / "other.wav", np.concatenate([tone(hz, 0.8) for hz in (233.0, 311.0, 415.0, 117.0)]))
    choose(config_file, "{weights: missing.pt}", reward="{timbre: mfcc}")
    found = json.loads(jacqueesbot("score", recording, other, "--json").stdout)
    expected = score_recordings(read_audio(recording), read_audio(other), MfccEars(), NAMED_WEIGHTS["default"])
    assert found == pytest.approx(expected.as_dict(), abs=1e-5)
    assert json.loads(jacqueesbot("score", recording, recording, "--json").stdout)["timbre"] == 1.0

    choose(config_file, "{weights: null}", reward="{timbre: mfcc}")
    out = tmp_path / "out"
    done = jacqueesbot("cover", recording, "--library", small_library, "--out", out, "--simulations", 4)
    assert done.returncode == 0, done.stderr
    reported = json.loads((out / "arrangement.json").read_text(encoding="utf-8"))["score"]
    heard = json.loads(jacqueesbot("score", recording, out / "cover.wav", "--json").stdout)
    assert reported["timbre"] == pytest.approx(heard["timbre"], abs=1e-3)


def test_auto_finds_a_device(config_file: Path) -> None:
    choose(config_file, "{device: auto}")
    assert chosen_ears(load_settings(config_file).embedding).device in ("cpu", "cuda", "mps")
