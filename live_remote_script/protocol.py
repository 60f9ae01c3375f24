"""What can be asked of the script in Live: one table of commands, used by both ends. Addresses occur nowhere else.

Request   /jacquees_script/<command>  request_id, arguments..., and a seal where the command is keyed
Reply     /jacquees_script/ok         request_id, values...            when it is done
          /jacquees_script/error      request_id, code, message
          /jacquees_script/pending    request_id                       to a repeated request that is being worked on
          /jacquees_script/progress   request_id, done, count          now and then: steps of a plan, recorded beats
          /jacquees_script/part       request_id, place, count, bytes  of a reply that is too long for one datagram
Report    /jacquees_script/changed    revision, what, track_id         to those who `watch`

A request id is an int of the asker's, larger for each request; the same datagram sent again is answered again, never
done twice.
Values are in Live's own units: gains, volumes 0..1, pan -1..1, colours 0xRRGGBB, beats, seconds of the file.
"""

from __future__ import annotations

from typing import Dict, Tuple

from .fields import PREFIX, Command, Field

PROTOCOL_VERSION = 5
SCRIPT_VERSION = "0.4.0"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 19102
OK = PREFIX + "ok"
ERROR = PREFIX + "error"
PENDING = PREFIX + "pending"
PROGRESS = PREFIX + "progress"
PART = PREFIX + "part"
CHANGED = PREFIX + "changed"
MOST_REPLY_BYTES = 8192
"""Longer replies go in parts: macOS sends no longer datagrams than 9216 bytes, and this is loopback."""
MOST_REQUEST_BYTES = 9216
"""Longer datagrams are dropped; macOS sends none."""
MOST_STEPS = 50000
LAST_PAGE = -1
UNWATCHED_SECONDS = 60.0
"""So long without a word from it, and a watching asker is told nothing more."""
UNHEARD_SECONDS = 3.0
"""So long without a word from its asker, and what a job borrowed is given back; a plan that it has not committed is
dropped."""

ERRORS: Dict[str, str] = {
    "bad_request": "the arguments are not those of the command, or the request id was used for another request",
    "unknown_command": "no such command in this version of the script",
    "not_authentic": "the seal is not that of this session and token: another set was opened, or the token changed",
    "not_allowed": "the file lies in none of the folders that `hello` named",
    "busy": "another plan is being carried out, or something is being captured",
    "no_such_plan": "no plan of that number is open (dropped, as its asker was silent?)",
    "incomplete": "steps of the plan are missing",
    "cancelled": "the plan or the recording was cancelled; what was done of a plan stays",
    "no_such_track": "no track of ours has that id, or no track that index",
    "no_such_clip": "no clip of that file starts there",
    "not_ours": "the clip, or something on the track, was put there by the user",
    "occupied": "a clip is already there; nothing is ever placed over one",
    "not_as_asked": "Live made something else of it (e.g. the file is shorter); it was taken back",
    "tempo_owned": "the tempo is automated, or Link or the tempo follower owns it",
    "not_prepared": "`prepare` of the same asker has to come before",
    "no_audio": "Live's audio engine is off: no audio device is chosen in its settings, or that is gone",
    "interrupted": "the user stopped or changed something that a recording needs",
    "unsupported_live": "this version of Live cannot do that",
    "live_refused": "Live raised an error; the message is Live's",
    "set_closed": "the set was closed before it was done",
    "internal": "a defect of the script; the traceback is in Live's log",
}

MOST_BEATS = 1576800.0
_ID = Field("track_id", "int", "our id of a track of ours", 1, 2**31 - 1)
_INDEX = Field("index", "int", "the track's place in the set, from 0", 0, 2**31 - 1)
_PLAN = Field("plan_id", "int", "as `begin` answered", 1, 2**31 - 1)
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
_LOOP_START = Field("loop_start", "float", "seconds of the file if not warped, else beats")
_LOOP_END = Field("loop_end", "float", "seconds of the file if not warped, else beats")
_REVISION = Field("revision", "int", "grows with each change that the user makes to what is ours or to the tempo")

STEPS: Tuple[Command, ...] = (
    Command("delete_clip", "Deletes a clip of ours.", request=(_ID, _START, _FILE)),
    Command("set_track", "Changes a track of ours.", request=(_ID, _NAME, _COLOUR, _VOLUME, _PAN)),
    Command(
        "create_clip",
        "Places a file on a track of ours, not warped.",
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
    ),
    Command("delete_track", "Deletes a track of ours that holds no clip and no device of the user's.", request=(_ID,)),
)
"""What a plan is made of. A step is encoded as a message of its address and arguments, without id and seal."""

COMMANDS: Tuple[Command, ...] = (
    Command(
        "version",
        "Which script and which Live answer.",
        reply=(
            Field("script_version", "str", "of the copied script"),
            Field("protocol_version", "int", "%d; both ends must agree" % PROTOCOL_VERSION),
            Field("live_version", "str", "e.g. 12.3.6"),
            Field("live_variant", "str", "Suite, Standard, Intro, Lite ...; empty: this Live does not tell"),
            Field("python_version", "str", "of Live's Python"),
            Field("can_place", "bool", "this Live can place audio files in the arrangement"),
            Field("mend", "str", "which Live is needed where it cannot, else empty"),
            Field("simulated", "bool", "this is JacqueesBot's simulated Live"),
            Field("session", "str", "hexadecimal; part of every seal; another one for each set that is opened"),
        ),
    ),
    Command(
        "hello",
        "Shows that the asker has the token, and names the folders whose files it may place.",
        request=(Field("folders", "str", "absolute paths, one a line"),),
        keyed=True,
    ),
    Command(
        "status",
        "What the transport and the script are doing.",
        reply=(
            _PLAYING,
            _POSITION,
            Field("unfinished", "int", "commands that are still being worked on"),
            _REVISION,
            Field("borrowed", "str", "what a job changed for a while and will give back, e.g. 'loop, solo'"),
            Field("malformed", "int", "datagrams dropped so far"),
        ),
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
            Field("loop", "bool", "the loop is on"),
            Field("loop_start_beats", "float", ""),
            Field("loop_length_beats", "float", ""),
            Field("start_marker_beats", "float", "where playing starts"),
            Field("last_event_beats", "float", "where the arrangement ends"),
            Field("selected_track", "int", "its place in the set; -1: a return track or the master"),
        ),
    ),
    Command(
        "tracks",
        "Every track of the set, a page at a time; without the one that `record` made.",
        request=(_FIRST_ROW,),
        reply=(_NEXT_ROW,),
        rows=(
            _INDEX,
            Field("track_id", "int", "our id; 0: the user's track"),
            Field("kind", "str", "audio, midi or group"),
            Field("name", "str", "as we asked for it where the user has not changed it since"),
            Field("colour", "int", "likewise"),
            Field("volume", "float", "fader 0..1"),
            Field("pan", "float", "-1 left .. 1 right"),
            Field("mute", "bool", ""),
            Field("solo", "bool", ""),
            Field("arm", "bool", ""),
            Field("clip_count", "int", "clips in the arrangement"),
            Field("session_clip_count", "int", "clips in the Session view that are not ours"),
            Field("users_device_count", "int", "devices that the user put on a track of ours"),
            Field("users_look", "bool", "the user has changed what `set_track` made of it"),
        ),
    ),
    Command(
        "clips",
        "The arrangement clips of a track in time order, a page at a time.",
        request=(_INDEX, _FIRST_ROW),
        reply=(_NEXT_ROW,),
        rows=(
            Field("file_path", "str", "empty: a MIDI clip"),
            Field("start_beats", "float", "where it starts, in beats of the arrangement"),
            _END,
            Field("gain", "float", "0..1: 0.4 is 0 dB"),
            Field("pitch_coarse", "int", "semitones"),
            Field("pitch_fine", "float", "cents"),
            _LOOP_START,
            _LOOP_END,
            Field("warping", "bool", ""),
            Field("name", "str", ""),
            Field("muted", "bool", ""),
            Field("ours", "bool", "we placed that file on this track"),
        ),
    ),
    Command(
        "selected_clip",
        "The clip that is selected, its file and bounds.",
        reply=(
            Field("kind", "str", "none, audio or midi; what follows is 0 or empty where it does not apply"),
            Field("file_path", "str", ""),
            Field("name", "str", ""),
            Field("in_arrangement", "bool", "else in the Session view"),
            Field("track_index", "int", "its track's place in the set; -1: none"),
            Field("start_beats", "float", "in the arrangement; 0 for a Session clip"),
            Field("end_beats", "float", "in the arrangement; for a Session clip its loop's or marker's length"),
            Field("warping", "bool", ""),
            Field("looping", "bool", ""),
            _LOOP_START,
            _LOOP_END,
            Field("start_marker", "float", "seconds of the file if not warped, else beats"),
            Field("end_marker", "float", "seconds of the file if not warped, else beats"),
            Field("gain", "float", "0..1: 0.4 is 0 dB"),
            Field("pitch_coarse", "int", "semitones"),
            Field("pitch_fine", "float", "cents"),
            Field("warp_mode", "int", "Live's number"),
        ),
    ),
    Command(
        "warp_markers",
        "The warp markers of the selected clip, a page at a time.",
        request=(_FIRST_ROW,),
        reply=(_NEXT_ROW,),
        rows=(
            Field("sample_seconds", "float", "in the file"),
            Field("beats", "float", "in the clip"),
        ),
    ),
    Command(
        "cue_points",
        "The arrangement's locators, a page at a time.",
        request=(_FIRST_ROW,),
        reply=(_NEXT_ROW,),
        rows=(_NAME, Field("start_beats", "float", "")),
    ),
    Command(
        "output",
        "What colours the sound of our tracks on its way to Live's output, besides their own volumes and pans.",
        reply=(
            Field("main_volume", "float", "fader of the main track 0..1: 0.85 is 0 dB", 0.0, 1.0),
            Field("main_pan", "float", "-1 left .. 1 right", -1.0, 1.0),
            Field("main_devices", "str", "those on the main track that are on: 'Limiter, EQ Eight'"),
            Field("our_devices", "str", "those that are on, on tracks of ours: 'Drums: Echo, Reverb; Pad: Delay'"),
            Field("our_sends", "str", "tracks of ours that send to returns: 'Drums, Pad'"),
            Field("our_mutes", "str", "tracks of ours that are muted, or whose group is"),
            Field("our_outputs", "str", "tracks of ours that go elsewhere than to the main track: 'Pad: Ext. Out'"),
            Field("our_groups", "str", "groups of the user's that hold tracks of ours and change them: 'Bus: -6.0 dB'"),
            Field("our_crossfades", "str", "tracks of ours on a side that the crossfader turns down"),
            Field("our_splits", "str", "tracks of ours whose channels are panned one by one"),
            Field("automated", "str", "tracks, the main one too, whose volume or pan is automated: 'Pad: volume'"),
        ),
    ),
    Command("set_tempo", "Sets the tempo.", request=(_TEMPO,), reply=(_TEMPO,), keyed=True, writes=True),
    Command(
        "reserve_tracks",
        "Makes audio tracks behind the last track until so many tracks are ours, or Live refuses.",
        request=(Field("count", "int", "tracks of ours that are wanted", 0, 1000),),
        reply=(
            Field("count", "int", "tracks that are ours now"),
            Field("refusal", "str", "Live's words where there are fewer than wanted (an edition's limit?)"),
            Field("devices", "str", "names of devices that new tracks came with, from the user's default track"),
        ),
        keyed=True,
        writes=True,
    ),
    Command(
        "begin",
        "Opens a plan; nothing is done before `commit`. Refused while another one is carried out.",
        request=(
            Field("origin_beats", "float", "where the arrangement's 0 s lies", 0.0, MOST_BEATS),
            Field("step_count", "int", "steps that will come", 0, MOST_STEPS),
        ),
        reply=(_PLAN,),
        keyed=True,
        writes=True,
    ),
    Command(
        "steps",
        "Steps of a plan, a bundle of them; they may come in any order.",
        request=(
            _PLAN,
            Field("first_step", "int", "the place of the bundle's first step in the plan", 0, MOST_STEPS),
            Field("bundle", "bytes", "an OSC bundle of steps"),
        ),
        keyed=True,
        writes=True,
    ),
    Command(
        "commit",
        "Carries the plan out, over many of Live's ticks, to its end or to the first step that cannot be done.",
        request=(_PLAN,),
        reply=(Field("done", "int", "steps"),),
        keyed=True,
        writes=True,
    ),
    Command(
        "cancel",
        "Ends a plan: what is begun is finished, nothing more is begun.",
        request=(_PLAN,),
        keyed=True,
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
        keyed=True,
        writes=True,
    ),
    Command(
        "keep",
        "Makes all of ours the user's: nothing is changed but the tracks' names, which lose our mark.",
        reply=(Field("tracks", "int", "that were ours"),),
        keyed=True,
        writes=True,
    ),
    Command(
        "watch",
        "From now on changes that the user makes are reported to the asker (`changed`).",
        request=(Field("on", "bool", "False: no longer"),),
        reply=(_REVISION,),
        keyed=True,
    ),
    Command(
        "prepare",
        "Gets the set ready to be captured from a position: standing, Session clips stopped, loop and metronome off, "
        "only our tracks heard. `restore` switches back what was switched; nothing is started again.",
        request=(Field("from_beats", "float", "where it will play from", 0.0, MOST_BEATS),),
        keyed=True,
        writes=True,
    ),
    Command(
        "play",
        "Plays the arrangement from a position. Answered when the transport runs.",
        request=(Field("from_beats", "float", "", 0.0, MOST_BEATS),),
        reply=(_POSITION,),
        keyed=True,
        writes=True,
    ),
    Command(
        "record",
        "Plays from a position to another, and records on a track of its own what the set puts out. Answered when the "
        "file is written. After `prepare`.",
        request=(
            Field("from_beats", "float", "", 0.0, MOST_BEATS),
            Field("to_beats", "float", "behind `from_beats`", 0.0, MOST_BEATS),
        ),
        reply=(
            _FILE,
            Field("start_seconds", "float", "where in the file `from_beats` is heard"),
            Field("clip_start_beats", "float", "where the recorded clip begins in the arrangement"),
        ),
        keyed=True,
        writes=True,
    ),
    Command(
        "forget_recording",
        "Deletes the track that `record` made, with its take; the file stays. Ends a recording that runs.",
        request=(Field("keep", "bool", "nothing is deleted; the track, muted, is the user's from now on"),),
        reply=(Field("tracks", "int", "that were deleted, or became the user's"),),
        keyed=True,
        writes=True,
    ),
    Command("stop", "Stops the transport. Answered when it stands.", reply=(_POSITION,), keyed=True),
    Command("restore", "Gives back what was borrowed, as the user had it.", keyed=True, writes=True),
    Command(
        "probe",
        "Tries one of the things that are not known of Live, on a track of its own, which goes again.",
        request=(Field("name", "str", "of live_remote_script.probes"), _FILE),
        reply=(Field("found", "str", "JSON"),),
        keyed=True,
    ),
)

BY_NAME: Dict[str, Command] = {command.name: command for command in COMMANDS}
BY_ADDRESS: Dict[str, Command] = {command.address: command for command in COMMANDS}
STEP_BY_NAME: Dict[str, Command] = {command.name: command for command in STEPS}
STEP_BY_ADDRESS: Dict[str, Command] = {command.address: command for command in STEPS}
