"""The flow: a recording and a library in, a cover in the set and on disk out. Everything else is called from here."""

from __future__ import annotations

import math
import time

from threadpoolctl import threadpool_limits

from controller.chosen_ears import chosen_ears, judging_ears
from controller.exports import TargetFacts, write_arrangement, write_exports
from controller.hearings import remembered_hearing
from controller.library import Library, index_library
from controller.out_folder import new_out_folder
from controller.performance import Venue, opened_venue, perform, standing_arrangement
from controller.progress import Progress
from controller.request import CoverRequest, CoverResult, read_start
from controller.wishes import rules_of, with_samples
from embedding.audio import Audio, read_audio, require_sound
from embedding.cores import usable_cores
from embedding.errors import BadOption, JacqueesError, StageError
from embedding.hearing import Hearing
from embedding.parallel import parallel
from embedding.reward import Hears, score_recordings
from search.arrangement import Arrangement
from search.contract import Limit
from search.crew import crew_of
from search.evaluator import Evaluation
from search.keeping import going_on
from search.layout import compacted, levels_in_clips
from search.planner import Planner, PlannerSettings, make_planner
from search.rules import Rules

LONG_SECONDS = 60.0
SECONDS_PER_SECOND = 0.2
"""What listening, building and writing take on two cores, per second of recording."""


def cover(request: CoverRequest, progress: Progress) -> CoverResult:
    """Makes the cover and writes it to `request.out`.

    Raises JacqueesError. Where it is the stage that fails, the arrangement that the search found is on disk
    all the same.
    """
    settings = request.settings
    # Threads that wait for each other in every product stall where another program, such as Live, is busy.
    with threadpool_limits(limits=1), new_out_folder(request.out) as folder:
        start = None if request.start is None else read_start(request.start)
        target = _target(request, progress)
        facts = TargetFacts(request.target, target.seconds)
        rules = rules_of(request.wishes, request.begin_seconds, target.seconds)
        _announce(request, target, progress)
        ears = parallel(chosen_ears(settings.embedding), usable_cores())
        judge = judging_ears(settings.reward, lambda: ears)
        with opened_venue(request.stage, settings) as venue:
            library = index_library(request.library, ears.ears, settings.cache_folder, progress)
            progress.show("listening", 0.5)
            hearing = remembered_hearing(target, ears.ears, settings.cache_folder)
            standing = levels_in_clips(standing_arrangement(venue) if start is None else start)
            paths = sorted({*library.by_path, *(clip.sample for _, clip in standing.clips())})
            rules = with_samples(rules, request.wishes, paths, library.folder, progress.warn)
            planner = _planner(request, rules, target, hearing, library, judge)
            planner, root = going_on(planner, standing, asked_for=start is not None)
            found = _searched(request, planner, root, venue, progress)
            laid_out = compacted(found.arrangement, planner.matcher.atoms.roles_by_path, rules.most_tracks)
            try:
                performance = perform(laid_out, target, venue, settings, progress)
            except StageError as why:
                write_arrangement(folder, laid_out, facts, found.score.as_dict())
                failure: StageError | None = why
            else:
                failure = None
                score = score_recordings(target, performance.cover, judge, settings.reward.in_order())
                arrangement = performance.arrangement
                write_exports(folder, arrangement, facts, score.as_dict(), performance.cover, performance.stems)
    if failure is not None:
        raise StageError(f"{failure}; what the search found is in {request.out / 'arrangement.json'}") from failure
    return CoverResult(request.out, score.total, arrangement.clip_count, len(arrangement.tracks))


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


def _planner(
    request: CoverRequest, rules: Rules, target: Audio, hearing: Hearing, library: Library, judge: Hears
) -> Planner:
    """BadOption where the rules leave no sample to be used."""
    settings = request.settings
    planner_settings = PlannerSettings(
        rules,
        grid_hz=settings.stage.sample_rate_hz,
        tail_seconds=settings.search.tail_seconds,
    )
    weights = settings.reward.in_order()
    planner = make_planner(target, library.samples, library.sounds, judge, weights, planner_settings, hearing)
    if not planner.matcher.atoms.count:
        raise BadOption(
            f"{request.library}: none of its {len(library.samples)} samples may be used with these --only, --forbid "
            "and --min-length; loosen them (a name misspelt?)"
        )
    return planner


def _searched(
    request: CoverRequest, planner: Planner, root: Arrangement | None, venue: Venue, progress: Progress
) -> Evaluation:
    """The best arrangement within the budget. JacqueesError where there is none at all."""
    began = time.monotonic()
    best_total = 0.0

    def stop() -> bool:
        spent = time.monotonic() - began
        if request.budget_seconds is not None:
            left = request.budget_seconds - spent
            progress.show("searching", spent / request.budget_seconds, best_total, max(0.0, left))
            return left <= 0.0 or progress.stop_requested or not venue.is_open
        if request.simulations is not None:
            progress.show("searching", limit.spent / request.simulations, best_total)
        return progress.stop_requested or not venue.is_open

    def improved(evaluation: Evaluation) -> None:
        nonlocal best_total
        best_total = evaluation.total

    def seconds_left() -> float:
        return math.inf if request.budget_seconds is None else request.budget_seconds - (time.monotonic() - began)

    limit = Limit(stop, request.simulations, seconds_left)
    progress.show("searching", 0.0, seconds_left=request.budget_seconds)
    with crew_of(planner, usable_cores() if request.policy == "mcts" else 1) as crew:
        found = planner.search(request.policy, limit, request.seed, improved, root, crew)
    if not found.arrangement.clip_count:
        raise JacqueesError(
            f"{request.target}: no arrangement of {request.library} sounds like it after {limit.spent} tries; "
            "give a larger --budget or --simulations, or another library (stopped too early?)"
        )
    return found
