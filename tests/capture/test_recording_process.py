"""The recording process ends with whoever started it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from controller.capture.devices import choose
from controller.capture.recorder import Recorder, Taken
from tests.audio_servers import AudioServer
from tests.controller.processes import descendants, still_running

ROOT = Path(__file__).parent.parent.parent
RECORDS = """
import sys, time
from controller.capture.devices import choose
from controller.capture.recorder import Recorder

recorder = Recorder()
recorder.open(choose(recorder.inputs, "daw_loopback"), 48000, 0.2)
recorder.record(480000)
while not recorder.next().frames:
    pass
print("records", flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(os.name != "posix", reason="ends a process by signals")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_its_parent(pulse: AudioServer, end: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RECORDS], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "records\n"
        children = set(descendants(parent.pid))
        assert children
        parent.send_signal(end)
        parent.wait(20)
    assert still_running(children) == set()


def test_it_ends_though_its_server_does_not_answer(jack: AudioServer, pulse: AudioServer) -> None:
    """Of JACK, whose clients hang when its server is killed, see the captures."""
    recorder = Recorder()
    recorder.open(choose(recorder.inputs, "daw_loopback"), 48000, 0.2)
    recorder.record(480000)
    while not recorder.next().frames:
        pass
    pulse.freeze()
    recorder.close()
    assert still_running([recorder.process_id]) == set()


def test_two_recordings_one_after_the_other_share_a_stream(pulse: AudioServer) -> None:
    with Recorder() as recorder:
        recorder.open(choose(recorder.inputs, "daw_loopback"), 48000, 0.2)
        for frames in (4800, 9600):
            recorder.record(96000)
            recorder.until(frames)
            while not isinstance(found := recorder.next(), Taken):
                assert found.active
            assert found.samples.shape == (2, frames)
            recorder.drop()
