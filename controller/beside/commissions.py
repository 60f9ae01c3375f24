"""What is to be covered, as a trigger asks for it, or as a job that was cut off has left it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from controller.beside.records import Before, JobRecord, read_record
from controller.config import Settings
from controller.exports import safe_name
from controller.files import replacing
from controller.library_files import NO_SAMPLES, newest_audio
from controller.selected_clip import ClipTarget, heard_clip
from controller.stage import Stage
from controller.triggers.allowed import Readable, named_file
from controller.triggers.answers import Sender
from controller.triggers.messages import Again, Cover, More, Variation
from embedding.audio import write_wav
from embedding.errors import BadOption, StageRefused
from search.arrangement import Arrangement

TARGETS = "targets"
"""Below the jobs' folder: the clips that were covered, as they were heard."""


@dataclass(frozen=True, eq=False)
class Commission:
    """What is to be covered, from `origin_beats` of the set on; `unlike` are covers that it should not be like.
    `from_nothing`: what stands of ours is taken away first. `before`: of a job that is gone on with, what stood before
    that."""

    file: Path
    origin_beats: float
    seed: int
    budget_seconds: float
    unlike: tuple[Arrangement, ...] = ()
    from_nothing: bool = False
    before: Before | None = None


Commissions = Callable[[Stage], Commission]
"""Of the set that is open, what is to be done."""


def commissioned(
    trigger: Cover | More | Variation | Again,
    sender: Sender,
    settings: Settings,
    allowed: Readable,
) -> tuple[str, Commissions]:
    """And a name for it. BadOption where the trigger names nothing that can be covered."""
    if isinstance(trigger, Cover):
        if trigger.path is None:
            return "the selected clip", lambda stage: _of_selection(stage, settings)
        file = named_file(trigger.path, sender, allowed)
        return file.name, lambda _stage: _of_file(file, settings)
    record = read_record(settings.covers_folder)
    if record is None:
        raise BadOption(f"{type(trigger).__name__.lower()}: nothing was covered yet; send cover first")
    return record.target.name, lambda stage: _once_more(record, trigger, stage, settings)


def _once_more(record: JobRecord, trigger: More | Variation | Again, stage: Stage, settings: Settings) -> Commission:
    if isinstance(trigger, More):
        return Commission(record.target, record.origin_beats, record.seed, trigger.seconds)
    seed = record.seed if isinstance(trigger, Variation) else record.seed + 1
    unlike = (stage.read_set().arrangement,)  # another seed alone may find the same again, in a short search
    return Commission(
        record.target, record.origin_beats, seed, settings.search.budget_seconds, unlike, from_nothing=True
    )


def _of_file(file: Path, settings: Settings, origin_beats: float = 0.0) -> Commission:
    return Commission(file, origin_beats, settings.search.seed, settings.search.budget_seconds)


def _of_selection(stage: Stage, settings: Settings) -> Commission:
    """The clip selected in Live; where none is, the newest recording of the target folder."""
    try:
        clip = heard_clip(stage)
    except StageRefused as why:
        if why.code != "nothing_selected":
            raise
        if settings.target_folder is None:
            raise BadOption(f"{why}; or set target_folder in config.yaml") from why
        return _of_file(newest_audio(settings.target_folder), settings)
    return _of_file(_written(clip, settings.covers_folder), settings, clip.origin_beats)


def _written(target: ClipTarget, covers_folder: Path) -> Path:
    """The file that a clip is covered from: what was heard of it, kept beside the jobs. The same sound under the same
    name is the same file."""
    sound = hashlib.sha256(f"{target.audio.sample_rate_hz} {target.audio.samples.shape}".encode())
    sound.update(target.audio.samples.tobytes())
    file = covers_folder / TARGETS / f"{safe_name(target.name)}-{sound.hexdigest()[:8]}.wav"
    if not file.is_file():
        with replacing(file) as beside:
            write_wav(beside, target.audio)
            file.with_name(NO_SAMPLES).touch()  # where the jobs lie in a library
    return file


def resumed(record: JobRecord, stage: Stage) -> Commission:
    """What is left to be done of a job that was cut off. BadOption where another set is open."""
    if not record.before.is_of(stage.read_set()):
        was_in = record.before.set_file or "a set that was not saved"
        raise BadOption(
            f"{record.target.name}: was being covered in {was_in}; open that set and start JacqueesBot again, or send "
            "cover in this one"
        )
    return Commission(
        record.target,
        record.origin_beats,
        record.seed,
        record.budget_seconds,
        unlike=(record.before.arrangement,) if record.avoids_before else (),
        from_nothing=record.from_nothing,
        before=record.before,
    )
