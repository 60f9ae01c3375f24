"""What is to be known of the last job, even after the controller was killed in the middle of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from controller.files import beginning_beside, replacing
from search.arrangement import Arrangement, arrangement_from_json, arrangement_to_json
from search.live_set import LiveSet

FILE = "last-job.json"
FORMAT = 2


@dataclass(frozen=True)
class Before:
    """What stood of ours in the set when a job began, its 0 s at `origin_beats`. `set_file` is empty where the set was
    never saved."""

    arrangement: Arrangement
    origin_beats: float
    set_file: str

    def is_of(self, found: LiveSet) -> bool:
        """Whether that may be the same set; it may have been saved since."""
        return self.set_file in ("", found.file_path)


def before_of(found: LiveSet) -> Before:
    return Before(found.arrangement, found.origin_beats, found.file_path)


@dataclass(frozen=True)
class JobRecord:
    """`target` is the recording's file; the cover's 0 s lies at `origin_beats`."""

    target: Path
    folder: Path
    seed: int
    budget_seconds: float
    origin_beats: float
    before: Before
    is_finished: bool


def sweep(record: JobRecord) -> None:
    """Deletes what a job that was cut off had written so far; its folder is made anew."""
    begins = beginning_beside(record.folder)
    for left in record.folder.parent.iterdir():
        if left.name.startswith(begins) and left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def write_record(folder: Path, record: JobRecord) -> None:
    document = {
        **asdict(record),
        "format": FORMAT,
        "target": str(record.target),
        "folder": str(record.folder),
        "before": {**asdict(record.before), "arrangement": arrangement_to_json(record.before.arrangement)},
    }
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / FILE) as temporary:
        temporary.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def read_record(folder: Path) -> JobRecord | None:
    """None where there is none that can be read: nothing is known of a last job then."""
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            return None
        before = document["before"]
        return JobRecord(
            target=Path(document["target"]),
            folder=Path(document["folder"]),
            seed=int(document["seed"]),
            budget_seconds=float(document["budget_seconds"]),
            origin_beats=float(document["origin_beats"]),
            before=Before(
                arrangement_from_json(before["arrangement"]), float(before["origin_beats"]), str(before["set_file"])
            ),
            is_finished=bool(document["is_finished"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
