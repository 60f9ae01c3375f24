"""`run` is killed in the middle of a job."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beside.killing import killed_and_gone_on
from tests.beside.standing import open_live, place


@pytest.mark.parametrize("after_seconds", [0.3, 2.5, 5.0])
def test_it_goes_on_after_a_kill_or_is_undone(
    tmp_path: Path, library: Path, target: Path, after_seconds: float
) -> None:
    where = place(tmp_path, [library], search={"budget_seconds": 4}, allowed_folders=[str(target.parent)])
    with open_live(where) as live:
        assert killed_and_gone_on(where, live, target, after_seconds) == []
