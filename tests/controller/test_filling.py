"""The set fills while Live plays: each build begins on a bar line, and with the set as the user has it by then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.filling import BAR_LINE_BEATS, Filling
from controller.stage import connect
from live_remote_script import osc, protocol
from search.arrangement import Arrangement, Clip, Track
from tests.conftest import tone, write
from tests.controller.simulated_live import SimulatedLive, simulated_live
from tests.controller.unreliable_network import Relay, running

TEMPO_BPM = 240.0
BEATS_PER_BAR = 4.0
LATE_BEATS = BAR_LINE_BEATS + 0.8
"""0.2 s, for a busy computer."""
OURS = 4
"""The first track of ours: the simulated Live opens a set of four."""


class Noting(Relay):
    """Where in the song each plan is begun."""

    def __init__(self, live: SimulatedLive) -> None:
        super().__init__(live.script_port)
        self._live = live
        self.begun_beats: list[float] = []
        self._seen: set[bytes] = set()

    def fate(self, inward: bool, packet: bytes) -> tuple[float, ...]:
        is_commit = osc.decode_message(packet).address == protocol.BY_NAME["commit"].address
        if is_commit and packet not in self._seen:  # a busy computer has it sent again
            self._seen.add(packet)
            self.begun_beats.append(position_beats(self._live))
        return (0.0,)


def position_beats(live: SimulatedLive) -> float:
    return float(live.state()["current_song_time_beats"])


def tell_nobody(_done: int, _count: int) -> None:
    """Of a build."""


@pytest.fixture
def live(tmp_path: Path) -> Iterator[SimulatedLive]:
    with simulated_live(tmp_path) as found:
        found.ask("user_set_tempo", TEMPO_BPM)
        yield found


@pytest.fixture
def relay(live: SimulatedLive) -> Iterator[Noting]:
    with running(Noting(live)) as found:
        yield found


@pytest.fixture
def filling(live: SimulatedLive, relay: Noting, tmp_path: Path) -> Iterator[Filling]:
    with connect(port=relay.port, placement_folder=tmp_path / "placed", token=live.token) as stage:
        yield Filling(stage, "never")


@pytest.fixture
def sound(tmp_path: Path) -> str:
    return str(write(tmp_path / "a.wav", tone(220.0, 0.2)))


def in_a_row(sound: str, count: int) -> Arrangement:
    clips = tuple(Clip(0.25 * number, sound, 0.0, 0.2, 0.0, 0.0) for number in range(count))
    return Arrangement(TEMPO_BPM, (Track("One", "#102030", 0.0, 0.0, clips),))


def play_until_beat(live: SimulatedLive, beat: float) -> None:
    """Of a bar."""
    live.ask("user_play")
    while position_beats(live) % BEATS_PER_BAR < beat:
        pass


def test_a_build_begins_on_a_bar_line_where_live_plays(
    live: SimulatedLive, relay: Noting, filling: Filling, sound: str
) -> None:
    filling.build(in_a_row(sound, 3), tell_nobody)
    play_until_beat(live, 1.0)
    filling.build(in_a_row(sound, 3), tell_nobody)  # nothing is to be done
    filling.build(in_a_row(sound, 4), tell_nobody)
    standing, playing = relay.begun_beats
    assert standing == 0.0
    assert playing >= BEATS_PER_BAR
    assert playing % BEATS_PER_BAR < LATE_BEATS


def test_what_the_user_does_while_the_bar_line_is_awaited_stays(
    live: SimulatedLive, relay: Noting, filling: Filling, sound: str
) -> None:
    done: list[bool] = []

    def edit() -> None:
        if not done:
            live.ask("user_set_clip_gain", OURS, 2, 0.25)
        done.append(True)

    filling.build(in_a_row(sound, 3), tell_nobody)
    play_until_beat(live, 1.0)
    filling.build(in_a_row(sound, 2), tell_nobody, edit)
    assert done
    assert len(relay.begun_beats) == 1  # the clip that was to go is the user's now
    ((_, held),) = [one for one in filling.standing().arrangement.clips() if one[1] in filling.standing().held]
    assert held.start_seconds == pytest.approx(0.5)


def test_what_ends_the_waiting_leaves_the_set_as_it_was(
    live: SimulatedLive, relay: Noting, filling: Filling, sound: str
) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    filling.build(in_a_row(sound, 3), tell_nobody)
    live.ask("user_play")
    with pytest.raises(KeyboardInterrupt):
        filling.build(in_a_row(sound, 5), tell_nobody, stop)
    assert filling.standing().arrangement.clip_count == 3
    assert filling.standing().gone == ()
