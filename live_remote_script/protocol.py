"""What can be asked of the script in Live: one table of commands, used by both ends. Addresses occur nowhere else.

Request   /jacquees_script/<command>  request_id, arguments...
Reply     /jacquees_script/ok         request_id, values...            when it is done
          /jacquees_script/error      request_id, code, message
          /jacquees_script/pending    request_id                       to a repeated request that is being worked on

A request id is an int of the asker's, new for each request; the same datagram sent again is answered again, never done
twice.
Values are in Live's own units: gains, volumes 0..1, pan -1..1, colours 0xRRGGBB, beats, seconds of the file.
"""

from __future__ import annotations

import math
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

PROTOCOL_VERSION = 1
SCRIPT_VERSION = "0.1.0"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 19102
PREFIX = "/jacquees_script/"
OK = PREFIX + "ok"
ERROR = PREFIX + "error"
PENDING = PREFIX + "pending"
MOST_REPLY_BYTES = 1400
"""A page of rows stays below this (one row may be longer): it fits an unfragmented datagram on any link."""
LAST_PAGE = -1

ERRORS: Dict[str, str] = {
    "bad_request": "the arguments are not those of the command, or the request id was used for another request",
    "unknown_command": "no such command in this version of the script",
    "no_such_track": "no track of ours has that id, or no track that index",
    "no_such_clip": "no clip of that file starts there",
    "not_ours": "the clip, or something on the track, was put there by the user",
    "occupied": "a clip is already there; nothing is ever placed over one",
    "not_as_asked": "Live made something else of it (e.g. the file is shorter); it was taken back",
    "tempo_owned": "the tempo is automated, or Link or the tempo follower owns it",
    "unsupported_live": "this version of Live cannot do that",
    "live_refused": "Live raised an error; the message is Live's",
    "set_closed": "the set was closed before it was done",
    "internal": "a defect of the script; the traceback is in Live's log",
}


class ProtocolError(ValueError):
    """Arguments or values that the table does not allow."""


class Field(NamedTuple):
    name: str
    kind: str
    """int, float, str or bool"""
    doc: str
    low: Optional[float] = None
    high: Optional[float] = None

    def checked(self, value: Any) -> Any:
        """`value` as this field's type. An int is taken where a float is expected; nothing else is converted."""
        if self.kind == "float" and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value).__name__ != self.kind:
            raise ProtocolError("%s = %r; %s is expected" % (self.name, value, self.kind))
        if self.kind == "float" and not math.isfinite(value):
            raise ProtocolError("%s = %r; it must be finite" % (self.name, value))
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            raise ProtocolError("%s = %r; allowed are %s to %s" % (self.name, value, self.low, self.high))
        return value


class Command(NamedTuple):
    name: str
    doc: str
    request: Tuple[Field, ...] = ()
    reply: Tuple[Field, ...] = ()
    rows: Tuple[Field, ...] = ()
    """Paged replies: the request's last argument is the first row wanted, the reply's values are the next page's first
    row (-1: there is none) and then these fields, row after row."""
    writes: bool = False
    """It changes the set: refused with `unsupported_live` where Live cannot do what placing needs."""

    @property
    def address(self) -> str:
        return PREFIX + self.name


MOST_BEATS = 1576800.0
_ID = Field("track_id", "int", "our id of a track of ours", 1, 2**31 - 1)
_FIRST_ROW = Field("first_row", "int", "0, then `next_row` of the page before", 0, 2**31 - 1)
_NEXT_ROW = Field("next_row", "int", "first row of the next page; -1: this was the last", LAST_PAGE, 2**31 - 1)
_NAME = Field("name", "str", "")
_COLOUR = Field("colour", "int", "0xRRGGBB; Live takes the nearest of its palette", 0, 0xFFFFFF)
_VOLUME = Field("volume", "float", "fader 0..1: 0.85 is 0 dB", 0.0, 1.0)
_PAN = Field("pan", "float", "-1 left .. 1 right", -1.0, 1.0)
_FILE = Field("file_path", "str", "absolute path of the audio file")
_START = Field("start_beats", "float", "where it starts, in beats of the arrangement", 0.0, MOST_BEATS)
_END = Field("end_beats", "float", "where it ends, in beats of the arrangement")
_GAIN = Field("gain", "float", "0..1: 0.4 is 0 dB", 0.0, 1.0)
_COARSE = Field("pitch_coarse", "int", "semitones", -48, 48)
_FINE = Field("pitch_fine", "float", "cents", -50.0, 49.0)
_TEMPO = Field("tempo_bpm", "float", "quarter notes per minute", 20.0, 999.0)
_POSITION = Field("position_beats", "float", "the playhead")
_PLAYING = Field("playing", "bool", "the transport runs")

COMMANDS: Tuple[Command, ...] = (
    Command(
        "hello",
        "Which script and which Live answer.",
        reply=(
            Field("script_version", "str", "of the copied script"),
            Field("protocol_version", "int", "%d; both ends must agree" % PROTOCOL_VERSION),
            Field("live_version", "str", "e.g. 12.3.6"),
            Field("can_place", "bool", "this Live can place audio files in the arrangement"),
            Field("mend", "str", "which Live is needed where it cannot, else empty"),
        ),
    ),
    Command(
        "status",
        "What the transport and the script are doing.",
        reply=(_PLAYING, _POSITION, Field("unfinished", "int", "commands that are still being worked on")),
    ),
    Command(
        "song",
        "The set as a whole.",
        reply=(
            _TEMPO,
            Field("tempo_owner", "str", "who decides the tempo: free, automated, link, follower"),
            Field("origin_beats", "float", "where the last build began (`begin`), else 0"),
            Field("file_path", "str", "of the set; empty: never saved, or not known to this Live"),
            Field("track_count", "int", "without return and master tracks"),
            Field("signature_numerator", "int", ""),
            Field("signature_denominator", "int", ""),
        ),
    ),
    Command(
        "tracks",
        "Every track of the set, a page at a time.",
        request=(_FIRST_ROW,),
        reply=(_NEXT_ROW,),
        rows=(
            Field("index", "int", "place in the set, from 0"),
            Field("track_id", "int", "our id; 0: the user's track"),
            Field("kind", "str", "audio, midi or group"),
            Field("name", "str", "as we asked for it where the user has not changed it since"),
            Field("colour", "int", "likewise"),
            Field("volume", "float", "fader 0..1"),
            Field("pan", "float", "-1 left .. 1 right"),
            Field("mute", "bool", ""),
            Field("clip_count", "int", "clips in the arrangement"),
            Field("session_clip_count", "int", "clips in the Session view"),
        ),
    ),
    Command(
        "clips",
        "The arrangement clips of a track in time order, a page at a time.",
        request=(Field("index", "int", "the track's place in the set", 0, 2**31 - 1), _FIRST_ROW),
        reply=(_NEXT_ROW,),
        rows=(
            Field("file_path", "str", "empty: a MIDI clip"),
            Field("start_beats", "float", "where it starts, in beats of the arrangement"),
            _END,
            Field("gain", "float", "0..1: 0.4 is 0 dB"),
            Field("pitch_coarse", "int", "semitones"),
            Field("pitch_fine", "float", "cents"),
            Field("loop_start", "float", "seconds of the file if not warped, else beats"),
            Field("loop_end", "float", "seconds of the file if not warped, else beats"),
            Field("warping", "bool", ""),
            Field("name", "str", ""),
            Field("muted", "bool", ""),
            Field("ours", "bool", "we placed that file on this track"),
        ),
    ),
    Command(
        "begin",
        "A build begins: notes where, and the tempo that `undo` goes back to.",
        request=(Field("origin_beats", "float", "where the arrangement's 0 s lies", 0.0, MOST_BEATS),),
        writes=True,
    ),
    Command("set_tempo", "Sets the tempo.", request=(_TEMPO,), reply=(_TEMPO,), writes=True),
    Command(
        "create_track",
        "Makes an audio track of ours behind the last track.",
        request=(_NAME, _COLOUR, _VOLUME, _PAN),
        reply=(_ID,),
        writes=True,
    ),
    Command("set_track", "Changes a track of ours.", request=(_ID, _NAME, _COLOUR, _VOLUME, _PAN), writes=True),
    Command("delete_track", "Deletes a track of ours that holds nothing of the user's.", request=(_ID,), writes=True),
    Command(
        "create_clip",
        "Places a file on a track of ours, not warped. Answered when the clip is as asked.",
        request=(
            _ID,
            _FILE,
            _START,
            Field("end_seconds", "float", "where the clip ends in the file, in seconds of the file", 0.001),
            _GAIN,
            _COARSE,
            _FINE,
            _NAME,
            _COLOUR,
        ),
        reply=(_START, _END),
        writes=True,
    ),
    Command(
        "delete_clip",
        "Deletes a clip of ours.",
        request=(_ID, _START, _FILE),
        writes=True,
    ),
    Command(
        "settle",
        "Answered when nothing is being written any more and the playhead is where the user left it.",
    ),
    Command(
        "undo",
        "Takes back all of ours: clips, tracks that hold nothing else, and the tempo unless it was changed since.",
        reply=(
            Field("clips", "int", "deleted, those on deleted tracks included"),
            Field("tracks", "int", "deleted"),
            Field("tracks_left", "int", "tracks of ours that stay, as the user's, for what the user put there"),
            _TEMPO,
        ),
        writes=True,
    ),
    Command(
        "play",
        "Plays the arrangement from a position. Answered when the transport runs.",
        request=(Field("from_beats", "float", "", 0.0, MOST_BEATS),),
        reply=(_POSITION,),
    ),
    Command("stop", "Stops the transport. Answered when it stands.", reply=(_POSITION,)),
)

BY_NAME: Dict[str, Command] = {command.name: command for command in COMMANDS}
BY_ADDRESS: Dict[str, Command] = {command.address: command for command in COMMANDS}


def checked(fields: Sequence[Field], values: Sequence[Any]) -> List[Any]:
    """`values` as the fields' types; ProtocolError where their number, a type or a range is wrong."""
    if len(values) != len(fields):
        wanted = ", ".join(field.name for field in fields) or "none"
        raise ProtocolError("%d values; %d are expected: %s" % (len(values), len(fields), wanted))
    return [field.checked(value) for field, value in zip(fields, values)]


def checked_rows(command: Command, values: Sequence[Any]) -> Tuple[int, List[List[Any]]]:
    """(first row of the next page or -1, rows) of a paged reply."""
    width = len(command.rows)
    if not values or (len(values) - 1) % width:
        raise ProtocolError("%s: %d values; one and %d a row are expected" % (command.name, len(values), width))
    rows = [checked(command.rows, values[at : at + width]) for at in range(1, len(values), width)]
    return _NEXT_ROW.checked(values[0]), rows
