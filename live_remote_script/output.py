"""What colours the sound of our tracks on its way to Live's output, beside what an arrangement says of them."""

from __future__ import annotations

from typing import Any, Callable, Iterable, List, Tuple

from .context import Context
from .fields import MOST_TEXT
from .ours import our_tracks, shown

TO_MAIN, TO_GROUP = 3, 5
"""Track.RoutingTypeCategory"""
NO_SIDE = 1
"""MixerDevice.crossfade_assignments"""
SPLIT = 1
"""MixerDevice.panning_modes"""
UNITY = 0.85
SAME_VALUE = 1e-3
MORE = ", ..."

Named = Tuple[str, Any]
"""A track and what it is called."""


def output(context: Context) -> List[Any]:
    """Names are those that were asked for, where the user has not changed them since; several tracks may have one."""
    song = context.song()
    main = song.master_track
    ours = [(str(shown(entry.tag, "name", entry.track.name)), entry.track) for entry in our_tracks(song)]
    groups: List[Named] = []
    for _, track in ours:
        groups += [(str(group.name), group) for group in _groups_over(track) if all(group != one for _, one in groups)]
    return [
        float(main.mixer_device.volume.value),
        float(main.mixer_device.panning.value),
        _joined([_devices(main)]),
        _told(ours, _devices),
        _joined(name for name, track in ours if _sends(track)),
        _joined(name for name, track in ours if track.mute or any(group.mute for group in _groups_over(track))),
        _told(ours, _elsewhere),
        _told(groups, lambda group: ", ".join(_changes(group))),
        _joined(name for name, track in ours if track.mixer_device.crossfade_assign != NO_SIDE),
        _joined(name for name, track in ours if track.mixer_device.panning_mode == SPLIT),
        _told([("Main", main), *ours], lambda track: ", ".join(_automated(track))),
    ]


def _groups_over(track: Any) -> List[Any]:
    """Those that it goes through, the innermost first."""
    found: List[Any] = []
    while track.output_routing_type.category == TO_GROUP:
        track = track.group_track
        found.append(track)
    return found


def _changes(track: Any) -> List[str]:
    """What a group does to what goes through it; its mute is told apart."""
    mixer = track.mixer_device
    levels = ((mixer.volume, UNITY), (mixer.panning, 0.0))
    words = [str(fader.str_for_value(fader.value)) for fader, usual in levels if abs(fader.value - usual) > SAME_VALUE]
    words += ["automated " + what for what in _automated(track)]
    words += [_devices(track)] if _devices(track) else []
    words += ["sends"] if _sends(track) else []
    words += ["crossfader"] if mixer.crossfade_assign != NO_SIDE else []
    return words + ([_elsewhere(track)] if _elsewhere(track) else [])


def _automated(track: Any) -> List[str]:
    mixer = track.mixer_device
    faders = (("volume", mixer.volume), ("pan", mixer.panning))
    return [what for what, fader in faders if int(fader.automation_state)]


def _devices(track: Any) -> str:
    return ", ".join(str(device.name) for device in track.devices if device.is_active)


def _sends(track: Any) -> bool:
    return any(parameter.value > parameter.min for parameter in track.mixer_device.sends)


def _elsewhere(track: Any) -> str:
    kind = track.output_routing_type
    return "" if kind.category in (TO_MAIN, TO_GROUP) else str(kind.display_name)


def _told(tracks: Iterable[Named], words_of: Callable[[Any], str]) -> str:
    words = [(name, words_of(track)) for name, track in tracks]
    return _joined(("%s: %s" % (name, what) for name, what in words if what), "; ")


def _joined(words: Iterable[str], by: str = ", ") -> str:
    text = by.join(words)
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - len(MORE)] + MORE
