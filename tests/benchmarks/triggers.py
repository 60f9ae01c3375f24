"""How soon a status is answered: python -m tests.benchmarks.triggers [--asked N] [--processes N] [--threads N]

Milliseconds from sending /jacquees/status to its answer, over loopback, from another process: at rest; while that many
processes keep the cores busy; while that many threads of the controller's own process work in Python, too; and with
1,000 covers a second besides, to a handler that never comes back. And what the controller takes of a core.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

import numpy as np

from controller.triggers.answers import Sender
from controller.triggers.messages import Trigger
from tests.benchmarks.tables import head, row
from tests.triggers.osc_clients import Client, client_of, message, serving

PAUSE_SECONDS = 0.01
STORM_A_SECOND = 1000
STORM_PAUSE_SECONDS = 0.01
IDLE_SECONDS = 5.0


def serve(told: Connection, busy_threads: int) -> None:
    """A server with a handler that hangs; tells its port, then, whenever asked, the seconds of a core it took."""

    def hang(trigger: Trigger, sender: Sender) -> None:
        threading.Event().wait()

    for _ in range(busy_threads):
        threading.Thread(target=_burn, daemon=True).start()
    with serving(hang) as (server, _, _):
        told.send(server.port)
        while told.recv():
            told.send(time.process_time())


def _burn() -> None:
    while True:
        sum(range(1000))


@contextmanager
def served(busy_threads: int) -> Iterator[tuple[int, Connection]]:
    """(the port, where to ask for the seconds of a core taken so far) of a server in a process of its own."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(theirs, busy_threads), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.kill()
        process.join()


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    burning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            process.wait()


@contextmanager
def storm(port: int) -> Iterator[None]:
    ended = threading.Event()

    def send() -> None:
        with client_of(port) as client:
            while not ended.wait(STORM_PAUSE_SECONDS):
                for _ in range(round(STORM_A_SECOND * STORM_PAUSE_SECONDS)):
                    client.send(message("/jacquees/cover", ("s", "/music/song.wav")))
                client.heard()

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def report(name: str, client: Client, count: int) -> None:
    """A row: milliseconds until the answer."""
    waited_ms = []
    for _ in range(count):
        begun = time.perf_counter()
        client.until_status()
        waited_ms.append(1000.0 * (time.perf_counter() - begun))
        time.sleep(PAUSE_SECONDS)
    print(row([name, *(f"{value:.2f}" for value in np.percentile(waited_ms, [50, 99, 100]))]), flush=True)


def core_percent(told: Connection) -> float:
    shares = []
    for _ in range(2):
        told.send(True)
        shares.append(told.recv())
        time.sleep(IDLE_SECONDS if len(shares) == 1 else 0.0)
    return float(100.0 * (shares[1] - shares[0]) / IDLE_SECONDS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asked", type=int, default=500)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    print(head(["a status is answered after, ms", "median", "99 %", "longest"]))
    with served(0) as (port, told), client_of(port) as client:
        report("at rest", client, options.asked)
        with busy_processes(options.processes):
            report(f"{options.processes} busy processes", client, options.asked)
            with storm(port):
                report("and a storm", client, options.asked)
        idle_percent = core_percent(told)
        with storm(port):
            storm_percent = core_percent(told)
    with served(options.threads) as (port, _), client_of(port) as client, busy_processes(options.processes):
        report(f"{options.processes} busy processes, {options.threads} busy threads", client, options.asked)
        with storm(port):
            report("and a storm", client, options.asked)
    print(f"\nof a core: {idle_percent:.2f} % with nothing to do, {storm_percent:.1f} % in a storm")
    return 0


if __name__ == "__main__":
    sys.exit(main())
