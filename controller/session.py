"""The flow: a recording and a library in, a cover in the set and on disk out. Everything else is called from here."""

from __future__ import annotations

from dataclasses import replace

from threadpoolctl import threadpool_limits

from controller.audition import Heard, Span
from controller.checkpoints import Checkpoints
from controller.chosen_ears import chosen_ears, judging_ears
from controller.delivery import Delivery, Draft
from controller.exports import TargetFacts
from controller.hearings import remembered_hearing
from controller.library import Library, index_library
from controller.listeners import Proceed
from controller.out_folder import ARRANGEMENT_FILE, new_out_folder
from controller.performance import heard_in_part
from controller.progress import Progress
from controller.request import CoverRequest, CoverResult, read_start
from controller.searching import Searching
from controller.venue import Venue, VenueWish, opened_venue, room_for_tracks, standing_arrangement
from controller.wishes import rules_of, with_samples
from embedding.audio import Audio, read_audio, require_sound
from embedding.cores import usable_cores
from embedding.errors import BadOption, StageError
from embedding.hearing import Hearing
from embedding.parallel import parallel
from embedding.reward import Hears
from search.arrangement import Arrangement
from search.evaluator import Evaluation
from search.keeping import going_on
from search.layout import compacted, levels_in_clips
from search.planner import Planner, PlannerSettings, make_planner
from search.rules import Rules

LONG_SECONDS = 60.0
SECONDS_PER_SECOND = 0.2
"""What listening, building and writing take on two cores, per second of recording."""


def cover(request: CoverRequest, progress: Progress) -> list[CoverResult]:
    """Makes the cover, or its variations, best first, and writes them to `request.out`.

    Raises JacqueesError. Where it is the stage that fails, the arrangements that the search found are on disk
    all the same.
    """
    settings = request.settings
    results: list[CoverResult] = []
    failure: StageError | None = None
    # Threads that wait for each other in every product stall where another program, such as Live, is busy.
    with threadpool_limits(limits=1), new_out_folder(request.out) as folder:
        start = None if request.start is None else read_start(request.start)
        target = _target(request, progress)
        facts = TargetFacts(request.target, target.seconds)
        rules = rules_of(request.wishes, request.begin_seconds, target.seconds)
        _announce(request, target, progress)
        ears = parallel(chosen_ears(settings.embedding), usable_cores())
        judge = judging_ears(settings.reward, lambda: ears)
        wish = VenueWish(request.stage, request.score, folder if request.keeps_captures else None)
        with opened_venue(wish, settings, request.library, progress) as venue:
            library = index_library(request.library, ears.ears, settings.cache_folder, progress)
            progress.show("listening", 0.5)
            hearing = remembered_hearing(target, ears.ears, settings.cache_folder)
            standing = levels_in_clips(standing_arrangement(venue) if start is None else start)
            rules = replace(rules, most_tracks=room_for_tracks(venue, rules.most_tracks, progress))
            paths = sorted({*library.by_path, *(clip.sample for _, clip in standing.clips())})
            rules = with_samples(rules, request.wishes, paths, library.folder, progress.warn)
            planner = _planner(request, rules, target, hearing, library, judge)
            planner, root = going_on(planner, standing, asked_for=start is not None)
            found = _searched(request, venue, planner, root, rules, progress)
            drafts = [_draft(one, planner, rules) for one in found]
            delivery = Delivery(target, facts, venue, judge, settings, progress)
            try:
                if request.variations == 1:
                    results = [delivery.one(drafts[0], folder)]
                else:
                    results = delivery.several(drafts, folder)
            except StageError as why:
                failure = why
    if failure is not None:
        where = request.out / ARRANGEMENT_FILE if request.variations == 1 else request.out
        raise StageError(f"{str(failure).rstrip('.')}; what the search found is in {where}") from failure
    return [replace(result, out=request.out / result.out.relative_to(folder)) for result in results]


def _searched(
    request: CoverRequest,
    venue: Venue,
    planner: Planner,
    root: Arrangement | None,
    rules: Rules,
    progress: Progress,
) -> list[Evaluation]:
    """With checkpoints where Live is heard."""
    settings = request.settings

    def hear(arrangement: Arrangement, span: Span, proceed: Proceed) -> Heard | None:
        return heard_in_part(_laid_out(arrangement, planner, rules), span, venue, settings, proceed)

    if venue.audition is None:
        return Searching(request, venue, progress, None).found(planner, root)
    every = settings.stage.checkpoint_improvements
    with Checkpoints(hear, every, progress.note, progress.warn) as checkpoints:
        return Searching(request, venue, progress, checkpoints).found(planner, root)


def _draft(found: Evaluation, planner: Planner, rules: Rules) -> Draft:
    return Draft(_laid_out(found.arrangement, planner, rules), found.score.as_dict())


def _laid_out(arrangement: Arrangement, planner: Planner, rules: Rules) -> Arrangement:
    return compacted(arrangement, planner.matcher.atoms.roles_by_path, rules.most_tracks)


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
