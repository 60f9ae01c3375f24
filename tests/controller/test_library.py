from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Mapping
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest

from controller.features import kind_of, measure
from controller.library import Library, index_library
from controller.library_files import NO_SAMPLES, find_audio
from controller.progress import QuietProgress
from embedding.audio import Audio, read_audio
from embedding.ears import Ears, Heard
from embedding.errors import BadLibrary
from embedding.kernels import FloatArray
from tests.conftest import RATE_HZ, noise, tone, write


class CountingEars:
    """Real ears that count what they are asked, and may be cut short."""

    def __init__(self, ears: Ears, checksum: str = "one", calls_until_interrupt: int = 1000) -> None:
        self._ears = ears
        self.card: Mapping[str, Any] = {"sha256": checksum}
        self.windows_heard = 0
        self._calls_left = calls_until_interrupt
        self._lock = threading.Lock()

    def hear(self, windows: FloatArray) -> Heard:
        with self._lock:
            if self._calls_left == 0:
                raise KeyboardInterrupt
            self._calls_left -= 1
            self.windows_heard += len(windows)
        return self._ears.hear(windows)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def counting(ears: Ears) -> CountingEars:
    return CountingEars(ears)


def index(folder: Path, ears: CountingEars, cache: Path) -> Library:
    return index_library(folder, ears, cache, QuietProgress(StringIO()))


def names(library: Library) -> list[str]:
    return [Path(sample.path).relative_to(library.folder).as_posix() for sample in library.samples]


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def test_samples_are_sorted_and_described(small_library: Path, counting: CountingEars, cache: Path) -> None:
    library = index(small_library, counting, cache)
    assert names(library) == [
        "drums/beat.wav",
        "drums/hat.wav",
        "drums/kick.aiff",
        "tönal/bass A1.wav",
        "tönal/pluck A3.wav",
        "tönal/pluck E4.flac",
    ]
    beat, hat, _, bass, a3, e4 = library.samples
    assert bass.pitch_midi == pytest.approx(33.0, abs=0.1)
    assert a3.pitch_midi == pytest.approx(57.0, abs=0.1)
    assert e4.pitch_midi == pytest.approx(64.0, abs=0.1)
    assert hat.pitch_midi is None
    assert [sample.kind for sample in library.samples] == ["loop"] + ["one-shot"] * 5
    assert (bass.channels, a3.channels) == (2, 1)
    assert beat.seconds == pytest.approx(3.0)
    assert {len(sample.content_hash) for sample in library.samples} == {64}
    assert all(np.isfinite(sample.embedding).all() and sample.embedding.any() for sample in library.samples)


def test_sounds_are_those_of_the_files(small_library: Path, counting: CountingEars, cache: Path) -> None:
    library = index(small_library, counting, cache)
    for sample in library.samples:
        whole = read_audio(sample.path)
        assert np.array_equal(library.audio(sample).samples, whole.samples)
        mono, rate_hz = library.sounds(sample.path)
        assert rate_hz == RATE_HZ
        assert np.array_equal(mono, whole.mono())
        assert library.mono(sample).size == round(sample.seconds * 22050)


def test_a_lost_decoded_file_is_decoded_again(small_library: Path, counting: CountingEars, cache: Path) -> None:
    library = index(small_library, counting, cache)
    sample = library.samples[0]
    kept = library.decoded.file_of(sample.content_hash)
    for damage in (kept.unlink, lambda: kept.write_bytes(b"\x93NUMPY")):
        damage()
        assert np.array_equal(library.audio(sample).samples, read_audio(sample.path).samples)
        assert kept.stat().st_size > 1000


def test_the_second_time_nothing_is_heard_again(small_library: Path, ears: Ears, cache: Path) -> None:
    first = index(small_library, CountingEars(ears), cache)
    again = CountingEars(ears)
    second = index(small_library, again, cache)
    assert again.windows_heard == 0
    for before, after in zip(first.samples, second.samples, strict=True):
        assert np.array_equal(before.embedding, after.embedding)
        assert {**vars(before), "embedding": None} == {**vars(after), "embedding": None}


def test_only_what_changed_is_heard_again(small_library: Path, ears: Ears, cache: Path) -> None:
    index(small_library, CountingEars(ears), cache)
    write(small_library / "drums" / "hat.wav", noise(0.3, seed=9))
    write(small_library / "new.wav", tone(440.0, 0.5))
    (small_library / "tönal" / "pluck A3.wav").unlink()
    again = CountingEars(ears)
    library = index(small_library, again, cache)
    assert again.windows_heard == 2
    assert names(library) == [
        "drums/beat.wav",
        "drums/hat.wav",
        "drums/kick.aiff",
        "new.wav",
        "tönal/bass A1.wav",
        "tönal/pluck E4.flac",
    ]
    assert library.samples[1].seconds == pytest.approx(0.3)


def test_other_ears_hear_everything_again(small_library: Path, ears: Ears, cache: Path) -> None:
    index(small_library, CountingEars(ears), cache)
    others = CountingEars(ears, checksum="two")
    assert len(index(small_library, others, cache).samples) == 6
    assert others.windows_heard == 6
    index(small_library, back := CountingEars(ears), cache)
    assert back.windows_heard == 0


def test_of_equal_contents_the_first_by_path_is_kept(small_library: Path, counting: CountingEars, cache: Path) -> None:
    shutil.copyfile(small_library / "tönal" / "pluck A3.wav", small_library / "a copy.wav")
    library = index(small_library, counting, cache)
    assert "a copy.wav" in names(library)
    assert "tönal/pluck A3.wav" not in names(library)
    assert len({sample.content_hash for sample in library.samples}) == len(library.samples) == 6


def test_an_interrupted_index_goes_on_where_it_was(
    tmp_path: Path, ears: Ears, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controller.library.FILES_AT_ONCE", 2)
    folder = tmp_path / "samples"
    for number in range(5):
        write(folder / f"{number}.wav", tone(100.0 + 30.0 * number, 0.3))
    with pytest.raises(KeyboardInterrupt):
        index(folder, CountingEars(ears, calls_until_interrupt=2), cache)
    rest = CountingEars(ears)
    assert len(index(folder, rest, cache).samples) == 5
    assert rest.windows_heard == 3


def test_a_damaged_index_is_begun_anew(small_library: Path, ears: Ears, cache: Path) -> None:
    index(small_library, CountingEars(ears), cache)
    (file,) = cache.glob("*.sqlite")
    file.write_bytes(b"this is no database" * 1000)
    again = CountingEars(ears)
    assert len(index(small_library, again, cache).samples) == 6
    assert again.windows_heard == 6


def test_the_library_is_never_written_to(small_library: Path, counting: CountingEars, cache: Path) -> None:
    before = listing(small_library)
    index(small_library, counting, cache)
    assert listing(small_library) == before


def test_what_cannot_be_used_is_left_out_with_a_warning(
    small_library: Path, counting: CountingEars, cache: Path
) -> None:
    whole = (small_library / "drums" / "beat.wav").read_bytes()
    (small_library / "text.wav").write_text("no sound", encoding="utf-8")
    (small_library / "empty.mp3").touch()
    (small_library / "cut off.wav").write_bytes(whole[: len(whole) // 2])
    write(small_library / "silent.flac", np.zeros(1000, np.float32))
    write(small_library / "one.wav", np.ones(1, np.float32))
    write(small_library / "nan.wav", np.full(1000, np.nan, np.float32), subtype="FLOAT")
    (small_library / "gone.wav").symlink_to("nowhere")
    said = StringIO()
    library = index_library(small_library, counting, cache, QuietProgress(said))
    bad = ["cut off.wav", "empty.mp3", "gone.wav", "nan.wav", "one.wav", "silent.flac", "text.wav"]
    assert [Path(path).name for path, _ in library.unreadable] == bad
    assert len(library.samples) == 6
    lines = said.getvalue().splitlines()
    assert [name for name in bad if any(name in line for line in lines)] == bad
    assert len(lines) == len(bad)


def test_every_format_rate_and_channel_count_is_read(tmp_path: Path, counting: CountingEars, cache: Path) -> None:
    folder = tmp_path / "samples"
    for number, (suffix, rate_hz) in enumerate(
        [("wav", 8000), ("aiff", 96000), ("flac", 48000), ("ogg", 22050), ("mp3", 44100), ("WAV", 44100)]
    ):
        write(folder / f"{number}.{suffix}", np.stack([tone(200.0 + number, 0.5)] * 2, axis=1), rate_hz)
    library = index(folder, counting, cache)
    assert [sample.sample_rate_hz for sample in library.samples] == [8000, 96000, 48000, 22050, 44100, 44100]
    assert {sample.channels for sample in library.samples} == {2}


def test_hidden_things_are_passed_over_and_links_followed_once(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "samples", tmp_path / "elsewhere"
    write(folder / ".hidden" / "a.wav", tone(200.0, 0.1))
    write(folder / "._a.wav", tone(200.0, 0.1))
    write(elsewhere / "b.wav", tone(200.0, 0.1))
    (folder / "note.txt").touch()
    (folder / "linked").symlink_to(elsewhere, target_is_directory=True)
    (elsewhere / "around").symlink_to(folder, target_is_directory=True)
    stamps, unreadable = find_audio(folder)
    assert [stamp.path for stamp in stamps] == [folder / "linked" / "b.wav"]
    assert unreadable == []


def test_what_was_made_is_no_sample(tmp_path: Path) -> None:
    ours, others = '{"format": "jacqueesbot-arrangement"}', '{"format": "another program\'s"}'
    for name, text in [("out", ours), ("many/1", ours), ("many/2", ours), ("others", others), ("1", "no JSON")]:
        write(tmp_path / name / "cover.wav", tone(200.0, 0.1))
        write(tmp_path / name / "stems" / "01-drums.wav", tone(200.0, 0.1))
        (tmp_path / name / "arrangement.json").write_text(text, encoding="utf-8")
    write(tmp_path / "many" / "captures" / "heard.flac", tone(200.0, 0.1))
    write(tmp_path / "targets" / "clip.wav", tone(200.0, 0.1))
    (tmp_path / "targets" / NO_SAMPLES).touch()
    stamps, _ = find_audio(tmp_path)
    assert [stamp.path.relative_to(tmp_path).as_posix() for stamp in stamps] == [
        "1/cover.wav",
        "1/stems/01-drums.wav",
        "others/cover.wav",
        "others/stems/01-drums.wav",
    ]
    stamps, _ = find_audio(tmp_path / "out")
    assert len(stamps) == 2, "a cover that is named as the library is one"


@pytest.mark.skipif(os.name != "posix", reason="only there may names be other than text")
def test_a_name_that_is_no_text_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    write(folder / "b.wav", tone(200.0, 0.1))
    (folder / "b.wav").rename(os.fsdecode(os.fsencode(folder) + b"/\xff.wav"))
    write(folder / "b.wav", tone(200.0, 0.1))
    stamps, unreadable = find_audio(folder)
    assert [stamp.path.name for stamp in stamps] == ["b.wav"]
    assert [reason for _, reason in unreadable] == ["its name is not UTF-8 (rename it)"]


def test_folders_that_are_no_library_are_refused(tmp_path: Path, counting: CountingEars, cache: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").touch()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.wav").touch()
    for name, message in [
        ("missing", "no such folder"),
        ("empty", "holds no audio"),
        ("text", "holds no audio"),
        ("text/a.txt", "is a file"),
        ("broken", "none of its 1 audio files can be used"),
    ]:
        with pytest.raises(BadLibrary, match=message):
            index(tmp_path / name, counting, cache)


@pytest.mark.parametrize(
    ("path", "seconds", "onsets", "kind"),
    [
        ("a.wav", 1.0, 9, "one-shot"),
        ("a.wav", 2.5, 3, "one-shot"),
        ("a.wav", 2.5, 4, "loop"),
        ("drum_loop_3.wav", 0.5, 1, "loop"),
        ("Loops/a.wav", 0.5, 1, "loop"),
        ("groove 96bpm.wav", 0.5, 1, "loop"),
        ("sloop.wav", 0.5, 1, "one-shot"),
    ],
)
def test_what_is_a_loop(path: str, seconds: float, onsets: int, kind: str) -> None:
    assert kind_of(PurePosixPath(path), seconds, onsets) == kind


def test_onsets_and_loudness_of_a_measured_beat() -> None:
    beat = np.tile(noise(0.5), 6)
    measured = measure(Audio(np.stack([beat, -beat]), RATE_HZ))  # both sides cancel in mono, but not in loudness
    assert measured.windows.shape[1:] == (130, 128)
    assert measured.loudness_db == pytest.approx(measure(Audio(beat[None], RATE_HZ)).loudness_db, abs=1e-6)
    assert measure(Audio(beat[None], RATE_HZ)).onset_count == 6
    steady = 0.5 * np.sin(2 * np.pi * 220.0 * np.arange(RATE_HZ) / RATE_HZ)
    assert measure(Audio(steady[None].astype(np.float32), RATE_HZ)).loudness_db == pytest.approx(-9.03, abs=0.05)
