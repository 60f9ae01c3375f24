"""Hearing what a device plays: the recording of a loopback, compared sample by sample with what was to be played.

devices -> recorder (worker, in a process of its own) -> watch -> alignment -> comparison -> suspicions -> taking
"""
