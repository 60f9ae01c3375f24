"""Automation in clips, and what cutting and doubling a clip does to its content."""

from __future__ import annotations

import unittest
from typing import Any

from live_simulator.boost import ArgumentError

from set_case import TWO_SECONDS, SetCase


class EnvelopeCase(SetCase):
    def setUp(self) -> None:
        super().setUp()
        self.midi: Any = self.song.tracks[0]
        slot = self.midi.clip_slots[0]
        slot.create_clip(4.0)
        self.clip: Any = slot.clip
        self.volume: Any = self.midi.mixer_device.volume


class Envelopes(EnvelopeCase):
    def test_there_is_none_until_it_is_made(self) -> None:
        self.assertIsNone(self.clip.automation_envelope(self.volume))
        self.assertFalse(self.clip.has_envelopes)
        envelope = self.clip.create_automation_envelope(self.volume)
        self.assertEqual(self.clip.automation_envelope(self.volume), envelope)
        self.assertEqual((self.clip.has_envelopes, list(self.clip.automation_envelopes)), (True, [envelope]))
        self.assertEqual(envelope.canonical_parent, self.clip)
        with self.refused(RuntimeError):
            self.clip.create_automation_envelope(self.volume)

    def test_steps(self) -> None:
        envelope = self.clip.create_automation_envelope(self.volume)
        self.assertAlmostEqual(envelope.value_at_time(1.0), 0.85)
        envelope.insert_step(1.0, 2.0, 0.25)
        self.assertEqual([round(envelope.value_at_time(beats), 6) for beats in (0.5, 1.0, 2.5)], [0.85, 0.25, 0.25])
        self.assertAlmostEqual(envelope.value_at_time(3.5), 0.85)
        envelope.insert_step(2.0, 0.5, 0.75)
        found = [round(envelope.value_at_time(beats), 6) for beats in (1.5, 2.25, 2.75)]
        self.assertEqual(found, [0.25, 0.75, 0.25])

    def test_events(self) -> None:
        envelope = self.clip.create_automation_envelope(self.volume)
        envelope.insert_step(1.0, 2.0, 0.25)
        events = envelope.events_in_range(0.0, 2.0)
        self.assertEqual((type(events).__module__, type(events).__name__), ("Envelope", "EnvelopeEventVector"))
        self.assertEqual([(event.time, round(event.value, 6)) for event in events], [(1.0, 0.85), (1.0, 0.25)])
        envelope.delete_events_in_range(0.0, 10.0)
        self.assertEqual(len(envelope.events_in_range(0.0, 10.0)), 0)

    def test_values_are_those_of_the_parameter(self) -> None:
        envelope = self.clip.create_automation_envelope(self.volume)
        for step in ((0.0, 1.0, 1.5), (0.0, -1.0, 0.5), (float("nan"), 1.0, 0.5)):
            with self.refused(RuntimeError):
                envelope.insert_step(*step)

    def test_of_other_tracks_and_in_the_arrangement_there_is_none(self) -> None:
        text = "Not a session clip or parameter belongs to another track"
        with self.refused(RuntimeError, text):
            self.clip.create_automation_envelope(self.track.mixer_device.volume)
        placed = self.place(0.0)
        self.assertIsNone(placed.automation_envelope(self.track.mixer_device.volume))
        with self.refused(RuntimeError, text):
            placed.create_automation_envelope(self.track.mixer_device.volume)

    def test_clearing(self) -> None:
        envelope = self.clip.create_automation_envelope(self.volume)
        self.clip.create_automation_envelope(self.midi.mixer_device.panning)
        self.clip.clear_envelope(self.volume)
        self.assertTrue(envelope == None)  # noqa: E711
        with self.refused(ArgumentError):
            envelope.value_at_time(0.0)
        self.clip.clear_all_envelopes()
        self.assertFalse(self.clip.has_envelopes)

    def test_a_copied_clip_has_its_own(self) -> None:
        envelope = self.clip.create_automation_envelope(self.volume)
        envelope.insert_step(0.0, 1.0, 0.25)
        self.clip.canonical_parent.duplicate_clip_to(self.midi.clip_slots[1])
        copied = self.midi.clip_slots[1].clip.automation_envelope(self.volume)
        self.assertNotEqual(copied, envelope)
        envelope.delete_events_in_range(0.0, 4.0)
        self.assertEqual(copied.value_at_time(0.5), 0.25)
        self.assertNotEqual(self.midi.clip_slots[1].clip.view, self.clip.view)


class BeforeTheName(EnvelopeCase):
    version = (12, 1, 0)

    def test_it_was_called_otherwise_and_could_less(self) -> None:
        envelope = self.clip.create_automation_envelope(self.volume)
        self.assertEqual((type(envelope).__module__, type(envelope).__name__), ("Clip", "AutomationEnvelope"))
        envelope.insert_step(0.0, 1.0, 0.25)
        self.assertEqual(envelope.value_at_time(0.5), 0.25)
        self.assertFalse(hasattr(envelope, "events_in_range"))
        self.assertFalse(hasattr(self.clip, "automation_envelopes"))


class Content(EnvelopeCase):
    def add(self, *notes: tuple[int, float, float]) -> None:
        made = self.modules["Live.Clip"].MidiNoteSpecification
        self.clip.add_new_notes([made(*note) for note in notes])

    def shown(self) -> list[tuple[int, float, float]]:
        """By pitch, then time."""
        return [(note.pitch, note.start_time, note.duration) for note in self.clip.get_all_notes_extended()]

    def test_doubling(self) -> None:
        self.add((60, 0.0, 1.0), (62, 3.0, 1.0))
        self.clip.create_automation_envelope(self.volume).insert_step(0.0, 1.0, 0.25)
        self.clip.duplicate_loop()
        self.assertEqual((self.clip.loop_end, self.clip.end_marker, self.clip.length), (8.0, 8.0, 8.0))
        self.assertEqual(self.shown(), [(60, 0.0, 1.0), (60, 4.0, 1.0), (62, 3.0, 1.0), (62, 7.0, 1.0)])
        self.assertEqual(self.clip.automation_envelope(self.volume).value_at_time(4.5), 0.25)
        with self.refused(RuntimeError):
            self.track.clip_slots[0].create_audio_clip(TWO_SECONDS).duplicate_loop()

    def test_cropping_to_the_loop(self) -> None:
        self.add((60, 0.0, 1.5), (62, 2.5, 1.0), (64, 3.5, 0.5))
        self.clip.loop_start, self.clip.loop_end = 1.0, 3.0
        self.clip.crop()
        self.assertEqual(self.shown(), [(60, 1.0, 0.5), (62, 2.5, 0.5)])
        self.assertEqual((self.clip.start_marker, self.clip.end_marker), (1.0, 3.0))

    def test_the_loops_position(self) -> None:
        for start in (6.0, 1.0):
            self.clip.position = start
            self.assertEqual(
                (self.clip.loop_start, self.clip.loop_end, self.clip.position), (start, start + 4.0, start)
            )

    def test_settings_have_ranges(self) -> None:
        self.clip.signature_numerator, self.clip.signature_denominator = 7, 8
        self.clip.velocity_amount = 0.5
        for name, wrong in (
            ("signature_numerator", 0),
            ("signature_denominator", 3),
            ("velocity_amount", 1.5),
        ):
            with self.refused(RuntimeError):
                setattr(self.clip, name, wrong)
        self.assertEqual((self.clip.signature_numerator, self.clip.signature_denominator), (7, 8))

    def test_the_view(self) -> None:
        view, grids = self.clip.view, self.modules["Live.Clip"].GridQuantization
        view.grid_quantization = grids.g_bar
        self.assertEqual((view.grid_quantization, type(view.grid_quantization)), (grids.g_bar, grids))
        self.assertEqual(view.canonical_parent, self.clip)
        with self.refused(ArgumentError):
            view.grid_quantization = 4
        view.select_envelope_parameter(self.volume)
        view.show_envelope()
        view.hide_envelope()
        view.show_loop()

    def test_no_groove_is_chosen(self) -> None:
        self.clip.groove = None
        self.assertEqual((self.clip.groove, self.clip.has_groove), (None, False))
        with self.refused(ArgumentError):
            self.clip.groove = self.clip


if __name__ == "__main__":
    unittest.main()
