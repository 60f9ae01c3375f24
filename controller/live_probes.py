"""`jacqueesbot doctor --live`: tries in an open Live what nobody has told of one yet, and writes a report to be sent.

The probes themselves run in Live (live_remote_script/probes.py), in a set without clips.
"""

from __future__ import annotations

import io
import json
import platform
import re
import wave
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from controller.files import replacing
from embedding.errors import StageLost, StageRefused

REPORT_FILE = "jacqueesbot-live-report.json"
TONE_FILE = "jacqueesbot-test-tone.wav"
TONE_SECONDS = 4.0
TONE_RATE_HZ = 44100
NOT_EMPTY = "occupied"
"""The code with which a probe refuses a set that holds clips, or plays."""
TOLD_OF_LIVE = ("script_version", "protocol_version", "live_version", "live_variant", "python_version", "can_place")
"""What of the script's `version` goes into the report; it tells of nothing of the user's."""

ASKED: Mapping[str, str] = {
    "versions": "which Live, which Python in it, which modules that has, how Live describes its own methods",
    "timer_period": "how long the script's ticks are",
    "import_and_warping_off": "how a file comes in, and when `warping = False` can be read",
    "start_times": "whether a clip starts exactly where it was asked for",
    "session_copy_end": "when the end of a copied, unwarped Session clip can be read",
    "mid_clip_overlap": "whether a clip put into the middle of another splits it or cuts off the rest",
    "looping_unwarped": "whether an unwarped clip can be looped",
    "pitch_unwarped": "what a transposition does to the end of an unwarped clip",
    "create_errors": "which exceptions create_audio_clip raises",
    "create_while_recording": "which of them while its track is being recorded into",
    "recording": "how soon recording begins and ends, and where a recorded clip begins in its file",
    "fades": "whether a script can read a clip's fades by now (up to Live 12.4.6 it cannot)",
    "undo_grouping": "how many undos take back one step that makes and changes a clip",
    "costs": "how long Live is busy with each call",
}
"""The probes in their order, and what each asks."""

QUESTIONS = (
    "In a set where JacqueesBot has built something: save it, open it again, build again. Are the tracks taken for "
    "JacqueesBot's own, or are they made a second time?",
    "Settings, Record, Warp & Launch (Live 11: Record Warp Launch): what are Auto-Warp Long Samples, Loop/Warp Short "
    "Samples and Create Fades on Clip Edges set to?",
    "Does a clip that JacqueesBot placed show fades at its edges?",
)
"""What only a user can see; the report has a place for the answers."""

Ask = Callable[[str, str], str]
"""(name of a probe, path of the test tone) -> its answer as JSON. Raises StageRefused and StageLost."""


def live_report(
    hello: Mapping[str, Any], ask: Ask, samples_folder: Path, told: Callable[[str, float], None] = lambda *_: None
) -> dict[str, Any]:
    """All probes' answers, refusals included. `told` hears which probe is next, and how much is done, 0 to 1.

    Where Live is lost on the way, the report ends there and says so. StageRefused (NOT_EMPTY) where the set holds
    clips, or plays: there nothing is tried.
    """
    tone = written_tone(samples_folder)
    answers: dict[str, Any] = {}
    lost = None
    for number, (name, asks) in enumerate(ASKED.items()):
        told(name, number / len(ASKED))
        try:
            answers[name] = {"asks": asks, "found": json.loads(ask(name, str(tone)))}
        except StageRefused as why:
            if why.code == NOT_EMPTY:
                raise
            answers[name] = {"asks": asks, "refused": {"code": why.code, "message": str(why)}}
        except StageLost as why:
            lost = {"at": name, "message": str(why)}
            break
    report = {
        "format": "jacqueesbot-live-report",
        "version": 1,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "jacqueesbot": version("jacqueesbot"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "live": {name: hello[name] for name in TOLD_OF_LIVE if name in hello},
        "probes": answers,
        "lost": lost,
        "for_you_to_answer": [{"question": question, "answer": ""} for question in QUESTIONS],
    }
    without_folders: dict[str, Any] = _without(report, {samples_folder: "<samples>", Path.home(): "~"})
    return without_folders


def write_report(report: Mapping[str, Any], folder: Path) -> Path:
    """The report's file in `folder`; an earlier one is replaced."""
    file = folder.absolute() / REPORT_FILE
    with replacing(file) as beside:
        beside.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def written_tone(folder: Path) -> Path:
    """A quiet tone, 16 bit, mono, in `folder`; written unless it is there. It stays: Live may have noted its place."""
    file = folder / TONE_FILE
    content = _tone()
    if not file.is_file() or file.read_bytes() != content:
        with replacing(file) as beside:
            beside.write_bytes(content)
    return file


def _tone() -> bytes:
    at_seconds = np.arange(round(TONE_SECONDS * TONE_RATE_HZ)) / TONE_RATE_HZ
    samples = np.round(0.05 * 32767 * np.sin(2 * np.pi * 220.0 * at_seconds)).astype("<i2")
    memory = io.BytesIO()
    with wave.open(memory, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(TONE_RATE_HZ)
        writer.writeframes(samples.tobytes())
    return memory.getvalue()


def _without(value: Any, folders: Mapping[Path, str]) -> Any:
    """`value` with other words for these folders, however a text in it spells them."""
    if isinstance(value, dict):
        return {key: _without(inner, folders) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, folders) for inner in value]
    if isinstance(value, str):
        for folder, word in folders.items():
            for spelled in {str(folder), folder.as_posix()} - {folder.anchor}:
                value = re.sub(re.escape(spelled), word, value, flags=re.IGNORECASE)
    return value
