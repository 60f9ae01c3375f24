"""`jacqueesbot run` as an instrument: python -m tests.benchmarks.beside --library DIR TARGET [--jobs N] [--kills N]

With the real process beside the simulated Live in real time: how soon things happen after a trigger, how soon a status
is answered at full load, what it takes with nothing to do, memory over many short jobs, edits at random, and kills.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from controller.osc_client import ScriptClient
from tests.benchmarks.tables import head, row
from tests.beside.killing import killed_and_gone_on
from tests.beside.random_user import RandomUser
from tests.beside.standing import STATUS, Place, Running, open_live, place, running
from tests.controller.processes import descendants
from tests.controller.simulated_live import SimulatedLive
from tests.triggers.osc_clients import HOST, Client, message

ASK_SECONDS = 0.02
IDLE_SECONDS = 20.0
SETTLED_SECONDS = 10.0
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def answered_ms(client: Client) -> tuple[float, str]:
    """How long a status took, and the state that it told."""
    begun = time.perf_counter()
    client.send(message(STATUS))
    while (told := client.hear())[0] != STATUS:
        pass
    return 1000.0 * (time.perf_counter() - begun), str(told[1][0])


def seconds_until(condition: Callable[[], bool]) -> float:
    begun = time.perf_counter()
    while not condition():
        time.sleep(0.005)
    return time.perf_counter() - begun


def core_seconds(process_ids: list[int]) -> float:
    """That they have taken of the processor so far."""
    total = 0.0
    for process_id in process_ids:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
    return total


def memory_mib(process_ids: list[int]) -> float:
    """Resident, of all of them."""
    pages = sum(int(Path(f"/proc/{one}/statm").read_text(encoding="utf-8").split()[1]) for one in process_ids)
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


@contextmanager
def both(where: Place) -> Iterator[tuple[SimulatedLive, Running]]:
    with open_live(where) as live, running(where) as run:
        time.sleep(SETTLED_SECONDS)  # it warms up
        yield live, run


def timings(live: SimulatedLive, run: Running, target: Path, times: int) -> None:
    """From a trigger to what it brings about, then the stop."""
    measured: dict[str, list[float]] = {"searching told": [], "first clips": [], "stop to idle": []}
    for number in range(times):
        begun = time.perf_counter()
        run.cover(target)
        run.until_state("searching")
        measured["searching told"].append(time.perf_counter() - begun)
        seconds_until(lambda: live.state()["arrangement_clips"] > 0)
        measured["first clips"].append(time.perf_counter() - begun)
        time.sleep(0.7 * number)
        run.client.heard()
        begun = time.perf_counter()
        run.send("stop")
        run.until_state("idle")
        measured["stop to idle"].append(time.perf_counter() - begun)
        time.sleep(SETTLED_SECONDS)  # Live may still build
        run.client.heard()
        run.send("undo")
        run.until("done")
    print(head(["seconds", "median", "most"]))
    for name, values in measured.items():
        print(row([name, f"{statistics.median(values):.3f}", f"{max(values):.3f}"]), flush=True)


def load(run: Running, target: Path) -> None:
    """How soon a status is answered during a job, by its state."""
    waited: dict[str, list[float]] = {}
    asker = Client(run.place.controller_port)
    run.cover(target)
    run.until_state("searching")
    begun = time.perf_counter()
    while (answer := answered_ms(asker))[1] != "idle":
        waited.setdefault(answer[1], []).append(answer[0])
        time.sleep(ASK_SECONDS)
    asker.close()
    print(f"\na job of {time.perf_counter() - begun:.1f} s")
    print(head(["status answered after, ms", "asked", "median", "99 %", "longest"]))
    for state, values in waited.items():
        cut = statistics.quantiles(values, n=100)[98] if len(values) > 1 else values[0]
        told = [f"{value:.2f}" for value in (statistics.median(values), cut, max(values))]
        print(row([state, str(len(values)), *told]), flush=True)
    run.done()


def idle(run: Running) -> None:
    time.sleep(SETTLED_SECONDS)
    ids = [run.process.pid, *descendants(run.process.pid)]
    before = core_seconds(ids)
    time.sleep(IDLE_SECONDS)
    share = (core_seconds(ids) - before) / IDLE_SECONDS
    print(f"\nidle: {100.0 * share:.2f} % of a core in {len(ids)} processes, {memory_mib(ids):.0f} MiB", flush=True)


def many_jobs(run: Running, target: Path, count: int) -> None:
    """Of a quarter of a second each; the set is emptied behind each."""
    print()
    print(head(["jobs", "MiB", "MiB of run alone"]))
    for number in range(count + 1):
        if number % max(1, count // 10) == 0:
            ids = [run.process.pid, *descendants(run.process.pid)]
            print(row([str(number), f"{memory_mib(ids):.0f}", f"{memory_mib(ids[:1]):.0f}"]), flush=True)
        run.cover(target)
        run.done()
        run.send("undo")
        run.until("done")


def edits(where: Place, target: Path, own_file: Path, seed: int) -> None:
    with ExitStack() as stack:
        live, run = stack.enter_context(both(where))
        client = stack.enter_context(ScriptClient(HOST, where.script_port, token=where.token))
        client.greet([])
        user = RandomUser(live, client, random.Random(seed), own_file)
        run.cover(target)
        seconds_until(lambda: live.state()["arrangement_clips"] > 10)
        while len(user.edits) < 100 and run.status()[0] == "searching":
            user.edit()
        run.done()
        print(f"\n{len(user.edits)} edits at random: {len(user.faults())} undone or doubled", *user.faults(), sep="\n")


def kills(where: Place, target: Path, count: int, job_seconds: float) -> None:
    rng = random.Random(0)
    with open_live(where) as live:
        wrong = [
            (f"{after:.1f} s", faults)
            for after in (rng.uniform(0.0, job_seconds) for _ in range(count))
            if (faults := killed_and_gone_on(where, live, target, after))
        ]
    print(f"\n{count} kills: {len(wrong)} with faults", *wrong, sep="\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("target", type=Path)
    options.add_argument("--library", type=Path, required=True)
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--jobs", type=int, default=200)
    options.add_argument("--kills", type=int, default=20)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="beside-") as name:
        folder, target = Path(name), given.target.absolute()

        def at(budget_seconds: float) -> Place:
            where = folder / f"{budget_seconds:g}"
            search = {"budget_seconds": budget_seconds}
            return place(
                where,
                [given.library],
                search=search,
                allowed_folders=[str(target.parent)],
                library={"cache_folder": str(folder / "cache")},
            )

        with both(at(15.0)) as (live, run):
            timings(live, run, target, given.times)
            load(run, target)
            run.send("undo")
            run.until("done")
            idle(run)
        if given.jobs:
            with both(at(0.25)) as (_, run):
                many_jobs(run, target, given.jobs)
        edits(at(45.0), target, target, 0)
        if given.kills:
            kills(at(5.0), target, given.kills, 15.0)
    print(f"\nload {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
