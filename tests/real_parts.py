"""Programs and packages that some tests need for real: where one is missing, a test is skipped with its reason; on CI
(CI=true) it fails."""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import NoReturn

import pytest


def require_program(name: str, debian_package: str) -> None:
    if shutil.which(name) is None:
        missing(f"{name} is not installed (Debian: apt install {debian_package})")


def require_package(name: str, extra: str) -> None:
    if importlib.util.find_spec(name) is None:
        missing(f"the Python package {name} is not installed (pip install 'jacqueesbot[{extra}]')")


def missing(reason: str) -> NoReturn:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)
