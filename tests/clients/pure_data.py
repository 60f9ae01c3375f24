"""Pure Data without its window, with clients/JacqueesBot.pd open beside a patch of ours that presses its buttons and
prints what its displays are sent."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType

PATCH = Path(__file__).parents[2] / "clients" / "JacqueesBot.pd"
DISPLAYS = ("state", "target", "stage", "progress", "score", "done", "error")
WAIT_SECONDS = 20.0

_PRINTED = re.compile(rf"({'|'.join(DISPLAYS)}): (?:symbol ?)?(.*)")
_ESCAPED = re.compile(r"\\(.)")


class OpenPatch:
    """Use as a context manager. The patch sends to `controller_port` on this computer."""

    def __init__(self, folder: Path, controller_port: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._order_port: int = free.getsockname()[1]
        fingers = folder / "fingers.pd"
        fingers.write_text(_fingers(self._order_port), encoding="utf-8")
        command = ["pd", "-nogui", "-noaudio", "-nomidi", "-stderr", "-open", str(PATCH), "-open", str(fingers)]
        command += ["-send", f"jacquees-connect list 127.0.0.1 {controller_port}"]
        self._news = threading.Condition()
        self._shown: dict[str, list[str]] = {name: [] for name in DISPLAYS}
        self.complaints: list[str] = []
        """What Pd printed that no display was sent."""
        self._pd = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, encoding="utf-8"
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> OpenPatch:
        try:
            self._orders = self._connected()
        except OSError:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._orders.close()
        self._end()

    def press(self, button: str) -> None:
        self.tell(button, "bang")

    def tell(self, receiver: str, *message: str) -> None:
        """Sends `message` to what is called jacquees-`receiver` in the patch."""
        words = (re.sub(r"([\\;,$ ])", r"\\\1", word) for word in (f"jacquees-{receiver}", *message))
        self._orders.sendall((" ".join(words) + ";\n").encode())

    def shown(self, display: str) -> list[str]:
        """All that this display was sent so far."""
        with self._news:
            return list(self._shown[display])

    def wait_until(self, display: str, value: str) -> None:
        """Raises TimeoutError where that display does not show `value` within WAIT_SECONDS."""
        with self._news:
            if not self._news.wait_for(lambda: self._shown[display][-1:] == [value], WAIT_SECONDS):
                raise TimeoutError(
                    f"{display} does not show {value!r}; it showed {self._shown}, Pd said {self.complaints}"
                )

    def _connected(self) -> socket.socket:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self._order_port))
            except ConnectionRefusedError:
                if time.monotonic() > deadline or self._pd.poll() is not None:
                    raise
                time.sleep(0.02)

    def _read(self) -> None:
        assert self._pd.stderr is not None
        for line in self._pd.stderr:
            printed = _PRINTED.fullmatch(line.rstrip("\n"))
            with self._news:
                if printed:
                    self._shown[printed[1]].append(_ESCAPED.sub(r"\1", printed[2]))
                else:
                    self.complaints.append(line.rstrip("\n"))
                self._news.notify_all()

    def _end(self) -> None:
        self._pd.terminate()
        self._pd.wait()
        self._reader.join()
        assert self._pd.stderr is not None
        self._pd.stderr.close()


def _fingers(port: int) -> str:
    """Takes `RECEIVER MESSAGE` on a TCP port and sends MESSAGE to RECEIVER; prints what each display is sent."""
    objects = [f"netreceive {port}", "list", "t a a", "list split 1", "list trim", "send", "list split 1", "unpack s"]
    cords = [(0, 0, 1, 0), (1, 0, 2, 0), (2, 0, 3, 0), (3, 1, 4, 0), (4, 0, 5, 0)]
    cords += [(2, 1, 6, 0), (6, 0, 7, 0), (7, 0, 5, 1)]
    for display in DISPLAYS:
        cords.append((len(objects), 0, len(objects) + 1, 0))
        objects += [f"r jacquees-{display}", f"print {display}"]
    lines = ["#N canvas 0 0 400 400 12;"]
    lines += [f"#X obj 20 {20 * row} {words};" for row, words in enumerate(objects, 1)]
    lines += ["#X connect " + " ".join(map(str, cord)) + ";" for cord in cords]
    return "\n".join(lines) + "\n"
