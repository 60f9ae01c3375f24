"""`jacqueesbot run` as a process beside a simulated Live, both real, with ports and folders of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from controller.stage import Stage, connect
from controller.token import read_or_make_token
from search.arrangement import Arrangement, Clip
from search.live_set import LiveSet
from tests.controller.processes import descendants, still_running
from tests.controller.simulated_live import SimulatedLive
from tests.triggers.osc_clients import HOST, Client, Told, message

PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.05
STATUS = "/jacquees/status"
ROUNDED = 2e-3
"""Seconds, semitones and dB that may be lost on the way to Live's units and back."""
NO_CLIP = Clip(0.0, "", 0.0, 0.0, 0.0, 0.0)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((HOST, 0))
        return int(asking.getsockname()[1])


def waited_for(condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether it came to hold within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def are_same(one: Arrangement, other: Arrangement) -> bool:
    """Whether both have the same clips on tracks of the same names, but for what Live's units round."""

    def clips(arrangement: Arrangement) -> list[tuple[str, Clip]]:
        return sorted((track.name, clip) for track in arrangement.tracks for clip in track.clips)

    def numbers(clip: Clip) -> tuple[float, ...]:
        return clip.start_seconds, clip.offset_seconds, clip.length_seconds, clip.transpose_semitones, clip.gain_db

    pairs = list(zip_longest(clips(one), clips(other), fillvalue=("", NO_CLIP)))
    return all(
        (name, clip.sample) == (other_name, other_clip.sample)
        and np.allclose(numbers(clip), numbers(other_clip), rtol=0.0, atol=ROUNDED)
        for (name, clip), (other_name, other_clip) in pairs
    )


@dataclass(frozen=True)
class Place:
    """Where both run: the folder holds their config.yaml, the token, what is placed, and the jobs."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def jobs(self) -> Path:
        return self.folder / "covers"

    @property
    def token(self) -> bytes:
        return read_or_make_token(self.folder / "token")

    @property
    def controller_port(self) -> int:
        return int(self.settings["osc"]["controller_port"])

    @property
    def script_port(self) -> int:
        return int(self.settings["osc"]["script_port"])

    @property
    def log(self) -> str:
        return (self.folder / "state" / "JacqueesBot" / "log" / "run.log").read_text(encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """In which the log and temporary files lie in the folder, too."""
        temporary = self.folder / "temporary"
        temporary.mkdir(exist_ok=True)
        return {**os.environ, "XDG_STATE_HOME": str(self.folder / "state"), "TMPDIR": str(temporary)}

    def standing(self) -> LiveSet:
        """What of ours is in the set that is open, once nothing is being written."""
        with self.stage() as stage:
            stage.settle()
            return stage.read_set()

    @contextmanager
    def stage(self) -> Iterator[Stage]:
        with connect(HOST, self.script_port, self.folder / "placed", self.token) as stage:
            yield stage

    def last_arrangement(self) -> dict[str, Any]:
        """Of the job that was done last."""
        (*_, newest) = sorted(self.jobs.glob("*/arrangement.json"), key=lambda file: file.stat().st_mtime_ns)
        found: dict[str, Any] = json.loads(newest.read_text(encoding="utf-8"))
        return found


def place(folder: Path, library: Sequence[Path], /, **sections: Any) -> Place:
    """`sections` are those of config.yaml that are to be otherwise than short, quiet jobs need."""
    folder.mkdir(parents=True, exist_ok=True)
    osc = {"token_file": str(folder / "token"), "controller_port": free_port(), "script_port": free_port()}
    settings: dict[str, Any] = {
        "library": {"folders": [str(one) for one in library], "cache_folder": str(folder / "cache")},
        "osc": {**osc, "display_port": free_port()},
        "search": {"budget_seconds": 1.5},
        "stage": {"samples_folder": str(folder / "placed")},
        "jobs_folder": str(folder / "covers"),
    }
    for name, section in sections.items():
        settings[name] = {**settings[name], **section} if isinstance(section, dict) else section
    made = Place(folder, settings)
    made.config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return made


@contextmanager
def open_live(where: Place, *options: str) -> Iterator[SimulatedLive]:
    """A simulated Live in real time, on the port that is configured there."""
    command = [sys.executable, "-m", "controller", "--config", str(where.config), "simulate", *options]
    with (
        (where.folder / "live.log").open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, env=where.environment
        ) as process,
    ):
        assert process.stdout
        try:
            told = process.stdout.readline()
            assert told, (where.folder / "live.log").read_text(encoding="utf-8")
            yield SimulatedLive(process, where.script_port, int(json.loads(told)["control_port"]), where.token)
        finally:
            started = descendants(process.pid)
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            assert not still_running(started)


@dataclass
class Running:
    """`client` has sent what was asked so far, and hears the answers to that."""

    process: subprocess.Popen[str]
    place: Place
    client: Client
    first_line: str

    def send(self, name: str, *typed: tuple[str, object]) -> None:
        self.client.send(message(f"/jacquees/{name}", *typed))

    def cover(self, file: Path) -> None:
        self.send("cover", ("s", str(file)))

    def until(self, *names: str) -> Told:
        """The next answer of one of these names; what is told before it is left out."""
        while True:
            told = self.client.hear()
            if told[0].removeprefix("/jacquees/") in names:
                return told

    def until_state(self, state: str) -> None:
        while (told := self.until("status", "error"))[1][0] != state:
            assert told[0] == STATUS, told

    def done(self) -> Path:
        """The job's folder, once the job is done and the controller idle again."""
        address, (told, *_) = self.until("done", "error")
        assert address == "/jacquees/done", told
        self.until_state("idle")
        return Path(str(told))

    def refused(self) -> str:
        """The error's text; that a job is done is none."""
        address, (text, *_) = self.until("done", "error")
        assert address == "/jacquees/error", text
        return str(text)

    def settled(self) -> str:
        """`refused`, of a job that had begun, once the controller is idle again."""
        text = self.refused()
        self.until_state("idle")
        return text

    def status(self) -> list[object]:
        """As it is now; asked by another client, to which no more is told than that."""
        with closing(Client(self.place.controller_port)) as asking:
            asking.send(message(STATUS))
            return asking.hear()[1]


@contextmanager
def running(where: Place, *options: str) -> Iterator[Running]:
    """Once it listens. Ended as Ctrl-C does, where that has not happened; no process of it is left then."""
    command = [sys.executable, "-m", "controller", "--config", str(where.config), "run", *options]
    with ExitStack() as stack:
        errors = stack.enter_context((where.folder / "run.err").open("a", encoding="utf-8"))
        process = stack.enter_context(
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=where.environment,
                start_new_session=True,
            )
        )
        client = Client(where.controller_port)
        stack.callback(client.close)
        try:
            assert process.stdout
            first_line = process.stdout.readline()
            assert first_line, (where.folder / "run.err").read_text(encoding="utf-8")
            yield Running(process, where, client, first_line)
        finally:
            started = descendants(process.pid)
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise
            assert not still_running(started)
