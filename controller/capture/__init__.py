"""Hearing what a device plays: the recording of a loopback, compared sample by sample with what was to be played.

`taking.Capture` is all that others need; docs/loopback.md says which module does what.
"""
