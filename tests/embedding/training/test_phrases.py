"""Phrases, excerpts and pools of training."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedding.network import CLASSES
from embedding.pitch import midi_to_hz, pitch_midi
from embedding.training import scores
from embedding.training.excerpts import UNKNOWN, drums, excerpt, repertoire
from embedding.training.labels import FIRST_DRUM, LABELS
from embedding.training.notes import Note
from embedding.training.phrases import passage, phrase, source_of, style_in, transposed
from embedding.training.pool import CHUNK, Pool, read_chunk, write_chunk
from embedding.training.scores import LENGTH, PITCH, START, Piece, read_pieces
from embedding.training.sound import amplified, bent, lossy, rotated, taped, warped
from embedding.training.tunes import made_pieces
from tests.real_parts import require_package

PIECES = made_pieces(np.random.default_rng(0))
FLUTE, KICK, SNARE = LABELS.index("flute"), LABELS.index("kick"), LABELS.index("snare")


def note(label: int, key: float | None, name: str = "a__1.wav", seconds: float = 1.0) -> Note:
    at = np.arange(int(seconds * 22050)) / 22050
    hz = midi_to_hz(key or 40.0)
    sound = sum(np.sin(2 * np.pi * hz * k * at) / k for k in range(1, 8)) * (1.0 if key else np.exp(-at / 0.05))
    return Note(name, label, "anna", key, np.round(20000 * np.asarray(sound) / 2.5).astype(np.int16))


FLUTES = [note(FLUTE, float(key)) for key in range(60, 85, 3)]
BAND = repertoire([*FLUTES, note(LABELS.index("bass"), 36.0), note(KICK, None), note(SNARE, None)], PIECES)


def test_styles_are_what_names_say_beside_pitch_and_length() -> None:
    assert style_in("philharmonia__cello-A#2-025-forte-arco-normal.ogg") == "cello-forte-arco-normal"
    assert style_in("philharmonia__cello-C5-very-long-forte-arco-normal.ogg") == "cello-forte-arco-normal"
    assert style_in("tonejs__As3.mp3") == ""


def test_styles_stay_apart_and_small_ones_are_put_together() -> None:
    bowed = [note(FLUTE, 60.0 + k, f"x__flute-A4-1-{style}.wav") for style in ("arco", "pizz") for k in range(5)]
    odd = [note(FLUTE, 70.0, "x__flute-A4-1-odd.wav"), note(FLUTE, 71.0, "x__flute-A4-1-other.wav")]
    source = source_of("x", FLUTE, [*bowed, *odd, note(FLUTE, None)])
    assert sorted(len(style) for style in source.styles) == [2, 5, 5]
    assert len(source.others) == 1
    assert source.notes == 13


def test_a_phrase_of_one_held_note_has_its_pitch() -> None:
    held = Piece((np.array([[beat, 1.0, 66.0] for beat in range(40)], np.float32),))
    heard = [
        pitch_midi(phrase(source_of("anna", FLUTE, FLUTES), [held], np.random.default_rng(seed))) for seed in range(12)
    ]
    known = [pitch for pitch in heard if pitch is not None]
    assert len(known) >= 8
    # Transposed by whole semitones to wherever the source has notes, mistuned a little.
    assert np.median([abs(pitch - round(pitch)) for pitch in known]) < 0.3
    assert all(55.0 <= pitch <= 90.0 for pitch in known)


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=60, deadline=None)
def test_passages_lie_in_the_window(seed: int, chordal: bool) -> None:
    notes = passage(PIECES, chordal, np.random.default_rng(seed))
    assert 1 <= len(notes) <= 40
    assert (notes[:, START] < 3.0).all()
    assert (notes[:, START] + notes[:, LENGTH] > 0.0).all()
    if not chordal:
        assert len(np.unique(notes[:, START])) == len(notes)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_transposing_keeps_the_tune(seed: int) -> None:
    rng = np.random.default_rng(seed)
    notes = passage(PIECES, True, rng)
    moved = transposed(notes, tuple(FLUTES), rng)
    assert np.ptp(moved[:, PITCH] - notes[:, PITCH]) < 1e-3
    assert np.array_equal(moved[:, :2], notes[:, :2])


def test_an_excerpt_asks_for_what_predominates_and_not_for_what_may_be_heard() -> None:
    seen = np.stack([excerpt(BAND, FLUTE, np.random.default_rng(seed), accompanied=1.0)[1] for seed in range(12)])
    assert (seen[:, FLUTE] == 1.0).all()
    assert (seen[:, LABELS.index("bass")] == UNKNOWN).all()
    assert (seen[:, FIRST_DRUM:] == UNKNOWN).any()
    alone = excerpt(BAND, FLUTE, np.random.default_rng(0), accompanied=0.0)[1]
    assert alone.sum() == 1.0


def test_drums_name_what_is_struck() -> None:
    struck = set()
    for seed in range(30):
        target = np.zeros(len(LABELS), np.float32)
        target[KICK] = 1.0
        sound = drums(BAND, target, np.random.default_rng(seed))
        assert np.abs(sound).max() == pytest.approx(1.0, abs=1e-5)
        assert target[KICK] == 1.0
        assert target[: len(CLASSES)].sum() == 0.0
        struck.add(bool(target[SNARE]))
    assert struck == {True, False}


def test_a_pool_gives_way_to_what_is_new() -> None:
    pool = Pool(4)
    for value in range(6):
        pool.put(np.full((1, 130, 128), value, np.float16), np.full((1, len(LABELS)), value, np.float16))
    windows, targets = pool.draw(64, np.random.default_rng(0))
    assert len(pool) == 4
    assert set(windows[:, 0, 0]) == set(targets[:, 0]) == {2.0, 3.0, 4.0, 5.0}


def test_chunks_are_the_same_again_and_not_made_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedding.training.pool.CHUNK", 3)
    assert CHUNK == 512
    assert read_chunk(tmp_path / "a", 0) is None
    for folder in ("a", "b"):
        write_chunk(tmp_path / folder, 0, BAND, 7)
    one, other = read_chunk(tmp_path / "a", 0), read_chunk(tmp_path / "b", 0)
    assert one is not None
    assert other is not None
    assert np.array_equal(one[0], other[0])
    assert one[0].shape == (3, 130, 128)
    assert one[1].shape == (3, len(LABELS))
    before = (tmp_path / "a" / "chunk-00000.npz").stat().st_mtime_ns
    write_chunk(tmp_path / "a", 0, BAND, 8)
    assert (tmp_path / "a" / "chunk-00000.npz").stat().st_mtime_ns == before


def test_scores_are_read_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_package("music21", "train")
    monkeypatch.setattr(scores, "FOLDERS", ("lusitano", "webern", "luca"))
    cache = tmp_path / "scores.npz"
    pieces = read_pieces(cache, np.random.default_rng(0), lambda _share: None)
    assert pieces
    for part in (part for piece in pieces for part in piece.parts):
        assert len(part) >= 8
        assert (np.diff(part[:, START]) >= 0).all()
        assert ((part[:, PITCH] > 20) & (part[:, PITCH] < 110)).all()
    again = read_pieces(cache, np.random.default_rng(1), lambda _share: None)
    assert len(again) == len(pieces)
    assert all(
        np.array_equal(a, b) for x, y in zip(pieces, again, strict=True) for a, b in zip(x.parts, y.parts, strict=True)
    )


@pytest.mark.parametrize("change", [amplified, bent, rotated, taped, lossy])
def test_changed_sounds_stay_finite_and_of_their_size(change: object) -> None:
    assert callable(change)
    sound = FLUTES[0].sound_of(22050) * 0.5
    for seed in range(6):
        changed = change(sound, np.random.default_rng(seed))
        assert changed.shape == sound.shape
        assert np.isfinite(changed).all()
        assert np.abs(changed).max() <= 2.0
    for silent in (change(np.zeros(22050, np.float32), np.random.default_rng(0)),):
        assert np.isfinite(silent).all()


def test_lossy_sound_is_not_late() -> None:
    rng = np.random.default_rng(0)
    sound = np.zeros(22050, np.float32)
    sound[8000:8400] = rng.uniform(-0.8, 0.8, 400)
    for seed in range(6):
        heard = lossy(sound, np.random.default_rng(seed))
        late = int(np.argmax(np.correlate(heard, sound, "full"))) - (sound.size - 1)
        assert abs(late) <= 2


def test_vibrato_moves_the_pitch_by_what_it_says() -> None:
    at = np.arange(2 * 22050) / 22050
    tone = np.sin(2 * np.pi * 440.0 * at).astype(np.float32)
    phase = np.unwrap(np.angle(np.fft.ifft(np.fft.fft(warped(tone, 0.5, 5.0)) * (np.fft.fftfreq(at.size) > 0) * 2)))
    hz = np.diff(phase)[2000:-2000] * 22050 / (2 * np.pi)
    highest, lowest = 12 * np.log2(np.percentile(hz, [99, 1]) / 440.0)
    assert highest == pytest.approx(0.5, abs=0.06)
    assert lowest == pytest.approx(-0.5, abs=0.06)
