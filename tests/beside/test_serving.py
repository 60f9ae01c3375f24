"""What `run` shows on a terminal, what it writes to its log, and how it is ended twice."""

from __future__ import annotations

import logging
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.beside.serve import LOGGED, log_to
from tests.beside.standing import Place, open_live, place, running, waited_for
from tests.controller.processes import descendants, still_running
from tests.controller.terminal import Terminal

AT_ONCE_SECONDS = 5.0
QUIET_SECONDS = 0.6
"""A bar shows something ten times a second."""


@pytest.fixture
def where(tmp_path: Path, library: Path, target: Path) -> Place:
    return place(tmp_path, [library], allowed_folders=[str(target.parent)])


def test_a_terminal_shows_a_bar_only_until_it_listens(
    where: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in where.environment.items():
        monkeypatch.setenv(name, value)
    told = tmp_path / "stdout"
    command = ["-m", "controller", "--config", str(where.config), "run"]
    with Terminal(command, Path(__file__).parents[2], told) as terminal:
        terminal.await_shown("indexing|starting")
        assert waited_for(lambda: "listening on 127.0.0.1" in told.read_text(encoding="utf-8"))
        shown = terminal.shown
        time.sleep(QUIET_SECONDS)
        assert terminal.shown == shown
        terminal.press_ctrl_c()
        assert terminal.ended()[0] == 0


def test_a_second_interrupt_ends_it_at_once(where: Place, target: Path) -> None:
    """Live has a menu open and answers nothing, which the first one waits for."""
    with open_live(where) as live, running(where) as run:
        run.cover(target)
        assert waited_for(lambda: live.state()["arrangement_clips"] > 0)
        live.ask("user_open_menu")
        started = descendants(run.process.pid)
        run.process.send_signal(signal.SIGINT)
        time.sleep(1.0)
        assert run.process.poll() is None
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(AT_ONCE_SECONDS) == 130
        assert waited_for(lambda: not still_running(started), AT_ONCE_SECONDS)
        assert (where.folder / "run.err").read_text(encoding="utf-8") == ""


@pytest.fixture
def loggers() -> Iterator[None]:
    """As they were before, afterwards."""
    before = [(one, one.handlers, one.level, one.propagate) for one in map(logging.getLogger, LOGGED)]
    yield
    logging.captureWarnings(False)
    for one, handlers, level, propagate in before:
        for handler in one.handlers:
            handler.close()
        one.handlers, one.propagate = handlers, propagate
        one.setLevel(level)


@pytest.mark.usefixtures("loggers")
def test_what_every_part_has_to_say_is_logged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log_to(tmp_path / "log" / "run.log", verbose=False)
    for name in ("controller.stage", "search.crew", "embedding.ears", "someone.else"):
        logging.getLogger(name).info("from %s", name)
        logging.getLogger(name).debug("more of %s", name)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("be careful", RuntimeWarning, stacklevel=1)
    told = (tmp_path / "log" / "run.log").read_text(encoding="utf-8")
    assert [name for name in ("controller.stage", "search.crew", "embedding.ears") if f"from {name}" in told] == [
        "controller.stage",
        "search.crew",
        "embedding.ears",
    ]
    assert "more of" not in told
    assert "someone.else" not in told
    assert "be careful" in told
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("loggers")
def test_verbose_messages_go_to_the_screen_as_it_is_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log_to(tmp_path / "run.log", verbose=True)
    logging.getLogger("search.crew").debug("one")
    assert capsys.readouterr().err.endswith(" one\n")
    with (tmp_path / "bar").open("w", encoding="utf-8") as bar, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", bar)
        logging.getLogger("search.crew").debug("two")
    assert (tmp_path / "bar").read_text(encoding="utf-8").endswith(" two\n")
    assert capsys.readouterr().err == ""
