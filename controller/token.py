"""The secret that shows the script in Live who asks: a file in the user's config folder that both ends read."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_config_path

from controller.config import APP_NAME
from controller.files import name_beside
from embedding.errors import BadConfig

TOKEN_BYTES = 32
TOKEN_FILE = "token"
OWNER_ONLY = 0o600


def token_path(configured: Path | None = None) -> Path:
    """`configured` (osc.token_file of config.yaml), else the file in the user's config folder."""
    return configured or user_config_path(APP_NAME, appauthor=False) / TOKEN_FILE


def read_token(path: Path) -> bytes:
    """The token's 32 bytes, written as 64 hexadecimal digits. FileNotFoundError where there is none, BadConfig where
    the file holds something else."""
    text = path.read_bytes().strip()
    try:
        token = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        token = b""
    if len(token) != TOKEN_BYTES:
        raise BadConfig(
            f"{path}: holds {len(text)} bytes that are no token of ours ({2 * TOKEN_BYTES} hexadecimal digits are "
            "expected); delete it, run jacqueesbot install-script, then start Live anew (or name another file in "
            "osc.token_file of config.yaml)"
        )
    return token


def read_or_make_token(path: Path, say: Callable[[str], None] = lambda line: None) -> bytes:
    """The token of that file, which is made with a random one where there is none.

    A file that is there is never written to, so that a Live that is running keeps its token; where others than its
    owner may read or write it, that is ended, and `say` is told. BadConfig where it cannot be read or made, or is
    not ours.
    """
    try:
        try:
            token = read_token(path)
        except FileNotFoundError:
            _make(path)
            token = read_token(path)
        _tighten(path, say)
    except OSError as why:
        raise BadConfig(
            f"{path}: {why.strerror or why}; the token's file should be yours to read and write (osc.token_file of "
            "config.yaml names another)"
        ) from why
    return token


def _make(path: Path) -> None:
    """Complete at once, and of the first of several that try at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = name_beside(path)
    made = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(made, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(TOKEN_BYTES) + "\n")
        try:
            os.link(beside, path)
        except FileExistsError:
            pass  # another was faster: its token counts
        except OSError:  # a file system without links
            if not path.exists():
                beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _tighten(path: Path, say: Callable[[str], None]) -> None:
    if os.name != "posix":
        return  # Windows: the user's folders are the user's alone
    rights = stat.S_IMODE(path.stat().st_mode)
    if rights & 0o077:
        path.chmod(OWNER_ONLY)
        say(f"{path}: could be read by others (mode {rights:04o}); now only you can (0600)")
