"""What Live hands to a script's create_instance."""

from __future__ import annotations

from typing import Any, Callable

from live_simulator.boost import BOOL, INT, STRING, TUPLE, Kind, handle, mismatch, type_names

TRACK = handle("Track.Track", "TTrackPyHandle")
OBJECT = "TControlSurfaceProxyPyHandle"


class Preferences:
    """What a script keeps in Live's preferences: bytes(it) is what it stored; it lasts as long as the process here."""

    def __init__(self) -> None:
        self._serializer: Callable[[], Any] = bytes

    def __bytes__(self) -> bytes:
        stored = self._serializer()
        return stored if isinstance(stored, bytes) else str(stored).encode("latin-1")

    def __str__(self) -> str:
        return bytes(self).decode("latin-1")

    def set_serializer(self, serializer: Callable[[], Any]) -> None:
        """`serializer()` answers what to store; Live asks for it when it ends."""
        self._serializer = serializer


class HardwareState:
    """A part of Live's engine for pads and their lamps: any member may be set, nothing comes of it."""

    enabled = False


class CInstance:
    """`song` gives the open set. What belongs to MIDI hardware is checked and has no effect: there is none."""

    def __init__(self, song: Callable[[], Any], log: Callable[[str], None], identifier: int = 1) -> None:
        self._song = song
        self._log = log
        self._identifier = identifier
        self._preferences: dict[str, Preferences] = {}
        self.rebuild_is_due = False
        """Whether Live has to call build_midi_map again; it does so with the next display."""
        self.playhead = HardwareState()
        self.velocity_levels = HardwareState()
        self.full_velocity = HardwareState()
        self.note_repeat = HardwareState()
        self.real_time_mapper = HardwareState()

    def song(self) -> Any:
        return self._song()

    def handle(self) -> int:
        return self._identifier

    def instance_identifier(self) -> int:
        return self._identifier

    def log_message(self, *arguments: Any) -> None:
        self._require("log_message", arguments, STRING)
        self._log(f"RemoteScriptMessage: {arguments[0]}")

    def show_message(self, *arguments: Any) -> None:
        self._require("show_message", arguments, STRING)
        self._log(f"status bar: {arguments[0]}")

    def send_midi(self, *arguments: Any) -> bool:
        """Whether there is a MIDI output to take it: never. ValueError for a byte beyond 255."""
        self._require("send_midi", arguments, TUPLE)
        bytes(arguments[0])
        return False

    def request_rebuild_midi_map(self) -> None:
        self.rebuild_is_due = True

    def preferences(self, *arguments: Any) -> Preferences:
        self._require("preferences", arguments, STRING)
        return self._preferences.setdefault(arguments[0], Preferences())

    def set_session_highlight(
        self, track_offset: int, scene_offset: int, width: int, height: int, include_return_tracks: bool
    ) -> None:
        given = (track_offset, scene_offset, width, height, include_return_tracks)
        self._require("set_session_highlight", given, INT, INT, INT, INT, BOOL)
        if given[:4] != (-1, -1, -1, -1) and (min(given[:2]) < 0 or min(given[2:4]) <= 0):
            raise RuntimeError(f"Invalid session highlight {given[:4]}")

    def set_feedback_channels(self, channels: Any) -> None:
        list(channels)

    def set_feedback_velocity(self, *arguments: Any) -> None:
        self._require("set_feedback_velocity", arguments, INT)

    def set_controlled_track(self, *arguments: Any) -> None:
        self._require("set_controlled_track", arguments, TRACK)

    def release_controlled_track(self) -> None: ...

    def toggle_lock(self) -> None: ...

    def update_locks(self) -> None: ...

    def set_pad_translation(self, translations: Any) -> None: ...

    def send_model_update(self, *arguments: Any) -> None: ...

    def set_firmware_version(self, *arguments: Any) -> None: ...

    def process_connected(self) -> bool:
        """Whether the display process of a Push runs: there is none."""
        return False

    def launch_external_process(self, *arguments: Any) -> bool:
        """Nothing is launched."""
        return False

    def _require(self, name: str, given: tuple[Any, ...], *kinds: Kind) -> None:
        if len(given) != len(kinds) or not all(kind.fits(value) for value, kind in zip(given, kinds)):
            signature = ", ".join((OBJECT, *(kind.cpp for kind in kinds)))
            raise mismatch("MidiRemoteScript", name, type_names((self, *given)), signature)
