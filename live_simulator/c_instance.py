"""What Live hands to a script's create_instance."""

from __future__ import annotations

from typing import Any, Callable


class CInstance:
    """`song` gives the open set. What belongs to MIDI hardware is taken and has no effect: there is none."""

    def __init__(self, song: Callable[[], Any], log: Callable[[str], None], handle: int = 1) -> None:
        self._song = song
        self._log = log
        self._handle = handle

    def song(self) -> Any:
        return self._song()

    def handle(self) -> int:
        return self._handle

    def instance_identifier(self) -> int:
        return self._handle

    def log_message(self, message: str) -> None:
        _require_text(message)
        self._log(f"RemoteScriptMessage: {message}")

    def show_message(self, message: str) -> None:
        _require_text(message)
        self._log(f"status bar: {message}")

    def send_midi(self, message: tuple[int, ...]) -> bool:
        return False

    def request_rebuild_midi_map(self) -> None:
        pass

    def toggle_lock(self) -> None:
        pass

    def update_locks(self) -> None:
        pass

    def set_session_highlight(self, *arguments: Any) -> None:
        pass

    def set_pad_translation(self, *arguments: Any) -> None:
        pass

    def set_feedback_channels(self, *arguments: Any) -> None:
        pass

    def set_feedback_velocity(self, *arguments: Any) -> None:
        pass

    def set_controlled_track(self, *arguments: Any) -> None:
        pass

    def release_controlled_track(self) -> None:
        pass

    def preferences(self, key: str) -> bytes:
        return b""


def _require_text(message: Any) -> None:
    if not isinstance(message, str):
        raise TypeError(f"a message is text, not {type(message).__name__}")
