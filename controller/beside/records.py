"""What is to be known of the last job, even after the controller was killed in the middle of it."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from controller.files import beginning_beside, replacing
from search.arrangement import Arrangement, arrangement_from_json, arrangement_to_json
from search.live_set import AlteredClip, LiveSet

_log = logging.getLogger(__name__)
FILE = "last-job.json"
FORMAT = 3
STALE_AFTER = timedelta(hours=1)
"""And its budget: a job that was cut off longer ago is not gone on with, as nobody waits for it any more."""
_at_the_file = threading.Lock()
"""Windows does not let a file be replaced that is being read."""


@dataclass(frozen=True)
class Before:
    """What stood of ours in the set when a job began, its 0 s at `origin_beats`. `set_file` is empty where the set was
    never saved."""

    arrangement: Arrangement
    origin_beats: float
    set_file: str
    altered: tuple[AlteredClip, ...] = ()

    def is_of(self, found: LiveSet) -> bool:
        """Whether that may be the same set. One that was saved since is known by what it holds of ours."""
        return self.set_file == found.file_path or (not self.set_file and bool(found.arrangement.tracks))


def before_of(found: LiveSet) -> Before:
    return Before(found.arrangement, found.origin_beats, found.file_path, found.altered)


@dataclass(frozen=True)
class JobRecord:
    """`target` is the recording's file; the cover's 0 s lies at `origin_beats`. `from_nothing`: what stood is still to
    be taken away; `avoids_before`: it is to be unlike that."""

    target: Path
    folder: Path
    seed: int
    budget_seconds: float
    origin_beats: float
    begun: datetime
    from_nothing: bool
    avoids_before: bool
    before: Before
    is_finished: bool


def cut_off_job(folder: Path, now: datetime) -> JobRecord | None:
    """The job that is to be gone on with as its controller was killed; what it has left behind in `folder` is gone."""
    record = read_record(folder)
    if record is None or record.is_finished:
        return None
    _sweep(folder, record)
    if record.target.is_file() and now - record.begun < STALE_AFTER + timedelta(seconds=record.budget_seconds):
        return record
    _log.warning("%s: was cut off long ago, or is gone; its job is not gone on with", record.target)
    write_record(folder, replace(record, is_finished=True))
    return None


def _sweep(folder: Path, record: JobRecord) -> None:
    begins = beginning_beside(record.folder)
    for left in folder.iterdir():
        if left.name.startswith(begins) and left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def write_record(folder: Path, record: JobRecord) -> None:
    document = {
        **asdict(record),
        "format": FORMAT,
        "target": str(record.target),
        "folder": str(record.folder),
        "begun": record.begun.isoformat(),
        "before": {**asdict(record.before), "arrangement": arrangement_to_json(record.before.arrangement)},
    }
    folder.mkdir(parents=True, exist_ok=True)
    with _at_the_file, replacing(folder / FILE) as temporary:
        temporary.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def read_record(folder: Path) -> JobRecord | None:
    """None where there is none that can be read: nothing is known of a last job then."""
    try:
        with _at_the_file:
            text = (folder / FILE).read_text(encoding="utf-8")
        document = json.loads(text)
        if document["format"] != FORMAT:
            return None
        before = document["before"]
        return JobRecord(
            target=Path(document["target"]),
            folder=Path(document["folder"]),
            seed=int(document["seed"]),
            budget_seconds=float(document["budget_seconds"]),
            origin_beats=float(document["origin_beats"]),
            begun=datetime.fromisoformat(document["begun"]),
            from_nothing=bool(document["from_nothing"]),
            avoids_before=bool(document["avoids_before"]),
            before=Before(
                arrangement_from_json(before["arrangement"]),
                float(before["origin_beats"]),
                str(before["set_file"]),
                tuple(AlteredClip(str(one["file_path"]), float(one["start_beats"])) for one in before["altered"]),
            ),
            is_finished=bool(document["is_finished"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
