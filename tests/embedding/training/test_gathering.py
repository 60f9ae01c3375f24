"""Notes for training that are played, sung and made."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from embedding.errors import BadInput
from embedding.pitch import pitch_midi
from embedding.training import soundfonts
from embedding.training.labels import LABELS, label_of
from embedding.training.made_notes import organ_note, plucked_note
from embedding.training.notes import read_notes
from embedding.training.singers import drawn_out, gather_singers, longest_run
from embedding.training.soundfonts import gather_sound_set, play, schedule
from tests.real_parts import missing, require_package, require_program

SMALL_SOUND_SET = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")


def sound_set() -> Path:
    require_program("fluidsynth", "fluidsynth")
    require_package("mido", "train")
    if not SMALL_SOUND_SET.is_file():
        missing(f"{SMALL_SOUND_SET} is not there (Debian: apt install timgm6mb-soundfont)")
    return SMALL_SOUND_SET


def test_labels_are_found_by_their_folders() -> None:
    assert label_of("acoustic_guitar") == LABELS.index("acoustic guitar")
    assert label_of("Hi-Hat") == LABELS.index("hi-hat")
    assert label_of("kazoo") is None


def test_a_sound_set_plays_the_notes_asked_for() -> None:
    plan = schedule([(57, 100), (64, 100)], 1.0, 0.5)
    sound = play(sound_set(), plan, 73)
    for note in plan:
        first = round(note.start_seconds * 44100)
        heard = sound[first + 2000 : first + 44100]
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(heard.size)))
        loudest_hz = np.argmax(spectrum) * 44100 / heard.size
        ratio = loudest_hz / (440.0 * 2.0 ** ((note.key - 69) / 12.0))
        assert abs(ratio - round(ratio)) < 0.02 * ratio
        assert round(ratio) in (1, 2, 3)


def test_a_sound_set_becomes_notes_by_class_and_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfonts, "PROGRAMS", {"flute": ((73,), 60, 66), "voice": ((52,), 60, 63)})
    monkeypatch.setattr(soundfonts, "DRUM_KEYS", {"kick": (36,)})
    monkeypatch.setattr(soundfonts, "DRUM_KITS", (0,))
    written = list(gather_sound_set(sound_set(), tmp_path))
    assert len(written) == 3 * 3 + 2 * 3 + 3
    notes = read_notes(tmp_path)
    assert {LABELS[note.label] for note in notes} == {"flute", "voice", "kick"}
    assert {note.source for note in notes} == {"TimGM6mb-073", "TimGM6mb-052", "TimGM6mb-kit00"}
    assert {note.midi for note in notes if LABELS[note.label] == "flute"} == {60.0, 63.0, 66.0}
    assert all(note.midi is None for note in notes if LABELS[note.label] == "kick")
    assert list(gather_sound_set(sound_set(), tmp_path)) == []


def test_what_is_no_sound_set_is_refused(tmp_path: Path) -> None:
    sound_set()
    wrong = tmp_path / "wrong.sf2"
    wrong.write_bytes(b"RIFF but no sound set")
    with pytest.raises(BadInput, match=r"wrong\.sf2"):
        play(wrong, schedule([(60, 100)], 0.2, 0.1), 0)


def test_spoken_words_become_sung_notes(tmp_path: Path) -> None:
    require_package("pyworld", "train")
    rng = np.random.default_rng(0)
    speaker = tmp_path / "words" / "anna"
    speaker.mkdir(parents=True)
    at = np.arange(22050 // 2) / 22050
    for number in range(8):
        hz = 180.0 + 5 * number
        buzz = sum(np.sin(2 * np.pi * hz * k * at) / k for k in range(1, 20)) * np.hanning(at.size)
        word = np.concatenate([0.05 * rng.standard_normal(2000), 0.3 * buzz])
        soundfile.write(speaker / f"{number}.wav", word, 22050)
    written = list(gather_singers(tmp_path / "words", tmp_path / "out", rng))
    assert len(written) == 8
    apart = []
    for file in written:
        sound, _ = soundfile.read(file, dtype="float32")
        assert np.isfinite(sound).all()
        key = int(file.name.partition("__")[2][:3])
        heard = pitch_midi(sound)
        if heard is not None:
            apart.append(abs(heard - key))
    assert len(apart) >= 4
    assert np.median(apart) < 0.5


def test_the_longest_run_is_found() -> None:
    assert longest_run(np.array([False, True, True, False, True, True, True])) == (4, 7)
    assert longest_run(np.array([True, False])) == (0, 1)
    assert longest_run(np.zeros(3, bool)) == (0, 0)


def test_a_word_is_drawn_out_within_itself() -> None:
    for seed in range(20):
        frames = drawn_out(10, 50, 70, np.random.default_rng(seed))
        assert frames.min() >= 0
        assert frames.max() <= 69
        assert {10, 49} <= set(np.round(frames).astype(int))


@pytest.mark.parametrize("make", [organ_note, plucked_note])
@pytest.mark.parametrize("key", [40, 57, 72])
def test_made_notes_sound_and_are_the_seed_s(make: object, key: int) -> None:
    assert callable(make)
    one, again, other = (
        make(key, np.random.default_rng(seed), np.random.default_rng([seed, key])) for seed in (3, 3, 4)
    )
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert np.isfinite(one).all()
    assert np.sqrt(np.mean(np.square(one))) > 0.01 * np.abs(one).max()


def test_plucked_notes_have_their_pitch() -> None:
    for seed in range(4):
        heard = pitch_midi(plucked_note(57, np.random.default_rng(seed), np.random.default_rng(seed)))
        assert heard is not None
        assert abs(heard - 57.0) % 12.0 == pytest.approx(0.0, abs=0.3)
