"""The commands' doing: which function answers which command, and what runs beside them in each tick."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from . import output, placing, protocol, reading, recording, transport, writing
from .askers import Asker, Askers, Request
from .context import Context
from .jobs import Job, Refused, Steps
from .live_versions import is_lives_refusal
from .ours import adopt_by_names, adopt_collected
from .plans import Plans
from .probes import PROBES
from .take_track import note_take, remove_at_once, removed_take_track, take_track
from .watching import Watcher

Handler = Callable[..., Any]

STEP_HANDLERS: Dict[str, Handler] = {
    "delete_clip": placing.delete_clip,
    "set_track": writing.set_track,
    "create_clip": placing.create_clip,
    "delete_track": writing.delete_track,
}
"""Takes (context, owner of the plan, *arguments); gives Steps."""


class Bridge:
    """For one open set. `session`: hexadecimal. `malformed` counts the datagrams that were dropped."""

    def __init__(self, context: Context, askers: Askers, session: str) -> None:
        self.context = context
        self.askers = askers
        self.session = session
        self.malformed = 0
        self.plans = Plans(STEP_HANDLERS)
        self.watcher = Watcher(self._report)
        self._is_restoring = False
        on_context: Dict[str, Handler] = {
            "song": reading.song,
            "tracks": reading.tracks,
            "clips": reading.clips,
            "selected_clip": reading.selected_clip,
            "warp_markers": reading.warp_markers,
            "cue_points": reading.cue_points,
            "set_tempo": writing.set_tempo,
            "reserve_tracks": writing.reserve_tracks,
            "output": output.output,
            "settle": writing.settle,
            "stop": transport.stop,
            "restore": transport.restore,
        }
        on_request: Dict[str, Handler] = {
            "version": self._version,
            "hello": self._hello,
            "status": self._status,
            "begin": self.plans.begin,
            "steps": self.plans.steps,
            "cancel": self.plans.cancel,
            "commit": self._commit,
            "undo": self._undo,
            "keep": self._keep,
            "watch": self._watch,
            "prepare": self._with_context(transport.prepare),
            "play": self._with_context(transport.play),
            "record": self._with_context(recording.record),
            "forget_recording": self._with_context(recording.forget_recording),
            "probe": self._probe,
        }
        self._handlers = {name: self._of_context(handler) for name, handler in on_context.items()}
        self._handlers.update(on_request)

    @property
    def names(self) -> List[str]:
        """Of the commands that it answers."""
        return list(self._handlers)

    def answer(self, name: str, request: Request, arguments: List[Any]) -> Any:
        """The reply's values, or Steps that return them; of a paged command its rows."""
        return self._handlers[name](request, *arguments)

    def run_tick(self) -> None:
        self._end_watching_in_vain()
        self.plans.run_tick(self._is_silent)
        self._give_back_what_is_forgotten()
        self.context.jobs.run_tick(self.context.song)
        self.context.playhead.run_tick(self.context.song)
        is_writing = bool(self.context.jobs.unfinished_writes) or not self.context.playhead.at_rest
        self.watcher.run_tick(is_writing or self.context.borrowed.owner is not None)

    def close(self, why: Exception) -> None:
        """Also where the set stays open and only the script goes: nothing of it is left behind there."""
        was_recording = self.context.take.is_running
        self.context.jobs.close(why)
        self.watcher.stop()
        if was_recording:  # Live goes on for a tick or more, and would record to what is armed again
            self.context.borrowed.forget("arm")
        if self.context.borrowed.owner is not None:
            _or_refused(recording.stop_at_once, self.context)
        for _ in self.context.borrowed.give_back():
            pass
        if self.context.take.owner is not None:
            _or_refused(note_take, self.context.song())
            _or_refused(remove_at_once, self.context)

    def _of_context(self, handler: Handler) -> Handler:
        return lambda request, *arguments: handler(self.context, *arguments)

    def _with_context(self, handler: Handler) -> Handler:
        return lambda request, *arguments: handler(self.context, request, *arguments)

    def _version(self, request: Request) -> List[Any]:
        return reading.version(self.context, self.session)

    def _hello(self, request: Request, folders: str) -> List[Any]:
        request.asker.name_folders([line for line in folders.split("\n") if line])
        if self.context.live.can_place:
            self._remove_what_an_earlier_script_left()
            adopt_by_names(self.context.song(), request.asker.is_allowed)
            adopt_collected(self.context.song())
        return []

    def _remove_what_an_earlier_script_left(self) -> None:
        if self.context.take.owner is None and take_track(self.context.song()) is not None:
            self._add(removed_take_track(self.context))

    def _status(self, request: Request) -> List[Any]:
        song = self.context.song()
        return [
            bool(song.is_playing),
            float(song.current_song_time),
            self.context.jobs.unfinished,
            self.watcher.revision,
            self.context.borrowed.names,
            self.malformed,
        ]

    def _commit(self, request: Request, plan_id: int) -> Steps:
        if self.context.take.is_running:
            raise Refused("busy", "the set is being recorded")
        return self.plans.commit(self.context, request, plan_id)

    def _undo(self, request: Request) -> Steps:
        yield from self._without_plans()
        yield from recording.without_recording(self.context)
        yield from removed_take_track(self.context)
        values = yield from writing.undo(self.context)
        return values

    def _keep(self, request: Request) -> Steps:
        yield from self._without_plans()
        return writing.keep(self.context)

    def _without_plans(self) -> Any:
        self.plans.end_running()
        while self.plans.running is not None:
            yield

    def _watch(self, request: Request, on: bool) -> List[Any]:
        request.asker.watches = on
        if on:
            self.watcher.start(self.context.song())
        self._end_watching_in_vain()
        return [self.watcher.revision]

    def _end_watching_in_vain(self) -> None:
        for asker in self.askers.watching():
            asker.watches = not self.askers.is_silent(asker, protocol.UNWATCHED_SECONDS)
        if self.watcher.is_on and not any(self.askers.watching()):
            self.watcher.stop()

    def _probe(self, request: Request, name: str, file_path: str) -> Steps:
        """It opens undo steps of its own."""
        request.asker.require_allowed(file_path)
        probe = PROBES.get(name)
        if probe is None:
            raise Refused("bad_request", "probe %r; known are %s" % (name, ", ".join(sorted(PROBES))))
        return probe(self.context, file_path)

    def _report(self, revision: int, what: str, track_id: int) -> None:
        for asker in self.askers.watching():
            asker.tell(protocol.CHANGED, revision, what, track_id)

    def _is_silent(self, asker: Asker) -> bool:
        return self.askers.is_silent(asker, protocol.UNHEARD_SECONDS)

    def _give_back_what_is_forgotten(self) -> None:
        owners = [self.context.borrowed.owner, self.context.take.owner]
        if self._is_restoring or not any(owner is not None and self._is_silent(owner) for owner in owners):
            return
        self._is_restoring = True
        self._add(self._given_back())

    def _given_back(self) -> Steps:
        try:
            if self.context.borrowed.owner is not None and self._is_silent(self.context.borrowed.owner):
                yield from transport.restore(self.context)
            if self.context.take.owner is not None and self._is_silent(self.context.take.owner):
                yield from recording.without_recording(self.context)
                yield from removed_take_track(self.context)
        finally:
            self._is_restoring = False
        return []

    def _add(self, steps: Steps) -> None:
        """As a job whose end nobody waits for: what fails is tried again as long as it is due."""
        self.context.jobs.add(Job(steps, True, lambda values: None, lambda why: None))


def _or_refused(call: Callable[[Any], Any], argument: Any) -> None:
    """Live may refuse it while it closes a set. A take that is left is found by the next script."""
    try:
        call(argument)
    except Exception as why:
        if not is_lives_refusal(why):
            raise
