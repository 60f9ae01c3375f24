"""What of a set is heard, from Live's API to the samples: Session clips over the arrangement, loops, the mixer.

The sounds are ramps, so that each sample says which part of which file it is.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from live_simulator import user
from live_simulator.errors import CannotRender
from live_simulator.mix import from_json
from live_simulator.mixdown import Block, Mixdown
from live_simulator.nodes.node import AudioFile
from live_simulator.simulator import Simulator
from live_simulator.snapshot import mix, unheard
from live_simulator.sounds import Sounds

Wave = npt.NDArray[np.float64]

RATE_HZ = 8000
BEAT = 4000
FRAMES = 4 * BEAT
TICK_BEATS = 0.02
UP = np.arange(FRAMES) / FRAMES / 2.0
DOWN = -UP


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return Sounds()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ramps")
    for name, samples in (("up", UP), ("down", DOWN)):
        soundfile.write(folder / f"{name}.wav", samples, RATE_HZ, subtype="FLOAT")
    return folder


class Desk:
    """A set, its API and its sound."""

    def __init__(self, folder: Path, sounds: Sounds) -> None:
        self.folder = folder
        self.sounds = sounds
        self.live = Simulator((12, 3, 6), partial(_probed, sounds), list[str]().append)
        self.song: Any = self.live.binding.wrap(self.live.song)
        self.track = self.song.tracks[2]
        self.other = self.song.tracks[3]

    def arrange(self, track: Any, name: str, start_beats: float) -> Any:
        return track.create_audio_clip(str(self.folder / f"{name}.wav"), start_beats)

    def slot(self, track: Any, name: str, row: int = 0) -> Any:
        return track.clip_slots[row].create_audio_clip(str(self.folder / f"{name}.wav"))

    def ticks(self, count: int) -> None:
        for _ in range(count):
            self.live.tick()

    def heard(self, start_beats: float = 0.0, count: int = FRAMES) -> Block:
        mixdown = Mixdown(from_json(mix(self.live.song, start_beats)), RATE_HZ, start_beats, self.sounds)
        mixdown.require(0, count)
        return mixdown.block(0, count)

    def left(self, start_beats: float = 0.0, count: int = FRAMES) -> Wave:
        """Of the main output, of which both sides are the same."""
        left, right = self.heard(start_beats, count).main
        assert same(left, right)
        found: Wave = left
        return found


def _probed(sounds: Sounds, path: str) -> AudioFile:
    audio = sounds.decoded(sounds.open(path))
    return AudioFile(path, audio.samples.shape[1], audio.sample_rate_hz, audio.samples.shape[0])


@pytest.fixture
def desk(folder: Path, sounds: Sounds) -> Desk:
    desk = Desk(folder, sounds)
    desk.ticks(1)
    return desk


def same(one: Wave, other: Wave) -> bool:
    """But for the fader at 0.85, a float32, which is 0 dB within 1e-6."""
    return one.shape == other.shape and float(np.abs(one - other).max()) < 1e-6


# The Session view


def test_a_session_clip_goes_before_its_tracks_arrangement_until_that_is_gone_back_to(desk: Desk) -> None:
    desk.arrange(desk.track, "up", 0.0)
    desk.arrange(desk.other, "up", 0.0)
    desk.slot(desk.track, "down").looping = False
    assert same(desk.left(), 2 * UP)
    desk.track.clip_slots[0].fire()
    desk.ticks(1)
    assert same(desk.heard(0.0).tracks[2][0], DOWN)
    assert same(desk.left(), UP + DOWN)
    desk.song.back_to_arranger = False
    desk.ticks(2)
    assert same(desk.left(), 2 * UP)


def test_a_stopped_track_is_silent_until_the_arrangement_is_gone_back_to(desk: Desk) -> None:
    desk.arrange(desk.track, "up", 0.0)
    desk.slot(desk.track, "down")
    desk.track.clip_slots[0].fire()
    desk.ticks(1)
    desk.track.stop_all_clips(False)
    desk.ticks(2)
    assert not desk.left().any()
    desk.song.stop_playing()
    desk.song.back_to_arranger = False
    desk.ticks(2)
    assert same(desk.left(), UP)


def test_a_session_clip_is_where_it_got_to_when_the_render_begins(desk: Desk) -> None:
    """It began at beat 1, by the launch quantisation; a loop goes on from its end with its start."""
    desk.song.clip_trigger_quantization = 7
    clip = desk.slot(desk.track, "up")
    clip.looping = True
    clip.loop_start, clip.loop_end = 1.0, 3.0
    desk.song.start_playing()
    desk.ticks(5)
    desk.track.clip_slots[0].fire()
    desk.ticks(60)
    assert desk.song.current_song_time > 1.0
    assert clip.is_playing
    unrolled = np.concatenate([UP[: 3 * BEAT], *[UP[BEAT : 3 * BEAT]] * 4])
    assert same(desk.left(0.0, 6 * BEAT), np.concatenate([np.zeros(BEAT), unrolled])[: 6 * BEAT])
    assert same(desk.left(5.5, 2 * BEAT), unrolled[round(4.5 * BEAT) : round(6.5 * BEAT)])


def test_a_stopped_songs_session_clips_begin_where_the_render_does(desk: Desk) -> None:
    clip = desk.slot(desk.track, "up")
    desk.track.clip_slots[0].fire()
    desk.ticks(20)
    desk.song.stop_playing()
    desk.ticks(2)
    assert clip.is_playing
    assert same(desk.left(7.0, BEAT), UP[:BEAT])


def test_an_unwarped_session_clip_plays_once(desk: Desk) -> None:
    clip = desk.slot(desk.track, "up")
    clip.warping = False
    desk.ticks(1)
    clip.loop_start, clip.loop_end = 0.5, 1.5
    desk.ticks(1)
    desk.track.clip_slots[0].fire()
    desk.ticks(1)
    assert same(desk.left(0.0), np.concatenate([UP[BEAT : 3 * BEAT], np.zeros(2 * BEAT)]))


def test_a_muted_session_clip_is_silent(desk: Desk) -> None:
    desk.arrange(desk.track, "up", 0.0)
    desk.slot(desk.track, "down").muted = True
    desk.track.clip_slots[0].fire()
    desk.ticks(1)
    assert not desk.left().any()


# The arrangement


def test_an_arrangement_clip_loops_up_to_its_edge(desk: Desk) -> None:
    clip = desk.arrange(desk.track, "up", 1.0)
    clip.looping = True
    clip.loop_end = 1.5
    assert clip.end_time == 5.0
    loops = np.concatenate([UP[: round(1.5 * BEAT)]] * 3)[: 4 * BEAT]
    assert same(desk.left(0.0, 6 * BEAT), np.concatenate([np.zeros(BEAT), loops, np.zeros(BEAT)]))


def test_repitch_follows_the_tempo(desk: Desk) -> None:
    """At half its tempo the ramp takes twice as long."""
    clip = desk.arrange(desk.track, "up", 0.0)
    clip.warp_mode = 3
    desk.song.tempo = 60.0
    slow = desk.left(0.0, 2 * FRAMES)
    inside = slice(200, 2 * FRAMES - 200)
    assert np.abs(slow - np.arange(2 * FRAMES) / FRAMES / 4.0)[inside].max() < 1e-5


def test_warp_markers_that_are_uneven_are_not_rendered(desk: Desk) -> None:
    clip = desk.arrange(desk.track, "up", 0.0)
    clip.warp_mode = 3
    clip.add_warp_marker(_warp_marker(desk, 1.0, 3.0))
    with pytest.raises(CannotRender, match="clip 'up' at beat 0: is warped and would have to be stretched"):
        desk.heard()


def _warp_marker(desk: Desk, seconds: float, beats: float) -> Any:
    return desk.live.modules()["Live"].Clip.WarpMarker(seconds, beats)


# The mixer


def test_a_send_is_heard_through_its_return(desk: Desk) -> None:
    """Without the return's devices."""
    desk.arrange(desk.track, "up", 0.0)
    desk.track.mixer_device.sends[1].value = 1.0
    assert same(desk.left(), 2 * UP)
    assert same(desk.heard().returns[1][0], UP)
    desk.song.return_tracks[1].mixer_device.volume.value = 0.85 - 20 * np.log10(2.0) / 40.0
    assert same(desk.left(), 1.5 * UP)
    desk.song.return_tracks[1].mute = True
    assert same(desk.left(), UP)


def test_what_is_not_heard_is_told(desk: Desk) -> None:
    assert unheard(desk.live.song) == []
    desk.song.tracks[0].create_midi_clip(0.0, 4.0)
    desk.track.insert_device("EQ Eight")
    told = ["track '1-MIDI': its MIDI is silent", "track '3-Audio': is heard without EQ Eight"]
    assert unheard(desk.live.song) == told
    desk.track.mixer_device.sends[0].value = 0.1
    assert unheard(desk.live.song) == [*told, "track 'A-Reverb': is heard without Reverb"]
    desk.track.devices[0].parameters[0].value = 0.0
    assert unheard(desk.live.song) == [told[0], "track 'A-Reverb': is heard without Reverb"]


def test_a_group_that_the_user_made_goes_over_its_tracks(desk: Desk) -> None:
    desk.arrange(desk.track, "up", 0.0)
    desk.arrange(desk.other, "up", 0.0)
    user.act(desk.live, "user_group_tracks", (2, 2))
    desk.ticks(1)
    assert same(desk.left(), 2 * UP)
    group, member = desk.song.tracks[2], desk.song.tracks[3]
    group.mixer_device.volume.value = 0.0
    assert same(desk.left(), UP)
    group.mixer_device.volume.value = 0.85
    member.solo = True
    assert same(desk.left(), UP)
    group.mute = True
    assert not desk.left().any()


def test_what_is_routed_to_sends_only_reaches_its_returns(desk: Desk) -> None:
    desk.arrange(desk.track, "up", 0.0)
    (nowhere,) = [one for one in desk.track.available_output_routing_types if one.display_name == "Sends Only"]
    desk.track.output_routing_type = nowhere
    assert not desk.left().any()
    desk.track.mixer_device.sends[0].value = 1.0
    assert same(desk.left(), UP)


def test_a_track_that_monitors_its_input_does_not_play_its_clips(desk: Desk) -> None:
    desk.arrange(desk.track, "up", 0.0)
    desk.track.current_monitoring_state = 0
    assert not desk.left().any()


def test_split_stereo_and_the_crossfader_change_nothing_until_they_are_moved(desk: Desk) -> None:
    desk.arrange(desk.track, "up", 0.0)
    desk.track.mixer_device.panning.value = 0.5
    desk.track.mixer_device.panning_mode = 1
    desk.track.mixer_device.crossfade_assign = 0
    assert same(desk.left(), UP)


def _choose(track: Any, end: str, name: str) -> None:
    types = getattr(track, f"available_{end}_routing_types")
    setattr(track, f"{end}_routing_type", next(one for one in types if one.display_name == name))


def _split(desk: Desk) -> None:
    desk.track.mixer_device.panning_mode = 1
    desk.track.mixer_device.left_split_stereo.value = 0.0


def _split_master(desk: Desk) -> None:
    desk.song.master_track.mixer_device.panning_mode = 1
    desk.song.master_track.mixer_device.right_split_stereo.value = 0.0


def _crossfade(desk: Desk) -> None:
    desk.track.mixer_device.crossfade_assign = 2
    desk.song.master_track.mixer_device.crossfader.value = -0.5


def _envelope(desk: Desk) -> None:
    clip = desk.slot(desk.track, "down")
    clip.create_automation_envelope(desk.track.mixer_device.volume).insert_step(0.0, 1.0, 0.5)
    desk.track.clip_slots[0].fire()
    desk.ticks(1)


def _monitor_another_track(desk: Desk) -> None:
    _choose(desk.other, "input", "3-Audio")
    desk.other.current_monitoring_state = 0


REFUSED = {
    "track '3-Audio': its split stereo pan was moved": _split,
    "the master track: its split stereo pan was moved": _split_master,
    "track '3-Audio': the crossfader is not in its middle": _crossfade,
    "clip 'down' at beat 0: its envelope moves 'Track Volume'": _envelope,
    "track '3-Audio': its output goes to '4-Audio'": lambda desk: _choose(desk.track, "output", "4-Audio"),
    "track '3-Audio': its output goes to 'Ext. Out'": lambda desk: _choose(desk.track, "output", "Ext. Out"),
    "track '4-Audio': it monitors '3-Audio'": _monitor_another_track,
}


@pytest.mark.parametrize("told", REFUSED)
def test_what_would_sound_wrong_is_refused(told: str, desk: Desk) -> None:
    desk.arrange(desk.track, "up", 0.0)
    assert same(desk.left(), UP)
    REFUSED[told](desk)
    with pytest.raises(CannotRender, match=told):
        desk.heard()
