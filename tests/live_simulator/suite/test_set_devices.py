"""Devices, their parameters, racks and chains, the mixer, and what is selected."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.boost import ArgumentError

from set_case import SetCase


class DeviceCase(SetCase):
    def setUp(self) -> None:
        super().setUp()
        self.midi: Any = self.song.tracks[0]

    def names(self, track: Any) -> list[str]:
        return [device.name for device in track.devices]


class Rows(DeviceCase):
    def test_the_default_sets_returns_carry_reverb_and_delay(self) -> None:
        self.assertEqual([self.names(track) for track in self.song.return_tracks], [["Reverb"], ["Delay"]])
        self.assertEqual([self.names(track) for track in self.song.tracks], [[], [], [], []])

    def test_devices_are_inserted_where_one_asks(self) -> None:
        self.track.insert_device("Utility")
        self.track.insert_device("EQ Eight", 0)
        device = self.track.insert_device("Auto Filter", -1)
        self.assertEqual(self.names(self.track), ["EQ Eight", "Utility", "Auto Filter"])
        self.assertEqual((device.class_name, device.class_display_name), ("AutoFilter", "Auto Filter"))
        self.assertEqual((device.type, device.canonical_parent), (2, self.track))
        self.assertEqual(type(device.type).__name__, "DeviceType")
        for wrong in (4, -2):
            with self.refused(RuntimeError):
                self.track.insert_device("Utility", wrong)

    def test_unknown_devices_are_refused(self) -> None:
        for wrong in ("Serum", "", "utility"):
            with self.refused(RuntimeError):
                self.track.insert_device(wrong)
        with self.refused(ArgumentError, "Track.insert_device(Track, int)"):
            self.track.insert_device(3)

    def test_each_kind_has_its_place(self) -> None:
        for name in ("Operator", "Arpeggiator"):
            with self.refused(RuntimeError, "cannot stand there"):
                self.track.insert_device(name)
        self.midi.insert_device("Operator")
        self.midi.insert_device("Utility")
        with self.refused(RuntimeError):
            self.midi.insert_device("Arpeggiator", 1)
        self.midi.insert_device("Arpeggiator", 0)
        with self.refused(RuntimeError):
            self.midi.insert_device("Operator", 1)
        self.assertEqual(self.names(self.midi), ["Arpeggiator", "Operator", "Utility"])
        with self.refused(RuntimeError):
            self.midi.duplicate_device(1)

    def test_deleting_duplicating_and_undoing(self) -> None:
        device = self.track.insert_device("Utility")
        device.parameters[6].value = 6.0
        device.name = "Mine"
        self.track.duplicate_device(0)
        copied = self.track.devices[1]
        self.assertEqual((copied.name, copied.parameters[6].value), ("Mine", 6.0))
        self.assertNotEqual(copied, device)
        self.track.delete_device(0)
        self.assertTrue(device == None)  # noqa: E711
        self.assertEqual(self.names(self.track), ["Mine"])
        self.song.undo()
        self.assertEqual(self.names(self.track), ["Mine", "Mine"])
        for call in (self.track.delete_device, self.track.duplicate_device):
            with self.refused(RuntimeError):
                call(2)

    def test_moving(self) -> None:
        first, second = self.track.insert_device("Utility"), self.track.insert_device("Reverb")
        self.assertEqual(self.song.move_device(second, self.track, 0), 0)
        self.assertEqual(self.names(self.track), ["Reverb", "Utility"])
        other = self.song.tracks[3]
        self.assertEqual(self.song.move_device(first, other, 0), 0)
        self.assertEqual((self.names(self.track), self.names(other)), (["Reverb"], ["Utility"]))
        self.assertEqual(first.canonical_parent, other)
        operator = self.midi.insert_device("Operator")
        self.assertEqual(self.song.find_device_position(first, self.midi, 0), 1)
        with self.refused(RuntimeError):
            self.song.move_device(operator, other, 0)
        with self.refused(RuntimeError):
            self.song.move_device(first, self.song.scenes[0], 0)

    def test_a_tracks_copy_has_copies(self) -> None:
        self.track.insert_device("Utility").parameters[0].value = 0.0
        self.song.duplicate_track(2)
        copied = self.song.tracks[3].devices[0]
        self.assertEqual((copied.is_active, copied == self.track.devices[0]), (False, False))


class OlderVersions(DeviceCase):
    version = (12, 2, 0)

    def test_there_was_no_inserting(self) -> None:
        for name in ("insert_device", "duplicate_device"):
            self.assertFalse(hasattr(self.track, name))
        self.song.return_tracks[0].delete_device(0)
        self.assertEqual(len(self.song.return_tracks[0].devices), 0)


class Parameters(DeviceCase):
    def test_device_on_is_the_first(self) -> None:
        device = self.track.insert_device("Utility")
        parameters = device.parameters
        self.assertEqual((type(parameters).__module__, type(parameters).__name__), ("Device", "ATimeableValueVector"))
        on = parameters[0]
        self.assertEqual((on.name, on.value, on.min, on.max, on.is_quantized), ("Device On", 1.0, 0.0, 1.0, True))
        self.assertEqual((list(on.value_items), str(on)), (["Off", "On"], "On"))
        heard: list[bool] = []
        device.add_is_active_listener(lambda: heard.append(device.is_active))
        on.value = 0.0
        self.assertEqual(heard, [False])

    def test_switches_and_values(self) -> None:
        device = self.track.insert_device("Utility")
        mode = device.parameters[3]
        self.assertEqual(list(mode.value_items), ["Left", "Stereo", "Right", "Swap"])
        mode.value = 2.4
        self.assertEqual((mode.value, str(mode), mode.str_for_value(3.0)), (2.0, "Right", "Swap"))
        with self.refused(RuntimeError):
            _ = mode.default_value
        gain = device.parameters[6]
        self.assertEqual((gain.name, gain.is_quantized, gain.default_value), ("Gain", False, 0.0))
        with self.refused(RuntimeError):
            _ = gain.value_items
        for wrong in (gain.max + 1.0, gain.min - 1.0, float("nan")):
            with self.refused(RuntimeError, "Invalid value. Check the parameters range with min/max"):
                gain.value = wrong
        self.assertEqual(gain.canonical_parent, device)

    def test_all_defaults_lie_in_their_ranges(self) -> None:
        for name in ("Utility", "EQ Eight", "Reverb", "Delay", "Auto Filter", "Compressor"):
            for parameter in self.track.insert_device(name).parameters:
                self.assertTrue(parameter.min <= parameter.value <= parameter.max, parameter.name)
                self.assertTrue(parameter.str_for_value(parameter.max))
                if parameter.is_quantized:
                    self.assertEqual(len(parameter.value_items), parameter.max + 1)

    def test_display_value_is_what_one_sees(self) -> None:
        volume = self.track.mixer_device.volume
        volume.display_value = -6.0
        self.assertAlmostEqual(volume.value, 0.7, places=5)
        volume.display_value = 100.0
        self.assertEqual(volume.value, 1.0)
        volume.display_value = -12.0
        volume.display_value = float("-inf")
        self.assertEqual(volume.value, 1.0)

    def test_gestures(self) -> None:
        parameter = self.track.mixer_device.volume
        parameter.begin_gesture()
        parameter.end_gesture()
        parameter.re_enable_automation()
        self.assertEqual((parameter.automation_state, parameter.state, parameter.is_enabled), (0, 0, True))

    def test_a_hand_overrides_automation(self) -> None:
        node = self.live.song.tracks[2].mixer.volume
        node.automation_state = 1
        volume = self.track.mixer_device.volume
        volume.value = 0.5
        self.assertEqual(volume.automation_state, 2)
        volume.re_enable_automation()
        self.assertEqual(volume.automation_state, 1)


class Mixer(DeviceCase):
    def test_crossfading_and_split_panning(self) -> None:
        mixer, master = self.track.mixer_device, self.song.master_track.mixer_device
        self.assertEqual((mixer.crossfade_assign, mixer.panning_mode), (mixer.crossfade_assignments.NONE, 0))
        mixer.crossfade_assign, mixer.panning_mode = mixer.crossfade_assignments.B, mixer.panning_modes.stereo_split
        self.assertEqual((mixer.crossfade_assign, mixer.panning_mode), (2, 1))
        self.assertEqual((mixer.left_split_stereo.value, mixer.right_split_stereo.value), (-1.0, 1.0))
        for name in ("crossfade_assign", "panning_mode"):
            with self.refused(RuntimeError):
                setattr(mixer, name, 3)
        with self.refused(RuntimeError):
            _ = master.crossfade_assign
        self.assertEqual(master.crossfader.value, 0.0)
        with self.refused(RuntimeError):
            _ = mixer.crossfader


class Racks(DeviceCase):
    def rack(self) -> Any:
        return self.track.insert_device("Audio Effect Rack")

    def test_a_rack_is_a_device_with_chains(self) -> None:
        rack = self.rack()
        self.assertEqual((type(rack).__module__, type(rack).__name__), ("RackDevice", "RackDevice"))
        self.assertIsInstance(rack, self.modules["Live.Device"].Device)
        self.assertEqual((rack.can_have_chains, rack.can_have_drum_pads, len(rack.chains)), (True, False, 0))
        chain = rack.insert_chain()
        self.assertIsInstance(chain, self.modules["Live.Track"].DeviceContainer)
        self.assertEqual((chain.canonical_parent, list(rack.chains)), (rack, [chain]))
        device = chain.insert_device("Utility")
        self.assertEqual((device.canonical_parent, list(chain.devices)), (chain, [device]))
        self.song.view.select_device(device)
        self.assertEqual(self.track.view.selected_device, device)
        with self.refused(RuntimeError):
            chain.insert_device("Operator")
        rack.parameters[0].value = 0.0
        self.assertFalse(device.is_active)

    def test_macros_and_variations(self) -> None:
        rack = self.rack()
        self.assertEqual(
            [rack.parameters[index].name for index in (1, 16, 17)], ["Macro 1", "Macro 16", "Chain Selector"]
        )
        rack.add_macro()
        self.assertEqual((rack.visible_macro_count, rack.macros_mapped), (9, (False,) * 16))
        rack.parameters[1].value = 64.0
        rack.store_variation()
        rack.parameters[1].value = 0.0
        rack.recall_selected_variation()
        self.assertEqual((rack.parameters[1].value, rack.variation_count), (64.0, 1))
        rack.delete_selected_variation()
        self.assertEqual((rack.variation_count, rack.selected_variation_index), (0, -1))
        with self.refused(RuntimeError):
            rack.selected_variation_index = 0

    def test_chains_have_mixers(self) -> None:
        rack = self.rack()
        one, other = rack.insert_chain(), rack.insert_chain(0)
        mixer = one.mixer_device
        self.assertEqual((str(mixer.volume), str(mixer.panning), mixer.chain_activator.value), ("0.0 dB", "C", 1.0))
        one.solo = True
        self.assertEqual((one.muted_via_solo, other.muted_via_solo), (False, True))
        self.assertEqual((one.has_audio_input, one.has_midi_input), (True, False))

    def test_a_copy_of_a_rack_has_its_chains(self) -> None:
        rack = self.rack()
        rack.insert_chain().insert_device("Utility").parameters[6].value = 3.0
        self.track.duplicate_device(0)
        self.assertEqual(self.track.devices[1].chains[0].devices[0].parameters[6].value, 3.0)

    def test_what_is_inside_dies_with_it(self) -> None:
        rack = self.rack()
        device = rack.insert_chain().insert_device("Utility")
        self.track.delete_device(0)
        self.assertTrue(device == None)  # noqa: E711


class Selecting(DeviceCase):
    def test_the_song_selects_a_device_with_its_track(self) -> None:
        device = self.track.insert_device("Utility")
        self.song.view.select_device(device)
        self.assertEqual((self.song.view.selected_track, self.track.view.selected_device), (self.track, device))
        self.assertEqual(self.song.appointed_device, device)
        other = self.song.tracks[3].insert_device("Utility")
        self.song.view.select_device(other, False)
        self.assertEqual(self.song.appointed_device, device)
        self.track.delete_device(0)
        self.assertEqual((self.song.appointed_device, self.track.view.selected_device), (None, None))

    def test_the_instrument_is_selected(self) -> None:
        self.assertFalse(self.midi.view.select_instrument())
        operator = self.midi.insert_device("Operator")
        self.midi.insert_device("Arpeggiator", 0)
        self.assertTrue(self.midi.view.select_instrument())
        self.assertEqual(self.midi.view.selected_device, operator)


if __name__ == "__main__":
    unittest.main()
