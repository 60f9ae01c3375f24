"""The transport: play, record, loop and so on."""

from __future__ import annotations

from typing import Any

from live_simulator.frameworks.buttons import PlayedByControls, on_press
from live_simulator.frameworks.component import BaseComponent
from live_simulator.frameworks.slots import listens

BARS_OF_SEEKING = 1
LOWEST_TEMPO, HIGHEST_TEMPO = 20.0, 200.0


class TransportPart(PlayedByControls, BaseComponent):
    BUTTONS = {
        "play": "_play",
        "stop": "_stop",
        "continue": "_continue",
        "record": "_toggle_record",
        "overdub": "_toggle_overdub",
        "loop": "_toggle_loop",
        "metronome": "_toggle_metronome",
        "punch_in": "_toggle_punch_in",
        "punch_out": "_toggle_punch_out",
        "tap_tempo": "_tap_tempo",
        "nudge_down": "_nudge_down",
        "nudge_up": "_nudge_up",
        "arrangement_overdub": "_toggle_overdub",
    }

    def set_seek_buttons(self: Any, forward: Any, backward: Any) -> None:
        on_press(self, "_forward_button", forward, lambda: self._seek(1))
        on_press(self, "_backward_button", backward, lambda: self._seek(-1))

    def set_nudge_buttons(self: Any, up_button: Any, down_button: Any) -> None:
        self.set_nudge_up_button(up_button)
        self.set_nudge_down_button(down_button)

    def set_punch_buttons(self: Any, in_button: Any, out_button: Any) -> None:
        self.set_punch_in_button(in_button)
        self.set_punch_out_button(out_button)

    def set_tempo_control(self: Any, control: Any, fine_control: Any = None) -> None:
        """`control` goes through LOWEST_TEMPO to HIGHEST_TEMPO; `fine_control` is not regarded."""
        self._tempo_control = control
        self._tempo_value.subject = control

    @listens("value")
    def _tempo_value(self: Any, value: int) -> None:
        if self.is_enabled():
            self._song.tempo = LOWEST_TEMPO + (HIGHEST_TEMPO - LOWEST_TEMPO) * value / 127.0

    def _seek(self: Any, direction: int) -> None:
        beats = BARS_OF_SEEKING * self._song.signature_numerator * 4.0 / self._song.signature_denominator
        self._song.jump_by(direction * beats)

    def _play(self: Any) -> None:
        self._song.start_playing()

    def _stop(self: Any) -> None:
        self._song.stop_playing()

    def _continue(self: Any) -> None:
        self._song.continue_playing()

    def _tap_tempo(self: Any) -> None:
        self._song.tap_tempo()

    def _nudge_up(self: Any) -> None:
        self._song.nudge_up = True

    def _nudge_down(self: Any) -> None:
        self._song.nudge_down = True

    def _toggle_record(self: Any) -> None:
        self._song.record_mode = not self._song.record_mode

    def _toggle_overdub(self: Any) -> None:
        self._song.arrangement_overdub = not self._song.arrangement_overdub

    def _toggle_loop(self: Any) -> None:
        self._song.loop = not self._song.loop

    def _toggle_metronome(self: Any) -> None:
        self._song.metronome = not self._song.metronome

    def _toggle_punch_in(self: Any) -> None:
        self._song.punch_in = not self._song.punch_in

    def _toggle_punch_out(self: Any) -> None:
        self._song.punch_out = not self._song.punch_out
