"""One job: a recording is covered in the set that is open in Live, and what comes out is written to a folder."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from controller.beside.board import JobProgress, JobStopped
from controller.beside.commissions import Commission
from controller.beside.records import JobRecord, before_of, write_record
from controller.config import Settings
from controller.exports import TargetFacts, safe_name, write_arrangement
from controller.filling import Filling
from controller.out_folder import new_out_folder
from controller.request import cover_request
from controller.session import Studio, Task, delivered, searched
from controller.stage import Stage
from embedding.audio import Audio, read_audio, require_sound
from search.arrangement import Arrangement

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, eq=False)
class Job:
    """A commission that has been begun: `record` says so on disk."""

    settings: Settings
    commission: Commission
    record: JobRecord
    target: Audio

    def finish(self) -> None:
        """It is not gone on with."""
        write_record(self.settings.covers_folder, replace(self.record, is_finished=True))

    @property
    def facts(self) -> TargetFacts:
        return TargetFacts(self.commission.file, self.target.seconds)

    def make(self, studio: Studio, stage: Stage, progress: JobProgress, folder: Path) -> None:
        """The cover, in the set and in `folder`; where the search was stopped, only in the set. JacqueesError."""
        commission = self.commission
        request = cover_request(
            commission.file,
            studio.library.folder,
            self.record.folder,
            self.settings,
            budget_seconds=commission.budget_seconds,
            seed=commission.seed,
            stage="live",
        )
        filling = Filling(stage, self.settings.stage.set_tempo, commission.origin_beats)
        task = Task(request, self.target, self.facts, None, filling, commission.unlike)
        drafts = searched(task, studio, progress)
        if progress.stop_requested:  # the best so far stays
            filling.build(drafts[0].arrangement, lambda _done, _count: None)
        else:
            delivered(drafts, task, studio, folder, progress)

    def write_standing(self, standing: Arrangement, score: float) -> None:
        """The folder of a job that was stopped: the arrangement that stands in the set."""
        with new_out_folder(self.record.folder) as inside:
            write_arrangement(inside, standing, self.facts, {"total": score}, None, self.commission.origin_beats)


def begun(commission: Commission, settings: Settings, stage: Stage, now: datetime) -> Job:
    """BadAudio where the recording cannot be used."""
    target = require_sound(read_audio(commission.file), commission.file)
    record = JobRecord(
        target=commission.file,
        folder=_free_folder(settings.covers_folder / f"{now:%Y-%m-%d-%H%M%S}-{job_name(commission.file)}"),
        seed=commission.seed,
        budget_seconds=commission.budget_seconds,
        origin_beats=commission.origin_beats,
        begun=now,
        from_nothing=commission.from_nothing,
        avoids_before=bool(commission.unlike),
        before=commission.before or before_of(stage.read_set()),
        is_finished=False,
    )
    write_record(settings.covers_folder, record)
    if commission.from_nothing:
        stage.undo()
        record = replace(record, from_nothing=False)
        write_record(settings.covers_folder, record)
    return Job(settings, commission, record, target)


@dataclass(eq=False)
class Making:
    """A job at work in a thread of its own, so that it can be left where it is: what it computes can take seconds to
    end, and is of no use to anyone once it was stopped."""

    folder: Path
    work: Callable[[Path], None]
    """Writes to the folder that it is given. What it raises is raised by `result`."""
    progress: JobProgress
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _is_stopped: bool = field(init=False, default=False)
    _is_complete: bool = field(init=False, default=False)
    _failure: BaseException | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, name="making", daemon=True)

    def stop(self) -> bool:
        """False where it is complete, so that it is too late."""
        with self._lock:
            self._is_stopped = not self._is_complete
        return self._is_stopped

    def result(self) -> None:
        self.thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            with new_out_folder(self.folder) as inside:
                self.work(inside)
                with self._lock:
                    if self._is_stopped:
                        raise JobStopped(f"{self.folder}: stopped")
                    self._is_complete = True
        except BaseException as why:  # for whoever asks for the result
            self._failure = why
        finally:
            self.progress.work_is_over()


def _free_folder(folder: Path) -> Path:
    """`folder`, or one beside it where another job of the same second has that."""
    others = (folder.with_name(f"{folder.name}-{number}") for number in itertools.count(2))
    return next(one for one in (folder, *itertools.islice(others, 100)) if not one.exists())


def job_name(file: Path) -> str:
    return _SPACES.sub("-", safe_name(file.stem))
