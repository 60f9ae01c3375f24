"""How many tracks, scenes and returns Live's editions allow."""

from __future__ import annotations

import unittest

from live_simulator.editions import EDITIONS
from live_simulator.simulator import Simulator

from set_case import FILES, USUAL, SetCase


class Editions(SetCase):
    def open_edition(self, name: str) -> None:
        self.live = Simulator(USUAL, FILES.get, self.log.append, edition=EDITIONS[name])
        self.modules = self.live.modules()
        self.song = self.modules["Live.Application"].get_application().get_document()

    def test_no_more_tracks_than_the_edition_has(self) -> None:
        for name, most in (("lite", 8), ("intro", 16)):
            self.open_edition(name)
            while len(self.song.tracks) < most:
                self.song.create_audio_track(-1)
            for create in (self.song.create_audio_track, self.song.create_midi_track):
                with self.refused(self.modules["Live.Base"].LimitationError, f"at most {most} tracks"):
                    create(-1)
            self.assertEqual(len(self.song.tracks), most)
            self.song.delete_track(0)
            self.song.create_audio_track(-1)

    def test_scenes_and_returns_are_limited_too(self) -> None:
        self.open_edition("lite")
        with self.refused(self.modules["Live.Base"].LimitationError, "at most 8 scenes"):
            self.song.create_scene(-1)
        with self.refused(self.modules["Live.Base"].LimitationError, "at most 2 returns"):
            self.song.create_return_track()

    def test_standard_suite_and_trial_have_all_the_tracks_one_wants_and_12_returns(self) -> None:
        for name in ("standard", "suite", "trial"):
            self.open_edition(name)
            for _ in range(30):
                self.song.create_audio_track(-1)
            while len(self.song.return_tracks) < 12:
                self.song.create_return_track()
            with self.refused(self.modules["Live.Base"].LimitationError, "at most 12 returns"):
                self.song.create_return_track()

    def test_the_application_says_which_edition_it_is(self) -> None:
        for name in EDITIONS:
            self.open_edition(name)
            self.assertEqual(self.modules["Live.Application"].get_application().get_variant().lower(), name)


if __name__ == "__main__":
    unittest.main()
