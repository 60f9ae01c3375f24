"""How much of Live's time building takes, by what calls were measured to cost it (live_simulator/costs.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.controller.arrangements import made_sounds, song
from tests.controller.stepped_live import state, stepped_live

CLIPS, TRACKS = 500, 20


@pytest.mark.parametrize(("tick_ms", "most_seconds"), [(10, 20.0), (34, 30.0), (100, 60.0)])
def test_500_clips_take_less_than_a_minute_and_keep_no_screen_waiting(
    tick_ms: int, most_seconds: float, tmp_path: Path
) -> None:
    """Ticks as on macOS, on Windows, and of a Live that calls its scripts ten times a second."""
    wanted = song(made_sounds(tmp_path), CLIPS, TRACKS)
    with stepped_live(tmp_path, tick_ms=tick_ms) as (live, stage):
        before = state(live)
        applied = stage.apply(wanted)
        after = state(live)
        assert (applied.created, applied.tracks_created) == (CLIPS, TRACKS)
        assert after["costly_calls"] == {"Song.create_audio_track": TRACKS, "Track.create_audio_clip": CLIPS}
        assert (after["time_ms"] - before["time_ms"]) / 1000.0 < most_seconds
        assert stage.undo().clips == CLIPS
        assert state(live)["late_calls"] == 0
