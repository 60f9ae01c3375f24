"""Programs and packages that some tests need for real: where one is missing, a test is skipped with its reason; on CI
(CI=true) it fails."""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import NoReturn

import pytest

REAL_LIVE = "JACQUEESBOT_REAL_LIVE"


def require_program(name: str, debian_package: str) -> None:
    if shutil.which(name) is None:
        missing(f"{name} is not installed (Debian: apt install {debian_package})")


def require_package(name: str, extra: str) -> None:
    if importlib.util.find_spec(name) is None:
        missing(f"the Python package {name} is not installed (pip install 'jacqueesbot[{extra}]')")


def require_real_live() -> tuple[str, int]:
    """Host and port of the script in a Live that runs; where none is named the test is skipped, also on CI."""
    told = os.environ.get(REAL_LIVE, "")
    host, _, port = told.rpartition(":")
    if not told:
        pytest.skip(f"expected where no Live runs, as on CI: ${REAL_LIVE} is not set (e.g. 127.0.0.1:19102)")
    if not host or not port.isdigit():
        pytest.fail(f"${REAL_LIVE} = {told!r}; host:port of the script in Live is expected, e.g. 127.0.0.1:19102")
    return host, int(port)


def missing(reason: str) -> NoReturn:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)
