"""The flow: a recording and a library in, a cover in the set and on disk out. Everything else is called from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from threadpoolctl import threadpool_limits

from controller.checkpoints import Checkpoints
from controller.chosen_ears import chosen_ears, judging_ears
from controller.config import Settings
from controller.delivery import Delivery, Draft
from controller.exports import TargetFacts
from controller.filling import Filling
from controller.hearings import remembered_hearing
from controller.library import Library, index_library
from controller.out_folder import ARRANGEMENT_FILE, new_out_folder
from controller.progress import Progress
from controller.request import CoverRequest, CoverResult, read_start
from controller.searching import Searching
from controller.stage_built import Standing
from controller.venue import Venue, VenueWish, opened_venue, room_for_tracks
from controller.visiting import SetVisits
from controller.wishes import rules_of, with_samples
from embedding.audio import Audio, read_audio, require_sound
from embedding.cores import usable_cores
from embedding.errors import BadOption, StageError, StageLost
from embedding.hearing import Hearing
from embedding.parallel import ParallelEars, parallel
from embedding.reward import Hears
from search.arrangement import Arrangement
from search.atoms import MakesAtoms, make_atoms
from search.evaluator import Evaluation
from search.keeping import going_on
from search.layout import levels_in_clips
from search.locks import Locks
from search.planner import Planner, PlannerSettings, make_planner
from search.rules import Rules
from search.standing_layout import settled
from search.variations import worn

LONG_SECONDS = 60.0
NOTHING_STANDS = Standing(Arrangement(), frozenset(), ())
SECONDS_PER_SECOND = 0.2
"""What listening, building and writing take on two cores, per second of recording."""


@dataclass(frozen=True, eq=False)
class Studio:
    """What covers need that takes long to get ready; one after the other can be made with it."""

    settings: Settings
    ears: ParallelEars
    judge: Hears
    library: Library
    venue: Venue
    atoms_of: MakesAtoms = make_atoms


@dataclass(frozen=True, eq=False)
class Task:
    """A recording to be covered as was requested; `start`: what the search goes on from, None for what stands in Live.
    `filling`: how it is built there; None where the stage is not a Live. `unlike`: covers that it is not to be like."""

    request: CoverRequest
    target: Audio
    facts: TargetFacts
    start: Arrangement | None
    filling: Filling | None
    unlike: tuple[Arrangement, ...] = ()


def cover(request: CoverRequest, progress: Progress) -> list[CoverResult]:
    """Makes the cover, or its variations, best first, and writes them to `request.out`.

    Raises JacqueesError. Where it is the stage that fails, the arrangements that the search found are on disk
    all the same.
    """
    settings = request.settings
    failure: StageError | None = None
    results: list[CoverResult] = []
    # Threads that wait for each other in every product stall where another program, such as Live, is busy.
    with threadpool_limits(limits=1), new_out_folder(request.out) as folder:
        start = None if request.start is None else read_start(request.start)
        target = _target(request, progress)
        _announce(request, target, progress)
        ears = parallel(chosen_ears(settings.embedding), usable_cores())
        judge = judging_ears(settings.reward, lambda: ears)
        wish = VenueWish(request.stage, request.score, folder if request.keeps_captures else None)
        with opened_venue(wish, settings, request.library, progress) as venue:
            library = index_library(request.library, ears.ears, settings.cache_folder, progress)
            filling = None if venue.live is None else Filling(venue.live, settings.stage.set_tempo)
            task = Task(request, target, TargetFacts(request.target, target.seconds), start, filling)
            try:
                results = made(task, Studio(settings, ears, judge, library, venue), folder, progress)
            except StageError as why:
                if not any(folder.iterdir()):
                    raise
                failure = why
    if failure is not None:
        where = request.out / ARRANGEMENT_FILE if request.variations == 1 else request.out
        raise StageError(f"{str(failure).rstrip('.')}; what the search found is in {where}") from failure
    return [replace(result, out=request.out / result.out.relative_to(folder)) for result in results]


def made(task: Task, studio: Studio, folder: Path, progress: Progress) -> list[CoverResult]:
    """The cover, or its variations, written to `folder`. JacqueesError; where it is the stage that fails once something
    was found, that is in `folder`."""
    return delivered(searched(task, studio, progress), task, studio, folder, progress)


def searched(task: Task, studio: Studio, progress: Progress) -> list[Draft]:
    """What is to be built: the cover, or its variations, best first. JacqueesError."""
    request, settings, venue, library = task.request, studio.settings, studio.venue, studio.library
    progress.show("listening", 0.5)
    hearing = remembered_hearing(task.target, studio.ears.ears, settings.cache_folder)
    stands = _standing(task)
    standing = levels_in_clips(stands.arrangement if task.start is None else task.start)
    rules = rules_of(request.wishes, request.begin_seconds, task.target.seconds)
    rules = replace(rules, most_tracks=room_for_tracks(venue, rules.most_tracks, progress))
    paths = sorted({*library.by_path, *(clip.sample for _, clip in standing.clips())})
    rules = with_samples(rules, request.wishes, paths, library.folder, progress.warn)
    planner = _planner(task, rules, hearing, studio)
    planner, root = going_on(planner, standing, asked_for=task.start is not None)
    planner = worn(planner, task.unlike) if task.unlike else planner
    found = _searched(task, studio, planner, root, progress)
    try:
        stands = _standing(task)
    except StageLost:  # what was found is to be on disk all the same; the build will tell
        stands = NOTHING_STANDS
    return [Draft(_laid_out(planner, one.arrangement, stands), one.score.as_dict()) for one in found]


def delivered(drafts: list[Draft], task: Task, studio: Studio, folder: Path, progress: Progress) -> list[CoverResult]:
    """As `made`, of what was searched."""
    delivery = Delivery(task.target, task.facts, studio.venue, task.filling, studio.judge, studio.settings, progress)
    return [delivery.one(drafts[0], folder)] if task.request.variations == 1 else delivery.several(drafts, folder)


def _standing(task: Task) -> Standing:
    return NOTHING_STANDS if task.filling is None else task.filling.standing()


def _searched(
    task: Task, studio: Studio, planner: Planner, root: Arrangement | None, progress: Progress
) -> list[Evaluation]:
    """Where the stage is a Live, it fills meanwhile."""
    if task.filling is None:
        return Searching(task.request, studio.venue, progress, None).found(planner, root)
    visits = SetVisits(studio.venue, task.filling, partial(_laid_out, planner), progress.warn)
    every = studio.settings.stage.checkpoint_improvements
    with Checkpoints(visits, every, progress) as checkpoints:
        return Searching(task.request, studio.venue, progress, checkpoints).found(planner, root)


def _laid_out(planner: Planner, arrangement: Arrangement, standing: Standing) -> Arrangement:
    matcher = planner.matcher
    most_tracks, there = matcher.book.rules.most_tracks, standing.at_zero
    locks = Locks(there.held, there.gone)
    return settled(arrangement, matcher.atoms.roles_by_path, most_tracks, standing.arrangement.tracks, locks)


def _target(request: CoverRequest, progress: Progress) -> Audio:
    progress.show("listening", 0.0)
    audio = read_audio(request.target)
    if request.region is not None:
        audio = request.region.cut(audio)
    return require_sound(audio, request.target)


def _announce(request: CoverRequest, target: Audio, progress: Progress) -> None:
    """Says beforehand how long a long recording will take."""
    if target.seconds < LONG_SECONDS:
        return
    around = target.seconds * SECONDS_PER_SECOND
    search = "the search" if request.budget_seconds is None else f"{request.budget_seconds:g} s of search"
    progress.note(
        f"this recording lasts {target.seconds / 60:.1f} min: about {around:.0f} s of listening and building besides "
        f"{search} (a --region of it, or a larger --budget, gives a better cover)"
    )


def _planner(task: Task, rules: Rules, hearing: Hearing, studio: Studio) -> Planner:
    """BadOption where the rules leave no sample to be used."""
    settings, library = studio.settings, studio.library
    planner_settings = PlannerSettings(
        rules,
        grid_hz=settings.stage.sample_rate_hz,
        tail_seconds=settings.search.tail_seconds,
    )
    weights = settings.reward.in_order()
    planner = make_planner(
        task.target, library.samples, library.sounds, studio.judge, weights, planner_settings, hearing, studio.atoms_of
    )
    if not planner.matcher.atoms.count:
        raise BadOption(
            f"{library.folder}: none of its {len(library.samples)} samples may be used with these --only, --forbid "
            "and --min-length; loosen them (a name misspelt?)"
        )
    return planner
