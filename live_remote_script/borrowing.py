"""What a job changes for a while (loop, solo, metronome ...), to be given back as the user had it."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Tuple

from .askers import Asker
from .jobs import Steps


class Borrowed:
    """One asker at a time borrows. What was noted first is given back last."""

    def __init__(self) -> None:
        self.owner: Optional[Asker] = None
        self.all_for_capture = False
        """`prepare` has borrowed what a capture needs."""
        self._returns: List[Tuple[str, Callable[[], None]]] = []

    @property
    def names(self) -> str:
        return ", ".join(dict.fromkeys(what for what, _ in self._returns))

    def set(self, owner: Asker, what: str, thing: Any, member: str, value: Any) -> None:
        """Sets `thing.member`, and notes what it was."""
        before = getattr(thing, member)
        if before != value:
            self.note(owner, what, lambda: setattr(thing, member, before))
            setattr(thing, member, value)

    def note(self, owner: Asker, what: str, give_back: Callable[[], None]) -> None:
        self.owner = owner
        self._returns.append((what, give_back))

    def forget(self, what: str) -> None:
        """It is not given back."""
        self._returns = [(name, give_back) for name, give_back in self._returns if name != what]

    def give_back(self) -> Steps:
        """One thing after the other; objects that the user deleted meanwhile are skipped (Live raises on those)."""
        while self._returns:
            _, give_back = self._returns.pop()
            try:
                give_back()
            except (RuntimeError, TypeError):
                continue
        self.owner, self.all_for_capture = None, False
        yield
        return []
