"""The desk where triggers come in: one job at a time, the others are told to wait or put in line."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from controller.beside.board import Board
from controller.beside.job import Commission, carried_out, of_clip
from controller.beside.link import LiveLink
from controller.beside.records import read_record
from controller.beside.workshop import Workshop
from controller.config import Settings
from controller.library_files import newest_audio
from controller.selected_clip import heard_clip
from controller.stage import Stage
from controller.triggers.allowed import Readable, named_file
from controller.triggers.answers import Answers, Done, ErrorTold, Sender
from controller.triggers.messages import Again, Cover, Keep, More, Stop, Trigger, Undo, Variation
from embedding.errors import BadOption, JacqueesError, StageRefused

_log = logging.getLogger(__name__)
END_SECONDS = 30.0

Commissions = Callable[[Stage], Commission]
"""Of the set that is open, what is to be done."""


@dataclass(frozen=True)
class Waiting:
    """A job that is to be done after the one at work."""

    name: str
    commission: Commissions
    asker: Sender | None


class Desk:
    """`handle` is for one thread; jobs are done in another."""

    def __init__(
        self, settings: Settings, workshop: Workshop, answers: Answers, allowed: Readable, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._workshop = workshop
        self._answers = answers
        self._allowed = allowed
        self._clock = clock
        self._link = LiveLink(settings)
        self.board = Board(answers)
        self._changed = threading.Condition()
        self._at_work = False
        self._next: Waiting | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the job at work; what stands in the set stays."""
        with self._changed:
            self._closed, self._next = True, None
            self._changed.notify()
        self.board.request_stop()
        self._thread.join(END_SECONDS)
        self._link.close()

    def handle(self, trigger: Trigger, sender: Sender) -> None:
        """JacqueesError, for the sender to be told."""
        if isinstance(trigger, Stop):
            with self._changed:
                self._next = None
            if self._at_work:
                self.board.request_stop()
            return
        if self._is_busy and not (self._settings.osc.when_busy == "queue" and self._next is None):
            raise BadOption(f"busy: at work on {self.board.status.target}; send stop first, or wait until it is done")
        if isinstance(trigger, Keep | Undo):
            if self._is_busy:
                raise BadOption("busy: the set is being built; send stop first")
            self._answers.tell(Done(str(self._kept() if isinstance(trigger, Keep) else self._undone())), sender)
            return
        self._put_in_line(self._waiting(trigger, sender))

    def resume(self) -> None:
        """Goes on with a job that was cut off."""
        record = read_record(self._settings.covers_folder)
        if record is None or record.is_finished:
            return
        if not record.target.is_file():
            _log.warning("%s: is gone; its job cannot be gone on with", record.target)
            return
        _log.info("going on with %s", record.target)
        commission = Commission(record.target, record.origin_beats, record.seed, record.budget_seconds)
        self._put_in_line(Waiting(record.target.name, lambda _stage: commission, None))

    @property
    def _is_busy(self) -> bool:
        with self._changed:
            return self._at_work or self._next is not None

    def _waiting(self, trigger: Trigger, sender: Sender) -> Waiting:
        search = self._settings.search
        if isinstance(trigger, Cover):
            if trigger.path is not None:
                file = named_file(trigger.path, sender, self._allowed)
                return Waiting(file.name, lambda _stage: self._commission(file), sender)
            return Waiting("the selected clip", self._of_selection, sender)
        record = read_record(self._settings.covers_folder)
        if record is None:
            raise BadOption(f"{type(trigger).__name__.lower()}: nothing was covered yet; send cover first")
        seed = record.seed if isinstance(trigger, More) else record.seed + 1
        budget_seconds = trigger.seconds if isinstance(trigger, More) else search.budget_seconds

        def commission(stage: Stage) -> Commission:
            unlike = (stage.read_set().arrangement,) if isinstance(trigger, Variation) else ()
            if isinstance(trigger, Again | Variation):
                stage.undo()
            return Commission(record.target, record.origin_beats, seed, budget_seconds, unlike)

        return Waiting(record.target.name, commission, sender)

    def _commission(self, file: Path, origin_beats: float = 0.0) -> Commission:
        return Commission(file, origin_beats, self._settings.search.seed, self._settings.search.budget_seconds)

    def _of_selection(self, stage: Stage) -> Commission:
        """The clip selected in Live; where none is, the newest recording of the target folder."""
        try:
            clip = heard_clip(stage)
        except StageRefused as why:
            if why.code != "nothing_selected":
                raise
            if self._settings.target_folder is None:
                raise BadOption(f"{why}; or set target_folder in config.yaml") from why
            return self._commission(newest_audio(self._settings.target_folder))
        return self._commission(of_clip(clip, self._settings, self._clock()), clip.origin_beats)

    def _put_in_line(self, waiting: Waiting) -> None:
        with self._changed:
            self._next = waiting
            if not self._at_work:
                self.board.begin(waiting.name, waiting.asker)
            self._changed.notify()

    def _work(self) -> None:
        while (job := self._taken()) is not None:
            self.board.begin(job.name, job.asker)
            try:
                folder = self._done(job)
                self._answers.tell(Done(str(folder)), job.asker)
            except JacqueesError as why:
                _log.warning("%s", why)
                self._answers.tell(ErrorTold(str(why)), job.asker)
            except Exception as why:
                _log.exception("a defect")
                self._answers.tell(ErrorTold(f"a defect of JacqueesBot, told in its log: {why!r:.200}"), job.asker)
            finally:
                with self._changed:
                    self._at_work = False
                self.board.end()

    def _taken(self) -> Waiting | None:
        with self._changed:
            self._changed.wait_for(lambda: self._next is not None or self._closed)
            if self._closed:
                return None
            job, self._next, self._at_work = self._next, None, True
            return job

    def _done(self, job: Waiting) -> Path:
        stage = self._stage()
        commission = job.commission(stage)
        studio = self._workshop.studio(stage, self.board)
        try:
            return carried_out(commission, studio, stage, self.board, self._clock())
        finally:
            stage.free_unused()

    def _stage(self) -> Stage:
        return self._link.stage([*self._settings.library.folders])

    def _kept(self) -> Path:
        self._stage().keep()
        return self._last_folder()

    def _undone(self) -> Path:
        """The set as it was before the last job."""
        record, stage = read_record(self._settings.covers_folder), self._stage()
        stage.undo()
        if record is not None and record.before.clip_count:
            stage.apply(record.before, record.origin_before_beats, "never")
        return self._last_folder()

    def _last_folder(self) -> Path:
        record = read_record(self._settings.covers_folder)
        return self._settings.covers_folder if record is None else record.folder
