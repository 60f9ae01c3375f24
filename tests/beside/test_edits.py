"""The user edits while the set fills: nothing of it is undone or doubled, and what is the user's own is not touched."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from controller.osc_client import ScriptClient
from search.arrangement import arrangement_from_json
from tests.beside.random_user import RandomUser, Seen, seen
from tests.beside.standing import are_same, open_live, place, running, waited_for
from tests.conftest import tone, write
from tests.triggers.osc_clients import HOST

EDITS = 40
"""tests/benchmarks/beside.py makes a hundred."""
PAUSE_SECONDS = 0.1
BUDGET_SECONDS = 25.0


def foreign(found: Seen) -> list[object]:
    """All of the tracks that are not ours."""
    return [[{**track, "index": 0}, found.clips[track["index"]]] for track in found.tracks if not track["track_id"]]


@pytest.mark.parametrize("seed", [1])
def test_edits_while_it_searches(tmp_path: Path, library: Path, target: Path, seed: int) -> None:
    where = place(tmp_path, [library], search={"budget_seconds": BUDGET_SECONDS}, allowed_folders=[str(target.parent)])
    own_file = write(tmp_path / "own.wav", tone(440.0, 0.3))
    with open_live(where) as live, running(where) as run:
        for _ in range(2):
            live.ask("user_add_track", "audio")
            live.ask("user_place_clip", live.state()["tracks"] - 1, str(own_file), 3.0)
        with ScriptClient(HOST, where.script_port, token=where.token) as client:
            client.greet([])
            user = RandomUser(live, client, random.Random(seed), own_file)
            run.cover(target)
            assert waited_for(lambda: live.state()["arrangement_clips"] > 2)
            while len(user.edits) < EDITS and run.status()[0] == "searching":
                user.edit()
                time.sleep(PAUSE_SECONDS)
            assert len(user.edits) > EDITS // 4, "the computer is too slow for a search of so many edits"
            mine = foreign(seen(client))
            folder = run.done()
            assert user.faults() == []
            assert foreign(seen(client)) == mine
        written = arrangement_from_json(where.last_arrangement())
        assert folder.is_dir()
        assert are_same(where.standing().arrangement, written)
