"""Captures of what a process plays on a PulseAudio of the test's own, and everything that can go wrong there."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import numpy as np
import pytest
import soxr

from controller.capture.faults import FaultFound, fault
from controller.capture.taking import Capture
from embedding.audio import Audio
from embedding.errors import BadAudio, CaptureFailed
from tests.audio_servers import AudioServer
from tests.capture.played import audio, noise, recorded, tune
from tests.capture.playing import Players, Told, and_meanwhile, is_exact
from tests.controller.processes import descendants

SOUND = audio(tune(1, 2.0))
LOUD = audio(tune(1, 2.0) * 8)
HEARS = "daw_loopback"
NULL_SINK = ("pactl", "load-module", "module-null-sink", "sink_name=daw", "norewinds=1")


@pytest.mark.parametrize("latency_seconds", [0.1, 0.2])
def test_a_take_is_the_very_sound(on_pulse: Players, latency_seconds: float) -> None:
    player = on_pulse(SOUND, latency_seconds)
    with Capture(HEARS, latency_seconds) as capture:
        takes = [capture.take(SOUND, player.playing) for _ in range(2)]
    assert [is_exact(take.audio, SOUND) for take in takes] == [True, True]
    assert [take.drift_ppm for take in takes] == [0, 0]
    assert [take.gain_db for take in takes] == pytest.approx([0, 0], abs=1e-6)
    assert all(0 < take.latency_seconds < 0.75 for take in takes)
    assert all(max(take.residual_db) < -150 for take in takes)
    assert len(takes[0].residual_db) == 2


def test_a_sound_that_begins_and_ends_with_silence_is_as_long_as_it_was(on_pulse: Players) -> None:
    sound = audio(recorded(SOUND.samples, 48000, 48000))
    with Capture(HEARS) as capture:
        assert is_exact(capture.take(sound, on_pulse(sound).playing).audio, sound)


def test_the_monitor_of_the_default_output_is_found_by_itself(on_pulse: Players, pulse: AudioServer) -> None:
    pulse.run(*NULL_SINK[:3], "sink_name=another")
    with Capture() as capture:
        assert is_exact(capture.take(SOUND, on_pulse(SOUND).playing).audio, SOUND)


def test_a_monitor_is_heard_by_its_own_name(on_pulse: Players, pulse: AudioServer) -> None:
    pulse.run(*NULL_SINK[:3], "sink_name=another")
    with Capture("daw.monitor") as capture:
        assert is_exact(capture.take(SOUND, on_pulse(SOUND).playing).audio, SOUND)
    told = Told()
    with Capture("another.monitor", told=told) as capture, pytest.raises(CaptureFailed) as why:
        capture.take(SOUND, on_pulse(SOUND).playing)
    assert why.value.code == "silent"


def failed(
    on_pulse: Players,
    *acts: tuple[float, Callable[[], object]],
    sound: Audio = SOUND,
    played: Audio | None = None,
    attempts: int = 1,
) -> list[str]:
    """The names of the faults that a take told of which was refused."""
    told = Told()
    player = on_pulse(sound if played is None else played)
    with Capture(HEARS, told=told) as capture, pytest.raises(CaptureFailed) as why:
        capture.take(sound, and_meanwhile(player.playing, *acts), attempts=attempts)
    assert why.value.code in told.names
    assert all(fault.mend in str(why.value) for fault in told.faults[-1:])
    return told.names


def test_the_server_is_killed(on_pulse: Players, pulse: AudioServer) -> None:
    assert failed(on_pulse, (1.0, pulse.kill)) == ["server_gone"]


def test_the_server_freezes(on_pulse: Players, pulse: AudioServer) -> None:
    assert failed(on_pulse, (1.0, pulse.freeze)) == ["frozen"]


def test_the_server_freezes_for_a_moment(on_pulse: Players, pulse: AudioServer) -> None:
    assert failed(on_pulse, (1.0, pulse.freeze), (2.5, pulse.thaw)) == ["frozen"]


def test_the_device_is_unplugged(on_pulse: Players, pulse: AudioServer) -> None:
    names = failed(on_pulse, (1.0, lambda: pulse.run("pactl", "unload-module", "module-null-sink")))
    assert names == ["unplugged"]


def test_the_output_is_muted_from_the_beginning(on_pulse: Players, pulse: AudioServer) -> None:
    pulse.run("pactl", "set-sink-mute", "daw", "1")
    assert failed(on_pulse) == ["silent"]


def test_the_output_is_muted_meanwhile(on_pulse: Players, pulse: AudioServer) -> None:
    assert failed(on_pulse, (1.0, lambda: pulse.run("pactl", "set-sink-mute", "daw", "1"))) == ["silent"]


def test_the_output_is_turned_down(on_pulse: Players, pulse: AudioServer) -> None:
    pulse.run("pactl", "set-sink-volume", "daw", "50%")
    assert failed(on_pulse) == ["level"]


def test_the_output_is_mono(on_pulse: Players, pulse: AudioServer) -> None:
    pulse.run("pactl", "unload-module", "module-null-sink")
    pulse.run(*NULL_SINK, "format=float32le", "rate=48000", "channels=1")
    assert "mono" in failed(on_pulse)


def test_the_output_is_clipped(on_pulse: Players, pulse: AudioServer) -> None:
    pulse.run("pactl", "unload-module", "module-null-sink")
    pulse.run(*NULL_SINK, "format=s16le", "rate=48000", "channels=2")
    assert "clipped" in failed(on_pulse, sound=LOUD)


def test_the_output_has_another_rate(on_pulse: Players, pulse: AudioServer) -> None:
    bright = audio(noise(1, 2.0))
    pulse.run("pactl", "unload-module", "module-null-sink")
    pulse.run(*NULL_SINK, "format=float32le", "rate=44100", "channels=2")
    on_pulse(audio(SOUND.samples, 44100))  # keeps it from being changed
    assert "sample_rate" in failed(on_pulse, sound=bright)


def test_the_player_has_another_rate(on_pulse: Players) -> None:
    assert failed(on_pulse, played=audio(SOUND.samples, 44100)) == ["sample_rate"]


def test_another_program_plays_too(on_pulse: Players) -> None:
    with on_pulse(audio(noise(5, 10.0) * 0.1)).playing():
        assert failed(on_pulse) == ["other_sound"]


def test_something_else_plays(on_pulse: Players) -> None:
    assert failed(on_pulse, played=audio(noise(5, 2.0))) == ["not_heard"]


def test_the_player_stalls(on_pulse: Players) -> None:
    told = Told()
    player = on_pulse(SOUND)
    with Capture(HEARS, told=told) as capture, pytest.raises(CaptureFailed):
        capture.take(SOUND, and_meanwhile(player.playing, (1.0, player.freeze), (1.6, player.thaw)), attempts=1)
    assert "gap" in told.names


def test_the_clocks_differ(on_pulse: Players) -> None:
    drifted = audio(soxr.resample(SOUND.samples.T, 1.0, 1 + 80e-6, quality="VHQ").T)
    assert failed(on_pulse, played=drifted) == ["drift"]


def test_what_passes_is_taken_again_and_what_stays_is_refused(on_pulse: Players) -> None:
    player, told = on_pulse(SOUND), Told()
    once = [and_meanwhile(player.playing, (1.0, player.freeze), (1.6, player.thaw)), player.playing]
    with Capture(HEARS, told=told) as capture:
        take = capture.take(SOUND, lambda: once.pop(0)())
    assert is_exact(take.audio, SOUND)
    assert "gap" in told.names
    assert failed(on_pulse, played=audio(SOUND.samples * 0.5), attempts=5) == ["level", "level"]


def test_after_a_fault_the_next_take_is_good(on_pulse: Players, pulse: AudioServer) -> None:
    player = on_pulse(SOUND)
    with Capture(HEARS) as capture:
        with pytest.raises(CaptureFailed):
            capture.take(SOUND, and_meanwhile(player.playing, (0.5, pulse.kill)))
        pulse.start_again()
        assert is_exact(capture.take(SOUND, on_pulse(SOUND).playing).audio, SOUND)


def test_what_the_player_raises_comes_through(on_pulse: Players) -> None:
    def broken() -> None:
        raise BadAudio("no such set")

    with Capture(HEARS) as capture:
        with pytest.raises(BadAudio, match="no such set"):
            capture.take(SOUND, broken)
        assert is_exact(capture.take(SOUND, on_pulse(SOUND).playing).audio, SOUND)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("BlackHole", "device_missing", "'BlackHole': no input is called so; there are: daw_out (ALSA), daw_loopback"),
        (
            "DAW",
            "device_ambiguous",
            "'DAW': several inputs are called so: daw_out (ALSA), daw_loopback (ALSA), daw",
        ),
    ],
)
def test_a_device_that_is_not_one(on_pulse: Players, name: str, code: str, words: str) -> None:
    with Capture(name) as capture, pytest.raises(CaptureFailed) as why:
        capture.take(SOUND, on_pulse(SOUND).playing)
    assert why.value.code == code
    assert words in str(why.value)


def test_no_server_at_all(pulse: AudioServer) -> None:
    pulse.kill()
    with Capture(HEARS) as capture, pytest.raises(CaptureFailed) as why:
        capture.take(SOUND, lambda: pytest.fail("played"))
    assert why.value.code == "device_missing"


def test_a_server_that_is_frozen_at_the_beginning(pulse: AudioServer) -> None:
    pulse.freeze()
    with Capture(HEARS) as capture, pytest.raises(CaptureFailed) as why:
        capture.take(SOUND, lambda: pytest.fail("played"), attempts=1)
    assert why.value.code == "frozen"


def test_the_recording_process_is_killed(on_pulse: Players) -> None:
    def kill() -> None:
        for one in recording_processes():
            os.kill(one, signal.SIGKILL)

    assert failed(on_pulse, (0.5, kill)) == ["server_gone"]


def recording_processes() -> list[int]:
    return [one for one, command in descendants(os.getpid()).items() if "controller.capture.worker" in command]


def test_silence_is_not_to_be_captured() -> None:
    with Capture() as capture, pytest.raises(BadAudio, match="silent"):
        capture.take(audio(np.zeros((2, 48000))), lambda: pytest.fail("played"))


def test_who_listens_may_look_after_the_player_meanwhile(on_pulse: Players) -> None:
    player, told, looks = on_pulse(SOUND), Told(), [0]

    def look() -> None:
        looks[0] += 1

    with Capture(HEARS, told=told) as capture:
        assert is_exact(capture.take(SOUND, player.playing, meanwhile=look).audio, SOUND)
        assert 20 <= looks[0] <= 80  # about twenty times a second
        recorders = recording_processes()
        with pytest.raises(CaptureFailed) as why:
            capture.take(SOUND, player.playing, meanwhile=after_looks(20, FaultFound(fault("live_stopped", "at 1 s"))))
        assert (why.value.code, told.names) == ("live_stopped", ["live_stopped", "live_stopped"])
        with pytest.raises(BadAudio, match="enough"):
            capture.take(SOUND, player.playing, meanwhile=after_looks(20, BadAudio("enough")))
        assert is_exact(capture.take(SOUND, player.playing).audio, SOUND)
        assert recording_processes() == recorders != []  # they are in order, and kept


def after_looks(count: int, error: Exception) -> Callable[[], None]:
    left = iter(range(count))

    def look() -> None:
        if next(left, None) is None:
            raise error

    return look
