"""What doctor checks of audio: which devices are there, and is one of them a loopback?"""

from __future__ import annotations

from collections.abc import Iterator

from controller.capture.devices import choose
from controller.capture.faults import Fault, FaultFound, fault
from controller.capture.recorder import Recorder
from controller.checks import Check
from controller.config import Settings

ONLY = "Only needed to play or record."


def audio_checks(settings: Settings) -> Iterator[Check]:
    try:
        with Recorder() as recorder:
            inputs, outputs = recorder.inputs, recorder.outputs
    except FaultFound as why:
        yield _bad("audio devices", why.fault)
        yield _bad("loopback", why.fault)
        return
    names = [f"in: {', '.join(one.label for one in inputs)}"] if inputs else []
    names += [f"out: {', '.join(outputs)}"] if outputs else []
    mend = f"{ONLY} Plug in or start an audio device or a sound server."
    yield Check("audio devices", bool(names), "; ".join(names) or "none", mend)
    try:
        device = choose(inputs, settings.stage.loopback)
    except FaultFound as why:
        yield _bad("loopback", why.fault)
        return
    kind = f"{device.label}: {device.kind or 'as stage.loopback says'}"
    yield Check("loopback", True, kind, fault("device_missing", "").mend)


def _bad(name: str, why: Fault) -> Check:
    return Check(name, False, why.found, f"{ONLY} {why.mend}")
