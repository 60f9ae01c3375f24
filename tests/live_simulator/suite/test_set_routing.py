"""Where tracks' sound comes from and goes to, and what arming makes of it."""

from __future__ import annotations

import unittest
from typing import Any

from set_case import SetCase

EXTERNAL, RESAMPLING, MASTER, TRACK, NONE = 0, 2, 3, 4, 6


class Routing(SetCase):
    def input_named(self, name: str) -> Any:
        return next(found for found in self.track.available_input_routing_types if found.display_name == name)

    def test_an_audio_tracks_inputs(self) -> None:
        found = [(kind.display_name, kind.category) for kind in self.track.available_input_routing_types]
        wanted = [("Ext. In", EXTERNAL), ("Resampling", RESAMPLING), ("4-Audio", TRACK)]
        wanted += [("A-Reverb", TRACK), ("B-Delay", TRACK), ("Main", MASTER), ("No Input", NONE)]
        self.assertEqual(found, wanted)
        self.assertEqual(list(self.track.input_routings), [name for name, _ in wanted])
        self.assertEqual(self.track.input_routing_type, self.track.available_input_routing_types[0])

    def test_an_outputs(self) -> None:
        found = [(kind.display_name, kind.category) for kind in self.track.available_output_routing_types]
        wanted = [("Main", MASTER), ("Ext. Out", EXTERNAL), ("4-Audio", TRACK), ("Sends Only", NONE)]
        self.assertEqual(found, wanted)
        self.assertEqual(
            [kind.display_name for kind in self.song.master_track.available_output_routing_types], ["Ext. Out"]
        )

    def test_live_11_says_master(self) -> None:
        self.version = (11, 3, 25)
        self.setUp()
        self.assertEqual(self.track.output_routing_type.display_name, "Master")

    def test_midi_tracks_have_midi_channels(self) -> None:
        track = self.song.tracks[0]
        names = [kind.display_name for kind in track.available_input_routing_types]
        self.assertEqual(names, ["All Ins", "2-MIDI", "No Input"])
        channels = track.available_input_routing_channels
        self.assertEqual((len(channels), channels[0].display_name, channels[0].layout), (17, "All Channels", 0))
        self.assertEqual((track.has_audio_output, track.has_midi_output), (False, True))

    def test_a_midi_track_sounds_behind_an_instrument(self) -> None:
        track = self.song.tracks[0]
        heard: list[bool] = []
        track.add_has_audio_output_listener(lambda: heard.append(track.has_audio_output))
        track.insert_device("Operator")
        self.assertEqual((heard, track.has_midi_output, track.output_meter_left), ([True], False, 0.0))
        self.assertEqual(track.output_routing_type.display_name, "Main")
        self.assertEqual(self.input_named("1-MIDI").attached_object, track)

    def test_choosing_one_brings_its_channels_at_once(self) -> None:
        heard: list[str] = []
        self.track.add_available_input_routing_channels_listener(lambda: heard.append("channels"))
        self.track.input_routing_type = self.input_named("4-Audio")
        chosen = self.track.input_routing_type
        self.assertEqual((chosen.category, chosen.attached_object, heard), (TRACK, self.song.tracks[3], ["channels"]))
        names = [channel.display_name for channel in self.track.available_input_routing_channels]
        self.assertEqual(names, ["Pre FX", "Post FX", "Post Mixer"])
        self.track.input_routing_channel = self.track.available_input_routing_channels[2]
        self.assertEqual(self.track.input_routing_channel.display_name, "Post Mixer")
        self.assertEqual(self.track.current_input_sub_routing, "Post Mixer")
        self.song.undo()
        self.song.undo()
        self.assertEqual(self.track.current_input_routing, "Ext. In")

    def test_the_older_way_by_name(self) -> None:
        self.track.current_input_routing = "Resampling"
        self.assertEqual(self.track.input_routing_type.category, RESAMPLING)
        for name in ("Ext.In", ""):
            with self.refused(ValueError):
                self.track.current_input_routing = name

    def test_one_that_is_not_offered_is_a_value_error(self) -> None:
        other = self.song.tracks[3].available_input_routing_types[2]
        self.assertEqual(other.display_name, "3-Audio")
        with self.refused(ValueError):
            self.track.input_routing_type = other
        with self.refused(ValueError):
            self.track.input_routing_channel = self.song.tracks[0].input_routing_channel
        with self.assertRaises(TypeError):
            self.track.input_routing_type = "Resampling"

    def test_a_new_track_knows_nothing_in_its_tick(self) -> None:
        track = self.song.create_audio_track()
        self.assertEqual([kind.display_name for kind in track.available_input_routing_types], [""])
        self.assertEqual([kind.display_name for kind in track.available_output_routing_types], [""])
        with self.refused(ValueError):
            track.input_routing_type = self.input_named("Resampling")
        heard: list[int] = []
        track.add_available_input_routing_types_listener(lambda: heard.append(len(track.available_input_routing_types)))
        self.tick()
        self.assertEqual(heard, [8])
        track.input_routing_type = self.input_named("Resampling")

    def test_names_follow_and_what_is_deleted_is_not_offered(self) -> None:
        self.track.input_routing_type = self.input_named("4-Audio")
        self.song.tracks[3].name = "Voice"
        self.assertEqual(self.track.input_routing_type.display_name, "Voice")
        self.song.delete_track(3)
        self.assertEqual(self.track.input_routing_type.display_name, "Ext. In")

    def test_returns_and_the_master_have_no_input(self) -> None:
        for track in (self.song.return_tracks[0], self.song.master_track):
            for name in ("input_routing_type", "available_input_routing_types", "current_input_routing"):
                with self.refused(RuntimeError):
                    getattr(track, name)
            with self.refused(RuntimeError):
                _ = track.current_monitoring_state


class Arming(SetCase):
    def test_without_an_input_it_is_silently_ignored(self) -> None:
        self.track.current_input_routing = "No Input"
        self.track.arm = True
        self.assertFalse(self.track.arm)
        self.track.current_input_routing = "Ext. In"
        self.track.arm = True
        self.assertTrue(self.track.arm)

    def test_several_may_be_armed_whatever_the_preference_says(self) -> None:
        self.assertTrue(self.song.exclusive_arm)
        self.song.tracks[2].arm = self.song.tracks[3].arm = True
        self.assertEqual([track.arm for track in self.song.tracks], [False, False, True, True])

    def test_several_may_be_soloed_too(self) -> None:
        self.assertTrue(self.song.exclusive_solo)
        self.song.tracks[2].solo = self.song.tracks[3].solo = True
        self.assertEqual([track.muted_via_solo for track in self.song.tracks], [True, True, False, False])

    def test_muting_is_the_activator_switched_off(self) -> None:
        activator = self.track.mixer_device.track_activator
        heard: list[bool] = []
        self.track.add_mute_listener(lambda: heard.append(self.track.mute))
        self.track.mute = True
        self.assertEqual((activator.value, str(activator)), (0.0, "Off"))
        activator.value = 1.0
        self.assertEqual(heard, [True, False])

    def test_meters_are_where_there_is_a_signal_to_measure(self) -> None:
        self.assertEqual((self.track.input_meter_left, self.track.output_meter_left), (0.0, 0.0))
        for track, name in ((self.song.tracks[0], "output_meter_left"), (self.song.master_track, "input_meter_level")):
            with self.refused(RuntimeError):
                getattr(track, name)


if __name__ == "__main__":
    unittest.main()
