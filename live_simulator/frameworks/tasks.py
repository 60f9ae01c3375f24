"""What a script does later: tasks, which are updated with the seconds that passed, every 100 ms in Live."""

from __future__ import annotations

from typing import Any, Callable

TICK_SECONDS = 0.1
RUNNING, PAUSED, KILLED = range(3)


class Task:
    """Runs until it is killed. `do_update(seconds)` is for subclasses."""

    RUNNING, PAUSED, KILLED = RUNNING, PAUSED, KILLED

    def __init__(self) -> None:
        self._state = RUNNING

    @property
    def state(self) -> int:
        return self._state

    @property
    def is_running(self) -> bool:
        return self._state == RUNNING

    @property
    def is_paused(self) -> bool:
        return self._state == PAUSED

    @property
    def is_killed(self) -> bool:
        return self._state == KILLED

    def update(self, seconds: float = TICK_SECONDS) -> None:
        if self.is_running:
            self.do_update(seconds)

    def kill(self) -> None:
        if self._state != KILLED:
            self._state = KILLED
            self.do_kill()

    def pause(self) -> None:
        if self._state == RUNNING:
            self._state = PAUSED

    def resume(self) -> None:
        if self._state == PAUSED:
            self._state = RUNNING

    def restart(self) -> None:
        self._state = RUNNING
        self.do_restart()

    def do_update(self, seconds: float) -> None: ...

    def do_kill(self) -> None: ...

    def do_restart(self) -> None: ...


class FuncTask(Task):
    """Calls func(seconds) at every update until that returns anything but Task.RUNNING."""

    def __init__(self, func: Callable[[float], Any]) -> None:
        super().__init__()
        self.func = func

    def do_update(self, seconds: float) -> None:
        if self.func(seconds) is not RUNNING:
            self.kill()


class GeneratorTask(Task):
    """Goes one step of a generator at every update; `make` is called with this task."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make
        self.param = TICK_SECONDS
        self._steps = make(self)

    def do_update(self, seconds: float) -> None:
        self.param = seconds
        if next(self._steps, KILLED) is KILLED:
            self.kill()

    def do_restart(self) -> None:
        self._steps = self._make(self)


class WaitTask(Task):
    def __init__(self, duration: float = 1.0) -> None:
        """`duration` in seconds."""
        super().__init__()
        self.duration = duration
        self.remaining = duration

    def do_update(self, seconds: float) -> None:
        self.remaining -= seconds
        if self.remaining <= 1e-9:  # sums of tenths of a second
            self.kill()

    def do_restart(self) -> None:
        self.remaining = self.duration


class DelayTask(Task):
    def __init__(self, duration: int = 1) -> None:
        """`duration` in updates."""
        super().__init__()
        self.duration = duration
        self.remaining = duration

    def do_update(self, seconds: float) -> None:
        self.remaining -= 1
        if self.remaining <= 0:
            self.kill()

    def do_restart(self) -> None:
        self.remaining = self.duration


class FadeTask(Task):
    """Calls func(value) with values that go from `init` to 1 times what `curve` says, within `duration` seconds."""

    def __init__(self, func: Callable[[float], Any], curve: Callable[[float], float], duration: float = 1.0) -> None:
        super().__init__()
        self._func = func
        self._curve = curve
        self.duration = duration
        self._passed = 0.0

    def do_update(self, seconds: float) -> None:
        self._passed += seconds
        self._func(self._curve(min(self._passed / self.duration, 1.0)))
        if self._passed >= self.duration:
            self.kill()

    def do_restart(self) -> None:
        self._passed = 0.0


class SequenceTask(Task):
    """One task after the other; the next begins in the update in which the one before ended."""

    def __init__(self, *tasks: Task) -> None:
        super().__init__()
        self._tasks = tasks
        self._place = 0

    def do_update(self, seconds: float) -> None:
        while self._place < len(self._tasks):
            task = self._tasks[self._place]
            task.update(seconds)
            if not task.is_killed:
                return
            self._place += 1
        self.kill()

    def do_restart(self) -> None:
        self._place = 0
        for task in self._tasks:
            task.restart()


class RepeatTask(Task):
    """`task` again and again, `times` times, or until it is killed."""

    def __init__(self, task: Task, times: int = -1) -> None:
        super().__init__()
        self._task = task
        self._times = times
        self._done = 0

    def do_update(self, seconds: float) -> None:
        self._task.update(seconds)
        if self._task.is_killed:
            self._done += 1
            if self._done == self._times:
                self.kill()
            else:
                self._task.restart()

    def do_restart(self) -> None:
        self._done = 0
        self._task.restart()


class TaskGroup(Task):
    """Tasks that run beside each other; a killed one is dropped. With `auto_kill` it ends with its last."""

    def __init__(self, tasks: tuple[Any, ...] = (), auto_kill: bool = True, auto_remove: bool = True, **_: Any) -> None:
        super().__init__()
        self.auto_kill = auto_kill
        self.auto_remove = auto_remove
        self._tasks: list[Task] = []
        for task in tasks:
            self.add(task)

    def add(self, task: Any) -> Any:
        """The task; a function becomes one that calls it with the seconds."""
        added = task if isinstance(task, Task) else FuncTask(task)
        self._tasks.append(added)
        if self.is_killed:
            self._state = RUNNING
        return added

    def remove(self, task: Task) -> None:
        if task in self._tasks:
            self._tasks.remove(task)

    def clear(self) -> None:
        self._tasks = []

    def find(self, task: Any) -> Any:
        return next((one for one in self._tasks if one is task or getattr(one, "func", None) is task), None)

    def do_update(self, seconds: float) -> None:
        for task in tuple(self._tasks):
            task.update(seconds)
            if task.is_killed and self.auto_remove:
                self.remove(task)
        if self.auto_kill and all(task.is_killed for task in self._tasks):
            self.kill()

    def do_restart(self) -> None:
        for task in self._tasks:
            task.restart()


def run(func: Callable[..., Any], *arguments: Any, **keywords: Any) -> Task:
    """Calls func(*arguments) once."""

    def call(_: float) -> None:
        func(*arguments, **keywords)

    return FuncTask(call)


def wait(duration: float) -> Task:
    return WaitTask(duration)


def delay(duration: int) -> Task:
    return DelayTask(duration)


def sequence(*tasks: Any) -> Task:
    return SequenceTask(*(task if isinstance(task, Task) else FuncTask(task) for task in tasks))


def parallel(*tasks: Any) -> Task:
    return TaskGroup(tasks)


def repeat(task: Any, times: int = -1) -> Task:
    return RepeatTask(task if isinstance(task, Task) else FuncTask(task), times)


def loop(*tasks: Any) -> Task:
    return RepeatTask(sequence(*tasks))


def linear(func: Callable[[float], Any], start: float, end: float, duration: float = 1.0) -> Task:
    return FadeTask(func, lambda fraction: start + (end - start) * fraction, duration)


def fade(func: Callable[[float], Any], curve: Callable[[float], float], duration: float = 1.0) -> Task:
    return FadeTask(func, curve, duration)
