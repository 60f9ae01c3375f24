from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from controller.token import read_or_make_token, read_token, token_path
from embedding.errors import BadConfig

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no modes of files")


def test_a_token_is_made_once_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "token"
    token = read_or_make_token(file)
    before = file.read_bytes()
    assert len(token) == 32
    assert bytes.fromhex(before.decode()) == token
    assert read_or_make_token(file) == read_token(file) == token
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["token"]


def test_two_tokens_differ(tmp_path: Path) -> None:
    assert read_or_make_token(tmp_path / "a") != read_or_make_token(tmp_path / "b")


def test_of_many_that_begin_at_once_all_have_one_token(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as many:
        tokens = set(many.map(read_or_make_token, [tmp_path / "token"] * 64))
    assert len(tokens) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["token"]


@posix
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "token"
    before = os.umask(0)
    try:
        read_or_make_token(file)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("rights", [0o644, 0o660, 0o604])
def test_wider_rights_are_taken_back_with_a_word(tmp_path: Path, rights: int) -> None:
    file = tmp_path / "token"
    token = read_or_make_token(file)
    file.chmod(rights)
    told: list[str] = []
    assert read_or_make_token(file, told.append) == token
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (line,) = told
    assert str(file) in line
    assert f"{rights:04o}" in line
    read_or_make_token(file, told.append)
    assert told == [line]


@pytest.mark.parametrize("content", [b"", b"secret", b"ab" * 31, b"ab" * 33, b"g0" * 32, b"\xff" * 64])
def test_what_is_not_a_token_of_ours_is_refused_and_left(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    with pytest.raises(BadConfig, match=r"64 hexadecimal digits.*install-script"):
        read_or_make_token(file)
    assert file.read_bytes() == content


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"osc\.token_file"):
        read_or_make_token(tmp_path)


def test_the_configured_place_counts(tmp_path: Path) -> None:
    assert token_path(tmp_path / "mine") == tmp_path / "mine"
    assert token_path().name == "token"
    assert token_path().is_absolute()
