"""Covers that are scored by what Live plays: the whole chain, on real sound servers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import yaml

from controller.osc_client import ScriptClient
from controller.simulated import SimulatedLive
from tests.audio_servers import AudioServer, jack_server, pulse_server
from tests.capture.conftest import enter
from tests.conftest import RATE_HZ, Jacqueesbot, noise, tone, write
from tests.controller.processes import descendants, still_running

SIXTEEN_BIT = 1.01 / 2**15
SAME_SCORE = 0.001
STEMS_DB = -90.0
SECONDS = 8.0
PATIENCE_SECONDS = 90.0


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Eight seconds of the small library's sounds."""
    sounds = [tone(220.0, 1.0), noise(0.2), tone(329.63, 1.0), noise(0.2)]
    mix = np.zeros(round(SECONDS * RATE_HZ), dtype=np.float32)
    for beat in range(15):
        sound = 0.5 * sounds[beat % 4]
        first = round(0.5 * beat * RATE_HZ)
        mix[first : first + sound.size] += sound[: mix.size - first]
    return write(tmp_path / "song.wav", mix)


@pytest.fixture
def configure(config_file: Path) -> Callable[..., None]:
    """Adds settings to the test's own: `configure(stage={"output": "daw_out"})`."""

    def add(**sections: dict[str, Any]) -> None:
        found = yaml.safe_load(config_file.read_text(encoding="utf-8"))
        for name, values in sections.items():
            found.setdefault(name, {}).update(values)
        config_file.write_text(yaml.safe_dump(found), encoding="utf-8")

    return add


@pytest.fixture
def on_the_sink(configure: Callable[..., None]) -> None:
    configure(stage={"output": "daw_out", "loopback": "daw_loopback", "sample_rate_hz": 48000})


@pytest.fixture
def users_live(configure: Callable[..., None], on_the_sink: None, pulse: AudioServer) -> Iterator[SimulatedLive]:
    """A Live that plays on the sink, with a track of the user's that sounds, is soloed and loops."""
    with SimulatedLive(48000, audio="daw_out", clock="real") as live:
        configure(osc={"script_port": live.script_port, "token_file": str(live.token_file)})
        yield live


def document(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "arrangement.json").read_text(encoding="utf-8"))
    return found


def samples(file: Path) -> np.ndarray:
    found, _ = soundfile.read(file, dtype="float32", always_2d=True)
    return np.asarray(found)


def rendered(out: Path) -> np.ndarray:
    """The stems' sum: what the set should put out."""
    stems = [samples(file) for file in sorted((out / "stems").iterdir()) if "what the set adds" not in file.name]
    return np.asarray(sum(stems))


@pytest.fixture(params=["PulseAudio", "JACK", "none"])
def source(
    request: pytest.FixtureRequest, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """How the simulated Live is heard on that server."""
    if request.param == "none":
        yield "resampling"
        return
    on_jack = request.param == "JACK"
    with jack_server(48000, 4096) if on_jack else pulse_server() as server:
        enter(server, monkeypatch)
        stage = {"output": "jack"} if on_jack else {"output": "daw_out", "loopback": "daw_loopback"}
        configure(stage={**stage, "sample_rate_hz": 48000})
        yield "loopback"


def test_a_cover_is_what_live_plays_to_the_sample(
    source: str, song: Path, small_library: Path, tmp_path: Path, jacqueesbot: Jacqueesbot
) -> None:
    out = tmp_path / "cover"
    words = ("cover", song, "--library", small_library, "--out", out, "--budget", 8)
    done = jacqueesbot(*words, "--score", source, "--keep-captures")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"({source}): " in done.stdout
    told, rate_hz = document(out), soundfile.info(out / "cover.wav").samplerate
    assert told["score"]["heard"] == told["capture"]["source"] == source
    assert all(abs(one["difference_db"]) < 0.1 for one in told["capture"]["windows"])
    heard = samples(out / "cover.wav")
    assert np.abs(heard - rendered(out)).max() <= SIXTEEN_BIT
    assert {file.suffix for file in (out / "captures").iterdir()} == {".flac"}
    again = json.loads(jacqueesbot("score", song, out / "cover.wav", "--json").stdout)
    offline = write(tmp_path / "offline.wav", rendered(out), rate_hz, subtype="FLOAT")
    assert again["total"] == pytest.approx(told["score"]["total"], abs=1e-6)
    without = json.loads(jacqueesbot("score", song, offline, "--json").stdout)
    assert without["total"] == pytest.approx(again["total"], abs=SAME_SCORE)


def test_what_the_users_set_adds_is_scored_and_told(
    users_live: SimulatedLive, song: Path, small_library: Path, tmp_path: Path, jacqueesbot: Jacqueesbot
) -> None:
    own = write(tmp_path / "own.wav", 0.5 * np.ones(RATE_HZ, np.float32) * tone(70.0, 1.0))
    users_live.act_as_user("user_place_clip", 2, str(own), 0.0)
    users_live.act_as_user("user_solo_track", 3, True)
    users_live.act_as_user("user_set_loop", True, 4.0, 4.0)
    users_live.act_as_user("user_move_main_fader", 0.7)  # -6 dB
    before = users_facts(users_live)
    out = tmp_path / "cover"
    words = ("cover", song, "--library", small_library, "--out", out, "--budget", 12, "--stage", "live")
    done = jacqueesbot(*words, "--score", "loopback")
    assert done.returncode == 0, done.stderr
    told = document(out)
    windows = told["capture"]["windows"]
    assert [one["difference_db"] for one in windows if one["difference_db"] is not None] == pytest.approx(
        [-6.0] * sum(one["difference_db"] is not None for one in windows), abs=0.05
    )
    assert "-6.0 dB" in told["capture"]["response"]
    heard = samples(out / "cover.wav")
    assert np.abs(heard - 10 ** (-6.0 / 20) * rendered(out)).max() <= 2 * SIXTEEN_BIT
    everything = np.asarray(sum(samples(file) for file in (out / "stems").iterdir()))
    assert np.abs(everything - heard).max() < 10 ** (STEMS_DB / 20)
    assert users_facts(users_live) == before
    assert users_live.state()["arrangement_clips"] == 1 + sum(len(track["clips"]) for track in told["tracks"])


def users_facts(live: SimulatedLive) -> dict[str, Any]:
    """What a capture borrows, and the user's own tracks."""
    with ScriptClient(port=live.script_port) as client:
        song = client.request("song")
        names = ("loop", "loop_start_beats", "loop_length_beats", "start_marker_beats")
        tracks = [row for row in client.rows("tracks") if not row["track_id"]]
        return {
            "playing": client.request("status")["playing"],
            "tracks": tracks,
            **{name: song[name] for name in names},
        }


@dataclass(frozen=True)
class Trouble:
    """What happens to the sound server while Live is heard, the fault's name, and whether another take is tried."""

    name: str
    act: Callable[[AudioServer], object]


TROUBLES = (
    Trouble("silent", lambda server: server.run("pactl", "set-sink-mute", "daw", "1")),
    Trouble("level", lambda server: server.run("pactl", "set-sink-volume", "daw", "50%")),
    Trouble("unplugged", lambda server: server.run("pactl", "unload-module", "module-null-sink")),
    Trouble("server gone", lambda server: server.kill()),
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=[one.name for one in TROUBLES])
def test_what_is_heard_wrong_is_never_scored(
    trouble: Trouble,
    pulse: AudioServer,
    users_live: SimulatedLive,
    song: Path,
    small_library: Path,
    tmp_path: Path,
    config_file: Path,
) -> None:
    before = users_facts(users_live)
    out = tmp_path / "cover"
    words = ["cover", song, "--library", small_library, "--out", out, "--budget", 4, "--stage", "live"]
    words += ["--score", "loopback"]
    with started(config_file, *words) as process:
        await_playing(users_live)
        trouble.act(pulse)
        _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1, told
    assert f"{trouble.name}: " in told
    assert told.splitlines()[-1].endswith(f"what the search found is in {out / 'arrangement.json'}")
    assert [file.name for file in out.iterdir()] == ["arrangement.json"]
    assert "heard" not in document(out)["score"]
    assert users_facts(users_live) == before


def test_a_device_that_is_not_there_is_told_before_the_search(
    pulse: AudioServer,
    configure: Callable[..., None],
    song: Path,
    small_library: Path,
    tmp_path: Path,
    jacqueesbot: Jacqueesbot,
) -> None:
    configure(stage={"loopback": "no such input", "output": "daw_out"})
    words = ("cover", song, "--library", small_library, "--out", tmp_path / "cover", "--budget", 600)
    done = jacqueesbot(*words, "--score", "loopback", timeout=60.0)
    assert done.returncode == 1
    assert "device missing: 'no such input'" in done.stderr
    assert not (tmp_path / "cover").exists()


def test_an_output_that_is_not_there_is_one_line_with_a_mend(
    pulse: AudioServer, song: Path, small_library: Path, tmp_path: Path, jacqueesbot: Jacqueesbot
) -> None:
    pulse.run("pactl", "unload-module", "module-null-sink")
    words = ("cover", song, "--library", small_library, "--out", tmp_path / "cover", "--budget", 600)
    done = jacqueesbot(*words, "--score", "loopback", timeout=60.0)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("jacqueesbot: the simulated Live does not start: --audio default: ")
    assert "stage.output in config.yaml (docs/loopback.md" in line


def test_a_controller_that_is_killed_while_it_hears_leaves_the_set_as_the_user_had_it(
    users_live: SimulatedLive, song: Path, small_library: Path, tmp_path: Path, config_file: Path
) -> None:
    users_live.act_as_user("user_solo_track", 3, True)
    users_live.act_as_user("user_set_loop", True, 4.0, 4.0)
    before = users_facts(users_live)
    words = ["cover", song, "--library", small_library, "--out", tmp_path / "cover", "--budget", 600, "--stage", "live"]
    with started(config_file, *words, "--score", "loopback") as process:
        await_playing(users_live)
        children = descendants(process.pid)
        process.kill()
        process.communicate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while users_facts(users_live) != before and time.monotonic() < deadline:
            time.sleep(0.1)
        assert users_facts(users_live) == before
        while still_running(children) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert still_running(children) == set()


@contextmanager
def started(config_file: Path, *words: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "controller", "--config", config_file, *words]
    with subprocess.Popen([str(word) for word in command], stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def await_playing(live: SimulatedLive) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not live.state()["is_playing"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
