"""The rules of Live's main thread: what is deferred to the next tick, when changes are refused, undo, listeners.

Every change of the set goes through `put`, so that undo is the changes backwards and listeners hear of all of them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, Tuple

from live_simulator.clock import Clock
from live_simulator.costs import Costs

NOTIFYING = "Changes cannot be triggered by notifications. You will need to defer your response."
UNDOING = "Changes cannot be triggered during undo or redo."

Change = Tuple[Any, str, Any, Any]
"""(node, field, old value, new value)"""


class Entry:
    """One step of the undo history."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.changes: list[Change] = []
        self.waiting = 0
        self.taken_back = False


class Runtime:
    def __init__(self, log: Callable[[str], None], log_error: Callable[[str], None], clock: Clock) -> None:
        """`log_error(context)` logs the exception that is being handled."""
        self.clock = clock
        self.costs = Costs(clock)
        self.log = log
        self.log_error = log_error
        self.trace: Callable[[str], None] | None = None
        """Told in words of every change that a script or the user makes."""
        self.audio_runs = True
        """False while there is no audio device: the transport stands."""
        self.sound_lag_seconds = 0.0
        """How much later than it is asked for a sound is heard."""
        self.revision = 0
        """Goes up with every change but the playhead's."""
        self._is_user_at_work = False
        self.tick = 0
        self._last_pointer = 0x600000000000
        self._deferred: list[tuple[int, float, Entry | None, Callable[[], None]]] = []
        self._refusing: str | None = None
        self._depth = 0
        self._entry = Entry("")
        self._own_entries: dict[tuple[Any, str], Entry] = {}
        self._step: Entry | None = None
        self._step_tick = -1
        self._step_is_open = False
        self._after_step: list[Entry] = []
        self._done: list[Entry] = []
        self._undone: list[Entry] = []
        self._touched: dict[tuple[Any, str], None] = {}

    def new_pointer(self) -> int:
        self._last_pointer += 16
        return self._last_pointer

    # Changes

    def put(self, node: Any, field: str, value: Any, undoable: bool = True, own_entry: bool = False) -> None:
        """Sets a field inside a change; `own_entry`: an undo step of its own also within an open step."""
        old = getattr(node, field)
        if old == value and type(old) is type(value):
            return
        self._set(node, field, value)
        if own_entry:
            self._own_entries.setdefault((node, field), Entry(field)).changes.append((node, field, old, value))
        elif undoable:
            self._entry.changes.append((node, field, old, value))

    def _set(self, node: Any, field: str, value: Any) -> None:
        setattr(node, field, value)
        self.revision += field != "current_song_time"
        if field == "alive":
            node.pointer = self.new_pointer() if value else 0
            node.listeners.clear()
        for event in node.EVENTS.get(field, (field,)):
            self.touch(node, event)
        for other, event in node.changes_with(field):
            self.touch(other, event)

    def add_to_step(self, node: Any, field: str, before: Any, now: Any) -> None:
        """Inside a change: what was changed earlier is taken back with it."""
        self._entry.changes.append((node, field, before, now))

    def touch(self, node: Any, event: str) -> None:
        """Tells `event`'s listeners at the end of the change."""
        self._touched[node, event] = None

    @contextmanager
    def change(self, label: str, in_words: Callable[[], str] | None = None) -> Iterator[None]:
        """One call that changes the set; RuntimeError inside a listener. Its listeners are told when it is complete.

        `label` names the undo step, `in_words` tells `trace` of it, and of its refusal.
        """
        if self._refusing is not None:
            raise RuntimeError(self._refusing)
        trace = None if self._depth or self._is_user_at_work else self.trace
        if trace and in_words:
            trace(f"script: {in_words()}")
        if self._depth == 0:
            self._entry = self._step if self._step_is_open and self._step is not None else Entry(label)
        self._depth += 1
        try:
            yield
        except Exception as why:
            if trace and in_words:
                trace(f"refused: {why}")
            raise
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._keep_entries()
                self._tell(NOTIFYING)

    @contextmanager
    def user_at_work(self) -> Iterator[None]:
        """What happens inside is the user's doing: it costs the script nothing and is not told as the script's."""
        self._is_user_at_work = True
        try:
            with self.costs.uncounted():
                yield
        finally:
            self._is_user_at_work = False

    def _keep_entries(self) -> None:
        if self._entry is not self._step:
            self._push(self._entry)
        for entry in self._own_entries.values():
            if self._step_is_open:
                self._after_step.append(entry)
            else:
                self._push(entry)
        self._own_entries = {}

    def _push(self, entry: Entry) -> None:
        if (entry.changes or entry.waiting) and entry not in self._done:
            self._done.append(entry)
            self._undone = []

    def _tell(self, refusal: str) -> None:
        touched, self._touched = self._touched, {}
        outer, self._refusing = self._refusing, refusal
        try:
            for node, event in touched:
                for callback in tuple(node.listeners.get(event, ())):
                    try:
                        callback()
                    except Exception:
                        self.log_error(f"in a listener of {event}")
        finally:
            self._refusing = outer

    # Ticks

    @property
    def now_ms(self) -> float:
        """Live's time since its start."""
        return self.clock.now_ms

    def defer(self, apply: Callable[[], None], *, delay_ms: float = 0.0) -> None:
        """Makes a change that takes effect at the start of the next tick that begins `delay_ms` from now or later; it
        belongs to the undo step asking for it.
        """
        entry = self._entry if self._depth else None
        if entry is not None:
            entry.waiting += 1
        self._deferred.append((self.tick + 1, self.now_ms + delay_ms, entry, apply))

    def start_tick(self) -> None:
        self.tick += 1
        self.costs.start_tick()
        waiting, self._deferred = self._deferred, []
        due: list[tuple[Entry | None, Callable[[], None]]] = []
        for tick, due_ms, entry, apply in waiting:
            if tick <= self.tick and due_ms <= self.clock.tick_start_ms:
                due.append((entry, apply))
            else:
                self._deferred.append((tick, due_ms, entry, apply))
        for entry, apply in due:
            if entry is not None and entry.taken_back:
                continue
            try:
                self._apply_deferred(entry, apply)
            except Exception:
                self.log_error("in a deferred change")

    def _apply_deferred(self, entry: Entry | None, apply: Callable[[], None]) -> None:
        with self.change(""):
            if entry is not None:
                entry.waiting -= 1
                self._entry = entry
            apply()
        if entry is not None and not (entry.changes or entry.waiting) and entry in self._done:
            self._done.remove(entry)

    # Undo

    def begin_step(self) -> None:
        if self._step_is_open:
            return
        if self._step is None or self._step_tick != self.tick or (self._done and self._done[-1] is not self._step):
            self._step = Entry("step")
        self._step_tick = self.tick
        self._step_is_open = True

    def end_step(self) -> None:
        if not self._step_is_open or self._step is None:
            return
        self._step_is_open = False
        self._step_tick = self.tick
        self._push(self._step)
        for entry in self._after_step:
            self._push(entry)
        self._after_step = []

    def join_step(self) -> None:
        """What stands behind the open step as entries of their own becomes part of it."""
        if self._step_is_open and self._step is not None:
            for entry in self._after_step:
                self._step.changes.extend(entry.changes)
            self._after_step = []

    def forget_history(self) -> None:
        self._done = []
        self._undone = []

    def forget_song(self) -> None:
        """The set was closed: nothing of it can be undone, and what was deferred never happens."""
        self.forget_history()
        self._deferred = []
        self._step = None
        self._step_is_open = False
        self._after_step = []

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def undo(self) -> str:
        """Takes the last step back; its label, '' where there is none."""
        if not self._done:
            return ""
        entry = self._done.pop()
        entry.taken_back = True
        for node, field, old, _ in reversed(entry.changes):
            self._set(node, field, old)
        self._undone.append(entry)
        self._tell(UNDOING)
        return entry.label

    def redo(self) -> str:
        if not self._undone:
            return ""
        entry = self._undone.pop()
        entry.taken_back = False
        for node, field, _, new in entry.changes:
            self._set(node, field, new)
        self._done.append(entry)
        self._tell(UNDOING)
        return entry.label
