"""The declared classes, empty: in one place because their members take each other as arguments."""

from __future__ import annotations

from live_simulator.declaration import LiveClass

APPLICATION = LiveClass("Application", "Application", "TPyHandle<ASongApp>")
APPLICATION_VIEW = LiveClass("Application", "Application.View", "TPyViewData<ASongApp>")
SONG = LiveClass("Song", "Song", "TPyHandle<ASong>")
SONG_VIEW = LiveClass("Song", "Song.View", "TPyViewData<ASong>")
DEVICE_CONTAINER = LiveClass("Track", "DeviceContainer", "TPyHandleBase")
TRACK = LiveClass("Track", "Track", "TTrackPyHandle", base=DEVICE_CONTAINER)
TRACK_VIEW = LiveClass("Track", "Track.View", "TPyViewData<ATrack>")
CLIP = LiveClass("Clip", "Clip", "TPyHandle<AClip>")
CLIP_SLOT = LiveClass("ClipSlot", "ClipSlot", "TPyHandle<AGroupAndClipSlotBase>")
SCENE = LiveClass("Scene", "Scene", "TPyHandle<AScene>")
MIXER_DEVICE = LiveClass("MixerDevice", "MixerDevice", "TPyHandle<AMixerDevice>")
DEVICE_PARAMETER = LiveClass("DeviceParameter", "DeviceParameter", "TPyHandle<ATimeableValue>")

ALL = (
    APPLICATION,
    APPLICATION_VIEW,
    SONG,
    SONG_VIEW,
    DEVICE_CONTAINER,
    TRACK,
    TRACK_VIEW,
    CLIP,
    CLIP_SLOT,
    SCENE,
    MIXER_DEVICE,
    DEVICE_PARAMETER,
)
"""Outer classes before those inside them."""
