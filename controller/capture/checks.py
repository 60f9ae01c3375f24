"""What doctor checks of audio: which devices are there, and is one of them a loopback?"""

from __future__ import annotations

from collections.abc import Iterator

from controller.capture.devices import choose
from controller.capture.faults import Fault, FaultFound
from controller.capture.recorder import Recorder
from controller.checks import Check, bad, fine, note
from controller.config import Settings

ONLY = "Only needed to play or record."


def audio_checks(settings: Settings) -> Iterator[Check]:
    """Devices are not needed by all; a loopback that config.yaml names is asked for."""
    try:
        with Recorder() as recorder:
            inputs, outputs = recorder.inputs, recorder.outputs
    except FaultFound as why:
        yield note("audio devices", why.fault.found, f"{ONLY} {why.fault.mend}")
        yield _no_loopback(settings, why.fault)
        return
    names = [f"in: {', '.join(one.label for one in inputs)}"] if inputs else []
    names += [f"out: {', '.join(outputs)}"] if outputs else []
    if names:
        yield fine("audio devices", "; ".join(names))
    else:
        yield note("audio devices", "none", f"{ONLY} Plug in or start an audio device or a sound server.")
    try:
        device = choose(inputs, settings.stage.loopback)
    except FaultFound as why:
        yield _no_loopback(settings, why.fault)
        return
    yield fine("loopback", f"{device.label}: {device.kind or 'as stage.loopback says'}")


def _no_loopback(settings: Settings, why: Fault) -> Check:
    if settings.stage.loopback is not None:
        return bad("loopback", why.found, why.mend)
    return note("loopback", why.found, f"Only needed for --score loopback. {why.mend}")
