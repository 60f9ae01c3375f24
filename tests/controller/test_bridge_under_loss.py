"""500 clips over a network that loses a fifth of all datagrams in both directions: each is there once."""

from __future__ import annotations

from pathlib import Path

from controller.stage import connect
from tests.controller.arrangements import made_sounds, song
from tests.controller.simulated_live import simulated_live
from tests.controller.unreliable_network import unreliable

CLIPS, TRACKS = 500, 20
LOST, DOUBLED, DELAYED = 0.2, 0.05, 0.1


def test_500_clips_are_placed_once_and_not_again(tmp_path: Path) -> None:
    wanted = song(made_sounds(tmp_path), CLIPS, TRACKS)
    with (
        simulated_live(tmp_path) as live,
        unreliable(live.script_port, 6, LOST, DOUBLED, DELAYED) as relay,
        connect(port=relay.port, placement_folder=tmp_path / "placed", token=live.token) as stage,
    ):
        applied = stage.apply(wanted)
        assert (applied.created, applied.deleted, applied.tracks_created) == (CLIPS, 0, TRACKS)
        state = live.state()
        assert (state["arrangement_clips"], state["session_clips"], state["tracks"]) == (CLIPS, 0, 4 + TRACKS)
        assert state["costly_calls"] == {"Song.create_audio_track": TRACKS, "Track.create_audio_clip": CLIPS}
        again = stage.apply(wanted)
        assert (again.created, again.deleted, again.unchanged) == (0, 0, CLIPS)
        assert (again.tracks_created, again.tracks_deleted, again.tracks_changed) == (0, 0, 0)
        assert live.state()["costly_calls"] == state["costly_calls"]
        for kind in ("lost", "doubled", "delayed"):
            assert getattr(relay, kind) > 0, kind
