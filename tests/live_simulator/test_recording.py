"""What the simulated Live records is what it renders: the real process, its audio engine, files on the disk."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from simulator_process import SimulatorProcess, write_script

from live_simulator.engine_client import EngineClient
from live_simulator.recording import CLICK_SECONDS
from live_simulator.simulator import Simulator
from live_simulator.sound_log import PRE_ROLL_SAMPLES
from live_simulator.take_files import EngineTakeFiles
from tests.audio_servers import AudioServer, pulse_server

Sound = npt.NDArray[np.float32]

RATE_HZ = 48000
BIT = 2.0**-23
"""The least that 24 bits tell."""
FADE_SAMPLES = 240
RECORDER, FIRST = 2, 3
"""Tracks of the set that Live opens with: the one that records, and one that plays."""
SCRIPT = """
class Script:
    def __init__(self, c_instance):
        pass
    def update_display(self):
        pass
    def disconnect(self):
        pass

def create_instance(c_instance):
    return Script(c_instance)
"""


class Studio:
    """A simulated Live in which two tracks play noise and a third records the main output."""

    def __init__(self, live: SimulatorProcess, folder: Path) -> None:
        self.live = live
        self.folder = folder
        self._renders = 0
        self.do("user_add_track", "audio")
        self.second = int(self.state()["tracks"]) - 1
        for track, (number, rate_hz) in zip((FIRST, self.second), enumerate((RATE_HZ, 44100)), strict=True):
            noise = np.random.default_rng(number).uniform(-0.3, 0.3, (3 * rate_hz, 2))
            file = folder / f"noise {number}.wav"
            soundfile.write(file, noise, rate_hz, subtype="PCM_16")
            for start_beats in (0.0, 7.3):
                self.do("user_place_clip", track, str(file), start_beats + 0.7 * number)
            self.do("user_move_fader", track, 0.8)
        self.do("user_route_input", RECORDER, "Resampling")
        self.do("user_monitor_track", RECORDER, 2)
        self.do("user_arm_track", RECORDER, True)

    def do(self, name: str, *arguments: Any) -> None:
        assert self.live.ask(name, *arguments)[0] == "ok", (name, arguments)

    def state(self) -> dict[str, Any]:
        return self.live.state()

    def until(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + 60.0
        while not fits(state := self.state()):
            assert time.monotonic() < deadline, state
        return state

    def until_beat(self, beats: float) -> None:
        self.until(lambda state: state["current_song_time_beats"] >= beats)

    def taken(self) -> Sound:
        """Stops; the last take as it was recorded, [2, n]."""
        self.do("user_stop")
        state = self.until(lambda state: not state["is_playing"] and state["recording"] == 0)
        file = soundfile.info(state["recorded"][-1])
        assert (file.format, file.subtype, file.samplerate, file.channels) == ("WAV", "PCM_24", RATE_HZ, 2)
        samples, _ = soundfile.read(state["recorded"][-1], dtype="float32")
        return samples.T  # type: ignore[no-any-return]

    def rendered(self, start_beats: float, seconds: float) -> Sound:
        self._renders += 1
        folder = self.folder / str(self._renders)
        folder.mkdir()
        self.do("render", str(folder), start_beats, seconds)
        samples, _ = soundfile.read(folder / "main.wav", dtype="float32")
        return samples.T  # type: ignore[no-any-return]


def opened(tmp_path: Path, *options: str, **environment: Any) -> SimulatorProcess:
    script = write_script(tmp_path / "Script", SCRIPT)
    return SimulatorProcess(script, "--sample-rate-hz", str(RATE_HZ), *options, **environment)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with opened(tmp_path) as live:
        yield Studio(live, tmp_path)


def same(heard: Sound, expected: Sound, within: float = BIT) -> bool:
    assert heard.shape == expected.shape
    assert np.abs(expected).max() > 0.2
    return bool(np.abs(heard - expected).max() <= within)


def test_a_take_is_the_render_of_the_same_span_behind_a_silent_pre_roll(studio: Studio) -> None:
    studio.do("user_record", True)
    studio.until_beat(10.0)
    take = studio.taken()
    assert take.shape[1] > PRE_ROLL_SAMPLES + 5 * RATE_HZ
    assert not take[:, :PRE_ROLL_SAMPLES].any()
    sound = take[:, PRE_ROLL_SAMPLES:]
    assert studio.state()["arrangement_clips"] == 5
    studio.do("user_delete_clip", RECORDER, 0)
    assert same(sound, studio.rendered(0.0, sound.shape[1] / RATE_HZ))


def test_what_is_recorded_later_has_what_was_heard_before_as_its_pre_roll(studio: Studio) -> None:
    studio.do("user_play")
    studio.until_beat(1.0)
    studio.do("user_record", True)
    studio.until_beat(4.0)
    take = studio.taken()
    studio.do("user_delete_clip", RECORDER, 0)
    whole = studio.rendered(0.0, 3.0)
    first = place_of(take, whole)
    assert first > 0
    assert same(take, whole[:, first : first + take.shape[1]])


def place_of(part: Sound, whole: Sound) -> int:
    """The sample of `whole` at which `part` begins, by their cross-correlation."""
    size = 1 << (whole.shape[1] + part.shape[1]).bit_length()
    found = np.fft.irfft(np.fft.rfft(whole[0], size) * np.conj(np.fft.rfft(part[0], size)), size)
    return int(np.argmax(found[: whole.shape[1]]))


@pytest.mark.parametrize(
    "change",
    [("user_mute_track", FIRST, True), ("user_solo_track", FIRST, True), ("user_move_fader", FIRST, 0.5)],
    ids=["mute", "solo", "fader"],
)
def test_what_the_user_changes_meanwhile_is_in_it(studio: Studio, change: tuple[Any, ...]) -> None:
    before = studio.rendered(0.0, 5.0)
    studio.do("user_record", True)
    studio.until_beat(2.0)
    studio.do(*change)
    studio.until_beat(10.0)
    sound = studio.taken()[:, PRE_ROLL_SAMPLES:][:, : 5 * RATE_HZ]
    studio.do("user_delete_clip", RECORDER, 0)
    after = studio.rendered(0.0, 5.0)
    is_before, is_after = (np.abs(sound - expected).max(axis=0) <= BIT for expected in (before, after))
    changed = int(np.argmin(is_before))
    assert RATE_HZ <= changed < 4 * RATE_HZ
    assert is_after[changed + FADE_SAMPLES :].all()
    assert not is_after[: changed // 2].all()


def test_a_muted_sound_is_silent_in_the_take_and_a_solo_leaves_only_itself(studio: Studio) -> None:
    studio.do("user_solo_track", FIRST, True)
    studio.do("user_record", True)
    studio.until_beat(8.0)
    sound = studio.taken()[:, PRE_ROLL_SAMPLES:][:, : 4 * RATE_HZ]
    studio.do("user_delete_clip", RECORDER, 0)
    assert same(sound, studio.rendered(0.0, 4.0))
    assert not sound[:, round(3.1 * RATE_HZ) : round(3.6 * RATE_HZ)].any()


def test_the_metronome_is_heard_in_it(studio: Studio) -> None:
    expected = studio.rendered(0.0, 4.0)
    studio.do("user_switch_metronome", True)
    studio.do("user_record", True)
    studio.until_beat(8.0)
    clicks = studio.taken()[:, PRE_ROLL_SAMPLES:][:, : 4 * RATE_HZ] - expected
    beat = clicks[0].reshape(8, RATE_HZ // 2)
    assert (np.abs(beat[:, : round(CLICK_SECONDS * RATE_HZ)]).max(axis=1) > 0.1).all()
    assert (np.abs(beat[:, round(CLICK_SECONDS * RATE_HZ) + 1 :]) <= BIT).all()


def test_a_file_is_where_the_set_is_and_stays_when_the_take_is_undone(studio: Studio) -> None:
    project = studio.folder / "Song Project"
    studio.do("user_save_set", str(project / "song.als"))
    studio.do("user_record", True)
    studio.until_beat(2.0)
    (growing,) = (project / "Samples" / "Recorded").iterdir()
    assert soundfile.info(growing).frames == 0
    studio.taken()
    clips = studio.state()["arrangement_clips"]
    studio.do("user_undo")
    assert studio.state()["arrangement_clips"] == clips - 1
    assert growing.name.startswith("3-Audio 0001 [")
    assert soundfile.info(growing).frames > RATE_HZ


def test_what_was_recorded_can_be_played_and_recorded_again(studio: Studio) -> None:
    studio.do("user_record", True)
    studio.until_beat(6.0)
    first = studio.taken()
    studio.do("user_arm_track", RECORDER, False)
    for track in (FIRST, studio.second):
        studio.do("user_mute_track", track, True)
    seconds = 2.5
    heard = studio.rendered(0.0, seconds)
    sound = first[:, PRE_ROLL_SAMPLES : PRE_ROLL_SAMPLES + round(seconds * RATE_HZ)]
    assert same(heard, sound, within=1e-6)  # a fader's 0.85 is not 0 dB to the last digit


def test_each_round_of_a_loop_is_the_same(studio: Studio) -> None:
    expected = studio.rendered(1.0, 1.5)
    studio.do("user_set_loop", True, 1.0, 3.0)
    studio.do("user_record", True)
    studio.until(lambda state: len(state["recorded"]) > 1)
    studio.do("user_stop")
    first, second = (
        soundfile.read(file, dtype="float32")[0].T[:, PRE_ROLL_SAMPLES:] for file in studio.state()["recorded"][:2]
    )
    assert same(first, expected)
    assert same(second, expected)


def test_a_clip_that_is_launched_meanwhile_begins_on_its_very_sample(tmp_path: Path) -> None:
    """Its line lies between two of Live's ticks."""
    engine = EngineClient(sys.executable)
    live = Simulator((12, 3, 6), engine.probe, list[str]().append)
    live.recorder.files = files = EngineTakeFiles(engine, RATE_HZ, list[str]().append)
    noise = np.random.default_rng(5).uniform(-0.3, 0.3, (RATE_HZ, 2)).astype(np.float32)
    soundfile.write(tmp_path / "noise.wav", noise, RATE_HZ, subtype="FLOAT")
    song: Any = live.binding.wrap(live.song)
    song.tempo = 97.0
    live.tick()
    recorder = song.tracks[RECORDER]
    recorder.current_input_routing = "Resampling"
    recorder.current_monitoring_state = 2
    recorder.arm = True
    clip = song.tracks[FIRST].clip_slots[0].create_audio_clip(str(tmp_path / "noise.wav"))
    song.record_mode = True
    for _ in range(100):
        live.tick()
    clip.fire()
    for _ in range(300):
        live.tick()
    song.stop_playing()
    deadline = time.monotonic() + 60.0
    while live.recorder.figures["recording"] and time.monotonic() < deadline:
        live.tick()
        engine.poll()
    (take,) = recorder.arrangement_clips
    heard = soundfile.read(take.file_path, dtype="float32")[0]
    engine.close()
    files.close()
    first = PRE_ROLL_SAMPLES + round(4.0 * 60.0 / 97.0 * RATE_HZ)
    assert not heard[:first].any()
    assert same(heard[first : first + RATE_HZ].T, noise.T, within=1e-6)
    assert not heard[first + RATE_HZ :].any()


def test_what_cannot_be_played_is_silent_in_it_and_told(studio: Studio) -> None:
    studio.do("user_set_tempo", 97.0)
    studio.do("user_record", True)
    studio.until_beat(2.0)
    assert not studio.taken().any()
    studio.do("quit")
    _, log = studio.live.finish()
    assert "recording: a clip is silent: clip 'noise 0' at beat 0: is warped" in log


def test_the_temporary_project_of_an_unsaved_set_ends_with_live(studio: Studio) -> None:
    studio.do("user_record", True)
    studio.until_beat(1.0)
    studio.taken()
    file = Path(studio.state()["recorded"][0])
    assert file.exists()
    assert "Temp Project" in str(file)
    studio.do("quit")
    assert studio.live.finish()[0] == 0
    assert not file.exists()


def test_a_set_that_plays_on_a_device_records_the_same(tmp_path: Path) -> None:
    with pulse_server(RATE_HZ) as server:
        check_on_a_device(server, tmp_path)


def check_on_a_device(server: AudioServer, tmp_path: Path) -> None:
    options = ("--clock", "real", "--audio", "daw_out")
    with opened(tmp_path, *options, environment=server.environment) as live:
        studio = Studio(live, tmp_path)
        studio.do("user_record", True)
        studio.until_beat(6.0)
        take = studio.taken()
        sound = take[:, PRE_ROLL_SAMPLES:]
        studio.do("user_delete_clip", RECORDER, 0)
        assert same(sound, studio.rendered(0.0, sound.shape[1] / RATE_HZ))
        studio.do("user_lose_audio")
        studio.do("user_record", True)
        state = studio.until(lambda state: bool(state["is_playing"]))
        time.sleep(0.2)
        assert studio.state()["current_song_time_beats"] == state["current_song_time_beats"]
        assert studio.state()["recording"] == 0
