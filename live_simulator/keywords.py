"""Which of Live's methods take their arguments by name, too: those whose arguments the dumps of Live name."""

from __future__ import annotations

from typing import Any

AREA = ("from_pitch", "pitch_span", "from_time", "time_span")
DATA = {"get_data": ("key", "default_value"), "set_data": ("key", "value")}
DEVICE = ("DeviceName", "DeviceIndex")

NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "Application.View": {"is_view_visible": ("identifier", "main_window_only")},
    "Chain": {"insert_device": DEVICE},
    "Clip": {
        "add_warp_marker": ("warp_marker",),
        "beat_to_sample_time": ("beat_time",),
        "duplicate_notes_by_id": ("note_ids", "destination_time", "transposition_amount"),
        "duplicate_region": ("region_start", "region_length", "destination_time", "pitch", "transposition_amount"),
        "get_notes": ("from_time", "from_pitch", "time_span", "pitch_span"),
        "get_notes_by_id": ("note_ids",),
        "get_notes_extended": AREA,
        "move_warp_marker": ("marker_beat_time", "beat_time_distance"),
        "note_number_to_name": ("midi_pitch",),
        "remove_notes_extended": AREA,
        "remove_warp_marker": ("beat_time",),
        "sample_to_beat_time": ("sample_time",),
        "scrub": ("scrub_position",),
        "seconds_to_sample_time": ("seconds",),
    },
    "RackDevice": {"insert_chain": ("Index",)},
    "Sample": {
        "beat_to_sample_time": ("beat_time",),
        "insert_slice": ("slice_time",),
        "move_slice": ("old_time", "new_time"),
        "remove_slice": ("slice_time",),
        "sample_to_beat_time": ("sample_time",),
    },
    "Scene": {
        "fire": ("force_legato", "can_select_scene_on_launch"),
        "fire_as_selected": ("force_legato",),
    },
    "SimplerDevice": {"replace_sample": ("file_path",), "warp_as": ("beat_time",)},
    "Song": {
        **DATA,
        "capture_and_insert_scene": ("CaptureMode",),
        "capture_midi": ("Destination",),
        "create_audio_track": ("Index",),
        "create_midi_track": ("Index",),
        "find_device_position": ("device", "target", "target_position"),
        "move_device": ("device", "target", "target_position"),
        "stop_all_clips": ("Quantized",),
        "trigger_session_record": ("record_length",),
    },
    "Track": {
        **DATA,
        "duplicate_clip_to_arrangement": ("clip", "destination_time"),
        "insert_device": DEVICE,
        "stop_all_clips": ("Quantized",),
    },
}
"""By class and method; what is not here is positional only."""


def in_order(names: tuple[str, ...], given: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...] | None:
    """All arguments as they would be given without names. None where a name is wrong, or one before it is left out."""
    further = names[len(given) :][: len(keywords)]
    return (*given, *(keywords[name] for name in further)) if set(further) == set(keywords) else None
