"""clients/JacqueesBot.pd in a Pure Data that really runs: what its buttons send, and what its displays show."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.pure_data import OpenPatch
from tests.clients.responder import BUSY, JOBS_FOLDER, Responder
from tests.real_parts import require_program

STATUS = ("/jacquees/status", [])
"""What a patch asks as soon as it is connected."""


@pytest.fixture
def patch(tmp_path: Path, responder: Responder) -> Iterator[OpenPatch]:
    """Open, connected, and answered for the first time."""
    require_program("pd", "puredata-core")
    with OpenPatch(tmp_path, responder.port) as opened:
        opened.wait_until("state", "idle")
        yield opened
        assert opened.complaints == []


@pytest.mark.parametrize("button", ["cover", "again", "variation", "stop", "keep", "undo", "status"])
def test_a_button_sends_its_address_and_nothing_else(patch: OpenPatch, responder: Responder, button: str) -> None:
    patch.press(button)
    _expect(responder, patch, [(f"/jacquees/{button}", [])])


@pytest.mark.parametrize("path", ["/music/song.wav", "/my music/grüße, v2; $1 (final).wav"])
def test_a_chosen_file_is_covered_under_its_whole_name(patch: OpenPatch, responder: Responder, path: str) -> None:
    patch.tell("file", "symbol", path)
    patch.press("cover-file")
    patch.wait_until("target", Path(path).name)
    _expect(responder, patch, [("/jacquees/cover", [path])])


def test_without_a_chosen_file_nothing_is_sent(patch: OpenPatch, responder: Responder) -> None:
    patch.press("cover-file")
    _expect(responder, patch, [])


def test_choosing_a_file_alone_sends_nothing(patch: OpenPatch, responder: Responder) -> None:
    patch.tell("file", "symbol", "/music/song.wav")
    _expect(responder, patch, [])


def test_more_sends_the_seconds_that_are_set(patch: OpenPatch, responder: Responder) -> None:
    patch.press("more")
    patch.tell("seconds", "12.5")
    patch.press("more")
    _expect(responder, patch, [("/jacquees/more", [30.0]), ("/jacquees/more", [12.5])])


def test_a_job_is_shown_as_it_goes(patch: OpenPatch) -> None:
    patch.press("cover")
    patch.wait_until("score", "0.75")
    assert patch.shown("state") == ["idle", "searching"]
    assert patch.shown("target") == ["", "the selected clip"]
    assert patch.shown("stage") == ["listening", "searching"]
    assert patch.shown("progress") == ["0", "0.25", "0.25", "0.5"]
    assert patch.shown("score") == ["0", "0.5", "0.5", "0.75"]
    patch.press("stop")
    patch.wait_until("state", "idle")
    assert patch.shown("done") == [JOBS_FOLDER]


def test_an_error_is_shown_until_the_next_trigger(patch: OpenPatch) -> None:
    patch.press("cover")
    patch.press("cover")
    patch.wait_until("error", BUSY.format("the selected clip"))
    patch.press("stop")
    patch.wait_until("error", "")


def test_a_patch_outlives_the_controller(tmp_path: Path, display: socket.socket) -> None:
    require_program("pd", "puredata-core")
    display_port = display.getsockname()[1]
    with Responder(display_port) as first:
        port = first.port
    with OpenPatch(tmp_path, port) as patch:
        for round_ in ("first", "second"):
            for _ in range(3):
                patch.press("cover")
            patch.tell("error", "symbol", f"{round_} time into nothing")
            patch.wait_until("error", f"{round_} time into nothing")
            with Responder(display_port, port) as back:
                patch.press("stop")
                patch.wait_until("done", JOBS_FOLDER)
                assert back.hear(1) == [("/jacquees/stop", [])]
                patch.tell("done", "symbol", "")
        assert patch.complaints == []


def _expect(responder: Responder, patch: OpenPatch, triggers: list[tuple[str, list[float]]]) -> None:
    """`triggers` came after the first status, and nothing else: a last status ends them."""
    patch.press("status")
    expected = [STATUS, *triggers, STATUS]
    assert responder.hear(len(expected)) == expected
