from script_case import USERS_TRACKS, ScriptCase

from live_remote_script import protocol


class OutputTest(ScriptCase):
    """What colours the sound of ours on its way out."""

    def setUp(self):
        super().setUp()
        self.start()
        self.track("drums")
        self.track("pad")

    def output(self):
        names = [field.name for field in protocol.BY_NAME["output"].reply]
        return dict(zip(names, self.ask("output")))

    def changed(self, before):
        after = self.output()
        return {name: value for name, value in after.items() if value != before[name]}

    def test_in_a_plain_set_nothing_does(self):
        found = self.output()
        self.assertAlmostEqual(found.pop("main_volume"), 0.85)
        self.assertEqual(found.pop("main_pan"), 0.0)
        self.assertEqual(set(found.values()), {""})

    def test_the_main_track(self):
        mixer = self.song.master_track.mixer_device
        mixer.volume.value = 0.7
        mixer.panning.value = -0.25
        self.song.master_track.insert_device("Compressor", 0)
        self.song.master_track.insert_device("Utility", 1)
        self.tick()
        found = self.output()
        self.assertAlmostEqual(found["main_volume"], 0.7, 6)
        self.assertEqual((found["main_pan"], found["main_devices"]), (-0.25, "Compressor, Utility"))
        self.song.master_track.devices[0].parameters[0].value = 0.0
        self.tick()
        self.assertEqual(self.output()["main_devices"], "Utility")

    def test_devices_and_sends_of_ours_alone(self):
        before = self.output()
        drums, pad = self.our_live_tracks
        self.song.tracks[2].insert_device("Reverb", 0)
        self.song.tracks[2].mixer_device.sends[0].value = 0.5
        drums.insert_device("Reverb", 0)
        drums.insert_device("Compressor", 1)
        pad.insert_device("Utility", 0)
        pad.mixer_device.sends[1].value = 0.1
        self.tick()
        expected = {"our_devices": "drums: Reverb, Compressor; pad: Utility", "our_sends": "pad"}
        self.assertEqual(self.changed(before), expected)

    def test_tracks_and_groups_of_one_name_are_all_told(self):
        drums, pad = self.our_live_tracks
        drums.name = pad.name = "same"
        drums.insert_device("Reverb", 0)
        pad.insert_device("Utility", 0)
        for track in (USERS_TRACKS, USERS_TRACKS + 2):
            self.act("group_tracks", track, track)
            self.song.tracks[track].name = "Bus"
        self.song.tracks[USERS_TRACKS].mixer_device.volume.value = 0.7
        self.tick()
        found = self.output()
        self.assertEqual(found["our_devices"], "same: Reverb; same: Utility")
        self.assertEqual(found["our_groups"], "Bus: -6.0 dB")

    def test_mutes_sides_and_split_pans(self):
        before = self.output()
        drums, pad = self.our_live_tracks
        drums.mute = True
        pad.mixer_device.crossfade_assign = 0
        pad.mixer_device.panning_mode = 1
        self.tick()
        self.assertEqual(self.changed(before), {"our_mutes": "drums", "our_crossfades": "pad", "our_splits": "pad"})

    def test_groups_that_ours_lie_in(self):
        before = self.output()
        self.act("group_tracks", USERS_TRACKS, USERS_TRACKS + 1)
        self.tick()
        self.assertEqual(self.changed(before), {})
        group = self.song.tracks[USERS_TRACKS]
        group.name = "Bus"
        group.mixer_device.volume.value = 0.7
        group.insert_device("Reverb", 0)
        group.mute = True
        self.tick()
        self.assertEqual(self.changed(before), {"our_mutes": "drums, pad", "our_groups": "Bus: -6.0 dB, Reverb"})

    def test_tracks_that_go_elsewhere(self):
        before = self.output()
        pad = self.our_live_tracks[1]
        pad.output_routing_type = [kind for kind in pad.available_output_routing_types if kind.category == 6][0]
        self.tick()
        self.assertEqual(self.changed(before), {"our_outputs": "pad: Sends Only"})

    def test_a_long_answer_is_cut(self):
        for _ in range(2):
            device = self.song.master_track.insert_device("Compressor", 0)
            device.name = 5000 * "n"
        self.tick()
        found = self.output()["main_devices"]
        self.assertEqual(len(found), 8192)
        self.assertTrue(found.endswith(", ..."))
