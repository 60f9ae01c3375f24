"""Captures of what a process plays on a JACK of the test's own, with its dummy driver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from controller.capture.taking import Capture
from embedding.errors import CaptureFailed
from tests.audio_servers import AudioServer
from tests.capture.played import audio, noise, recorded, tune
from tests.capture.playing import Players, Told, and_meanwhile, is_exact

SOUND = audio(tune(2, 2.0))


def test_the_client_that_plays_is_found_and_heard_exactly(on_jack: Players) -> None:
    player = on_jack(SOUND)
    with Capture() as capture:
        takes = [capture.take(SOUND, player.playing) for _ in range(2)]
    assert [is_exact(take.audio, SOUND) for take in takes] == [True, True]
    assert [take.drift_ppm for take in takes] == [0, 0]


def test_two_clients_that_play_are_ambiguous(on_jack: Players) -> None:
    player, _ = on_jack(SOUND), on_jack(audio(noise(1, 1.0)))
    with Capture() as capture, pytest.raises(CaptureFailed) as why:
        capture.take(SOUND, player.playing)
    assert why.value.code == "device_ambiguous"
    with Capture("PortAudio") as capture:
        assert is_exact(capture.take(SOUND, player.playing).audio, SOUND)


def test_nobody_plays(jack: AudioServer) -> None:
    with Capture() as capture, pytest.raises(CaptureFailed) as why:
        capture.take(SOUND, lambda: pytest.fail("played"))
    assert why.value.code == "device_missing"
    assert "system (JACK Audio Connection Kit)" in str(why.value)


def test_another_rate_is_refused(on_jack: Players) -> None:
    player = on_jack(SOUND)
    with Capture() as capture, pytest.raises(CaptureFailed) as why:
        capture.take(audio(SOUND.samples, 44100), player.playing)
    assert why.value.code == "device_refused"
    assert "at 44100 Hz with 2 channels: Error opening RawInputStream: Invalid sample rate" in str(why.value)


@pytest.mark.parametrize(("do", "name"), [("kill", "server_gone"), ("freeze", "frozen")])
def test_the_server_is_killed_or_freezes(on_jack: Players, jack: AudioServer, do: str, name: str) -> None:
    player, told = on_jack(SOUND), Told()
    with Capture(told=told) as capture, pytest.raises(CaptureFailed) as why:
        capture.take(SOUND, and_meanwhile(player.playing, (1.0, getattr(jack, do))), attempts=1)
    assert why.value.code == name
    assert told.names == [name]


def test_the_player_goes(on_jack: Players) -> None:
    player, told = on_jack(SOUND), Told()
    with Capture(told=told) as capture, pytest.raises(CaptureFailed) as why:
        capture.take(SOUND, and_meanwhile(player.playing, (1.0, player.kill)), attempts=1)
    assert why.value.code == "silent"


def test_a_player_that_started_anew_is_heard_at_once(on_jack: Players) -> None:
    player, told = on_jack(SOUND), Told()
    with Capture(told=told) as capture:
        capture.take(SOUND, player.playing)
        player.end()
        assert is_exact(capture.take(SOUND, on_jack(SOUND).playing).audio, SOUND)
    assert "silent" not in told.names


def test_a_server_that_freewheels_is_heard_exactly(on_jack: Players, jack: AudioServer) -> None:
    long = audio(recorded(np.tile(SOUND.samples, 15), 0, 48000))
    player = on_jack(long)

    @contextmanager
    def freewheeling() -> Iterator[None]:
        with player.playing():
            jack.run("jack_freewheel", "y")
            try:
                yield
            finally:
                jack.run("jack_freewheel", "n")

    with Capture() as capture:
        takes = [capture.take(long, freewheeling) for _ in range(2)]
    assert [is_exact(take.audio, long) for take in takes] == [True, True]
