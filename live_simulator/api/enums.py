"""Live's enums beside its classes, such as Live.Song.Quantization; those inside a class are declared with it."""

from __future__ import annotations

from typing import NamedTuple

from live_simulator.versions import ALWAYS, Span, since


class Enum(NamedTuple):
    module: str
    name: str
    values: dict[str, int]
    versions: Span = ALWAYS


def _numbered(labels: str) -> dict[str, int]:
    return {label: number for number, label in enumerate(labels.split())}


ENUMS = (
    Enum(
        "Application",
        "MessageButtons",
        _numbered(
            "OK_BUTTON OK_NEW_SET_BUTTON OK_RETRY_BUTTON SAVE_DONT_SAVE_BUTTON OK_ACCOUNT_BUTTON OK_PURCHASE_BUTTON"
        ),
        since(12),
    ),
    Enum(
        "Application",
        "PushDialogType",
        {"MESSAGE_BOX": 0, "OUT_OF_UNLOCKS_DIALOG": 5, "RENT_TO_OWN_LICENSE_EXPIRED_DIALOG": 7},
        since(12, 2),
    ),
    Enum("Application", "UnavailableFeature", _numbered("note_velocity_ranges_and_probabilities")),
    Enum(
        "Browser",
        "FilterType",
        {
            **_numbered(
                "hotswap_off instrument_hotswap audio_effect_hotswap midi_effect_hotswap drum_pad_hotswap "
                "midi_track_devices samples count"
            ),
            "disabled": -1,
        },
    ),
    Enum("Browser", "Relation", _numbered("ancestor equal descendant none")),
    Enum(
        "Clip",
        "ClipLaunchQuantization",
        _numbered(
            "q_global q_none q_8_bars q_4_bars q_2_bars q_bar q_half q_half_triplet q_quarter q_quarter_triplet "
            "q_eighth q_eighth_triplet q_sixteenth q_sixteenth_triplet q_thirtysecond"
        ),
    ),
    Enum(
        "Clip",
        "GridQuantization",
        _numbered(
            "no_grid g_8_bars g_4_bars g_2_bars g_bar g_half g_quarter g_eighth g_sixteenth g_thirtysecond count"
        ),
    ),
    Enum("Clip", "LaunchMode", _numbered("trigger gate toggle repeat")),
    Enum("Clip", "WarpMode", _numbered("beats tones texture repitch complex rex complex_pro count")),
    Enum("ClipSlot", "ClipSlotPlayingState", _numbered("stopped started recording")),
    Enum("Conversions", "AudioToMidiType", _numbered("harmony_to_midi melody_to_midi drums_to_midi")),
    Enum("Device", "DeviceType", {"undefined": 0, "instrument": 1, "audio_effect": 2, "midi_effect": 4}),
    Enum("DeviceParameter", "AutomationState", _numbered("none playing overridden")),
    Enum("DeviceParameter", "ParameterState", _numbered("enabled irrelevant disabled")),
    Enum(
        "Groove",
        "Base",
        _numbered("gb_four gb_eight gb_eight_triplet gb_sixteen gb_sixteen_triplet gb_thirtytwo count"),
    ),
    Enum(
        "Sample",
        "SlicingBeatDivision",
        _numbered(
            "sixteenth sixteenth_triplett eighth eighth_triplett quarter quarter_triplett half half_triplett "
            "one_bar two_bars four_bars"
        ),
    ),
    Enum("Sample", "SlicingStyle", _numbered("transient beat region manual")),
    Enum("Sample", "TransientLoopMode", _numbered("off forward alternate")),
    Enum("SimplerDevice", "PlaybackMode", _numbered("classic one_shot slicing")),
    Enum("SimplerDevice", "SlicingPlaybackMode", _numbered("mono poly thru")),
    Enum("Song", "CaptureDestination", _numbered("auto session arrangement")),
    Enum("Song", "CaptureMode", _numbered("all all_except_selected")),
    Enum(
        "Song",
        "Quantization",
        _numbered(
            "q_no_q q_8_bars q_4_bars q_2_bars q_bar q_half q_half_triplet q_quarter q_quarter_triplet q_eight "
            "q_eight_triplet q_sixtenth q_sixtenth_triplet q_thirtytwoth"
        ),
    ),
    Enum(
        "Song",
        "RecordingQuantization",
        _numbered(
            "rec_q_no_q rec_q_quarter rec_q_eight rec_q_eight_triplet rec_q_eight_eight_triplet rec_q_sixtenth "
            "rec_q_sixtenth_triplet rec_q_sixtenth_sixtenth_triplet rec_q_thirtysecond"
        ),
    ),
    Enum("Song", "SessionRecordStatus", _numbered("off on transition")),
    Enum("Song", "TimeFormat", _numbered("ms_time smpte_24 smpte_25 smpte_30 smpte_30_drop smpte_29")),
    Enum("Track", "DeviceInsertMode", _numbered("default selected_left selected_right count")),
    Enum("Track", "RoutingChannelLayout", _numbered("midi mono stereo")),
    Enum(
        "Track",
        "RoutingTypeCategory",
        _numbered("external rewire resampling master track parent_group_track none invalid"),
    ),
)
