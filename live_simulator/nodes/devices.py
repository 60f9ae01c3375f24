"""Parameters and the mixer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterable

from live_simulator.nodes.node import Node

if TYPE_CHECKING:
    from live_simulator.nodes.songs import SongNode
    from live_simulator.nodes.tracks import TrackNode


NO_AUTOMATION, PLAYING, OVERRIDDEN = range(3)
"""DeviceParameter.AutomationState"""


ACTIVATOR_TEXTS = ("Off", "On")


class ParameterNode(Node):
    """One with `items` is a switch: its values are their places."""

    LIVE = "DeviceParameter.DeviceParameter"
    EVENTS = {"value": ("value", "display_value")}

    def __init__(
        self,
        parent: Node,
        name: str,
        span: tuple[float, float],
        default: float,
        text: Callable[[float], str],
        to_db: Any = None,
    ) -> None:
        super().__init__(parent.runtime, parent)
        self.name = name
        self.min, self.max = span
        self.default_value = default
        self.value = default
        self.automation_state = NO_AUTOMATION
        self.items: tuple[str, ...] = ()
        self.text = text
        self.to_display = to_db or (lambda value: value)

    def set_value(self, value: float) -> None:
        """As a hand does: automation that moves the parameter is overridden."""
        self.put("value", float(round(value)) if self.items else value, own_entry=True)
        if self.automation_state == PLAYING:
            self.put("automation_state", OVERRIDDEN, undoable=False)


class ActivatorNode(ParameterNode):
    """A track's switch."""

    def __init__(self, track: TrackNode) -> None:
        super().__init__(track.mixer, "Track On", (0.0, 1.0), 1.0, lambda value: ACTIVATOR_TEXTS[value >= 0.5])
        self.track = track
        self.items = ACTIVATOR_TEXTS

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        if field == "value":
            yield self.track, "mute"


class TempoNode(ParameterNode):
    """The song's tempo as the parameter that automation moves. Value and state of automation are the song's."""

    def __init__(self, parent: Node, song: SongNode, set_tempo: Callable[[SongNode, float], None]) -> None:
        self.song = song
        self._set_tempo = set_tempo
        super().__init__(parent, "Song Tempo", (20.0, 999.0), 120.0, lambda bpm: f"{bpm:.2f}")

    @property
    def value(self) -> float:
        return self.song.tempo

    @value.setter
    def value(self, bpm: float) -> None:
        """The song's default, which it has already."""

    @property
    def automation_state(self) -> int:
        if self.song.automated_tempo_bpm is None:
            return NO_AUTOMATION
        return OVERRIDDEN if self.song.tempo_overridden else PLAYING

    @automation_state.setter
    def automation_state(self, state: int) -> None:
        """None yet."""

    def set_value(self, value: float) -> None:
        self._set_tempo(self.song, value)


class MixerNode(Node):
    LIVE = "MixerDevice.MixerDevice"

    def __init__(self, track: TrackNode) -> None:
        super().__init__(track.runtime, track)
        self.volume: Any = None
        self.panning: Any = None
        self.track_activator: Any = None
        self.crossfader: Any = None
        self.cue_volume: Any = None
        self.song_tempo: Any = None
        self.left_split_stereo: Any = None
        self.right_split_stereo: Any = None
        self.crossfade_assign = 1
        self.panning_mode = 0
        self.sends: tuple[ParameterNode, ...] = ()

    def children(self) -> tuple[Node, ...]:
        own = (
            self.volume,
            self.panning,
            self.left_split_stereo,
            self.right_split_stereo,
            self.track_activator,
            self.crossfader,
            self.cue_volume,
            self.song_tempo,
        )
        return tuple(node for node in own if node is not None) + self.sends
