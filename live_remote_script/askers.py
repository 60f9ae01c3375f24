"""Who asks: each controller, known by its address and port."""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import Callable, Iterator, List, NamedTuple, Tuple

from . import osc
from .jobs import Refused

Sender = Tuple[str, int]
MOST_ASKERS = 64


class Asker:
    """`folders`: absolute, those whose files it may place. `heard_at`: seconds of `Askers`' clock."""

    def __init__(self, sender: Sender, send: Callable[[Sender, bytes], None]) -> None:
        self._sender = sender
        self._send = send
        self.folders: Tuple[str, ...] = ()
        self.heard_at = 0.0
        self.watches = False

    def name_folders(self, folders: List[str]) -> None:
        """Refused where one is not an absolute path."""
        for folder in folders:
            if not os.path.isabs(folder):
                raise Refused("bad_request", "folders: %r is not an absolute path" % folder)
        self.folders = tuple(folders)

    def tell(self, address: str, *values: object) -> None:
        """A message that need not arrive."""
        self._send(self._sender, osc.encode(address, values))

    def is_allowed(self, file_path: str) -> bool:
        """Whether it is an absolute path in one of its folders; '..' is looked through, links in them are the user's."""
        return os.path.isabs(file_path) and any(lies_below(file_path, folder) for folder in self.folders)

    def require_allowed(self, file_path: str) -> None:
        if not self.is_allowed(file_path):
            told = ", ".join(self.folders) or "none"
            raise Refused(
                "not_allowed", "%s: no absolute path in one of the folders that `hello` named (%s)" % (file_path, told)
            )


def lies_below(file_path: str, folder: str) -> bool:
    return _plain(file_path).startswith(_plain(folder) + os.sep)


def _plain(path: str) -> str:
    return os.path.normcase(os.path.normpath(path)).rstrip(os.sep)


class Request(NamedTuple):
    asker: Asker
    request_id: int


class Askers:
    """`clock` gives seconds."""

    def __init__(self, clock: Callable[[], float], send: Callable[[Sender, bytes], None]) -> None:
        self._clock = clock
        self._send = send
        self._known: "OrderedDict[Sender, Asker]" = OrderedDict()

    def heard(self, sender: Sender, has_shown_token: bool) -> Asker:
        """Who has not is no asker to be known by: strangers do not push out those that have."""
        known = self._known.pop(sender, None)
        asker = known or Asker(sender, self._send)
        asker.heard_at = self._clock()
        if known is not None or has_shown_token:
            self._known[sender] = asker
        while len(self._known) > MOST_ASKERS:
            self._known.popitem(last=False)
        return asker

    def watching(self) -> Iterator[Asker]:
        return (asker for asker in list(self._known.values()) if asker.watches)

    def is_silent(self, asker: Asker, seconds: float) -> bool:
        return self._clock() - asker.heard_at > seconds
