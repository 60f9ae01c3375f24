"""What the Max patch and the Max for Live device have in common: buttons that send to `jacqueesbot run`, a display of
what it answers.

Max's udpsend sends from a port that cannot be chosen or listened on, so answers to the sender never reach a patch; they
are taken from the display port, to which the controller sends each of them, too.
"""

from __future__ import annotations

from clients.max_patch import Box, Cord, Patch, Rect, button, label, message, number

WIDTH, HEIGHT = 600.0, 169.0
"""Of the panel in presentation mode; the height is that of every device in Live."""
DROP_SHOWN: Rect = (6.0, 74.0, 156.0, 48.0)

BUTTONS = (
    ("cover", "Cover clip", (6.0, 26.0), "/jacquees/cover"),
    ("again", "Again", (166.0, 26.0), "/jacquees/again"),
    ("variation", "Variation", (246.0, 26.0), "/jacquees/variation"),
    ("stop", "Stop", (6.0, 50.0), "/jacquees/stop"),
    ("keep", "Keep", (86.0, 50.0), "/jacquees/keep"),
    ("undo", "Undo", (166.0, 50.0), "/jacquees/undo"),
    ("status", "Status", (246.0, 50.0), "/jacquees/status"),
)
"""Name, what is written on it, where it stands in presentation mode, the address it sends."""

_BUTTON = (76.0, 20.0)
_COLUMN, _SENDS_Y = 160.0, 340.0
_NOT_HEARD = "no answer yet: is `jacqueesbot run` running?"
_ANSWERS = ("status", "progress", "score", "done", "error")


def panel(controller_port: int, display_port: int, drop: Box) -> Patch:
    """`drop` is the box named "drop", whose first outlet gives the path of a file that was dropped on it."""
    return _triggers() + _file(drop) + _more() + _sending(controller_port) + _display(display_port)


def _triggers() -> Patch:
    boxes: list[Box] = [Box("loaded", "newobj", (20.0 + 6 * _COLUMN, 20.0), 1, ("bang",), "loadbang")]
    cords = [Cord("loaded", 0, "send-status", 0)]
    for column, (name, words, shown_at, address) in enumerate(BUTTONS):
        x = 20.0 + column * _COLUMN
        boxes.append(button(name, (x, 60.0), (*shown_at, *_BUTTON), words))
        boxes.append(message(f"send-{name}", (x, 100.0), address))
        cords += [Cord(name, 0, f"send-{name}", 0), Cord(f"send-{name}", 0, "trigger", 0)]
    return Patch(tuple(boxes), tuple(cords))


def _file(drop: Box) -> Patch:
    """A file that is dropped or chosen is remembered; only its button sends it."""
    return Patch(
        (
            drop,
            button("choose", (200.0, 150.0), (166.0, 74.0, *_BUTTON), "Choose file"),
            label("choose-hint", (290.0, 150.0), (246.0, 74.0, 84.0, 20.0), "or drop one"),
            Box("dialog", "newobj", (200.0, 180.0), 1, ("", "bang"), "opendialog sound"),
            # Max's own paths begin with the volume's name; these are what the system calls them.
            Box("system-path", "newobj", (20.0, 210.0), 1, ("", "int"), "conformpath slash boot"),
            Box("show-file", "newobj", (20.0, 240.0), 1, ("",), "prepend set"),
            label("file", (700.0, 240.0), (6.0, 126.0, 316.0, 38.0), "no file chosen"),
            Box("address-file", "newobj", (20.0, 270.0), 1, ("",), "prepend /jacquees/cover"),
            button("cover-file", (20.0, 305.0), (86.0, 26.0, *_BUTTON), "Cover file"),
            Box("remembered-file", "newobj", (120.0, 305.0), 2, ("", ""), "zl.reg"),
        ),
        (
            Cord("drop", 0, "system-path", 0),
            Cord("choose", 0, "dialog", 0),
            Cord("dialog", 0, "system-path", 0),
            Cord("system-path", 0, "show-file", 0),
            Cord("show-file", 0, "file", 0),
            Cord("system-path", 0, "address-file", 0),
            Cord("address-file", 0, "remembered-file", 1),
            Cord("cover-file", 0, "remembered-file", 0),
            Cord("remembered-file", 0, "trigger", 0),
        ),
    )


def _more() -> Patch:
    return Patch(
        (
            Box("thirty", "newobj", (600.0, 150.0), 1, ("",), "loadmess 30."),
            number("seconds", (600.0, 180.0), (246.0, 98.0, 46.0, 20.0), minimum=1.0, numdecimalplaces=0),
            label("seconds-label", (660.0, 180.0), (294.0, 98.0, 36.0, 20.0), "sec"),
            button("more", (500.0, 180.0), (166.0, 98.0, *_BUTTON), "More"),
            Box("seconds-kept", "newobj", (500.0, 210.0), 2, ("float",), "float 30."),
            Box("address-more", "newobj", (500.0, 240.0), 1, ("",), "prepend /jacquees/more"),
        ),
        (
            Cord("thirty", 0, "seconds", 0),
            Cord("seconds", 0, "seconds-kept", 1),
            Cord("more", 0, "seconds-kept", 0),
            Cord("seconds-kept", 0, "address-more", 0),
            Cord("address-more", 0, "trigger", 0),
        ),
    )


def _sending(port: int) -> Patch:
    """Each trigger clears the message of the one before, then goes out."""
    return Patch(
        (
            Box("trigger", "newobj", (20.0, _SENDS_Y), 1, ("", "bang"), "trigger l b"),
            message("clear", (120.0, _SENDS_Y), "set"),
            Box("udpsend", "newobj", (20.0, _SENDS_Y + 30.0), 1, (), f"udpsend 127.0.0.1 {port}"),
        ),
        (Cord("trigger", 1, "clear", 0), Cord("clear", 0, "words", 0), Cord("trigger", 0, "udpsend", 0)),
    )


def _display(port: int) -> Patch:
    route = " ".join(f"/jacquees/{answer}" for answer in _ANSWERS)
    top = 420.0
    read_only = {"ignoreclick": 1}
    return Patch(
        (
            Box("udpreceive", "newobj", (20.0, top), 1, ("",), f"udpreceive {port}"),
            Box(
                "answers", "newobj", (20.0, top + 30), len(_ANSWERS) + 1, ("",) * (len(_ANSWERS) + 1), f"route {route}"
            ),
            Box("status-parts", "newobj", (20.0, top + 60), 1, ("", "", "float", "float"), "unpack s s 0. 0."),
            Box("progress-parts", "newobj", (200.0, top + 60), 1, ("float", ""), "unpack 0. s"),
            Box("set-state", "newobj", (20.0, top + 90), 1, ("",), "prepend set"),
            Box("set-target", "newobj", (120.0, top + 90), 1, ("",), "prepend set"),
            Box("set-stage", "newobj", (220.0, top + 90), 1, ("",), "prepend set"),
            Box("set-done", "newobj", (320.0, top + 90), 1, ("",), "prepend set done:"),
            Box("set-error", "newobj", (480.0, top + 90), 1, ("",), "prepend set"),
            label("title", (20.0, top + 130), (6.0, 4.0, 156.0, 18.0), "JacqueesBot"),
            label("state", (20.0, top + 160), (334.0, 4.0, 260.0, 18.0), _NOT_HEARD),
            label("target", (300.0, top + 160), (334.0, 24.0, 260.0, 18.0), ""),
            Box(
                "progress",
                "slider",
                (20.0, top + 190),
                1,
                ("",),
                None,
                (334.0, 46.0, 160.0, 14.0),
                {"floatoutput": 1, "size": 1.0, "orientation": 1, "parameter_enable": 0, **read_only},
            ),
            label("stage", (200.0, top + 190), (498.0, 44.0, 96.0, 18.0), ""),
            label("score-label", (300.0, top + 190), (334.0, 66.0, 60.0, 18.0), "score"),
            number("score", (380.0, top + 190), (398.0, 64.0, 60.0, 20.0), numdecimalplaces=3, **read_only),
            label("words", (20.0, top + 220), (334.0, 90.0, 260.0, 74.0), ""),
        ),
        (
            Cord("udpreceive", 0, "answers", 0),
            Cord("answers", 0, "status-parts", 0),
            Cord("answers", 1, "progress-parts", 0),
            Cord("answers", 2, "score", 0),
            Cord("answers", 3, "set-done", 0),
            Cord("answers", 4, "set-error", 0),
            Cord("status-parts", 0, "set-state", 0),
            Cord("status-parts", 1, "set-target", 0),
            Cord("status-parts", 2, "progress", 0),
            Cord("status-parts", 3, "score", 0),
            Cord("progress-parts", 0, "progress", 0),
            Cord("progress-parts", 1, "set-stage", 0),
            Cord("set-state", 0, "state", 0),
            Cord("set-target", 0, "target", 0),
            Cord("set-stage", 0, "stage", 0),
            Cord("set-done", 0, "words", 0),
            Cord("set-error", 0, "words", 0),
        ),
    )
