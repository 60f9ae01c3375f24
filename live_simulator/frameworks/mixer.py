"""Channel strips beside each other, from an offset on."""

from __future__ import annotations

from typing import Any

from live_simulator.frameworks.buttons import PlayedByControls, on_press
from live_simulator.frameworks.component import BaseComponent


class TrackBank:
    """The tracks from an offset on, as a session box or a mixer sees them; the last ones are None."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.offset = 0

    def of(self, tracks: Any) -> list[Any]:
        chosen = list(tracks)[self.offset : self.offset + self.width]
        return chosen + [None] * (self.width - len(chosen))


class MixerPart(PlayedByControls, BaseComponent):
    """`num_tracks` strips from an offset on, the master's, the returns' and the selected track's."""

    BUTTONS = {"bank_up": "_bank_up", "bank_down": "_bank_down"}
    PARAMETERS = {"prehear_volume": "_prehear_volume", "crossfader": "_crossfader"}

    def __init__(
        self, num_tracks: int = 0, num_returns: int = 0, *arguments: Any, tracks_provider: Any = None, **keywords: Any
    ) -> None:
        width = num_tracks if tracks_provider is None else tracks_provider.num_tracks
        self._bank = TrackBank(width)
        self._provider = tracks_provider
        keywords.pop("auto_name", None)
        keywords.pop("invert_mute_feedback", None)
        layer = keywords.pop("layer", None)  # which the children play
        super().__init__(*arguments, **keywords)
        self._channel_strips = [self._add_strip() for _ in range(width)]
        self._return_strips = [self._add_strip() for _ in range(num_returns)]
        self._master_strip = self._add_strip()
        self._selected_strip = self._add_strip()
        if tracks_provider is not None:
            self.register_slot(tracks_provider, self._provider_moved, "offset")
        self.on_track_list_changed()
        self.layer = layer

    def _create_strip(self) -> Any:
        raise NotImplementedError

    def _add_strip(self: Any) -> Any:
        return self.register_component(self._create_strip())

    def _provider_moved(self, *_: Any) -> None:
        self.on_track_list_changed()

    def tracks_to_use(self: Any) -> Any:
        return self._song.visible_tracks if self._provider is None else self._provider.tracks_to_use()

    def channel_strip(self, index: int) -> Any:
        return self._channel_strips[index]

    def return_strip(self, index: int) -> Any:
        return self._return_strips[index]

    def master_strip(self) -> Any:
        return self._master_strip

    def selected_strip(self) -> Any:
        return self._selected_strip

    def set_track_offset(self: Any, new_offset: int) -> None:
        self._bank.offset = new_offset
        self.on_track_list_changed()

    @property
    def track_offset(self) -> int:
        return self._bank.offset if self._provider is None else int(self._provider.track_offset)

    def on_track_list_changed(self: Any) -> None:
        self._bank.offset = self.track_offset
        for strip, track in zip(self._channel_strips, self._bank.of(self.tracks_to_use())):
            strip.set_track(track)
        returns = list(self._song.return_tracks)
        for place, strip in enumerate(self._return_strips):
            strip.set_track(returns[place] if place < len(returns) else None)
        self._master_strip.set_track(self._song.master_track)
        self.on_selected_track_changed()

    def on_selected_track_changed(self: Any) -> None:
        self._selected_strip.set_track(self._song.view.selected_track)

    def update(self: Any) -> None:
        super().update()
        self.connect_parameters()

    def set_bank_buttons(self: Any, up_button: Any, down_button: Any) -> None:
        self.set_bank_up_button(up_button)
        self.set_bank_down_button(down_button)

    def set_select_buttons(self: Any, next_button: Any, prev_button: Any) -> None:
        on_press(self, "_next_track_button", next_button, lambda: self._select_neighbour(1))
        on_press(self, "_prev_track_button", prev_button, lambda: self._select_neighbour(-1))

    def _select_neighbour(self: Any, step: int) -> None:
        tracks = [*self._song.visible_tracks, *self._song.return_tracks, self._song.master_track]
        place = tracks.index(self._song.view.selected_track) + step
        if 0 <= place < len(tracks):
            self._song.view.selected_track = tracks[place]

    def set_volume_controls(self, controls: Any) -> None:
        self._hand_out("set_volume_control", controls)

    def set_pan_controls(self, controls: Any) -> None:
        self._hand_out("set_pan_control", controls)

    def set_arm_buttons(self, buttons: Any) -> None:
        self._hand_out("set_arm_button", buttons)

    def set_solo_buttons(self, buttons: Any) -> None:
        self._hand_out("set_solo_button", buttons)

    def set_mute_buttons(self, buttons: Any) -> None:
        self._hand_out("set_mute_button", buttons)

    def set_track_select_buttons(self, buttons: Any) -> None:
        self._hand_out("set_select_button", buttons)

    def _hand_out(self, setter: str, controls: Any) -> None:
        given = list(controls or ())
        for place, strip in enumerate(self._channel_strips):
            getattr(strip, setter)(given[place] if place < len(given) else None)

    def _bank_up(self: Any) -> None:
        if self.track_offset + self._bank.width < len(self.tracks_to_use()):
            self.set_track_offset(self.track_offset + self._bank.width)

    def _bank_down(self: Any) -> None:
        self.set_track_offset(max(0, self.track_offset - self._bank.width))

    def _prehear_volume(self: Any) -> Any:
        return self._song.master_track.mixer_device.cue_volume

    def _crossfader(self: Any) -> Any:
        return self._song.master_track.mixer_device.crossfader
