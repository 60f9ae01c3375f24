"""A display that keeps what it is sent, and a responder in the place of `jacqueesbot run`."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.clients.responder import HOST, Responder


@pytest.fixture
def display() -> Iterator[socket.socket]:
    """What listens on the display port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind((HOST, 0))
        listening.settimeout(20.0)
        yield listening


@pytest.fixture
def responder(display: socket.socket) -> Iterator[Responder]:
    with Responder(display.getsockname()[1]) as answering:
        yield answering
