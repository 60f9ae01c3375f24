"""The user opens and saves sets, and sets control surfaces in the preferences."""

from __future__ import annotations

from live_simulator.simulator import Simulator
from live_simulator.user.action import Action


def new_set(live: Simulator) -> None:
    live.open_song()


def open_set(live: Simulator, path: str) -> None:
    """One that was saved in this process."""
    live.open_song(live.saved_sets.open(path))


def save_set(live: Simulator, path: str) -> None:
    live.saved_sets.save(live.song, path)


def arm_new_tracks(live: Simulator, on: bool) -> None:
    """Whether a track comes up armed; those that were armed before are not any more then."""
    live.song.arms_new_tracks = on


def disable_script(live: Simulator) -> None:
    live.surfaces.disable()


def enable_script(live: Simulator) -> None:
    live.surfaces.enable()


def double_script(live: Simulator) -> None:
    live.surfaces.double()


ACTIONS = {
    "new_set": Action(new_set),
    "open_set": Action(open_set, {"path": str}),
    "save_set": Action(save_set, {"path": str}),
    "arm_new_tracks": Action(arm_new_tracks, {"on": bool}),
    "disable_script": Action(disable_script),
    "enable_script": Action(enable_script),
    "double_script": Action(double_script),
}
