"""The embedded Live without its process: the set, the `Live` package, timers, and its ticks."""

from __future__ import annotations

import sys
import traceback
from typing import Any, Callable

from live_simulator import cues
from live_simulator.api import declared
from live_simulator.api.enums import ENUMS
from live_simulator.api.plain_values import PLAIN_VALUES
from live_simulator.api.simpler import VOICES
from live_simulator.api.time_values import TIME_VALUES
from live_simulator.binding import Binding
from live_simulator.boost import STRING, function
from live_simulator.c_instance import CInstance
from live_simulator.clock import Clock, VirtualClock
from live_simulator.editions import SUITE, Edition, LimitationError
from live_simulator.frameworks import framework_modules
from live_simulator.midi_map import midi_map_module
from live_simulator.nodes.application import ApplicationNode
from live_simulator.nodes.node import Probe, set_alive
from live_simulator.nodes.songs import SongNode
from live_simulator.outputs import ClockOutput, DeviceOutput
from live_simulator.recorder import Recorder
from live_simulator.runtime import Runtime
from live_simulator.saved_sets import SavedSets
from live_simulator.scales import SCALES
from live_simulator.surfaces import Surfaces
from live_simulator.take_files import TakeFiles
from live_simulator.timers import Timers, timer_class
from live_simulator.tracks import default_set
from live_simulator.versions import Version

DISPLAY_MS = 100.0


class Simulator:
    """`probe` says what a file holds; `log` takes the lines that Live would write to Log.txt."""

    def __init__(
        self,
        version: Version,
        probe: Probe,
        log: Callable[[str], None],
        clock: Clock | None = None,
        edition: Edition = SUITE,
    ) -> None:
        self.log = log
        self.clock = clock or VirtualClock()
        self.runtime = Runtime(log, self.log_error, self.clock)
        self._default_set: Callable[[], SongNode] = lambda: default_set(self.runtime, version, probe, edition)
        self.song = self._default_set()
        self.application = ApplicationNode(self.runtime, version, self.song)
        with self.runtime.change(""):
            set_alive(self.application, True)
        self.runtime.forget_history()
        self.binding = Binding(self.runtime, version, declared())
        self.output: ClockOutput | DeviceOutput = ClockOutput(self.runtime)
        self.recorder = Recorder(self.runtime, TakeFiles())
        self.timers = Timers(self.log_error)
        self.surfaces = Surfaces(self._c_instance, self.log_error)
        self.saved_sets = SavedSets()
        self.menu_is_open = False
        self.freeze_seconds = 0.0
        self._display_due_ms = DISPLAY_MS
        self._heard_ms = 0.0
        self._fill_modules()

    def log_error(self, context: str) -> None:
        for line in traceback.format_exc().rstrip().split("\n"):
            self.log(f"RemoteScriptError: {line}")
        self.log(f"RemoteScriptError: ({context})")

    def modules(self) -> dict[str, Any]:
        """What sys.modules needs for `import Live`."""
        return self.binding.modules()

    def load_script(self, folder: str) -> None:
        """BadScript, or the script's own error where it fails to load."""
        sys.modules.update({**framework_modules(self.binding.version), **self.modules()})
        self.surfaces.select(folder)

    def open_song(self, song: SongNode | None = None) -> None:
        """Another set, by default a new one: scripts are disconnected, all objects of the old set die, and scripts are
        created again in the same process, from modules that stay loaded.
        """
        was_enabled = self.surfaces.is_enabled
        self.surfaces.disable()
        self.recorder.forget()
        with self.runtime.change(""):
            set_alive(self.song, False)
        self.song = self.application.song = song or self._default_set()
        if not self.song.pointer:
            with self.runtime.change(""):
                set_alive(self.song, True)
        self.runtime.forget_song()
        if was_enabled:
            self.surfaces.enable()

    def tick(self) -> None:
        """The next tick: the transport moves, deferred changes happen, timers run, every 100 ms update_display."""
        if self.freeze_seconds:
            frozen_seconds, self.freeze_seconds = self.freeze_seconds, 0.0
            self.clock.freeze(frozen_seconds)
        self.clock.waits_for_others = self.recorder.is_writing
        self.clock.next_tick()
        start_ms = self.clock.tick_start_ms
        if self.menu_is_open:
            return  # its loop is not the main loop; the music plays on
        self._play_until(start_ms)
        self.runtime.start_tick()
        self.timers.run_due(start_ms)
        if start_ms >= self._display_due_ms:
            self._display_due_ms = max(self._display_due_ms + DISPLAY_MS, start_ms)
            self.surfaces.update_display()

    def _play_until(self, start_ms: float) -> None:
        passed_seconds = (start_ms - self._heard_ms) / 1000.0
        self._heard_ms = start_ms
        self.recorder.note(self.song)
        self.output.pass_time(self.song, passed_seconds)
        if self.runtime.audio_runs:
            cues.advance(self.song)
        self.recorder.advance(self.song)

    def figures(self) -> dict[str, Any]:
        """Live's time, and what the script's calls have cost of it."""
        costs = self.runtime.costs
        return {
            "time_ms": self.runtime.now_ms,
            "ticks": self.runtime.tick,
            "costly_calls": dict(costs.calls),
            "late_calls": costs.late_calls,
            **self.output.figures,
            **self.recorder.figures,
        }

    def close(self) -> None:
        self.surfaces.disable()
        self.timers.stop_all()

    def _c_instance(self, slot: int) -> CInstance:
        return CInstance(lambda: self.binding.wrap(self.song), self.log, slot)

    def _fill_modules(self) -> None:
        base: Any = self.binding.submodule("Base")
        base.Timer = timer_class(self.timers)
        base.LimitationError = LimitationError
        base.log = function("log", (STRING,), self.log)
        self.binding.module.MidiMap = midi_map_module()  # type: ignore[attr-defined]
        application: Any = self.binding.submodule("Application")
        application.get_application = function("get_application", (), lambda: self.binding.wrap(self.application))
        song: Any = self.binding.submodule("Song")
        song.get_all_scales_ordered = function("get_all_scales_ordered", (), lambda: tuple(SCALES.items()))
        simpler: Any = self.binding.submodule("SimplerDevice")
        simpler.get_available_voice_numbers = function(
            "get_available_voice_numbers", (), lambda: self.binding.expose(VOICES, "Base.IntVector")
        )
        for made, span in {**PLAIN_VALUES, **TIME_VALUES}.items():
            if self.binding.version in span:
                setattr(self.binding.submodule(made.__module__), made.__name__, made)
        for enum in ENUMS:
            if self.binding.version in enum.versions:
                self.binding.add_enum(enum.module, enum.name, enum.values)
