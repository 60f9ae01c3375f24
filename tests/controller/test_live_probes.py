"""The report of `doctor --live`: real probes, asked of a set of the simulated Live in this process."""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from controller.live_probes import ASKED, REPORT_FILE, TONE_FILE, Ask, live_report, write_report, written_tone
from embedding.errors import StageLost, StageRefused
from live_remote_script.context import LiveFacts
from live_remote_script.jobs import Refused
from live_remote_script.probes import PROBES
from live_simulator.nodes.node import AudioFile
from live_simulator.simulator import Simulator

HELLO = {"script_version": "0.1.0", "live_version": "12.3.6", "can_place": True, "set": "/home/me/My Song.als"}


class Context(NamedTuple):
    song: Callable[[], Any]
    live: LiveFacts


class Live:
    """A set of Live 12.3.6, and an `ask` that runs probes in it."""

    def __init__(self) -> None:
        self.simulator = Simulator((12, 3, 6), self._heard, lambda line: None)
        self.song: Any = self.simulator.modules()["Live.Application"].get_application().get_document()
        self.asked: list[str] = []

    def _heard(self, path: str) -> AudioFile | None:
        if not path.endswith(".wav") or not Path(path).is_file():
            return None
        with wave.open(path) as file:
            return AudioFile(path, file.getnframes(), file.getframerate(), file.getnchannels())

    def ask(self, name: str, tone: str) -> str:
        self.asked.append(name)
        steps = PROBES[name](Context(lambda: self.song, LiveFacts("12.3.6", "Suite", True, True)), tone)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return str(end.value[0])
            except Refused as why:
                raise StageRefused(why.code, str(why)) from why
            self.simulator.tick()


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    live = Live()
    for name, module in live.simulator.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    yield live
    live.simulator.close()


def test_all_that_the_script_can_probe_is_asked_in_order() -> None:
    assert list(ASKED) == list(PROBES)


def test_the_report_holds_every_answer(live: Live, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    report = live_report(HELLO, live.ask, tmp_path / "Samples", lambda *word: told.append(word))
    assert list(report["probes"]) == list(ASKED)
    assert all(answer["asks"] and answer["found"] for answer in report["probes"].values())
    assert report["lost"] is None
    assert [name for name, _ in told] == list(ASKED)
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert all(question["answer"] == "" for question in report["for_you_to_answer"])
    clips = report["probes"]["mid_clip_overlap"]["found"]["clips"]["next_tick"]
    assert [(clip["start_time"], clip["end_time"]) for clip in clips] == [(0.0, 2.0), (2.0, 3.0)]


def test_it_tells_nothing_of_the_user(live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "Jane Doe"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))

    def tattling(name: str, tone: str) -> str:
        text = f"{tone} {tone.upper()} {Path(tone).as_posix()} {home}/Music"
        return json.dumps({"text": text, "rows": [text]})

    report = live_report(HELLO, tattling, home / "Samples")
    text = json.dumps(report)
    assert str(home).lower() not in text.lower()
    assert "My Song" not in text
    assert f"<samples>/{TONE_FILE}" in text
    assert "~/Music" in text


def refusing(code: str, at: str) -> Callable[[Ask], Ask]:
    def wrapped(ask: Ask) -> Ask:
        def refuse(name: str, tone: str) -> str:
            if name == at:
                raise StageRefused(code, "no")
            return ask(name, tone)

        return refuse

    return wrapped


def test_a_refusal_is_an_answer(live: Live, tmp_path: Path) -> None:
    report = live_report(HELLO, refusing("live_refused", "costs")(live.ask), tmp_path)
    assert report["probes"]["costs"]["refused"] == {"code": "live_refused", "message": "no"}
    assert report["probes"]["fades"]["found"]


def test_a_set_with_a_clip_is_not_touched(live: Live, tmp_path: Path) -> None:
    live.song.tracks[2].create_audio_clip(str(written_tone(tmp_path)), 0.0)
    with pytest.raises(StageRefused, match="holds a clip") as refusal:
        live_report(HELLO, live.ask, tmp_path)
    assert refusal.value.code == "occupied"
    assert [len(track.arrangement_clips) for track in live.song.tracks] == [0, 0, 1, 0]


def test_a_live_that_is_lost_ends_the_report(live: Live, tmp_path: Path) -> None:
    def crashing(name: str, tone: str) -> str:
        if name == "looping_unwarped":
            raise StageLost("no answer for 30 s")
        return live.ask(name, tone)

    report = live_report(HELLO, crashing, tmp_path)
    assert report["lost"] == {"at": "looping_unwarped", "message": "no answer for 30 s"}
    assert list(report["probes"]) == list(ASKED)[: list(ASKED).index("looping_unwarped")]


def test_the_tone_is_written_once(tmp_path: Path) -> None:
    file = written_tone(tmp_path / "Samples")
    written_at = file.stat().st_mtime_ns
    assert written_tone(tmp_path / "Samples") == file
    assert file.stat().st_mtime_ns == written_at
    with wave.open(str(file)) as tone:
        assert tone.getnframes() == 4 * tone.getframerate()
    file.write_bytes(b"cut off")
    assert len(written_tone(tmp_path / "Samples").read_bytes()) > 300_000


def test_the_report_is_a_file_that_can_be_sent(live: Live, tmp_path: Path) -> None:
    report = live_report(HELLO, live.ask, tmp_path)
    (tmp_path / REPORT_FILE).write_text("an earlier one", encoding="utf-8")
    file = write_report(report, tmp_path)
    assert file == tmp_path / REPORT_FILE
    assert json.loads(file.read_text(encoding="utf-8")) == report
