"""The MIDI Remote Script as Live sees it: a plain object with the methods that Live calls."""

from __future__ import annotations

import sys
import traceback
from typing import Any, List, Optional, Tuple

import Live

from .context import Context, LiveFacts
from .jobs import Jobs
from .live_versions import NEEDED, can_place, variant, version_string
from .server import Server
from .settings import read_settings

SIMULATOR = "live_simulator"
"""The package that is there where the simulated Live hosts this."""
TICK_MS = 10
DISPLAY_UPDATES_PER_RETRY = 20
"""Live calls update_display about ten times a second; a port that is taken is tried again every 2 s."""


class JacqueesBot:
    """Listens from creation to disconnect(). Live makes a new one for each set it opens, in the same process."""

    def __init__(self, c_instance: Any) -> None:
        self._c_instance = c_instance
        application = Live.Application.get_application()
        places = can_place(Live.Track.Track)
        facts = LiveFacts(version_string(application), variant(application), places, SIMULATOR in sys.modules)
        self._context = Context(c_instance.song, facts, Jobs())
        self._server: Optional[Server] = None
        self._in_tick = False
        self._failures = 0
        self._updates = 0
        self._told_of_port = False
        self._settings = read_settings(self._say)
        if not facts.can_place:
            self._say("JacqueesBot: this is Live %s; %s" % (facts.version, NEEDED))
        self._listen()
        self._timer = Live.Base.Timer(callback=self._tick, interval=TICK_MS, repeat=True)
        self._timer.start()

    @property
    def port(self) -> Optional[int]:
        """None while the port is taken by another program."""
        return self._server.port if self._server else None

    def disconnect(self) -> None:
        self._timer.stop()
        if self._server:
            self._server.close()
            self._server = None

    def update_display(self) -> None:
        """Live stops a timer whose callback raised; and a port that was taken may be free by now."""
        if not self._timer.running:
            self._timer.restart()
        self._updates += 1
        if self._server is None and self._updates % DISPLAY_UPDATES_PER_RETRY == 0:
            self._listen()

    def _tick(self) -> None:
        if self._in_tick:
            return  # a long call of Live's may let the timer run within it
        self._in_tick = True
        try:
            if self._server:
                self._server.run_tick()
        except Exception:  # one that came through would stop the timer
            self._note_failure(traceback.format_exc())
        finally:
            self._in_tick = False

    def _listen(self) -> None:
        try:
            self._server = Server(self._settings.port, self._settings.token, self._context, self._log)
        except OSError as why:
            if not self._told_of_port:
                self._say(
                    "JacqueesBot: UDP port %d cannot be had (%s); another Live or script? Trying on."
                    % (self._settings.port, why)
                )
            self._told_of_port = True
        else:
            self._told_of_port = False
            self._log("listening on port %d" % self._server.port)

    def _note_failure(self, what: str) -> None:
        """Logged at the 1st, 2nd, 4th, 8th ... time, as it may come with every tick."""
        self._failures += 1
        if self._failures & (self._failures - 1) == 0:
            self._log("a tick failed (%d so far):\n%s" % (self._failures, what))

    def _log(self, line: str) -> None:
        self._c_instance.log_message("JacqueesBot: " + line)

    def _say(self, line: str) -> None:
        self._c_instance.show_message(line)
        self._c_instance.log_message(line)

    # What else Live calls. There is no MIDI here, so nothing is to do.

    def connect_script_instances(self, instances: List[Any]) -> None:
        pass

    def build_midi_map(self, midi_map_handle: int) -> None:
        pass

    def refresh_state(self) -> None:
        pass

    def receive_midi(self, midi_bytes: Tuple[int, ...]) -> None:
        pass

    def receive_midi_chunk(self, midi_chunk: Any) -> None:
        pass

    def port_settings_changed(self) -> None:
        pass

    def can_lock_to_devices(self) -> bool:
        return False

    def lock_to_device(self, device: Any) -> None:
        pass

    def unlock_from_device(self, device: Any) -> None:
        pass

    def toggle_lock(self) -> None:
        pass

    def restore_bank(self, bank_index: int) -> None:
        pass

    def suggest_input_port(self) -> str:
        return ""

    def suggest_output_port(self) -> str:
        return ""

    def suggest_map_mode(self, cc_no: int, channel: int) -> int:
        return -1

    def suggest_needs_takeover(self, cc_no: int, channel: int) -> bool:
        return True

    def supports_pad_translation(self) -> bool:
        return False

    def instance_identifier(self) -> int:
        return int(self._c_instance.instance_identifier())

    def is_extension(self) -> bool:
        return False

    def handle(self) -> int:
        return int(self._c_instance.handle())
