"""A session with `jacqueesbot run`, recorded: python -m tests.benchmarks.beside_session [--out DIR] [--budget SECONDS]

Beside a simulated Live; both are the real programs, in processes of their own, in real time. A user drags the demo
recording into the set, asks for a cover of it by OSC, moves and deletes clips while the set fills, asks too early for
another one, has it searched on, stops that, and keeps it; then asks for another cover and takes that back. What is sent
and answered, and what stands in the set meanwhile, is written to DIR (docs): beside-session.txt, and
beside-session.svg, a picture of the set.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from controller.live_units import colour_to_hex
from controller.osc_client import ScriptClient
from controller.placement import source_of
from controller.stage_reading import FoundClip, FoundSet, FoundTrack, read_found_set
from controller.starter.demo import write_demo_recording
from controller.starter.library import write_starter_library
from embedding.errors import StageError, StageLost, StageRefused
from tests.benchmarks.set_picture import Bar, Edit, Lane, Moment, picture
from tests.beside.standing import Running, open_live, place, running
from tests.controller.simulated_live import SimulatedLive
from tests.triggers.osc_clients import HOST

LOOK_SECONDS = 0.1
SET_SECONDS = 0.5
"""Between two looks at the set."""
TOLD_SECONDS = 1.0
"""Between two lines of progress, or of scores, that are written down."""
PATIENCE_SECONDS = 300.0
SONG_TRACK, SONG_BEATS = 2, 8.0
"""Where the user drags the recording to."""
WARM_SECONDS = 20.0
"""What `run` does when it was started, and no trigger comes yet."""
MORE_SECONDS = 12.0
"""After which the user stops the search that goes on."""
READS = 50
SAME_BEATS = 0.01
HEAD = """A session with `jacqueesbot run` beside the simulated Live, recorded by tests/benchmarks/beside_session.py.
Times in seconds; -> is sent by OSC, <- answered; of progress and scores there is about one line a second."""
EDIT_CLIPS, REST_SECONDS = 20, 1.0
"""The user edits once so many clips stand, and for so long no others have come."""


@dataclass(frozen=True)
class Place:
    """Where a clip of a sample stands, or stood."""

    track_name: str
    start_beats: float
    sample: str

    def is_of(self, track: FoundTrack, clip: FoundClip) -> bool:
        is_there = track.name == self.track_name and abs(clip.start_beats - self.start_beats) < SAME_BEATS
        return is_there and sample_of(clip) == self.sample

    def is_taken(self, found: FoundSet) -> bool:
        return any(self.is_of(track, clip) for track in found.our_tracks for clip in track.clips)


@dataclass(eq=False)
class Recorder:
    """Writes down what is sent, answered and seen, with its time in seconds; paths begin with ~ for `home`."""

    home: Path
    lines: list[str] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)
    _told: dict[str, tuple[float, str]] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def write(self, text: str) -> None:
        line = f"{self.seconds:8.2f}  {text}".replace(str(self.home), "~")
        self.lines.append(line)
        print(line, flush=True)

    def answered(self, address: str, values: list[object]) -> None:
        words = [f"{value:.3f}" if isinstance(value, float) else f'"{value}"' for value in values]
        stage = str(values[-1]) if address.endswith("progress") else ""
        if address.endswith(("progress", "score")):
            before_seconds, before_stage = self._told.get(address, (-TOLD_SECONDS, ""))
            if self.seconds - before_seconds < TOLD_SECONDS and stage == before_stage:
                return
            self._told[address] = self.seconds, stage
        self.write(f"<- {address} {' '.join(words)}")


@dataclass(eq=False)
class Session:
    """One user at both programs."""

    recorder: Recorder
    live: SimulatedLive
    run: Running
    reader: ScriptClient
    song_beats: tuple[float, float] = (0.0, 0.0)
    moved: list[Place] = field(default_factory=list)
    deleted: list[tuple[Place, Bar]] = field(default_factory=list)
    _answers: deque[tuple[str, list[object]]] = field(default_factory=deque)
    _seen: tuple[int, int] = (0, 0)
    _seen_seconds: float = 0.0
    _changed_seconds: float = 0.0

    @property
    def clip_count(self) -> int:
        return self._seen[0]

    @property
    def rested_seconds(self) -> float:
        return self.recorder.seconds - self._changed_seconds

    def send(self, name: str, *typed: tuple[str, object]) -> None:
        self.recorder.write(f"-> /jacquees/{' '.join([name, *(str(value) for _, value in typed)])}")
        self.run.send(name, *typed)

    def act(self, words: str, action: str, *arguments: object) -> None:
        self.recorder.write(f"the user {words}")
        self.live.ask(f"user_{action}", *arguments)

    def until(self, is_meant: Callable[[str, list[object]], bool]) -> None:
        """Writes down what comes, and how the set fills, up to the first answer for which that holds."""
        for address, values in self._heard():
            self.recorder.answered(address, values)
            if is_meant(address, values):
                return

    def wait(self, condition: Callable[[], bool]) -> None:
        """As `until`, while a job is at work: up to the first answer after that holds."""
        self.until(lambda address, values: condition() or is_over(address, values))
        assert condition()

    def _heard(self) -> Iterator[tuple[str, list[object]]]:
        """TimeoutError where no more comes for long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self._answers.extend(self.run.client.heard())
            while self._answers:
                yield self._answers.popleft()
            self.look()
            time.sleep(LOOK_SECONDS)
        raise TimeoutError("the answer that was waited for has not come")

    def read(self) -> FoundSet:
        """The set, as soon as nothing is being built in it."""
        for _ in range(READS):
            try:
                return read_found_set(self.reader)
            except (StageLost, StageRefused):
                raise
            except StageError:  # it changed while it was read
                time.sleep(LOOK_SECONDS)
        raise TimeoutError("the set never came to rest")

    def look(self) -> None:
        """Tells how many clips stand, where it is time for a look and that has changed."""
        if self.recorder.seconds - self._seen_seconds < SET_SECONDS:
            return
        found = self.read()
        self._seen_seconds = self.recorder.seconds
        counts = sum(len(track.clips) for track in found.our_tracks), len(found.our_tracks)
        if counts != self._seen:
            self._seen, self._changed_seconds = counts, self.recorder.seconds
            self.recorder.write(f"   in Live: {counts[0]} clips on {counts[1]} tracks of ours")

    def forget(self) -> None:
        """What was seen of ours is the user's now."""
        self._seen = 0, 0

    def picture(self, title: str) -> None:
        found = self.read()
        lanes = [Lane("Song (the user's)", (Bar(*self.song_beats, "#b8b8b8"),))]
        lanes += [Lane(track.name, tuple(self._bars(track))) for track in found.tracks if track.clips]
        self.recorder.moments.append(Moment(f"{self.recorder.seconds:.0f} s: {title}", tuple(lanes)))

    def move_and_delete(self) -> None:
        """One clip a bar later, and another one away, each on the fullest of our tracks that has room for it."""
        found = self.read()
        fullest = sorted(found.our_tracks, key=lambda track: len(track.clips), reverse=True)
        gone, moved = fullest[0], fullest[1]
        clip = gone.clips[len(gone.clips) // 2]
        self.act(f"deletes the clip at beat {clip.start_beats:.2f} of {gone.name!r}", *_at(gone, clip, "delete_clip"))
        bar = Bar(clip.start_beats, clip.end_beats, colour_to_hex(gone.colour), "deleted")
        self.deleted.append((Place(gone.name, clip.start_beats, sample_of(clip)), bar))
        last = moved.clips[-1]
        to_beats = last.start_beats + 1.0
        self.act(
            f"moves the clip at beat {last.start_beats:.2f} of {moved.name!r} to beat {to_beats:.2f}",
            *_at(moved, last, "move_clip"),
            to_beats,
        )
        self.moved.append(Place(moved.name, to_beats, sample_of(last)))

    def require_edits(self) -> None:
        """AssertionError where one was undone."""
        found = self.read()
        missing = [place for place in self.moved if not place.is_taken(found)]
        back = [place for place, _ in self.deleted if place.is_taken(found)]
        assert not missing, missing
        assert not back, back
        self.recorder.write("   in Live: what the user moved and deleted is as the user left it")

    def _bars(self, track: FoundTrack) -> Iterator[Bar]:
        for clip in track.clips:
            is_moved = any(place.is_of(track, clip) for place in self.moved)
            edit: Edit = "changed" if is_moved else ""
            yield Bar(clip.start_beats, clip.end_beats, colour_to_hex(track.colour), edit)
        yield from (bar for place, bar in self.deleted if place.track_name == track.name)


def sample_of(clip: FoundClip) -> str:
    """The library's file, also where a part of it was cut out to be placed."""
    return source_of(clip.file_path).sample


def _at(track: FoundTrack, clip: FoundClip, action: str) -> tuple[object, ...]:
    return action, track.index, track.clips.index(clip)


def state_is(state: str) -> Callable[[str, list[object]], bool]:
    return lambda address, values: address == "/jacquees/status" and values[0] == state


def is_over(address: str, values: list[object]) -> bool:
    """The job is done; RuntimeError where it failed."""
    if address == "/jacquees/error" and not str(values[0]).startswith("busy"):
        raise RuntimeError(str(values[0]))
    return address == "/jacquees/done"


def play(session: Session, demo: Path) -> None:
    session.recorder.write(f"the user looks for a recording for {WARM_SECONDS:.0f} s")
    time.sleep(WARM_SECONDS)
    session.act("drags demo.wav onto track 3, at bar 3", "place_clip", SONG_TRACK, str(demo), SONG_BEATS)
    session.live.ask("user_rename_track", SONG_TRACK, "Song")
    session.act("selects it", "select_clip", SONG_TRACK, 0)
    session.song_beats = SONG_BEATS, float(session.live.state()["last_event_beats"])
    session.send("status")
    session.until(state_is("idle"))

    session.send("cover")
    session.wait(lambda: session.clip_count > 0)
    session.picture("the first clips")
    session.wait(lambda: session.clip_count >= EDIT_CLIPS and session.rested_seconds > REST_SECONDS)
    session.picture("it fills")
    session.move_and_delete()
    session.picture("the user has moved and deleted a clip")
    session.send("cover")
    session.until(lambda address, _: address == "/jacquees/error")
    session.until(is_over)
    session.until(state_is("idle"))
    session.require_edits()
    session.picture("done")

    session.send("more", ("f", 60.0))
    stop_at = session.recorder.seconds + MORE_SECONDS
    session.wait(lambda: session.recorder.seconds > stop_at)
    session.send("stop")
    session.until(is_over)
    session.until(state_is("idle"))
    session.picture("searched on, and stopped")

    session.send("keep")
    session.until(is_over)
    kept = session.live.state()
    names = [track.name for track in session.read().tracks if track.clip_count]
    session.recorder.write(f"   in Live: {kept['arrangement_clips']} clips, on {', '.join(names)}")
    session.forget()

    session.send("cover")
    session.wait(lambda: session.clip_count > 0)
    session.picture("another cover, beside the kept one")
    session.send("stop")
    session.until(is_over)
    session.until(state_is("idle"))
    session.send("undo")
    session.until(is_over)
    after = session.live.state()
    assert after["arrangement_clips"] == kept["arrangement_clips"], (after, kept)
    session.recorder.write(f"   in Live: {after['arrangement_clips']} clips, as before that cover")


@contextmanager
def standing(home: Path, budget_seconds: float) -> Iterator[tuple[Session, Path]]:
    library, demo = write_starter_library(home / "Samples"), write_demo_recording(home / "demo.wav")
    where = place(home, [library], search={"budget_seconds": budget_seconds})
    recorder = Recorder(home)
    recorder.write("$ jacqueesbot simulate")
    with open_live(where) as live, ScriptClient(HOST, where.script_port) as reader:
        recorder.write("$ jacqueesbot run")
        with running(where) as run:
            recorder.write(with_usual_ports(run.first_line.rstrip(), where.controller_port, where.script_port))
            yield Session(recorder, live, run, reader), demo
        recorder.write("run is ended by Ctrl-C")


def with_usual_ports(line: str, controller_port: int, script_port: int) -> str:
    """Free ones are taken here, so that nothing is in the way."""
    return line.replace(str(controller_port), "19100").replace(str(script_port), "19102")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.beside_session", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--budget", type=float, default=40.0)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="session-") as folder:
        with standing(Path(folder), options.budget) as (session, demo):
            play(session, demo)
        recorder = session.recorder
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "beside-session.txt").write_text("\n".join([HEAD, "", *recorder.lines]) + "\n", encoding="utf-8")
    (options.out / "beside-session.svg").write_text(picture(recorder.moments), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
