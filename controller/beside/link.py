"""The way to the script in Live: found when it is needed, found again when Live was closed or opened another set."""

from __future__ import annotations

from pathlib import Path

from controller.config import Settings
from controller.stage import Stage, connect
from controller.token import read_or_make_token, token_path
from embedding.errors import StageLost, StageRefused

PATIENCE_SECONDS = 10.0
"""Live may be busy with opening a set; whoever presses a button waits no longer."""


class LiveLink:
    """For one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stage: Stage | None = None

    def stage(self, folders: list[Path]) -> Stage:
        """The set that is open now; files of `folders` may be placed there. StageError where no Live answers."""
        if self._stage is not None:
            try:
                self._stage.greet([self._settings.samples_folder, *folders])
                return self._stage
            except (StageLost, StageRefused):  # another set, another Live: a fresh connection tells
                self.close()
        osc = self._settings.osc
        token = read_or_make_token(token_path(osc.token_file))
        placed = self._settings.samples_folder
        self._stage = connect(osc.host, osc.script_port, placed, token, folders, patience_seconds=PATIENCE_SECONDS)
        return self._stage

    def close(self) -> None:
        stage, self._stage = self._stage, None
        if stage is not None:
            stage.close()
