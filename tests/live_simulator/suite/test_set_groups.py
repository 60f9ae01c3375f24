"""Group tracks, copies of tracks and scenes, returns, solo, what is selected."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.editions import EDITIONS
from live_simulator.simulator import Simulator
from live_simulator.tracks import group_tracks

from set_case import FILES, TWO_SECONDS, SetCase


class GroupCase(SetCase):
    def group(self, first: int, last: int) -> Any:
        with self.live.runtime.change("Group Tracks"):
            made = group_tracks(self.live.song, first, last)
        self.tick()
        return self.live.binding.wrap(made)

    def names(self) -> list[str]:
        return [track.name for track in self.song.tracks]


class Groups(GroupCase):
    def test_a_group_lies_before_its_tracks(self) -> None:
        group = self.group(1, 2)
        self.assertEqual(self.names(), ["1-MIDI", "2-Group", "3-MIDI", "4-Audio", "5-Audio"])
        self.assertEqual([track.is_grouped for track in self.song.tracks], [False, False, True, True, False])
        self.assertEqual([track.is_foldable for track in self.song.tracks], [False, True, False, False, False])
        self.assertEqual((self.song.tracks[2].group_track, self.song.tracks[0].group_track), (group, None))
        self.song.undo()
        self.assertEqual(self.names(), ["1-MIDI", "2-MIDI", "3-Audio", "4-Audio"])
        self.assertFalse(self.song.tracks[1].is_grouped)

    def test_folding_hides_what_lies_in_it(self) -> None:
        group = self.group(1, 2)
        heard: list[int] = []
        self.song.add_visible_tracks_listener(lambda: heard.append(len(self.song.visible_tracks)))
        group.fold_state = True
        self.assertEqual((group.fold_state, heard), (True, [3]))
        self.assertEqual([track.is_visible for track in self.song.tracks], [True, True, False, False, True])
        with self.refused(RuntimeError):
            self.song.tracks[0].fold_state = True

    def test_a_group_holds_no_clips_and_cannot_be_armed(self) -> None:
        group = self.group(2, 3)
        self.assertEqual(
            (group.can_be_armed, group.clip_slots[0].is_group_slot, len(group.clip_slots)), (False, True, 8)
        )
        for read in (lambda: group.arm, lambda: group.arrangement_clips, lambda: group.input_routing_type):
            with self.refused(RuntimeError):
                read()
        with self.refused(RuntimeError):
            group.create_audio_clip(TWO_SECONDS, 0.0)
        with self.refused(RuntimeError):
            group.clip_slots[0].create_audio_clip(TWO_SECONDS)

    def test_its_tracks_sound_goes_through_it(self) -> None:
        self.group(2, 3)
        out = self.song.tracks[3].output_routing_type
        self.assertEqual((out.display_name, out.category, out.attached_object), ("Group", 5, self.song.tracks[2]))
        self.assertEqual(self.song.tracks[2].output_routing_type.display_name, "Main")

    def test_deleting_it_deletes_its_tracks(self) -> None:
        self.group(1, 3)
        self.song.delete_track(1)
        self.assertEqual(self.names(), ["1-MIDI"])
        self.song.undo()
        self.assertEqual(len(self.song.tracks), 5)
        self.assertEqual(self.song.tracks[2].group_track, self.song.tracks[1])

    def test_the_last_tracks_stay(self) -> None:
        self.group(0, 3)
        with self.refused(RuntimeError):
            self.song.delete_track(0)

    def test_a_track_made_between_two_of_a_group_lies_in_it(self) -> None:
        group = self.group(1, 2)
        self.assertEqual(self.song.create_audio_track(3).group_track, group)
        self.assertEqual(self.song.create_audio_track(2).group_track, group)
        self.assertIsNone(self.song.create_audio_track(1).group_track)
        self.assertIsNone(self.song.create_audio_track(-1).group_track)
        self.assertIsNone(self.song.create_audio_track(7).group_track)

    def test_groups_in_groups(self) -> None:
        inner = self.group(1, 2)
        outer = self.group(0, 3)
        self.assertEqual((inner.group_track, self.song.tracks[3].group_track), (outer, inner))
        outer.fold_state = True
        self.assertEqual(list(self.song.visible_tracks), [outer, self.song.tracks[5]])

    def test_solo_reaches_up_and_down(self) -> None:
        group = self.group(1, 2)
        group.solo = True
        self.assertEqual([track.muted_via_solo for track in self.song.tracks], [True, False, False, False, True])
        group.solo = False
        self.song.tracks[2].solo = True
        self.assertEqual([track.muted_via_solo for track in self.song.tracks], [True, False, False, True, True])


class Copies(GroupCase):
    def test_a_copied_track_holds_what_the_original_holds(self) -> None:
        self.track.name, self.track.mute, self.track.color_index = "Drums", True, 12
        self.track.mixer_device.volume.value = 0.5
        self.track.mixer_device.sends[1].value = 0.25
        self.track.set_data("key", 1)
        self.place_unwarped(4.0)
        self.track.clip_slots[2].create_audio_clip(TWO_SECONDS)
        self.track.arm = self.track.solo = True
        self.assertIsNone(self.song.duplicate_track(2))
        copied = self.song.tracks[3]
        self.assertEqual(
            (copied.name, copied.mute, copied.color_index, copied.arm, copied.solo), ("Drums", True, 12, False, False)
        )
        self.assertEqual((copied.mixer_device.volume.value, copied.mixer_device.sends[1].value), (0.5, 0.25))
        self.assertEqual([(clip.start_time, clip.warping) for clip in copied.arrangement_clips], [(4.0, False)])
        self.assertTrue(copied.clip_slots[2].has_clip)
        self.assertEqual((copied.get_data("key", 0), self.song.view.selected_track), (1, copied))
        copied.arrangement_clips[0].name = "other"
        self.assertEqual(self.track.arrangement_clips[0].name, "two seconds")
        self.song.undo()
        self.song.undo()
        self.assertEqual(len(self.song.tracks), 4)

    def test_a_copied_group_has_copies_of_its_tracks(self) -> None:
        self.group(1, 2)
        self.song.duplicate_track(1)
        tracks = self.song.tracks
        self.assertEqual(self.names()[1:7], ["2-Group", "3-MIDI", "4-Audio", "5-Group", "6-MIDI", "7-Audio"])
        self.assertEqual([track.group_track for track in tracks[4:7]], [None, tracks[4], tracks[4]])

    def test_a_copied_scene(self) -> None:
        self.song.scenes[1].name = "B"
        self.track.clip_slots[1].create_audio_clip(TWO_SECONDS)
        self.song.duplicate_scene(1)
        self.assertEqual((len(self.song.scenes), self.song.scenes[2].name), (9, "B"))
        self.assertEqual([slot.has_clip for slot in self.track.clip_slots][:4], [False, True, True, False])
        self.assertNotEqual(self.track.clip_slots[1].clip, self.track.clip_slots[2].clip)

    def test_a_slot_is_copied_into_the_next_free_one(self) -> None:
        for row in (5, 6, 7):
            self.track.clip_slots[row].create_audio_clip(TWO_SECONDS)
        self.assertEqual(self.track.duplicate_clip_slot(5), 8)
        self.assertEqual(len(self.song.scenes), 9)
        with self.refused(RuntimeError):
            self.track.duplicate_clip_slot(0)

    def test_what_plays_is_captured_into_a_new_scene(self) -> None:
        clip = self.track.clip_slots[0].create_audio_clip(TWO_SECONDS)
        clip.fire()
        self.tick()
        self.song.capture_and_insert_scene()
        self.assertEqual([slot.has_clip for slot in self.song.scenes[1].clip_slots], [False, False, True, False])

    def test_no_index_beyond_the_list(self) -> None:
        for call in (
            lambda: self.song.duplicate_track(4),
            lambda: self.song.duplicate_scene(-1),
            lambda: self.song.delete_return_track(2),
        ):
            with self.refused(RuntimeError):
                call()

    def test_a_deleted_return_takes_its_sends_along(self) -> None:
        send = self.track.mixer_device.sends[0]
        self.song.delete_return_track(0)
        self.assertEqual(len(self.track.mixer_device.sends), 1)
        self.assertTrue(send == None)  # noqa: E711
        self.song.undo()
        self.assertEqual([track.name for track in self.song.return_tracks], ["A-Reverb", "B-Delay"])
        self.assertEqual(len(self.track.mixer_device.sends), 2)

    def test_an_edition_that_is_full_copies_nothing(self) -> None:
        self.live = Simulator(self.version, FILES.get, self.log.append, edition=EDITIONS["lite"])
        self.song = self.live.modules()["Live.Application"].get_application().get_document()
        self.group(0, 1)
        for _ in range(2):
            self.song.create_audio_track()
        with self.assertRaises(Exception) as caught:
            self.song.duplicate_track(0)
        self.assertEqual((type(caught.exception).__name__, len(self.song.tracks)), ("LimitationError", 7))


class Selection(SetCase):
    def test_track_and_scene_make_the_highlighted_slot(self) -> None:
        view = self.song.view
        view.selected_track = self.song.tracks[1]
        view.selected_scene = self.song.scenes[3]
        self.assertEqual(view.highlighted_clip_slot, self.song.tracks[1].clip_slots[3])

    def test_the_highlighted_slot_selects_its_track_and_scene(self) -> None:
        view = self.song.view
        heard: list[str] = []
        view.add_selected_track_listener(lambda: heard.append("track"))
        view.add_selected_scene_listener(lambda: heard.append("scene"))
        view.highlighted_clip_slot = self.track.clip_slots[5]
        self.assertEqual((view.selected_track, view.selected_scene), (self.track, self.song.scenes[5]))
        self.assertEqual(heard, ["track", "scene"])

    def test_a_return_or_the_master_can_be_selected(self) -> None:
        self.song.view.selected_track = self.song.master_track
        self.assertTrue(self.song.master_track.is_part_of_selection)
        self.assertEqual(self.song.view.highlighted_clip_slot, self.song.tracks[0].clip_slots[0])

    def test_what_is_deleted_is_not_selected_any_more(self) -> None:
        view = self.song.view
        view.selected_scene = self.song.scenes[7]
        self.song.delete_scene(7)
        self.assertEqual(view.selected_scene, self.song.scenes[6])
        view.selected_track = self.song.tracks[3]
        self.song.delete_track(3)
        self.assertEqual(view.selected_track, self.song.tracks[2])
        self.assertEqual(view.highlighted_clip_slot, self.song.tracks[2].clip_slots[6])
        view.selected_track = self.song.return_tracks[1]
        self.song.delete_return_track(1)
        self.assertEqual(view.selected_track, self.song.tracks[0])


if __name__ == "__main__":
    unittest.main()
