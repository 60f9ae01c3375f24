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
from embedding.network import HAN2016, EarsNetwork
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


def choose(config_file: Path, chosen: str) -> None:
    config_file.write_text(config_file.read_text(encoding="utf-8") + f"embedding: {chosen}\n", encoding="utf-8")


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


def test_auto_finds_a_device(config_file: Path) -> None:
    choose(config_file, "{device: auto}")
    assert chosen_ears(load_settings(config_file).embedding).device in ("cpu", "cuda", "mps")
