"""A controller in a process of its own, that can be killed: builds an arrangement on a stage, or captures it."""

from __future__ import annotations

import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path

from controller.stage import connect
from search.arrangement import Arrangement

ORIGIN_BEATS = 8.0
RECORDED_BEATS = 60.0
END_SECONDS = 60.0

_METHODS = multiprocessing.get_all_start_methods()
_processes = multiprocessing.get_context("forkserver" if "forkserver" in _METHODS else "spawn")
if "forkserver" in _METHODS:
    _processes.set_forkserver_preload([__name__])  # a new one need not import all


def started_builder(port: int, token: bytes, placement_folder: Path, wanted: Arrangement) -> BaseProcess:
    process = _processes.Process(target=_build, args=(port, token, placement_folder, wanted))
    process.start()
    return process


def started_capturer(port: int, token: bytes) -> BaseProcess:
    process = _processes.Process(target=_capture, args=(port, token))
    process.start()
    return process


def end_of(process: BaseProcess) -> int | None:
    """Its exit status; minus 9 where it was killed, None where it goes on."""
    process.join(END_SECONDS)
    return process.exitcode


def _build(port: int, token: bytes, placement_folder: Path, wanted: Arrangement) -> None:
    with connect(port=port, placement_folder=placement_folder, token=token) as stage:
        stage.apply(wanted, ORIGIN_BEATS, "always")


def _capture(port: int, token: bytes) -> None:
    """From outside, then inside Live."""
    with connect(port=port, token=token) as stage:
        stage.prepare(ORIGIN_BEATS)
        stage.play(ORIGIN_BEATS)
        stage.stop()
        stage.record(ORIGIN_BEATS, ORIGIN_BEATS + RECORDED_BEATS, lambda: None)
        stage.forget_recording()
        stage.restore()
