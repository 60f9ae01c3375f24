"""MIDI clips: notes by value, by number and by the deprecated tuples."""

from __future__ import annotations

import random
import unittest
from typing import Any

from live_simulator.boost import ArgumentError
from live_simulator.notes import Note, put

from set_case import TWO_SECONDS, SetCase


class NotesCase(SetCase):
    def setUp(self) -> None:
        super().setUp()
        self.clip: Any = self.song.tracks[0].clip_slots[0].create_clip(4.0)
        self.specification: Any = self.modules["Live.Clip"].MidiNoteSpecification

    def add(self, *notes: tuple[int, float, float]) -> list[int]:
        return list(
            self.clip.add_new_notes([self.specification(pitch, start, length) for pitch, start, length in notes])
        )

    def shown(self) -> list[tuple[int, float, float]]:
        return [(note.pitch, note.start_time, note.duration) for note in self.clip.get_all_notes_extended()]


class Writing(NotesCase):
    def test_what_is_added_is_read_back(self) -> None:
        specification = self.specification(
            pitch=60,
            start_time=1.0,
            duration=0.5,
            velocity=90.0,
            mute=True,
            probability=0.5,
            velocity_deviation=-3.0,
            release_velocity=10.0,
        )
        ids = self.clip.add_new_notes((specification,))
        self.assertEqual(type(ids).__name__, "IntU64Vector")
        notes = self.clip.get_notes_extended(0, 128, 0.0, 4.0)
        self.assertEqual((type(notes).__module__, type(notes).__name__), ("Clip", "MidiNoteVector"))
        note = notes[0]
        self.assertEqual((note.note_id, note.pitch, note.start_time, note.duration), (ids[0], 60, 1.0, 0.5))
        self.assertEqual((note.velocity, note.mute, note.probability), (90.0, True, 0.5))
        self.assertEqual((note.velocity_deviation, note.release_velocity), (-3.0, 10.0))

    def test_defaults_are_lives(self) -> None:
        self.add((60, 0.0, 1.0))
        note = self.clip.get_all_notes_extended()[0]
        self.assertEqual((note.velocity, note.mute, note.probability), (100.0, False, 1.0))
        self.assertEqual((note.velocity_deviation, note.release_velocity), (0.0, 64.0))

    def test_a_specification_is_as_strict_as_boost(self) -> None:
        for arguments in ((60.0, 0.0, 1.0), (60, 0.0), (60, "0", 1.0), (60, 0.0, 1.0, 100.0, 0.5)):
            with self.refused(ArgumentError):
                self.specification(*arguments)
        with self.refused(ArgumentError):
            self.specification(60, 0.0, 1.0, pitch=3)
        with self.refused(ArgumentError):
            self.specification(60, 0.0, 1.0, loudness=3)
        with self.refused(AttributeError):
            _ = self.specification(60, 0.0, 1.0).pitch

    def test_only_specifications_are_added(self) -> None:
        for wrong in ([(60, 0.0, 1.0)], [None]):
            with self.refused(TypeError):
                self.clip.add_new_notes(wrong)

    def test_notes_that_cannot_be_are_refused_whole(self) -> None:
        for wrong in ((128, 0.0, 1.0), (-1, 0.0, 1.0), (60, 0.0, 0.0), (60, float("nan"), 1.0), (60, 0.0, -1.0)):
            with self.refused(RuntimeError):
                self.add((60, 0.0, 1.0), wrong)
        self.assertEqual(self.shown(), [])

    def test_changed_copies_are_applied(self) -> None:
        self.add((60, 0.0, 1.0), (64, 1.0, 1.0))
        notes = self.clip.get_notes_extended(0, 128, 0.0, 4.0)
        for note in notes:
            note.start_time += 0.25
            note.pitch += 12
        self.assertEqual(self.shown(), [(60, 0.0, 1.0), (64, 1.0, 1.0)])
        self.clip.apply_note_modifications(notes)
        self.assertEqual(self.shown(), [(72, 0.25, 1.0), (76, 1.25, 1.0)])

    def test_modifications_are_a_vector_of_notes_that_are_there(self) -> None:
        self.add((60, 0.0, 1.0))
        notes = self.clip.get_all_notes_extended()
        with self.refused(ArgumentError):
            self.clip.apply_note_modifications(list(notes))
        for name, wrong in (("pitch", 60.0), ("velocity", "1"), ("mute", 0.5)):
            with self.refused(ArgumentError):
                setattr(notes[0], name, wrong)
        with self.refused(AttributeError):
            notes[0].note_id = 5
        self.clip.remove_notes_by_id([notes[0].note_id])
        with self.refused(RuntimeError):
            self.clip.apply_note_modifications(notes)

    def test_of_overlapping_notes_of_a_pitch_the_later_one_stays_whole(self) -> None:
        self.add((60, 0.0, 2.0), (61, 0.0, 2.0))
        self.add((60, 1.0, 0.5))
        self.assertEqual(self.shown(), [(60, 0.0, 1.0), (60, 1.0, 0.5), (61, 0.0, 2.0)])
        self.add((60, 0.0, 4.0))
        self.assertEqual(self.shown(), [(60, 0.0, 4.0), (61, 0.0, 2.0)])

    def test_notes_of_a_pitch_never_overlap(self) -> None:
        chance = random.Random(7)
        for _ in range(200):
            notes: tuple[Note, ...] = ()
            for number in range(1, 20):
                new = Note(number, chance.randrange(3), chance.randrange(8) / 2, chance.randrange(1, 6) / 2)
                notes = put(notes, [new])
                self.assertIn(new, notes)
            for pitch in range(3):
                spans = [(note.start_time, note.start_time + note.duration) for note in notes if note.pitch == pitch]
                for before, after in zip(spans, spans[1:]):
                    self.assertLessEqual(before[1], after[0])

    def test_each_write_is_undone(self) -> None:
        self.add((60, 0.0, 1.0))
        self.add((62, 1.0, 1.0))
        self.song.undo()
        self.assertEqual(self.shown(), [(60, 0.0, 1.0)])

    def test_listeners_hear_of_notes(self) -> None:
        heard: list[int] = []
        self.clip.add_notes_listener(lambda: heard.append(1))
        self.add((60, 0.0, 1.0))
        self.clip.remove_notes_extended(0, 128, 0.0, 4.0)
        self.assertEqual(heard, [1, 1])

    def test_audio_clips_have_none(self) -> None:
        clip = self.track.clip_slots[0].create_audio_clip(TWO_SECONDS)
        for call in (
            lambda: clip.get_notes_extended(0, 128, 0.0, 4.0),
            lambda: clip.add_new_notes([]),
            clip.select_all_notes,
            lambda: clip.get_notes(0.0, 0, 4.0, 128),
        ):
            with self.refused(RuntimeError):
                call()


class Choosing(NotesCase):
    def test_by_pitch_and_start(self) -> None:
        self.add((60, 0.0, 1.0), (61, 1.0, 1.0), (62, 2.0, 1.0))
        found = self.clip.get_notes_extended(61, 2, 1.0, 1.0)
        self.assertEqual([note.pitch for note in found], [61])
        self.clip.remove_notes_extended(60, 1, 0.0, 4.0)
        self.assertEqual([pitch for pitch, _, _ in self.shown()], [61, 62])

    def test_by_number(self) -> None:
        one, two = self.add((60, 0.0, 1.0), (61, 1.0, 1.0))
        self.assertEqual([note.pitch for note in self.clip.get_notes_by_id([two, one])], [61, 60])
        self.clip.remove_notes_by_id((one,))
        self.assertEqual(self.shown(), [(61, 1.0, 1.0)])
        with self.refused(RuntimeError):
            self.clip.get_notes_by_id([one])
        with self.refused(TypeError):
            self.clip.get_notes_by_id(["1"])

    def test_numbers_are_not_used_again(self) -> None:
        first = self.add((60, 0.0, 1.0))
        self.clip.remove_notes_by_id(first)
        self.assertNotEqual(self.add((60, 0.0, 1.0)), first)

    def test_the_selection(self) -> None:
        one, two = self.add((60, 0.0, 1.0), (61, 1.0, 1.0))
        self.clip.select_notes_by_id([two])
        self.assertEqual([note.note_id for note in self.clip.get_selected_notes_extended()], [two])
        self.clip.select_all_notes()
        self.assertEqual(len(self.clip.get_selected_notes_extended()), 2)
        self.clip.deselect_all_notes()
        self.assertEqual(len(self.clip.get_selected_notes()), 0)
        self.assertEqual(one, 1)

    def test_duplicates(self) -> None:
        ids = self.add((60, 0.0, 1.0), (61, 1.0, 1.0))
        self.clip.duplicate_notes_by_id(ids)
        self.clip.duplicate_notes_by_id(ids[:1], 0.5, 12)
        self.assertEqual(self.shown(), [(60, 0.0, 1.0), (60, 2.0, 1.0), (61, 1.0, 1.0), (61, 3.0, 1.0), (72, 0.5, 1.0)])
        self.clip.duplicate_region(0.0, 0.5, 3.0)
        self.clip.duplicate_region(0.0, 4.0, 8.0, 61, 1)
        self.assertEqual(self.shown()[-4:-1], [(61, 3.0, 1.0), (62, 9.0, 1.0), (62, 11.0, 1.0)])
        with self.refused(RuntimeError):
            self.clip.duplicate_region(0.0, 4.0, 8.0, 61, 100)

    def test_quantising(self) -> None:
        self.add((60, 0.2, 1.0), (62, 1.3, 0.5))
        self.clip.quantize_pitch(60, 5, 1.0)
        self.assertEqual([round(start, 6) for _, start, _ in self.shown()], [0.25, 1.3])
        self.clip.quantize(1, 0.5)
        self.assertEqual([round(start, 6) for _, start, _ in self.shown()], [0.125, 1.15])
        for grid, amount in ((9, 1.0), (1, 1.5)):
            with self.refused(RuntimeError):
                self.clip.quantize(grid, amount)

    def test_names_of_pitches(self) -> None:
        self.assertEqual([self.clip.note_number_to_name(pitch) for pitch in (0, 60, 61)], ["C-2", "C3", "C#3"])

    def test_the_deprecated_tuples(self) -> None:
        self.clip.set_notes(((60, 0.0, 1.0, 90, False), (62, 1.0, 0.5, 80, True)))
        self.assertEqual(self.clip.get_notes(0.0, 0, 4.0, 128), ((60, 0.0, 1.0, 90, False), (62, 1.0, 0.5, 80, True)))
        self.clip.select_all_notes()
        self.clip.replace_selected_notes(((70, 0.0, 1.0, 100, False),))
        self.assertEqual(self.clip.get_notes(0.0, 0, 4.0, 128), ((70, 0.0, 1.0, 100, False),))
        self.clip.remove_notes(0.0, 70, 1.0, 1)
        self.assertEqual(self.shown(), [])
        with self.refused(ArgumentError):
            self.clip.set_notes([(60, 0.0, 1.0, 90, False)])
        with self.refused(TypeError):
            self.clip.set_notes(((60, 0.0, 1.0),))


class OldVersion(NotesCase):
    version = (11, 0, 0)

    def test_ids_are_not_told_before_11_1(self) -> None:
        self.assertIsNone(self.clip)
        clip = self.song.tracks[0].clip_slots[0].clip
        self.assertIsNone(clip.add_new_notes([self.specification(60, 0.0, 1.0)]))
        self.assertEqual(len(clip.get_notes_extended(0, 128, 0.0, 4.0)), 1)
        self.assertFalse(hasattr(clip, "get_all_notes_extended"))


if __name__ == "__main__":
    unittest.main()
