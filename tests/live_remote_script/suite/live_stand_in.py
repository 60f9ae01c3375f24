"""A small Live for the script's own tests: what the script uses of Live's API, and what Live defers to its next tick.

Runs in Python 3.7 and 3.11. Files are not read: their seconds are in `Live.file_seconds`.
"""

import sys
import types

LIVE_COLOURS = (0x000000, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF)


class ArgumentError(TypeError):
    """As Boost.Python's"""


class Live:
    """One running Live: its ticks, its song, its timers. `returns_clip` False: before 12.2."""

    def __init__(self, returns_clip=True, can_place=True, comes_warped=True, version=(12, 3, 6)):
        self.returns_clip = returns_clip
        self.comes_warped = comes_warped
        self.version = version
        self.file_seconds = {}
        self.spelled = lambda path: path  # how clips tell the path of their file
        self.timers = []
        self.deferred = []
        self.pointers = 100
        self.undo_steps = 0
        self.step_open = False
        self.log = []
        self.messages = []
        self.tracks_deleted_this_tick = 0
        self.song = Song(self)
        members = {} if not can_place else {"create_audio_clip": Track.create_arrangement_clip}
        self.track_class = type("Track", (Track,), members)

    def tick(self, count=1):
        for _ in range(count):
            deferred, self.deferred = self.deferred, []
            for change in deferred:
                change()
            self.tracks_deleted_this_tick = 0
            for timer in [timer for timer in self.timers if timer.running]:
                try:
                    timer.callback()
                except Exception:
                    timer.running = False
            assert not self.step_open, "an undo step is left open over a tick"

    def defer(self, thing, name, value):
        self.deferred.append(lambda: setattr(thing, name, value))

    def pointer(self):
        self.pointers += 1
        return self.pointers

    def install(self):
        """Makes `import Live` give this Live."""
        module = types.ModuleType("Live")
        module.Application = types.SimpleNamespace(get_application=lambda: Application(self.version))
        module.Track = types.SimpleNamespace(Track=self.track_class)
        module.Base = types.SimpleNamespace(Timer=lambda **settings: Timer(self, **settings))
        sys.modules["Live"] = module

    def c_instance(self):
        return types.SimpleNamespace(
            song=lambda: self.song, log_message=self.log.append, show_message=self.messages.append
        )


class Application:
    def __init__(self, version):
        self.version = version

    def get_major_version(self):
        return self.version[0]

    def get_minor_version(self):
        return self.version[1]

    def get_bugfix_version(self):
        return self.version[2]


class Timer:
    def __init__(self, live, callback, interval, repeat):
        assert repeat and interval == 10
        self.callback = callback
        self.running = False
        live.timers.append(self)

    def start(self):
        self.running = True

    restart = start

    def stop(self):
        self.running = False


class Tagged:
    """get_data and set_data; only what JSON carries."""

    def __init__(self):
        self.data = {}

    def get_data(self, key, default):
        return self.data.get(key, default)

    def set_data(self, key, value):
        self.live.write()
        self.data[key] = value


class Parameter:
    def __init__(self, live, value, low=0.0):
        self.live, self._value, self.low, self.automation_state = live, value, low, 0

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        assert type(value) is float and self.low <= value <= 1.0
        self._value = value


class Song(Tagged):
    def __init__(self, live):
        super().__init__()
        self.live = live
        live.write = lambda: None
        self.tracks = []
        self.tempo = 120.0
        self.signature_numerator, self.signature_denominator = 4, 4
        self.file_path = ""
        self.is_ableton_link_enabled = self.tempo_follower_enabled = False
        self.start_time = 0.0
        self._time, self._playing, self._loop = 0.0, False, False
        self.back_to_arranger = False
        mixer = types.SimpleNamespace(song_tempo=Parameter(live, 120.0))
        self.master_track = types.SimpleNamespace(mixer_device=mixer)
        self.tempo_sticks = True

    @property
    def current_song_time(self):
        return self._time

    @current_song_time.setter
    def current_song_time(self, beats):
        def move():
            self._time = beats
            if not self._playing:
                self.start_time = beats

        self.live.deferred.append(move)

    @property
    def is_playing(self):
        return self._playing

    @property
    def loop(self):
        return self._loop

    @loop.setter
    def loop(self, on):
        self.live.defer(self, "_loop", on)

    def start_playing(self):
        assert not self.live.deferred, "moving and starting in one tick"

        def start():
            self._playing, self._time = True, self.start_time

        self.live.deferred.append(start)

    def stop_playing(self):
        if not self._playing:
            self._time = 0.0  # what a second stop does
        self.live.defer(self, "_playing", False)

    def begin_undo_step(self):
        assert not self.live.step_open
        self.live.step_open = True
        self.live.undo_steps += 1

    def end_undo_step(self):
        assert self.live.step_open
        self.live.step_open = False

    def create_audio_track(self, index):
        assert index == -1 and self.live.step_open
        self.tracks.append(self.live.track_class(self.live, "%d-Audio" % (len(self.tracks) + 1)))
        self.tracks[-1].arm = True
        return self.tracks[-1]

    def delete_track(self, index):
        assert type(index) is int and self.live.step_open
        self.live.tracks_deleted_this_tick += 1
        assert self.live.tracks_deleted_this_tick == 1, "several tracks deleted in one tick"
        if len(self.tracks) == 1:
            raise RuntimeError("The last track cannot be deleted")
        self.tracks.pop(index)


class Track(Tagged):
    def __init__(self, live, name):
        super().__init__()
        self.live = live
        self._name, self._color = name, 0xFFFFFF
        self.is_foldable = False
        self.has_audio_input, self.mute, self.arm, self.can_be_armed = True, False, False, True
        self.mixer_device = types.SimpleNamespace(volume=Parameter(live, 0.85), panning=Parameter(live, 0.0, -1.0))
        self.clip_slots = [Slot(self), Slot(self)]
        self._clips = []

    @property
    def arrangement_clips(self):
        return sorted(self._clips, key=lambda clip: clip.start_time)

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        self._name = name.replace("#", "1")

    @property
    def color(self):
        return self._color

    @color.setter
    def color(self, color):
        assert type(color) is int
        self._color = min(LIVE_COLOURS, key=lambda known: abs(known - color))

    def create_arrangement_clip(self, file_path, start_beats):
        clip = Clip(self, file_path, start_beats)
        self._overwrite(clip)
        return clip if self.live.returns_clip else None

    def duplicate_clip_to_arrangement(self, clip, start_beats):
        copy = Clip(self, clip.given_path, start_beats)
        for name in (
            "_warping",
            "_looping",
            "_loop_start",
            "_loop_end",
            "end_marker",
            "gain",
            "pitch_coarse",
            "pitch_fine",
        ):
            setattr(copy, name, getattr(clip, name))
        copy._shown_end = copy._span_end()
        self._overwrite(copy)
        return copy

    def _overwrite(self, clip):
        """Live lays a clip over what is there; where that happens here a test has failed to keep the rule."""
        assert self.live.step_open
        for other in self._clips:
            if other.start_time < clip.end_time - 1e-4 and other.end_time > clip.start_time + 1e-4:
                other.overwritten = True
        self._clips.append(clip)
        if not self.live.song.is_playing:
            self.live.song._time = self.live.song.start_time = clip.start_time

    def delete_clip(self, clip):
        assert self.live.step_open
        if clip not in self._clips:
            raise RuntimeError("the clip is on another track")
        self._clips.remove(clip)


class Slot:
    def __init__(self, track):
        self.track, self.clip = track, None

    @property
    def has_clip(self):
        return self.clip is not None

    def create_audio_clip(self, file_path):
        assert self.clip is None
        self.clip = Clip(self.track, file_path, 0.0)
        return self.clip

    def delete_clip(self):
        assert self.clip is not None
        self.clip = None


class Clip:
    def __init__(self, track, file_path, start_beats):
        self.live = track.live
        if not file_path.startswith("/"):
            raise ValueError("Please provide an absolute path")
        if file_path not in self.live.file_seconds:
            raise ValueError("The provided path does not appear to point to a valid audio file")
        self._live_ptr = self.live.pointer()
        self.given_path, self.file_path = file_path, self.live.spelled(file_path)
        self.start_time, self.is_audio_clip = start_beats, True
        self.seconds = self.live.file_seconds[file_path]
        self._warping, self._looping = self.live.comes_warped, self.live.comes_warped
        self._loop_start, self._loop_end = (0.0, 64.0) if self._warping else (0.0, self.seconds)
        self.end_marker = self._loop_end
        self.gain, self.pitch_coarse, self.pitch_fine = 0.4, 0, 0.0
        self.name, self.color, self.muted = "", 0, False
        self.overwritten = False
        self._shown_end = self._span_end()

    def _span_end(self):
        if self._warping:
            return self.start_time + self._loop_end - self._loop_start
        speed = 2.0 ** ((self.pitch_coarse + self.pitch_fine / 100.0) / 12.0)
        return self.start_time + (self._loop_end - self._loop_start) / speed * self.live.song.tempo / 60.0

    def _show(self):
        self._shown_end = self._span_end()

    @property
    def end_time(self):
        return self._shown_end

    @property
    def warping(self):
        return self._warping

    @warping.setter
    def warping(self, on):
        def change():
            if self._warping and not on:
                self._warping, self._loop_start, self._loop_end = False, 0.0, self.seconds
                self.end_marker = self.seconds
                self._show()

        self.live.deferred.append(change)

    @property
    def looping(self):
        return self._looping

    @looping.setter
    def looping(self, on):
        assert not self.live.deferred, "looping and warping in one tick"
        self._looping = on

    @property
    def loop_start(self):
        return self._loop_start

    @loop_start.setter
    def loop_start(self, at):
        assert at == 0.0

    @property
    def loop_end(self):
        return self._loop_end

    @loop_end.setter
    def loop_end(self, at):
        assert not self._warping, "an edge in seconds given to a warped clip"
        self._loop_end = min(at, self.seconds)
        self.live.deferred.append(self._show)
