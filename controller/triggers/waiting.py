"""Triggers between the thread that receives them and the one that acts on them: a few, in order."""

from __future__ import annotations

import threading
from collections import deque

from controller.triggers.answers import Sender
from controller.triggers.messages import Stop, Trigger

MOST_WAITING = 16


class Waiting:
    """A stop always finds room: those that follow each other are one."""

    def __init__(self) -> None:
        self._triggers: deque[tuple[Trigger, Sender]] = deque()
        self._is_closed = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._triggers)

    def offer(self, trigger: Trigger, sender: Sender) -> bool:
        """False where too many wait. Never waits itself."""
        with self._changed:
            if isinstance(trigger, Stop):
                if self._triggers and isinstance(self._triggers[-1][0], Stop):
                    return True
            elif len(self._triggers) >= MOST_WAITING:
                return False
            self._triggers.append((trigger, sender))
            self._changed.notify()
            return True

    def take(self) -> tuple[Trigger, Sender] | None:
        """Waits for the next one; None once closed, whatever waits."""
        with self._changed:
            self._changed.wait_for(lambda: self._triggers or self._is_closed)
            return None if self._is_closed else self._triggers.popleft()

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
