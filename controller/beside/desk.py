"""The desk where triggers come in: one job at a time, the others are told to wait or put in line."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from controller.beside.board import Board, JobProgress, JobStopped
from controller.beside.commissions import Commission, Commissions, commissioned, resumed
from controller.beside.job import Job, Making, begun
from controller.beside.link import connected
from controller.beside.memory import give_back
from controller.beside.records import JobRecord, cut_off_job, read_record, write_record
from controller.beside.workshop import Workshop
from controller.config import Settings
from controller.live_checks import open_live
from controller.stage import Stage
from controller.triggers.allowed import Readable
from controller.triggers.answers import Answer, Answers, Done, ErrorTold, Sender
from controller.triggers.messages import Keep, Status, Stop, Trigger, Undo
from embedding.errors import BadOption, JacqueesError
from search.arrangement import Arrangement

_log = logging.getLogger(__name__)
END_SECONDS = 30.0
IDLE_SECONDS = 0.2
"""From a stop until idle is told though the best so far is still being built."""


@dataclass(frozen=True, eq=False)
class CoverOrder:
    """A cover that is to be made; `progress` is told of it."""

    progress: JobProgress
    commission: Commissions


@dataclass(frozen=True, eq=False)
class SetOrder:
    """Something that is done to the set at once, at `asker`'s wish: the folder of the job that it was."""

    do: Callable[[], Path]
    asker: Sender


Order = CoverOrder | SetOrder


class Desk:
    """`handle` never waits for anything; orders are carried out in a thread."""

    def __init__(
        self, settings: Settings, workshop: Workshop, answers: Answers, allowed: Readable, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._workshop = workshop
        self._answers = answers
        self._allowed = allowed
        self._clock = clock
        self.board = Board(answers)
        self._changed = threading.Condition()
        self._at_work: Order | None = None
        self._next: Order | None = None
        self._is_closed = False
        self._cut_off: JobRecord | None = None
        self._warming = JobProgress(self.board, "", None)
        self._making = threading.Thread(target=self._warm_up, name="warming up", daemon=True)
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        for thread in (self._making, self._thread):
            thread.start()

    def close(self) -> None:
        """Ends the job at work; what stands in the set stays."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._warming.request_stop()
        self._stop()
        for thread in (self._thread, self._making):
            thread.join(END_SECONDS)

    def handle(self, trigger: Trigger, sender: Sender) -> None:
        """JacqueesError, for the sender to be told."""
        self._forget_cut_off()
        if isinstance(trigger, Stop):
            if not self._stop(sender):
                self._answers.tell(self.board.status, sender)
            return
        with self._changed:
            if self._is_busy:
                self._require_room(trigger)
        if isinstance(trigger, Keep | Undo):
            self._put_in_line(SetOrder(self._keep if isinstance(trigger, Keep) else self._undo, sender))
        elif not isinstance(trigger, Status):  # which never comes here
            name, commission = commissioned(trigger, sender, self._settings, self._allowed)
            self._put_in_line(CoverOrder(JobProgress(self.board, name, sender), commission))

    def resume(self) -> None:
        """Goes on with a job that was cut off as an earlier controller was killed."""
        self._cut_off = cut_off_job(self._settings.covers_folder, self._clock())
        self._go_on()

    def resume_later(self) -> None:
        """As `resume`, where Live did not answer then and does now; to be called now and then."""
        if self._cut_off is not None and self._at_work is None and open_live(self._settings).ok:
            try:
                self._go_on()
            except BadOption as why:  # the user was quicker
                _log.debug("%s", why)

    def _go_on(self) -> None:
        record = self._cut_off
        if record is None:
            return

        def commission(stage: Stage) -> Commission:
            self._cut_off = None
            return resumed(record, stage)

        _log.info("going on with %s", record.target)
        self._put_in_line(CoverOrder(JobProgress(self.board, record.target.name, None), commission))

    def _forget_cut_off(self) -> None:
        """As the user has sent something else."""
        record, self._cut_off = self._cut_off, None
        if record is not None:
            write_record(self._settings.covers_folder, replace(record, is_finished=True))

    @property
    def _is_busy(self) -> bool:
        """Not with a job that was stopped: what comes next is done once Live has built what that had begun."""
        at_work = self._at_work
        is_stopped = isinstance(at_work, CoverOrder) and at_work.progress.stop_requested
        return self._next is not None or (at_work is not None and not is_stopped)

    def _require_room(self, trigger: Trigger) -> None:
        at_work = self.board.status.target or "the set"
        if isinstance(trigger, Keep | Undo):
            raise BadOption(f"busy: {at_work} is being worked on; send stop first, or wait until that is done")
        if self._settings.osc.when_busy == "refuse" or self._next is not None:
            raise BadOption(f"busy: at work on {at_work}; send stop first, or wait until it is done")

    def _stop(self, stopper: Sender | None = None) -> bool:
        """False where there is nothing to be stopped."""
        with self._changed:
            waiting, at_work = self._next, self._at_work
            if isinstance(waiting, CoverOrder):
                self._next = None
        for order in (waiting, at_work):
            if isinstance(order, CoverOrder):
                order.progress.request_stop(stopper)
        if isinstance(at_work, CoverOrder):  # idle soon, however long Live takes for what is still to be built
            soon = threading.Timer(IDLE_SECONDS, self.board.rest, [at_work.progress])
            soon.daemon = True
            soon.start()
        if isinstance(waiting, CoverOrder):  # nobody has begun to do anything of it
            self.board.end(waiting.progress, Done(str(self._last_folder())))
        return isinstance(waiting, CoverOrder) or isinstance(at_work, CoverOrder)

    def _put_in_line(self, order: Order) -> None:
        with self._changed:
            if self._is_closed:
                raise BadOption("busy: JacqueesBot is being ended")
            if self._next is not None:
                raise BadOption("busy: something else has just been asked for")
            if not self._is_busy and isinstance(order, CoverOrder):
                self.board.begin(order.progress)
            self._next = order
            self._changed.notify()

    def _work(self) -> None:
        while (order := self._taken()) is not None:
            if isinstance(order, CoverOrder):
                self._cover(order)
            else:
                answer = self._answer(order.do)
                self._rest()
                self._answers.tell(answer, order.asker)

    def _taken(self) -> Order | None:
        with self._changed:
            self._changed.wait_for(lambda: self._next is not None or self._is_closed)
            if self._is_closed:
                return None
            self._at_work, self._next = self._next, None
            return self._at_work

    def _rest(self) -> None:
        with self._changed:
            self._at_work = None

    def _answer(self, do: Callable[[], Path]) -> Answer:
        """What became of it; never raises."""
        try:
            return Done(str(do()))
        except JobStopped:
            return Done(str(self._last_folder()))
        except JacqueesError as why:
            _log.warning("%s", why)
            return ErrorTold(str(why))
        except Exception as why:
            _log.exception("a defect")
            return ErrorTold(f"a defect of JacqueesBot, told in its log: {why!r:.200}")

    def _cover(self, order: CoverOrder) -> None:
        self.board.begin(order.progress)
        answer = self._answer(lambda: self._covered(order))
        self._rest()
        self.board.end(order.progress, answer)
        _log.info("done" if isinstance(answer, Done) else "failed")
        if isinstance(answer, ErrorTold):
            self._free_unused()
        give_back()

    def _free_unused(self) -> None:
        try:
            with connected(self._settings) as stage:
                stage.free_unused()
        except JacqueesError as why:
            _log.debug("empty tracks stay: %s", why)
        except Exception:  # the next job is to be done all the same
            _log.exception("a defect")

    def _covered(self, order: CoverOrder) -> Path:
        """The job's folder."""
        progress = order.progress
        with connected(self._settings, progress.proceed) as stage:
            job = begun(order.commission(stage), self._settings, stage, self._clock())
            progress.status = replace(progress.status, target=job.commission.file.name)
            try:
                making = self._begun_making(job, stage, progress)
                progress.await_stop_or_end()
                if not (progress.stop_requested and making.stop()):
                    making.result()
                    stage.free_unused()
                    return job.record.folder
                if progress.ends_by_itself:
                    making.thread.join(END_SECONDS)
            finally:
                job.finish()
        with connected(self._settings) as stage:
            stage.free_unused()
            job.write_standing(stage.read_set().arrangement, progress.status.score)
        return job.record.folder

    def _begun_making(self, job: Job, stage: Stage, progress: JobProgress) -> Making:
        """Once what an earlier job has left is over."""
        before = self._making
        self._warming.request_stop()

        def work(folder: Path) -> None:
            before.join()
            job.make(self._workshop.studio(stage, progress), stage, progress, folder)

        making = Making(job.record.folder, work, progress)
        self._making = making.thread
        self._making.start()
        return making

    def _warm_up(self) -> None:
        try:
            self._workshop.warm_up(self._warming)
        except Exception as why:  # what is wrong the first job will meet, too
            _log.debug("warming up: %s", why)

    def _keep(self) -> Path:
        with connected(self._settings) as stage:
            stage.keep()
        record = read_record(self._settings.covers_folder)
        if record is not None:  # an undo takes nothing back any more
            before = replace(record.before, arrangement=Arrangement())
            write_record(self._settings.covers_folder, replace(record, before=before, is_finished=True))
        return self._last_folder()

    def _undo(self) -> Path:
        """The set as it was before the last job."""
        record = read_record(self._settings.covers_folder)
        with connected(self._settings) as stage:
            before = None if record is None else record.before
            if before is not None and before.arrangement.tracks and before.is_of(stage.read_set()):
                set_tempo = self._settings.stage.set_tempo
                stage.bring_back(before.arrangement, before.altered, before.origin_beats, set_tempo)
                stage.free_unused()
            else:
                stage.undo()
        if record is not None:
            write_record(self._settings.covers_folder, replace(record, is_finished=True))
        return self._last_folder()

    def _last_folder(self) -> Path:
        record = read_record(self._settings.covers_folder)
        return self._settings.covers_folder if record is None else record.folder
