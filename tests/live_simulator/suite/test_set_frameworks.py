"""What scripts rely on of the frameworks: tasks, events, dependencies, when messages come, what controls do."""

from __future__ import annotations

import sys
import unittest
from contextlib import contextmanager
from typing import Any, Iterator

from live_simulator.boost import ArgumentError
from live_simulator.c_instance import CInstance
from live_simulator.frameworks import framework_modules
from live_simulator.frameworks.functions import liveobj_changed, liveobj_valid
from live_simulator.frameworks.injection import DependencyError

from set_case import USUAL, SetCase

MODULES: dict[str, Any] = dict(framework_modules(USUAL))
V2 = MODULES["ableton.v2.control_surface"]
BASE = MODULES["ableton.v2.base"]
COMPONENTS = MODULES["ableton.v2.control_surface.components"]
ELEMENTS = MODULES["ableton.v2.control_surface.elements"]
TASK = MODULES["ableton.v2.base.task"]
V3 = MODULES["ableton.v3.control_surface"]
CC, NOTE, BEND = V2.MIDI_CC_TYPE, V2.MIDI_NOTE_TYPE, V2.MIDI_PB_TYPE


class Tasks(unittest.TestCase):
    def setUp(self) -> None:
        self.group = TASK.TaskGroup(auto_kill=False)
        self.done: list[Any] = []

    def times_of(self, *names: str, updates: int = 10) -> list[list[str]]:
        """What was done in each update of 0.1 s."""
        found = []
        for _ in range(updates):
            self.done = []
            self.group.update(0.1)
            found.append(self.done)
        return found

    def does(self, name: str) -> Any:
        return TASK.run(lambda: self.done.append(name))

    def test_a_sequence_waits(self) -> None:
        self.group.add(TASK.sequence(self.does("a"), TASK.wait(0.3), self.does("b"), TASK.delay(2), self.does("c")))
        self.assertEqual(self.times_of(updates=6), [["a"], [], ["b"], ["c"], [], []])

    def test_a_loop_goes_on_until_it_is_killed_and_starts_again(self) -> None:
        loop = self.group.add(TASK.loop(TASK.wait(0.2), self.does("x")))
        self.assertEqual(self.times_of(updates=4), [[], ["x"], [], ["x"]])
        loop.kill()
        self.assertEqual(self.times_of(updates=3), [[], [], []])

    def test_paused_and_restarted(self) -> None:
        task = self.group.add(TASK.sequence(TASK.wait(0.2), self.does("x")))
        self.group.update(0.1)
        task.pause()
        self.assertEqual(self.times_of(updates=3), [[], [], []])
        task.restart()
        self.assertEqual(self.times_of(updates=3), [[], ["x"], []])

    def test_one_that_raises_is_called_again(self) -> None:
        calls = []

        def fail() -> None:
            calls.append(1)
            raise ValueError("again")

        self.group.add(TASK.run(fail))
        for _ in range(2):
            with self.assertRaises(ValueError):
                self.group.update(0.1)
        self.assertEqual(len(calls), 2)


class Events(unittest.TestCase):
    def test_a_listener_is_told_and_removed(self) -> None:
        class Thing(BASE.EventObject):  # type: ignore[misc, name-defined]
            __events__ = ("moved", BASE.Event(name="closed"))

        thing, heard = Thing(), []
        listener = heard.append
        thing.add_moved_listener(listener)
        self.assertTrue(thing.moved_has_listener(listener))
        thing.notify_moved(3)
        thing.remove_moved_listener(listener)
        thing.notify_moved(4)
        thing.notify_closed()
        self.assertEqual(heard, [3])
        with self.assertRaises(BASE.EventError):
            thing.remove_moved_listener(listener)

    def test_a_slot_without_such_an_event_is_refused(self) -> None:
        with self.assertRaisesRegex(BASE.EventError, "has no event tempo"):
            BASE.EventObject().register_slot(BASE.EventObject(), print, "tempo")

    def test_a_group_names_the_one_that_changed(self) -> None:
        class Thing(BASE.EventObject):  # type: ignore[misc, name-defined]
            level = BASE.listenable_property.managed(0)

        class Watcher(BASE.EventObject):  # type: ignore[misc, name-defined]
            def __init__(self) -> None:
                super().__init__()
                self.heard: list[Any] = []

            @BASE.listens_group("level")  # type: ignore[untyped-decorator]
            def on_level(self, value: int, which: str) -> None:
                self.heard.append((value, which))

        watcher, things = Watcher(), [Thing(), Thing()]
        watcher.on_level.replace_subjects(things, ["left", "right"])
        things[1].level = 5
        things[1].level = 5
        watcher.disconnect()
        things[0].level = 6
        self.assertEqual(watcher.heard, [(5, "right")])


class WithSurface(SetCase):
    """A surface over ableton.v2 that Live's side can be played for."""

    surface_class: Any = V2.ControlSurface

    def setUp(self) -> None:
        super().setUp()
        names = self.live.modules()
        before = {name: sys.modules.get(name) for name in names}
        self.addCleanup(self.restore, before)
        sys.modules.update(names)
        self.c_instance = CInstance(lambda: self.song, self.log.append)
        self.surface = self.surface_class(self.c_instance)

    @staticmethod
    def restore(before: Any) -> None:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module

    @contextmanager
    def made(self) -> Iterator[None]:
        with self.surface.component_guard():
            yield
        self.surface.build_midi_map(1)

    def press(self, *message: int) -> None:
        self.surface.receive_midi(message)
        self.tick()


class Surfaces(WithSurface):
    def test_when_messages_come(self) -> None:
        came: list[str] = []

        def first() -> None:
            came.append("first")
            self.surface.schedule_message(1, came.append, "one later")

        self.surface.schedule_message(0, came.append, "nought")
        self.surface.schedule_message(1, first)
        self.surface.schedule_message(3, came.append, "three")
        seen = []
        for _ in range(4):
            self.surface.update_display()
            seen.append(list(came))
            came.clear()
        self.assertEqual(seen, [["nought", "first"], ["one later"], ["three"], []])

    def test_elements_and_components_belong_into_the_guard(self) -> None:
        with self.assertRaisesRegex(DependencyError, "component_guard"):
            ELEMENTS.ButtonElement(True, CC, 0, 1)
        with self.assertRaisesRegex(DependencyError, "component_guard"):
            V2.Component()

    def test_song_is_a_property_here_and_a_method_there(self) -> None:
        self.assertEqual(self.surface.song, self.song)
        self.assertEqual(self.surface.application.get_document(), self.song)
        older = MODULES["_Framework.ControlSurface"].ControlSurface(self.c_instance)
        self.assertEqual(older.song(), self.song)
        self.assertEqual(older.application().get_document(), self.song)
        with older.component_guard():
            component = MODULES["_Framework.ControlSurfaceComponent"].ControlSurfaceComponent()
        self.assertEqual(component.song(), self.song)

    def test_it_tells_of_every_message_and_of_its_end(self) -> None:
        older = MODULES["_Framework.ControlSurface"].ControlSurface(self.c_instance)
        for surface in (self.surface, older):
            came: list[Any] = []
            surface.add_received_midi_listener(lambda *message, came=came: came.append(message))
            surface.add_disconnect_listener(came.append)
            surface.receive_midi((CC, 7, 1))
            surface.receive_midi((240, 1, 247))
            surface.disconnect()
            self.assertEqual(came, [(CC, 7, 1), (240, 1, 247), surface])

    def test_tasks_can_be_added_to_it(self) -> None:
        came: list[Any] = []
        self.surface._tasks.add(came.append)
        self.surface.update_display()
        self.assertEqual(len(came), 1)

    def test_only_the_older_one_logs_itself(self) -> None:
        older = MODULES["_Framework.ControlSurface"].ControlSurface(self.c_instance)
        older.log_message("tempo", 120)
        self.assertIn("(ControlSurface) tempo 120", self.log[-1])
        self.assertFalse(hasattr(self.surface, "log_message"))

    def test_nothing_listens_to_live_after_disconnecting(self) -> None:
        with self.made():
            ring = COMPONENTS.SessionRingComponent(2, 2)
            COMPONENTS.SessionComponent(session_ring=ring)
            COMPONENTS.MixerComponent(tracks_provider=ring)
        self.surface.disconnect()
        node = self.song._node
        self.assertEqual([event for event, listeners in node.listeners.items() if listeners], [])

    def test_a_rebuild_is_asked_for_once_at_the_guards_end(self) -> None:
        with self.surface.component_guard():
            element = ELEMENTS.SliderElement(CC, 0, 7)
            element.connect_to(self.track.mixer_device.volume)
            self.assertFalse(self.c_instance.rebuild_is_due)
        self.assertTrue(self.c_instance.rebuild_is_due)


class Controls(WithSurface):
    def test_transport(self) -> None:
        with self.made():
            transport = COMPONENTS.TransportComponent()
            transport.set_play_button(ELEMENTS.ButtonElement(True, NOTE, 3, 60))
        self.press(0x93, 60, 100)
        self.assertTrue(self.song.is_playing)
        transport.set_enabled(False)
        self.song.stop_playing()
        self.tick(2)
        self.press(0x93, 60, 100)
        self.assertFalse(self.song.is_playing)

    def test_a_mixer_banks_over_the_tracks(self) -> None:
        with self.made():
            mixer = COMPONENTS.MixerComponent(2)
            solo = ELEMENTS.ButtonElement(True, CC, 0, 1)
            up = ELEMENTS.ButtonElement(True, CC, 0, 2)
            mixer.channel_strip(0).set_solo_button(solo)
            mixer.set_bank_buttons(up, None)
        self.press(0xB0, 2, 127)
        self.press(0xB0, 1, 127)
        self.assertEqual([track.solo for track in self.song.tracks], [False, False, True, False])
        self.assertEqual(mixer.channel_strip(1).track, self.song.tracks[3])
        self.assertEqual(mixer.master_strip().track, self.song.master_track)

    def test_a_slider_moves_what_its_strip_shows(self) -> None:
        with self.made():
            mixer = COMPONENTS.MixerComponent(1)
            slider = ELEMENTS.SliderElement(CC, 0, 7)
            mixer.channel_strip(0).set_volume_control(slider)
        self.assertEqual(slider.mapped_parameter(), self.song.tracks[0].mixer_device.volume)
        with self.made():
            mixer.set_track_offset(3)
        self.assertEqual(slider.mapped_parameter(), self.song.tracks[3].mixer_device.volume)

    def test_a_session_box(self) -> None:
        with self.made():
            ring = COMPONENTS.SessionRingComponent(2, 2)
            session = COMPONENTS.SessionComponent(session_ring=ring)
            rows = [[ELEMENTS.ButtonElement(True, NOTE, 0, 2 * y + x) for x in range(2)] for y in range(2)]
            session.set_clip_launch_buttons(ELEMENTS.ButtonMatrixElement(rows=rows))
            ring.set_offsets(1, 3)
        slot = self.song.tracks[1].clip_slots[4]
        slot.create_clip(4.0)
        self.press(0x90, 2, 127)  # the second row, its first column
        self.assertTrue(slot.is_triggered or slot.is_playing)
        with self.assertRaises(AssertionError):
            ring.set_offsets(-1, 0)

    def test_a_matrix_says_which_button(self) -> None:
        heard: list[Any] = []
        with self.made():
            rows = [[ELEMENTS.ButtonElement(True, NOTE, y, x) for x in range(3)] for y in range(2)]
            matrix = ELEMENTS.ButtonMatrixElement(rows=rows)
            matrix.add_value_listener(lambda *values: heard.append(values))
        self.press(0x91, 2, 64)
        self.press(0x81, 2, 64)
        self.assertEqual(heard, [(64, 2, 1, True), (0, 2, 1, True)])

    def test_a_listener_may_ask_who_spoke(self) -> None:
        heard: list[Any] = []

        def listener(value: int, sender: Any) -> None:
            heard.append((value, sender))

        with self.made():
            button = ELEMENTS.ButtonElement(True, NOTE, 0, 9)
            button.add_value_listener(listener, True)
        self.press(0x90, 9, 5)
        self.assertTrue(button.value_has_listener(listener))
        button.remove_value_listener(listener)
        self.press(0x90, 9, 6)
        self.assertEqual(heard, [(5, button)])

    def test_an_overview_moves_the_session_by_its_size(self) -> None:
        with self.made():
            ring = COMPONENTS.SessionRingComponent(2, 3)
            session = COMPONENTS.SessionComponent(session_ring=ring)
            zooming = COMPONENTS.SessionZoomingComponent(session)
            buttons = [ELEMENTS.ButtonElement(True, NOTE, 0, number) for number in range(4)]
            zooming.set_nav_buttons(*buttons)
        offsets = []
        for number in (1, 3, 3, 1, 0):  # down, right, right: there are no more tracks; down, up
            self.press(0x90, number, 127)
            offsets.append((ring.track_offset, ring.scene_offset))
        self.assertEqual(offsets, [(0, 3), (2, 3), (2, 3), (2, 6), (2, 3)])

    def test_a_part_that_a_script_replaces(self) -> None:
        class Transport(COMPONENTS.TransportComponent):  # type: ignore[misc, name-defined]
            @BASE.listens("value")  # type: ignore[untyped-decorator]
            def _tempo_value(self, value: int) -> None:
                self.song.tempo = 60.0 + value

        with self.made():
            Transport().set_tempo_control(ELEMENTS.SliderElement(CC, 0, 30))
        self.press(0xB0, 30, 40)
        self.assertEqual(self.song.tempo, 100.0)

    def test_bends_and_layers(self) -> None:
        heard: list[Any] = []

        class Part(V2.Component):  # type: ignore[misc, name-defined]
            def set_bend(self, control: Any) -> None:
                heard.append(control)

        with self.made():
            bend = ELEMENTS.SliderElement(BEND, 5, 0, name="Bend")
            part = Part(layer=V2.Layer(bend=bend))
            bend.add_value_listener(heard.append)
        self.press(0xE5, 1, 2)
        self.assertEqual(heard, [bend, 257])
        part.set_enabled(False)
        part.set_enabled(True)
        self.assertEqual(heard[2:], [None, bend])
        self.assertIs(self.surface.get_control_by_name("Bend"), bend)

    def test_modes(self) -> None:
        with self.made():
            parts = [V2.Component(is_enabled=False) for _ in range(2)]
            modes = COMPONENTS.ModesComponent()
            modes.add_mode("one", parts[0])
            modes.add_mode("two", [parts[1], lambda: setattr(self.song, "tempo", 90.0)])
        modes.selected_mode = "one"
        modes.cycle_mode()
        self.assertEqual([part.is_enabled() for part in parts], [False, True])
        self.assertEqual((modes.selected_mode, self.song.tempo), ("two", 90.0))


class ControlsAsAttributes(WithSurface):
    def setUp(self) -> None:
        super().setUp()
        control = MODULES["ableton.v2.control_surface.control"]
        heard = self.heard = []  # type: list[Any]

        class Part(V2.Component):  # type: ignore[misc, name-defined]
            play = control.ButtonControl(color="On")
            follow = control.ToggleButtonControl()
            turn = control.EncoderControl()
            level = control.MappedControl()
            pads = control.control_matrix(control.ButtonControl, dimensions=(2, 3))

            @play.pressed
            def play(self, button: Any) -> None:
                heard.append(("pressed", button.is_pressed))

            @play.pressed_delayed
            def play(self, button: Any) -> None:
                heard.append("held")

            @play.released_immediately
            def play(self, button: Any) -> None:
                heard.append("tapped")

            @play.double_clicked
            def play(self, button: Any) -> None:
                heard.append("twice")

            @follow.toggled
            def follow(self, toggled: bool, button: Any) -> None:
                heard.append(toggled)

            @turn.value
            def turn(self, value: float, encoder: Any) -> None:
                heard.append(value)

            @pads.pressed
            def pads(self, pad: Any) -> None:
                heard.append((pad.index, pad.coordinate))

        turned = self.modules["Live"].MidiMap.MapMode.relative_two_compliment
        with self.made():
            self.part = Part(
                layer=V2.Layer(
                    play=ELEMENTS.ButtonElement(True, NOTE, 0, 1),
                    follow=ELEMENTS.ButtonElement(True, NOTE, 0, 2),
                    turn=ELEMENTS.EncoderElement(CC, 0, 3, turned),
                    level=ELEMENTS.SliderElement(CC, 0, 4),
                    pads=ELEMENTS.ButtonMatrixElement(
                        rows=[[ELEMENTS.ButtonElement(True, NOTE, 1, 3 * y + x) for x in range(3)] for y in range(2)]
                    ),
                )
            )

    def told(self) -> list[Any]:
        found, self.heard[:] = list(self.heard), []
        return found

    def test_a_button_is_tapped_held_and_clicked_twice(self) -> None:
        self.press(0x90, 1, 127)
        self.press(0x80, 1, 0)
        self.assertEqual(self.told(), [("pressed", True), "tapped"])
        self.press(0x90, 1, 127)
        self.assertEqual(self.told(), [("pressed", True), "twice"])
        for _ in range(5):
            self.surface.update_display()
        self.press(0x80, 1, 0)
        self.assertEqual(self.told(), ["held"])

    def test_the_others(self) -> None:
        for _ in range(2):
            self.press(0x90, 2, 127)
            self.press(0x80, 2, 0)
        self.press(0xB0, 3, 127)
        self.press(0xB0, 3, 2)
        self.press(0x91, 4, 1)
        self.assertEqual(self.told(), [True, False, -1 / 64, 2 / 64, (4, (1, 1))])
        self.part.set_enabled(False)
        self.press(0x91, 4, 1)
        self.assertEqual(self.told(), [])

    def test_a_mapped_one_moves_its_parameter(self) -> None:
        volume = self.track.mixer_device.volume
        self.part.level.mapped_parameter = volume
        self.assertEqual(self.surface.controls[3].mapped_parameter(), volume)
        self.part.level.mapped_parameter = None
        self.assertIsNone(self.surface.controls[3].mapped_parameter())


class Specified(WithSurface):
    """A surface over ableton.v3."""

    class Surface(V3.ControlSurface):  # type: ignore[misc, name-defined]
        def setup(self) -> None:
            self.was_set_up = True

    def surface_class(self, c_instance: CInstance) -> Any:
        class Elements(V3.ElementsBase):  # type: ignore[misc, name-defined]
            def __init__(self, **keywords: Any) -> None:
                super().__init__(global_channel=2, **keywords)
                self.add_button(10, "Metronome_Button", msg_type=NOTE)
                self.add_encoder_matrix([range(20, 28)], "Encoders")
                self.add_button_matrix(V3.create_matrix_identifiers(0, 4, width=2), "Clip_Buttons", msg_type=NOTE)

        class Specification(V3.ControlSurfaceSpecification):  # type: ignore[misc, name-defined]
            elements_type = Elements
            num_tracks = 2
            num_scenes = 2

            @staticmethod
            def create_mappings_function(surface: Any) -> Any:
                return {
                    "Transport": {"metronome_button": "metronome_button"},
                    "Mixer": {"volume_controls": "encoders_raw[0:2]"},
                    "Session": {"clip_launch_buttons": "clip_buttons"},
                }

        return self.Surface(Specification, c_instance=c_instance)

    def test_what_is_mapped_is_played(self) -> None:
        self.assertTrue(self.surface.was_set_up)
        self.surface.build_midi_map(1)
        self.press(0x92, 10, 127)
        self.assertTrue(self.song.metronome)
        encoders = self.surface.elements.encoders_raw
        volumes = [track.mixer_device.volume for track in self.song.tracks]
        self.assertEqual([encoder.mapped_parameter() for encoder in encoders[:3]], [volumes[0], volumes[1], None])
        slot = self.song.tracks[1].clip_slots[1]
        slot.create_clip(4.0)
        self.press(0x92, 3, 127)
        self.assertTrue(slot.is_triggered or slot.is_playing)

    def test_the_target_track_is_the_selected_one(self) -> None:
        class Part(V2.Component):  # type: ignore[misc, name-defined]
            @BASE.depends(target_track=None)  # type: ignore[untyped-decorator]
            def __init__(self, target_track: Any = None) -> None:
                super().__init__()
                self.seen: list[Any] = []
                self._target_track = target_track
                self._on_target_track.subject = target_track

            @BASE.listens("target_track")  # type: ignore[untyped-decorator]
            def _on_target_track(self) -> None:
                self.seen.append(self._target_track.target_track)

        with self.made():
            part = Part()
        self.song.view.selected_track = self.song.tracks[2]
        self.assertEqual(part.seen, [self.song.tracks[2]])

    def test_older_versions_have_no_v3(self) -> None:
        self.assertNotIn("ableton.v3", framework_modules((11, 0, 0)))


class CInstances(WithSurface):
    def test_what_live_would_refuse(self) -> None:
        for call in (
            lambda: self.c_instance.log_message(3),
            lambda: self.c_instance.show_message(b"bytes"),
            lambda: self.c_instance.send_midi([144, 60, 1]),
            lambda: self.c_instance.set_session_highlight(0, 0, 1.0, 1, False),
            lambda: self.c_instance.set_controlled_track(self.song),
            lambda: self.c_instance.preferences(1),
            lambda: self.modules["Live"].MidiMap.map_midi_cc(1, self.track, 0, 1, 0, True),
        ):
            with self.assertRaises(ArgumentError):
                call()
        with self.assertRaises(RuntimeError):
            self.c_instance.set_session_highlight(-1, 0, 1, 1, False)
        with self.assertRaises(AttributeError):
            self.c_instance.schedule_message(1, print)

    def test_preferences_last(self) -> None:
        class Keeping(V2.ControlSurface):  # type: ignore[misc, name-defined]
            preferences_key = "Keeping"

        Keeping(self.c_instance).preferences["colour"] = 3
        self.assertEqual(Keeping(self.c_instance).preferences, {"colour": 3})

    def test_objects_of_live(self) -> None:
        track = self.song.create_audio_track(-1)
        again = self.song.tracks[4]
        self.assertFalse(liveobj_changed(track, again))
        self.song.delete_track(4)
        self.assertFalse(liveobj_valid(track))
        self.assertFalse(liveobj_valid(None))
        self.assertTrue(liveobj_changed(self.song.tracks[0], self.song.tracks[1]))


if __name__ == "__main__":
    unittest.main()
