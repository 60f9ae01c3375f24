"""What is written of the last job, for a controller that is started after a kill."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from controller.beside.records import FILE, Before, JobRecord, cut_off_job, read_record, write_record
from search.arrangement import Arrangement, Clip, Track
from search.live_set import AlteredClip, LiveSet
from tests.conftest import tone, write

NOW = datetime(2026, 11, 23, 14, 30, 5)
OURS = Arrangement(98.5, (Track("Bass", "#aabbcc", -3.0, 0.1, (Clip(0.5, "/a/bäss.wav", 0.1, 1.0, -2.0, 3.0),)),))


@pytest.fixture
def record(tmp_path: Path) -> JobRecord:
    return JobRecord(
        target=write(tmp_path / "a song.wav", tone(220.0, 0.5)),
        folder=tmp_path / "covers" / "2026-11-23-142000-a-song",
        seed=7,
        budget_seconds=30.0,
        origin_beats=16.25,
        begun=NOW - timedelta(minutes=10),
        from_nothing=True,
        avoids_before=True,
        before=Before(OURS, 8.0, "/sets/ä.als", (AlteredClip("/a/bäss.wav", 12.5),)),
        is_finished=False,
    )


def test_it_is_read_as_it_was_written(tmp_path: Path, record: JobRecord) -> None:
    assert read_record(tmp_path) is None
    write_record(tmp_path, record)
    assert read_record(tmp_path) == record
    write_record(tmp_path, replace(record, is_finished=True))
    assert read_record(tmp_path) == replace(record, is_finished=True)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', '{"format": 3}', '"\\ud800"'])
def test_what_is_no_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert read_record(tmp_path) is None
    assert cut_off_job(tmp_path, NOW) is None


def test_a_job_that_was_cut_off_is_gone_on_with_and_what_it_left_is_gone(tmp_path: Path, record: JobRecord) -> None:
    left, users = record.folder.with_name(f".{record.folder.name}-0123"), record.folder.with_name("mine")
    for folder in (left, users):
        folder.mkdir(parents=True)
    write_record(record.folder.parent, record)
    assert cut_off_job(record.folder.parent, NOW) == record
    assert sorted(path.name for path in record.folder.parent.iterdir()) == [FILE, "mine"]


def test_covers_that_were_moved_elsewhere_since_are_no_hindrance(tmp_path: Path, record: JobRecord) -> None:
    moved = tmp_path / "moved"
    write_record(moved, record)
    assert cut_off_job(moved, NOW) == record


@pytest.mark.parametrize("what", ["finished", "long ago", "its recording is gone"])
def test_others_are_not_gone_on_with_neither_now_nor_later(tmp_path: Path, record: JobRecord, what: str) -> None:
    now = NOW
    if what == "finished":
        record = replace(record, is_finished=True)
    elif what == "long ago":
        now = NOW + timedelta(hours=1)
    else:
        record.target.unlink()
    write_record(tmp_path, record)
    assert cut_off_job(tmp_path, now) is None
    assert read_record(tmp_path) == replace(record, is_finished=True)


@pytest.mark.parametrize(
    ("before_file", "found_file", "found", "is_it"),
    [
        ("/a.als", "/a.als", Arrangement(), True),
        ("/a.als", "/b.als", OURS, False),
        ("/a.als", "", Arrangement(), False),
        ("", "", Arrangement(), True),
        ("", "/saved since.als", OURS, True),
        ("", "/another.als", Arrangement(), False),
    ],
)
def test_sets_are_told_apart(before_file: str, found_file: str, found: Arrangement, is_it: bool) -> None:
    assert Before(OURS, 0.0, before_file).is_of(LiveSet(found, 0.0, 120.0, (), found_file)) == is_it
