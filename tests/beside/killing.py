"""`run` killed at some moment of a job, and started again: does it go on, and is the set what it says it is?"""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

from search.arrangement import arrangement_from_json
from tests.beside.standing import Place, Running, are_same, running
from tests.controller.processes import descendants, still_running
from tests.controller.simulated_live import SimulatedLive, set_shape
from tests.triggers.osc_clients import Client, message

DONE_SECONDS = 120.0


def killed_and_gone_on(where: Place, live: SimulatedLive, target: Path, after_seconds: float) -> list[str]:
    """What is wrong: nothing. The set, empty of ours, is as before at the end."""
    before = set_shape(live)
    with ExitStack() as stack:
        run = stack.enter_context(running(where))
        run.cover(target)
        run.until("status")
        time.sleep(after_seconds)
        started = descendants(run.process.pid)
        run.process.kill()
        run.process.wait()
        left = still_running(started)
    faults = [f"still running: {left}"] if left else []
    with running(where) as run:
        faults += [*_gone_on(run), *_undone(run, live, before)]
    return faults


def _gone_on(run: Running) -> list[str]:
    told = _until_idle(run.client)
    if told != "idle":
        return [f"after the restart: {told}"]
    written = run.place.last_arrangement()
    arrangement = arrangement_from_json(written)
    if not are_same(run.place.standing().arrangement, arrangement):
        return ["what stands is not what was written"]
    return [] if arrangement.clip_count else ["nothing stands"]


def _until_idle(client: Client) -> str:
    deadline = time.monotonic() + DONE_SECONDS
    while time.monotonic() < deadline:
        client.send(message("/jacquees/status"))
        while (told := client.hear())[0] != "/jacquees/status":
            pass
        if told[1][0] == "idle":
            return "idle"
        time.sleep(0.1)
    return f"not done within {DONE_SECONDS:g} s"


def _undone(run: Running, live: SimulatedLive, before: dict[str, object]) -> list[str]:
    run.send("undo")
    address, values = run.until("done", "error")
    if address != "/jacquees/done":
        return [f"undo: {values}"]
    after = set_shape(live)
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    leftovers = [path.name for path in run.place.jobs.iterdir() if path.name.startswith(".")]
    return [*([f"not undone: {changed}"] if changed else []), *([f"left over: {leftovers}"] if leftovers else [])]
