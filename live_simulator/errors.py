"""What can go wrong with the embedded Live itself; Live's own errors are what Python scripts see of Live."""

from __future__ import annotations


class SimulatorError(Exception):
    """Base of them all."""


class BadOptions(SimulatorError):
    """Options that the process cannot be started with."""


class BadScript(SimulatorError):
    """A folder that Live would not load as a MIDI Remote Script."""


class BadRequest(SimulatorError):
    """A request to the control port that cannot be done as it stands."""


class EngineLost(SimulatorError):
    """The audio engine ended or does not answer."""


class CannotRender(SimulatorError):
    """Something in the set that the audio engine would render wrongly."""


class CannotOpen(SimulatorError):
    """An audio file that Live does not open."""
