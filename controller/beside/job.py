"""One job: a recording is covered in the set that is open in Live, and what comes out is written to a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from controller.beside.board import Board, JobStopped
from controller.beside.records import JobRecord, write_record
from controller.config import Settings
from controller.exports import TargetFacts, safe_name, write_arrangement
from controller.filling import Filling
from controller.out_folder import new_out_folder
from controller.request import cover_request
from controller.selected_clip import ClipTarget
from controller.session import Studio, Task, made
from controller.stage import Stage
from embedding.audio import read_audio, require_sound, write_wav
from search.arrangement import Arrangement

TARGETS = "targets"
"""Below the jobs' folder: the clips that were covered, as they were heard."""
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, eq=False)
class Commission:
    """What is to be covered, from `origin_beats` of the set on; `unlike` are covers that it should not be like."""

    file: Path
    origin_beats: float
    seed: int
    budget_seconds: float
    unlike: tuple[Arrangement, ...] = ()


def carried_out(commission: Commission, studio: Studio, stage: Stage, board: Board, now: datetime) -> Path:
    """The job's folder, with the cover in it, or, where the user stopped it, with the arrangement that stands then.
    JacqueesError."""
    settings = studio.settings
    target = require_sound(read_audio(commission.file), commission.file)
    folder = settings.covers_folder / f"{now:%Y-%m-%d-%H%M%S}-{job_name(commission.file)}"
    before = stage.read_set()
    record = JobRecord(
        commission.file,
        folder,
        commission.seed,
        commission.budget_seconds,
        commission.origin_beats,
        before.arrangement,
        before.origin_beats,
        is_finished=False,
    )
    write_record(settings.covers_folder, record)
    request = cover_request(
        commission.file,
        studio.library.folder,
        folder,
        settings,
        budget_seconds=commission.budget_seconds,
        seed=commission.seed,
        stage="live",
    )
    filling = Filling(stage, settings.stage.set_tempo, commission.origin_beats)
    facts = TargetFacts(commission.file, target.seconds)
    task = Task(request, target, facts, None, filling, commission.unlike)
    with new_out_folder(folder) as inside:
        try:
            made(task, studio, inside, board)
        except JobStopped:
            standing = filling.standing().arrangement
            score = {"total": board.status.score}
            write_arrangement(inside, standing, facts, score, None, commission.origin_beats)
    write_record(settings.covers_folder, replace(record, is_finished=True))
    return folder


def of_clip(target: ClipTarget, settings: Settings, now: datetime) -> Path:
    """The file that a clip is covered from: what was heard of it, kept beside the jobs."""
    folder = settings.covers_folder / TARGETS
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{now:%Y-%m-%d-%H%M%S}-{safe_name(target.name)}.wav"
    write_wav(file, target.audio)
    return file


def job_name(file: Path) -> str:
    return _SPACES.sub("-", safe_name(file.stem))
