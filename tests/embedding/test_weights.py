"""Weights on disk: what is written is what is read; everything else is named and refused."""

import hashlib
import io
import json
import os
import pickle
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from embedding.ears import CLASSES
from embedding.errors import BadWeights
from embedding.network import ARCHITECTURES, HAN2016, SLIM, EarsNetwork
from embedding.weights import DEFAULT_NAME, card_path, load_ears, packaged_weights, save_ears

WINDOWS = np.random.default_rng(2).normal(-4.0, 2.0, (3, 130, 128)).astype(np.float32)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    file = tmp_path / "Ohren ä 👂" / "mine.pt"
    save_ears(file, EarsNetwork(SLIM), {"date": "2026-01-01"})
    return file


def rewrite_card(file: Path, **changes: object) -> None:
    card = json.loads(card_path(file).read_text(encoding="utf-8"))
    card_path(file).write_text(json.dumps(card | changes), encoding="utf-8")


def rewrite_weights(file: Path, content: bytes) -> None:
    """With a checksum that agrees, so that the content itself is what is judged."""
    file.write_bytes(content)
    rewrite_card(file, sha256=hashlib.sha256(content).hexdigest())


def saved(value: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


def test_round_trip_in_half_precision(written: Path) -> None:
    torch.manual_seed(0)
    expected = EarsNetwork(SLIM).half().float().state_dict()
    ears = load_ears(written, torch.float32)
    assert all(torch.equal(tensor, expected[key]) for key, tensor in ears.network.state_dict().items())
    assert ears.card["date"] == "2026-01-01"
    assert ears.card["classes"] == list(CLASSES)


def test_loading_twice_hears_the_same(written: Path) -> None:
    first, second = (load_ears(written).hear(WINDOWS) for _ in range(2))
    assert np.array_equal(first.embeddings, second.embeddings)


def test_nothing_is_left_beside_the_weights(written: Path) -> None:
    assert sorted(file.name for file in written.parent.iterdir()) == ["mine.json", "mine.pt"]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_package_s_own_weights(name: str) -> None:
    ears = load_ears(packaged_weights(name), network=name)
    assert ears.card["accuracy"]["overall"] > 0.5
    assert packaged_weights(name).stat().st_size < 16e6
    assert np.isfinite(ears.hear(WINDOWS).embeddings).all()


def test_the_default_weights() -> None:
    assert load_ears().card["architecture"] == DEFAULT_NAME


def test_the_network_asked_for_is_the_one_that_is_loaded(written: Path) -> None:
    assert load_ears(written, network="slim").network.architecture is SLIM
    with pytest.raises(
        BadWeights, match=r"mine\.pt: is for 'slim', not for 'han2016' as asked; set embedding\.network"
    ):
        load_ears(written, network="han2016")


def missing_weights(file: Path) -> None:
    file.unlink()


def missing_card(file: Path) -> None:
    card_path(file).unlink()


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def one_bit_off(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def card_is_no_json(file: Path) -> None:
    card_path(file).write_text("{", encoding="utf-8")


def card_is_binary(file: Path) -> None:
    card_path(file).write_bytes(b"\xff\xfe\x00")


def card_is_a_list(file: Path) -> None:
    card_path(file).write_text("[]", encoding="utf-8")


def another_version(file: Path) -> None:
    rewrite_card(file, version=99)


def other_features(file: Path) -> None:
    rewrite_card(file, features={"sample_rate_hz": 16000})


def other_classes(file: Path) -> None:
    rewrite_card(file, classes=["kazoo"])


def unknown_architecture(file: Path) -> None:
    rewrite_card(file, architecture="resnet")


def other_widths(file: Path) -> None:
    rewrite_card(file, widths=[1, 2, 3, 4])


def foreign_file(file: Path) -> None:
    rewrite_weights(file, b"RIFF....WAVE")


def foreign_pickle(file: Path) -> None:
    rewrite_weights(file, saved(Path("/")))


class WritesAFile:
    """What a pickle may be made to do to those who load it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.file),)


def pickle_with_code(file: Path) -> None:
    rewrite_weights(file, pickle.dumps(WritesAFile(file.with_name("ran"))))


def torch_file_with_code(file: Path) -> None:
    rewrite_weights(file, saved({"dense.weight": WritesAFile(file.with_name("ran"))}))


def a_whole_network(file: Path) -> None:
    rewrite_weights(file, saved(EarsNetwork(SLIM)))


def a_torch_script(file: Path) -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):
        torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), buffer)
    rewrite_weights(file, buffer.getvalue())


def cut_off_with_its_own_checksum(file: Path) -> None:
    rewrite_weights(file, file.read_bytes()[:-200])


def empty_with_its_own_checksum(file: Path) -> None:
    rewrite_weights(file, b"")


def another_checksum(file: Path) -> None:
    rewrite_card(file, sha256=hashlib.sha256(b"another file").hexdigest())


def no_checksum(file: Path) -> None:
    rewrite_card(file, sha256=None)


def a_list_of_tensors(file: Path) -> None:
    rewrite_weights(file, saved([torch.zeros(2)]))


def other_tensors(file: Path) -> None:
    rewrite_weights(file, saved({"dense.weight": torch.zeros(2, 2)}))


def a_shape_turned_round(file: Path) -> None:
    state = EarsNetwork(SLIM).state_dict()
    rewrite_weights(file, saved(state | {"dense.weight": state["dense.weight"].T.contiguous()}))


def a_tensor_less(file: Path) -> None:
    state = EarsNetwork(SLIM).state_dict()
    del state["centre"]
    rewrite_weights(file, saved(state))


def whole_numbers(file: Path) -> None:
    rewrite_weights(file, saved({key: tensor.int() for key, tensor in EarsNetwork(SLIM).state_dict().items()}))


def another_networks_tensors(file: Path) -> None:
    rewrite_weights(file, saved(EarsNetwork(HAN2016).state_dict()))


def numbers_for_tensors(file: Path) -> None:
    rewrite_weights(file, saved(dict.fromkeys(EarsNetwork(SLIM).state_dict(), 1.0)))


def not_a_number(file: Path) -> None:
    state = EarsNetwork(SLIM).state_dict()
    state["dense.bias"][0] = float("nan")
    rewrite_weights(file, saved(state))


@pytest.mark.parametrize(
    ("damage", "names", "says"),
    [
        (missing_weights, "mine.pt", "no such file"),
        (missing_card, "mine.json", "no such file"),
        (cut_off, "mine.pt", "damaged, its checksum"),
        (one_bit_off, "mine.pt", "damaged, its checksum"),
        (card_is_no_json, "mine.json", "cannot be read as JSON"),
        (card_is_binary, "mine.json", "cannot be read as JSON"),
        (card_is_a_list, "mine.json", "is not a card of format"),
        (another_version, "mine.json", "is not a card of format"),
        (other_features, "mine.json", "has features"),
        (other_classes, "mine.json", "has classes"),
        (unknown_architecture, "mine.json", "is for 'resnet'"),
        (other_widths, "mine.json", r"widths \[1, 2, 3, 4\]"),
        (foreign_file, "mine.pt", "holds no weights"),
        (foreign_pickle, "mine.pt", "holds no weights"),
        (pickle_with_code, "mine.pt", "holds no weights"),
        (torch_file_with_code, "mine.pt", "holds no weights"),
        (a_whole_network, "mine.pt", "holds no weights"),
        (a_torch_script, "mine.pt", "holds no weights"),
        (cut_off_with_its_own_checksum, "mine.pt", "holds no weights"),
        (empty_with_its_own_checksum, "mine.pt", "holds no weights"),
        (another_checksum, "mine.pt", "its checksum is not that in mine.json"),
        (no_checksum, "mine.pt", "its checksum is not that in mine.json"),
        (a_list_of_tensors, "mine.pt", "holds a list"),
        (a_shape_turned_round, "mine.pt", "its tensors are not those of 'slim'"),
        (a_tensor_less, "mine.pt", "its tensors are not those of 'slim'"),
        (whole_numbers, "mine.pt", "its tensors are not those of 'slim'"),
        (another_networks_tensors, "mine.pt", "its tensors are not those of 'slim'"),
        (other_tensors, "mine.pt", "its tensors are not those of 'slim'"),
        (numbers_for_tensors, "mine.pt", "its tensors are not those of 'slim'"),
        (not_a_number, "mine.pt", "NaN"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_bad_weights_name_the_file_and_the_remedy(
    written: Path, damage: Callable[[Path], None], names: str, says: str
) -> None:
    damage(written)
    with pytest.raises(BadWeights, match=says) as error:
        load_ears(written)
    message = str(error.value)
    assert message.startswith(str(written.parent / names))
    assert "jacqueesbot train" in message
    assert "\n" not in message
    assert not written.with_name("ran").exists()


def test_a_folder_is_no_weights(tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match="no such file"):
        load_ears(tmp_path)


def test_weights_and_card_move_together(written: Path, tmp_path: Path) -> None:
    for file in (written, card_path(written)):
        shutil.copy(file, tmp_path / f"other{file.suffix}")
    assert load_ears(tmp_path / "other.pt").card["sha256"] == load_ears(written).card["sha256"]
