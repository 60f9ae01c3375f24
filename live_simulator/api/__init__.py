"""Live's classes as scripts see them, declared member by member. `declared()` lists them, outer classes first."""

from __future__ import annotations

from live_simulator.declaration import LiveClass


def declared() -> tuple[LiveClass, ...]:
    import live_simulator.api.application
    import live_simulator.api.application_view
    import live_simulator.api.browser
    import live_simulator.api.clip
    import live_simulator.api.clip_content
    import live_simulator.api.clip_launch
    import live_simulator.api.clip_notes
    import live_simulator.api.clip_slot
    import live_simulator.api.clip_view
    import live_simulator.api.clip_warping
    import live_simulator.api.device
    import live_simulator.api.device_parameter
    import live_simulator.api.envelope
    import live_simulator.api.groove_pool
    import live_simulator.api.mixer
    import live_simulator.api.rack
    import live_simulator.api.sample
    import live_simulator.api.scene
    import live_simulator.api.simpler
    import live_simulator.api.song
    import live_simulator.api.song_recording
    import live_simulator.api.song_transport
    import live_simulator.api.song_view
    import live_simulator.api.take_lane
    import live_simulator.api.track
    import live_simulator.api.track_clips
    import live_simulator.api.track_devices
    import live_simulator.api.track_routing  # noqa: F401 (each fills its classes)
    from live_simulator.api import classes

    return classes.ALL
