"""The errors a user can meet. Each message has the value, what is allowed and the likely mistake.

JacqueesError                 exit status 1: failed while running
├── BadInput                  exit status 2: what was asked for cannot be done
│   ├── BadAudio              a recording or sample that cannot be used
│   ├── BadLibrary            a sample library that cannot be used
│   ├── BadOption             an option or argument out of its range
│   └── BadConfig             config.yaml: unknown key or bad value
├── BadWeights                the ears' weights are damaged, missing or foreign
└── StageError                Live, or the simulated Live
    ├── StageLost             it does not answer (any more)
    ├── StageRefused          it answered with a typed error
    └── CaptureFailed         what it plays could not be heard
"""

from __future__ import annotations


class JacqueesError(Exception):
    """Base of all errors that are shown to a user as one line."""

    exit_status = 1


class BadInput(JacqueesError):
    exit_status = 2


class BadAudio(BadInput):
    pass


class BadLibrary(BadInput):
    pass


class BadOption(BadInput):
    pass


class BadConfig(BadInput):
    pass


class BadWeights(JacqueesError):
    pass


class StageError(JacqueesError):
    pass


class StageLost(StageError):
    pass


class StageRefused(StageError):
    """`code` is the script's typed error code, e.g. 'no_such_track'."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CaptureFailed(StageError):
    """`code` is the fault's name, e.g. 'device_missing'; the message says what was found and how to mend it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
