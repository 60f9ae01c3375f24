"""What a control surface answers to Live's questions, and does on its calls, unless the script has its own."""

from __future__ import annotations

from typing import Any


class UsualAnswers:
    def handle_sysex(self, midi_bytes: tuple[int, ...]) -> None: ...

    def connect_script_instances(self, instanciated_scripts: Any) -> None: ...

    def restore_bank(self, bank_index: int) -> None: ...

    def suggest_input_port(self) -> str:
        return ""

    def suggest_output_port(self) -> str:
        return ""

    def suggest_needs_takeover(self, cc_no: int, channel: int) -> bool:
        return True

    def supports_pad_translation(self) -> bool:
        return False

    def is_extension(self) -> bool:
        return False
