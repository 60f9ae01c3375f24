"""Plans: the steps of a build come in first, all of them; then they are carried out, over many ticks.

Nothing of the set changes before every step is there, and what was committed is carried out though its asker goes: what a
plan replaces it deletes first, so that one that is broken off leaves gaps.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple

from . import osc, protocol
from .askers import Asker, Request
from .context import Context
from .fields import ProtocolError, checked
from .jobs import Job, Refused, Steps
from .ours import tag_of, write_tag

TICKS_PER_REPORT = 10


class Step(NamedTuple):
    name: str
    arguments: List[Any]


class Plan:
    def __init__(self, plan_id: int, owner: Asker, origin_beats: float, step_count: int) -> None:
        self.plan_id = plan_id
        self.owner = owner
        self.origin_beats = origin_beats
        self.step_count = step_count
        self.steps: Dict[int, Step] = {}
        self.is_running = False
        self.ending: Optional[Exception] = None
        """Why nothing more of it is begun."""
        self.done = 0
        self.active = 0

    def add(self, first_step: int, bundle: bytes) -> None:
        """Refused, and nothing is added, where one of the steps is not one of the table's."""
        found = {first_step + place: _step(message) for place, message in enumerate(_messages(bundle))}
        if any(place >= self.step_count for place in found):
            raise Refused("bad_request", "step %d of a plan of %d" % (max(found), self.step_count))
        self.steps.update(found)


class Plans:
    """One open plan for each asker; one at a time is carried out."""

    def __init__(self, handlers: Dict[str, Callable[..., Any]]) -> None:
        self._handlers = handlers
        """By the steps' names; they take (context, owner, *arguments) and give Steps."""
        self._plans: Dict[int, Plan] = {}
        self._newest_id = 0

    @property
    def running(self) -> Optional[Plan]:
        return next((plan for plan in self._plans.values() if plan.is_running), None)

    def begin(self, request: Request, origin_beats: float, step_count: int) -> List[Any]:
        if self.running is not None:
            raise Refused("busy", "plan %d is being carried out; ask again when `settle` answers" % self._newest_id)
        for plan in list(self._plans.values()):
            if plan.owner is request.asker:
                del self._plans[plan.plan_id]
        self._newest_id += 1
        self._plans[self._newest_id] = Plan(self._newest_id, request.asker, origin_beats, step_count)
        return [self._newest_id]

    def steps(self, request: Request, plan_id: int, first_step: int, bundle: bytes) -> List[Any]:
        plan = self._plan(request, plan_id)
        if plan.is_running:
            raise Refused("busy", "plan %d is being carried out already" % plan_id)
        plan.add(first_step, bundle)
        return []

    def cancel(self, request: Request, plan_id: int) -> List[Any]:
        plan = self._plan(request, plan_id)
        if plan.is_running:
            plan.ending = plan.ending or Refused("cancelled", "as asked for")
        else:
            del self._plans[plan_id]
        return []

    def commit(self, context: Context, request: Request, plan_id: int) -> Steps:
        plan = self._plan(request, plan_id)
        missing = plan.step_count - len(plan.steps)
        if missing:
            raise Refused("incomplete", "%d of plan %d's %d steps are missing" % (missing, plan_id, plan.step_count))
        if self.running is not None:
            raise Refused("busy", "another plan is being carried out")
        plan.is_running = True
        try:
            note_origin(context.song(), plan.origin_beats)
            with context.playhead.held(context.song()):
                yield from self._carried_out(plan, context, request)
        finally:
            del self._plans[plan_id]
        if plan.ending is not None:
            raise plan.ending
        return [plan.done]

    def run_tick(self, is_silent: Callable[[Asker], bool]) -> None:
        """Drops what silent askers have not committed."""
        for plan in list(self._plans.values()):
            if not plan.is_running and is_silent(plan.owner):
                del self._plans[plan.plan_id]

    def end_running(self) -> None:
        if self.running is not None:
            self.running.ending = self.running.ending or Refused("cancelled", "another command takes its place")

    def _carried_out(self, plan: Plan, context: Context, request: Request) -> Steps:
        """Steps of one kind in a row are done together, those of one track in their order; of different kinds one after
        the other."""
        in_order = [plan.steps[place] for place in range(plan.step_count)]
        ticks = 0
        for _, alike in groupby(in_order, key=lambda step: step.name):
            for steps in _by_track(alike):
                self._start(plan, steps, context)
            while plan.active:
                yield
                ticks += 1
                if ticks % TICKS_PER_REPORT == 0:
                    request.asker.tell(protocol.PROGRESS, request.request_id, plan.done, plan.step_count)
        return []

    def _start(self, plan: Plan, steps: List[Step], context: Context) -> None:
        def done(_: List[Any]) -> None:
            plan.active -= 1

        def failed(why: Exception) -> None:
            plan.active -= 1
            plan.ending = plan.ending or why

        plan.active += 1
        context.jobs.add(Job(self._one_after_the_other(plan, steps, context), True, done, failed))

    def _one_after_the_other(self, plan: Plan, steps: List[Step], context: Context) -> Steps:
        for step in steps:
            if plan.ending is None:
                yield from self._handlers[step.name](context, plan.owner, *step.arguments)
                plan.done += 1
        return []

    def _plan(self, request: Request, plan_id: int) -> Plan:
        plan = self._plans.get(plan_id)
        if plan is None or plan.owner is not request.asker:
            raise Refused("no_such_plan", "plan %d is not open (dropped, as its asker was silent?)" % plan_id)
        return plan


def note_origin(song: Any, origin_beats: float) -> None:
    """Where the build begins."""
    write_tag(song, dict(tag_of(song) or {}, origin_beats=origin_beats))


def _by_track(steps: Iterable[Step]) -> List[List[Step]]:
    """Every step's first argument is its track's id."""
    found: Dict[int, List[Step]] = {}
    for step in steps:
        found.setdefault(step.arguments[0], []).append(step)
    return list(found.values())


def _messages(bundle: bytes) -> Tuple[osc.Message, ...]:
    try:
        return tuple(osc.decode(bundle))
    except osc.OscError as why:
        raise Refused("bad_request", "steps: %s" % why) from why


def _step(message: osc.Message) -> Step:
    command = protocol.STEP_BY_ADDRESS.get(message.address)
    if command is None:
        raise Refused("bad_request", "%s is no step of a plan" % message.address)
    try:
        return Step(command.name, checked(command.request, message.arguments))
    except ProtocolError as why:
        raise Refused("bad_request", "%s: %s" % (command.name, why)) from why
