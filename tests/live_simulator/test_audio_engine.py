"""The audio engine's process: what it answers, which files it opens, how it ends; and what it keeps of sounds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from simulator_process import PATIENCE_SECONDS, children_of, is_running

from embedding.kernels import resample
from live_simulator.engine_client import EngineClient
from live_simulator.errors import CannotRender
from live_simulator.mix import Clip, Mix, Track, to_json
from live_simulator.simulator import Simulator
from live_simulator.sounds import Sounds

Wave = npt.NDArray[np.float32]

ENGINE = [sys.executable, "-m", "live_simulator.audio_engine"]
RATE_HZ = 44100
POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="processes are looked at in /proc or with ps")


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineClient]:
    client = EngineClient(sys.executable)
    yield client
    client.close()


def asked(engine: EngineClient, request: dict[str, Any]) -> dict[str, Any]:
    replies: list[dict[str, Any]] = []
    engine.ask(request, replies.append)
    while not replies:
        engine.poll()
    return replies[0]


def whole_file(engine: EngineClient, path: Path) -> Mix:
    """A set that plays the file once from beat 0, as Live plays an unwarped clip."""
    file = engine.probe(str(path))
    assert file is not None
    clip = Clip(
        name=path.stem,
        file_path=str(path),
        file_frames=file.frames,
        file_rate_hz=file.sample_rate_hz,
        start_beats=0.0,
        end_beats=1000.0,
        plays_from=0.0,
        plays_to=file.seconds,
        repeats_from=None,
        gain=0.4,
        pitch_coarse=0,
        pitch_fine=0.0,
        warping=False,
        warp_mode=0,
        warp_tempo_bpm=120.0,
        refusal="",
    )
    return Mix(120.0, 0.85, 0.0, "", (Track("a", 0.85, 0.0, True, False, (), None, True, True, "", (clip,)),), ())


def render_request(mix: Mix, folder: Path, **fields: Any) -> dict[str, Any]:
    request = {"do": "render", "folder": str(folder), "sample_rate_hz": RATE_HZ, "start_beats": 0.0, "seconds": 1.0}
    return {**request, "mix": to_json(mix), **fields}


def rendered(engine: EngineClient, mix: Mix, folder: Path, **fields: Any) -> Wave:
    """[2, n] of main.wav."""
    reply = asked(engine, render_request(mix, folder, **fields))
    assert "error" not in reply, reply
    samples: Wave = soundfile.read(folder / "main.wav", dtype="float32", always_2d=True)[0].T
    return samples


def noise(rate_hz: int, channels: int, seconds: float = 0.5) -> npt.NDArray[np.float64]:
    """[n, channels]"""
    return np.random.default_rng(1).uniform(-0.5, 0.5, (round(rate_hz * seconds), channels))


# Files


@pytest.mark.parametrize(
    ("name", "subtype", "rate_hz", "channels"),
    [
        ("mono.wav", "PCM_16", 44100, 1),
        ("old.wav", "PCM_U8", 11025, 2),
        ("studio.wav", "PCM_24", 96000, 2),
        ("float.wav", "FLOAT", 48000, 1),
        ("long integers.wav", "PCM_32", 48000, 2),
        ("odd.wav", "PCM_16", 12345, 1),
        ("highest.wav", "PCM_24", 192000, 2),
        ("apple.aiff", "PCM_24", 48000, 2),
        ("apple float.aiff", "FLOAT", 44100, 1),
        ("free.flac", "PCM_24", 88200, 2),
        ("free.ogg", "VORBIS", 44100, 2),
        ("small.mp3", "MPEG_LAYER_III", 44100, 2),
        ("Übung mit Ölfaß, größer als 🥁.wav", "PCM_16", 44100, 1),
        ("l" * 240 + ".wav", "PCM_16", 44100, 1),
    ],
)
def test_files_that_live_opens_sound_as_they_are(
    name: str, subtype: str, rate_hz: int, channels: int, engine: EngineClient, tmp_path: Path
) -> None:
    path = tmp_path / name
    soundfile.write(path, noise(rate_hz, channels), rate_hz, subtype=subtype)
    decoded = soundfile.read(path, dtype="float32", always_2d=True)[0].T
    expected = np.zeros((2, RATE_HZ), dtype=np.float32)
    sound = resample(np.ascontiguousarray(decoded), rate_hz, RATE_HZ)
    expected[:, : sound.shape[1]] = sound
    assert np.abs(rendered(engine, whole_file(engine, path), tmp_path) - expected).max() < 1e-6


def test_a_path_may_be_as_long_as_the_system_takes_it(engine: EngineClient, tmp_path: Path) -> None:
    folder = tmp_path
    while len(str(folder)) < 900:
        folder /= "a folder with spaces and ümläute" * 3
    folder.mkdir(parents=True)
    soundfile.write(folder / "deep.wav", noise(RATE_HZ, 1), RATE_HZ)
    assert rendered(engine, whole_file(engine, folder / "deep.wav"), folder).any()


@pytest.mark.parametrize(
    ("name", "subtype", "rate_hz", "channels", "told"),
    [
        ("surround.wav", "PCM_16", 44100, 6, "surround.wav: has 6 channels; Live opens mono and stereo files"),
        ("double.wav", "DOUBLE", 44100, 1, "double.wav: is WAV of DOUBLE; Live opens wav, aiff and flac of 8, 16 and"),
        ("fast.wav", "PCM_16", 384000, 1, "fast.wav: has a sample rate of 384000 Hz; Live opens up to 192000"),
        ("telephone.wav", "ULAW", 8000, 1, "is WAV of ULAW"),
        ("sun.au", "PCM_16", 44100, 1, "is AU of PCM_16"),
    ],
)
def test_files_that_live_does_not_open_are_no_audio_to_it(
    name: str, subtype: str, rate_hz: int, channels: int, told: str, engine: EngineClient, tmp_path: Path
) -> None:
    """https://help.ableton.com/hc/en-us/articles/211427589"""
    path = tmp_path / name
    soundfile.write(path, noise(rate_hz, channels), rate_hz, subtype=subtype)
    assert told in asked(engine, {"do": "probe", "path": str(path)})["error"]
    assert engine.probe(str(path)) is None


def test_wav_files_of_32_bit_integers_are_opened_from_12_1_on(engine: EngineClient, tmp_path: Path) -> None:
    path = tmp_path / "integers.wav"
    soundfile.write(path, noise(RATE_HZ, 1), RATE_HZ, subtype="PCM_32")
    for version, opened in (((12, 0, 5), False), ((12, 1, 0), True)):
        live = Simulator(version, engine.probe, list[str]().append)
        track = live.binding.wrap(live.song).tracks[2]
        if opened:
            track.create_audio_clip(str(path), 0.0)
        else:
            with pytest.raises(ValueError, match="does not appear to point to a valid audio file"):
                track.create_audio_clip(str(path), 0.0)


def test_a_file_that_is_another_when_it_is_rendered_is_named(engine: EngineClient, tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, noise(RATE_HZ, 1), RATE_HZ)
    mix = whole_file(engine, path)
    soundfile.write(path, noise(RATE_HZ, 1, 0.25), RATE_HZ)
    error = asked(engine, render_request(mix, tmp_path))["error"]
    assert "take.wav: has 11025 frames at 44100 Hz, had 22050 at 44100 Hz when clip 'take' was made of it" in error
    path.write_bytes(path.read_bytes()[:5000])
    assert "take.wav: is truncated" in asked(engine, render_request(mix, tmp_path))["error"]
    path.unlink()
    assert "take.wav: no such file" in asked(engine, render_request(mix, tmp_path))["error"]


def test_a_file_that_changes_while_it_is_used_is_named(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("take.wav", "other.wav")]
    for path in paths:
        soundfile.write(path, noise(RATE_HZ, 1), RATE_HZ)
    sounds = Sounds(most_bytes=1)
    file, other = (sounds.open(str(path)) for path in paths)
    soundfile.write(paths[0], noise(RATE_HZ, 1, 0.6), RATE_HZ)
    assert sounds.decoded(other).seconds == 0.5
    with pytest.raises(CannotRender, match=r"take\.wav: was changed while it was used"):
        sounds.decoded(file)


# What is kept


def test_what_is_kept_is_bounded_and_makes_no_difference(tmp_path: Path) -> None:
    files = []
    for number in range(8):
        path = tmp_path / f"{number}.wav"
        soundfile.write(path, noise(RATE_HZ, 1, 1.0), RATE_HZ, subtype="FLOAT")
        files.append(str(path))
    bound = 3 * RATE_HZ * 4
    bounded, unbounded = Sounds(bound), Sounds()
    for _ in range(2):
        for semitones in (0.0, 3.0):
            for name in files:
                sounds = [one.played(one.open(name), 0.1, 48000, semitones, 0.5) for one in (bounded, unbounded)]
                assert np.array_equal(sounds[0], sounds[1])
                assert bounded.kept_bytes <= bound
    assert unbounded.kept_bytes > 5 * bound


@pytest.mark.parametrize("semitones", [-13.0, 0.0, 12.0])
def test_a_part_of_a_long_file_sounds_as_the_whole_does(semitones: float, tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, noise(RATE_HZ, 1, 70.0), RATE_HZ, subtype="FLOAT")
    sounds = Sounds()
    file = sounds.open(str(path))
    whole = resample(sounds.decoded(file).samples, RATE_HZ, 48000, semitones)
    for heard_seconds in (0.5, 15.99, 20.0):
        count = round(heard_seconds * 48000)
        part = sounds.played(file, 0.0, 48000, semitones, heard_seconds)
        assert part.shape[1] >= count
        assert np.abs(part[:, :count] - whole[:, :count]).max() < 1e-6


# Requests


def test_a_later_part_is_the_slice_of_the_whole(engine: EngineClient, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "sound.wav", noise(48000, 2, 3.0), 48000)
    mix = whole_file(engine, tmp_path / "sound.wav")
    whole = rendered(engine, mix, tmp_path, seconds=3.0)
    part = rendered(engine, mix, tmp_path, seconds=0.7, skip_seconds=1.3)
    assert np.array_equal(part, whole[:, round(1.3 * RATE_HZ) : round(2.0 * RATE_HZ)])


def test_malformed_requests_are_answered_and_the_next_one_is_served(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "sound.wav", noise(RATE_HZ, 1), RATE_HZ)
    probe = {"id": 7, "do": "probe", "path": str(tmp_path / "sound.wav")}
    track = {"name": "a", "sends": [], "clips": []}
    mix = {"tempo_bpm": 120.0, "master_volume": 0.85, "master_pan": 0.0, "refusal": "", "tracks": [], "returns": []}
    render = {"id": 1, "do": "render", "folder": str(tmp_path), "sample_rate_hz": 44100, "start_beats": 0, "seconds": 1}
    wrong: list[tuple[bytes, str]] = [
        (b"", "no JSON"),
        (b"\xff\xfe{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[1]", "no JSON object"),
        (b"{}", "do: None; a str is wanted"),
        (b'{"do": "dance"}', "do: 'dance'; known are probe, render"),
        (b'{"do": "probe"}', "path: None; a str is wanted"),
        (b'{"do": "probe", "path": "a\\u0000b"}', "a"),
        (json.dumps(render).encode(), "mix: None; a dict is wanted"),
        (json.dumps({**render, "mix": {}}).encode(), "mix: not one that live_simulator.snapshot made"),
        (json.dumps({**render, "mix": {**mix, "tracks": [track]}}).encode(), "mix: not one"),
        (json.dumps({**render, "mix": mix, "seconds": -1.0}).encode(), "seconds: -1.0; it must be 0 or more"),
        (json.dumps({**render, "mix": mix, "seconds": float("nan")}).encode(), "seconds: nan; it must be 0 or more"),
        (json.dumps({**render, "mix": mix, "seconds": "1"}).encode(), "seconds: '1'; a float is wanted"),
        (json.dumps({**render, "mix": {**mix, "tempo_bpm": 0.0}}).encode(), "ZeroDivisionError"),
        (json.dumps({**render, "mix": mix, "folder": str(tmp_path / "none")}).encode(), "main.wav"),
    ]
    lines = b"".join(line + b"\n" for line, _ in wrong) + json.dumps(probe).encode() + b"\n"
    done = subprocess.run(ENGINE, input=lines, capture_output=True, check=True, timeout=PATIENCE_SECONDS)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(wrong) + 1
    for (_, told), answer in zip(wrong, answers, strict=False):
        assert told in answer["error"]
    assert answers[-1] == {
        "id": 7,
        "ok": {"frames": 22050, "sample_rate_hz": 44100, "channels": 1, "opened_since": [0]},
    }


# The end


PARENT = """
import sys
from live_simulator.engine_client import EngineClient
engine = EngineClient(sys.executable)
engine.probe("/nowhere")
if len(sys.argv) > 1:
    engine.ask(__import__("json").loads(sys.argv[1]), print)
print("ready", flush=True)
sys.stdin.read()
"""


@POSIX_ONLY
@pytest.mark.parametrize("at_work", [False, True])
def test_it_ends_when_its_parent_is_killed(at_work: bool, engine: EngineClient, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "sound.wav", noise(RATE_HZ, 1), RATE_HZ)
    request = render_request(whole_file(engine, tmp_path / "sound.wav"), tmp_path, seconds=36000.0)
    arguments = [json.dumps(request)] if at_work else []
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        (child,) = children_of(parent.pid)
        if at_work:
            await_true(lambda: (tmp_path / "main.wav").exists())
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.communicate()
    await_true(lambda: not is_running(child))


def await_true(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
