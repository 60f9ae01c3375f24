"""Which track is heard where: activators, solo, groups, sends.

A muted track is silent also when soloed: solo mutes the others and switches nothing on (Live's manual, "The Live
Mixer"). Sends are tapped behind the mixer stage, which is volume, pan and activator (same chapter, "Return Tracks").
Assumed: a soloed track is heard through its groups and returns; a soloed group with all that is in it; a soloed return
is fed by all tracks, of which nothing else is heard; with tracks and returns soloed, only those returns are heard.
"""

from __future__ import annotations

from dataclasses import dataclass

from live_simulator.mix import Mix


@dataclass(frozen=True)
class Flow:
    """Of each track in turn: whether it sounds at all, and whether its output reaches its group or the master."""

    sounds: tuple[bool, ...]
    reaches: tuple[bool, ...]
    returns_reach: tuple[bool, ...]


def flow_of(mix: Mix) -> Flow:
    in_solo = _in_solo(mix)
    tracks_soloed = any(track.solo for track in mix.tracks)
    returns_soloed = any(track.solo for track in mix.returns)
    sounds = tuple(
        track.is_active and (not tracks_soloed or index in in_solo) for index, track in enumerate(mix.tracks)
    )
    only_returns = returns_soloed and not tracks_soloed
    reaches = tuple(
        sound and track.reaches_output and (track.group is not None or not only_returns)
        for sound, track in zip(sounds, mix.tracks)
    )
    returns_reach = tuple(
        track.is_active and track.reaches_output and (track.solo or not returns_soloed) for track in mix.returns
    )
    return Flow(sounds, reaches, returns_reach)


def _in_solo(mix: Mix) -> set[int]:
    """Soloed tracks, what lies in them and what they lie in."""
    found: set[int] = set()
    for index, track in enumerate(mix.tracks):  # groups come before what is in them
        groups = _groups_of(mix, index)
        if track.solo:
            found.update((index, *groups))
        elif any(mix.tracks[group].solo for group in groups):
            found.add(index)
    return found


def _groups_of(mix: Mix, index: int) -> list[int]:
    found = []
    group = mix.tracks[index].group
    while group is not None:
        found.append(group)
        group = mix.tracks[group].group
    return found
