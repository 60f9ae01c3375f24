"""Live.Song.BeatTime and SmptTime: structures that scripts are given, and can make and fill themselves."""

from __future__ import annotations

from typing import Any

from live_simulator import song_time
from live_simulator.api.plain_values import arguments_of, member
from live_simulator.boost import INT
from live_simulator.versions import ALWAYS, Span


class BeatTime:
    """Prints as 001.01.01.000: bars, beats, sixteenths, ticks."""

    __slots__ = ("_node",)

    def __init__(self, *given: Any, **keywords: Any) -> None:
        arguments_of(self, {}, {}, given, keywords)
        self._node = song_time.BeatTime()._asdict()

    def __str__(self) -> str:
        return "{bars:03d}.{beats:02d}.{sub_division:02d}.{ticks:03d}".format(**self._node)

    bars = member("NSongApi::TBeatTime", "bars", INT)
    beats = member("NSongApi::TBeatTime", "beats", INT)
    sub_division = member("NSongApi::TBeatTime", "sub_division", INT)
    ticks = member("NSongApi::TBeatTime", "ticks", INT)


class SmptTime:
    """Prints as 00:00:00:00: hours, minutes, seconds, frames (milliseconds in the format ms_time)."""

    __slots__ = ("_node",)

    def __init__(self, *given: Any, **keywords: Any) -> None:
        arguments_of(self, {}, {}, given, keywords)
        self._node = song_time.SmpteTime()._asdict()

    def __str__(self) -> str:
        return "{hours:02d}:{minutes:02d}:{seconds:02d}:{frames:02d}".format(**self._node)

    hours = member("NSongApi::TSmptTime", "hours", INT)
    minutes = member("NSongApi::TSmptTime", "minutes", INT)
    seconds = member("NSongApi::TSmptTime", "seconds", INT)
    frames = member("NSongApi::TSmptTime", "frames", INT)


BeatTime.__module__ = SmptTime.__module__ = "Song"
TIME_VALUES: dict[type, Span] = {BeatTime: ALWAYS, SmptTime: ALWAYS}


def beat_time(value: song_time.BeatTime) -> BeatTime:
    made = BeatTime()
    made._node.update(value._asdict())
    return made


def smpte_time(value: song_time.SmpteTime) -> SmptTime:
    made = SmptTime()
    made._node.update(value._asdict())
    return made
