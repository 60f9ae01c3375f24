"""Triggers over OSC: from datagrams to what a user asked for, and the answers back.

`server.py` is the whole; `messages.py` says what can be asked, `answers.py` what is told, `allowed.py` which files may
be named. What is done about a trigger is not decided here.
"""
