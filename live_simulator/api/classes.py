"""The declared classes, empty: in one place because their members take each other as arguments."""

from __future__ import annotations

from live_simulator.declaration import LiveClass
from live_simulator.versions import since, until

APPLICATION = LiveClass("Application", "Application", "TPyHandle<ASongApp>")
APPLICATION_VIEW = LiveClass("Application", "Application.View", "TPyViewData<ASongApp>")
SONG = LiveClass("Song", "Song", "TPyHandle<ASong>")
CUE_POINT = LiveClass("Song", "CuePoint", "TPyHandle<ACuePoint>")
GROOVE_POOL = LiveClass("GroovePool", "GroovePool", "TPyHandle<AGroovePool>")
BROWSER = LiveClass("Browser", "Browser", "TPyHandle<ABrowserDelegate>")
BROWSER_ITEM = LiveClass("Browser", "BrowserItem", "NPythonBrowser::TPythonBrowserItem", is_value=True)
SONG_VIEW = LiveClass("Song", "Song.View", "TPyViewData<ASong>")
DEVICE_CONTAINER = LiveClass("Track", "DeviceContainer", "TPyHandleBase")
TRACK = LiveClass("Track", "Track", "TTrackPyHandle", base=DEVICE_CONTAINER)
ROUTING_TYPE = LiveClass("Track", "RoutingType", "NRoutingApi::TRoutingType", is_value=True)
ROUTING_CHANNEL = LiveClass("Track", "RoutingChannel", "NRoutingApi::TRoutingChannel", is_value=True)
TRACK_VIEW = LiveClass("Track", "Track.View", "TPyViewData<ATrack>")
CLIP = LiveClass("Clip", "Clip", "TPyHandle<AClip>")
CLIP_VIEW = LiveClass("Clip", "Clip.View", "TPyViewData<AClip>")
AUTOMATION_ENVELOPE = LiveClass("Clip", "AutomationEnvelope", "TPyHandle<AAutomation>", until(12, 2))
ENVELOPE = LiveClass("Envelope", "Envelope", "TPyHandle<AAutomation>", since(12, 2))
CLIP_SLOT = LiveClass("ClipSlot", "ClipSlot", "TPyHandle<AGroupAndClipSlotBase>")
SCENE = LiveClass("Scene", "Scene", "TPyHandle<AScene>")
DEVICE = LiveClass("Device", "Device", "TPyHandle<ADevice>")
DEVICE_VIEW = LiveClass("Device", "Device.View", "TPyViewData<ADevice>")
RACK_DEVICE = LiveClass("RackDevice", "RackDevice", "TRackDevicePyHandle", base=DEVICE)
RACK_DEVICE_VIEW = LiveClass("RackDevice", "RackDevice.View", "TRackDeviceViewData", base=DEVICE_VIEW)
SIMPLER_DEVICE = LiveClass("SimplerDevice", "SimplerDevice", "TSimplerDevicePyHandle", base=DEVICE)
SIMPLER_DEVICE_VIEW = LiveClass("SimplerDevice", "SimplerDevice.View", "TSimplerDeviceViewData", base=DEVICE_VIEW)
SAMPLE = LiveClass("Sample", "Sample", "TPyHandle<AMultiSamplePart>")
CHAIN = LiveClass("Chain", "Chain", "TChainPyHandle", base=DEVICE_CONTAINER)
CHAIN_MIXER_DEVICE = LiveClass("ChainMixerDevice", "ChainMixerDevice", "TPyHandle<AChainMixerDevice>")
TAKE_LANE = LiveClass("TakeLane", "TakeLane", "TPyHandle<ATakeLane>", since(12, 2))
MIXER_DEVICE = LiveClass("MixerDevice", "MixerDevice", "TPyHandle<AMixerDevice>")
DEVICE_PARAMETER = LiveClass("DeviceParameter", "DeviceParameter", "TPyHandle<ATimeableValue>")

ALL = (
    APPLICATION,
    APPLICATION_VIEW,
    SONG,
    SONG_VIEW,
    CUE_POINT,
    GROOVE_POOL,
    BROWSER,
    BROWSER_ITEM,
    DEVICE_CONTAINER,
    TRACK,
    TRACK_VIEW,
    ROUTING_TYPE,
    ROUTING_CHANNEL,
    CLIP,
    CLIP_VIEW,
    AUTOMATION_ENVELOPE,
    ENVELOPE,
    CLIP_SLOT,
    SCENE,
    DEVICE,
    DEVICE_VIEW,
    RACK_DEVICE,
    RACK_DEVICE_VIEW,
    SIMPLER_DEVICE,
    SIMPLER_DEVICE_VIEW,
    SAMPLE,
    CHAIN,
    CHAIN_MIXER_DEVICE,
    TAKE_LANE,
    MIXER_DEVICE,
    DEVICE_PARAMETER,
)
"""Outer classes before those inside them."""
