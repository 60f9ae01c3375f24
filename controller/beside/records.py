"""What is to be known of the last job, even after the controller was killed in the middle of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from controller.files import replacing
from search.arrangement import Arrangement, arrangement_from_json, arrangement_to_json

FILE = "last-job.json"
FORMAT = 1


@dataclass(frozen=True)
class JobRecord:
    """`target` is the recording's file; `before` what stood of ours in the set when the job began, at
    `origin_before_beats`, and `origin_beats` where the cover's 0 s lies."""

    target: Path
    folder: Path
    seed: int
    budget_seconds: float
    origin_beats: float
    before: Arrangement
    origin_before_beats: float
    is_finished: bool


def write_record(folder: Path, record: JobRecord) -> None:
    document = {
        **asdict(record),
        "format": FORMAT,
        "target": str(record.target),
        "folder": str(record.folder),
        "before": arrangement_to_json(record.before),
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
        return JobRecord(
            target=Path(document["target"]),
            folder=Path(document["folder"]),
            seed=int(document["seed"]),
            budget_seconds=float(document["budget_seconds"]),
            origin_beats=float(document["origin_beats"]),
            before=arrangement_from_json(document["before"]),
            origin_before_beats=float(document["origin_before_beats"]),
            is_finished=bool(document["is_finished"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
